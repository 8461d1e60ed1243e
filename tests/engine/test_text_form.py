"""One text form of values: what a command prints is what a delivery holds."""

import csv
import io
from pathlib import Path

import duckdb

from acflow.cli.rows import write_csv
from acflow.destinations import Source, deliver, parse_target

VALUES = {
    "timestamptz '2026-03-01 09:30:03.5+02'": "2026-03-01T07:30:03.5Z",
    "timestamptz '2026-03-01 09:30:00+02'": "2026-03-01T07:30:00Z",
    "timestamp '2026-03-01 09:30:00.25'": "2026-03-01T09:30:00.25",
    "timestamp_ns '2026-03-01 09:30:00.25'": "2026-03-01T09:30:00.25",
    "time '09:30:00.500'": "09:30:00.5",
    "date '2026-03-01'": "2026-03-01",
    "interval 1 day": "P0M1DT0S",
    "1698000::decimal(28, 4)": "1698000",
    "12.3400::decimal(28, 4)": "12.34",
    "1000.00::decimal(18, 0)": "1000",
    "0.00000001::decimal(28, 12)": "0.00000001",
    "(0.1::double + 0.2::double)": "0.3",
    "1::double / 3": "0.333333333333333",
    "[1.50::decimal(4, 2), null]": "[1.5,null]",
    "{'a': date '2026-03-01'}": '{"a":"2026-03-01"}',
    "true": "true",
    "'\\xAB'::blob": "ab",
}


def test_a_command_prints_what_a_delivery_holds(tmp_path: Path) -> None:
    """Every kind of value has one spelling, in the table's CSV and in the delivered CSV."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Asia/Kolkata'")
        columns = ", ".join(f"{value} AS c{number}" for number, value in enumerate(VALUES))
        table = connection.execute(f"SELECT {columns}").to_arrow_table()
    deliver(Source("values", table.schema, 1, table.to_batches()), parse_target({"to": "v.csv"}, folder=tmp_path))
    printed = io.BytesIO()
    write_csv(table.schema, table.to_batches(), printed)
    for text in ((tmp_path / "v.csv").read_text(encoding="utf-8"), printed.getvalue().decode()):
        _, row = csv.reader(io.StringIO(text))
        assert dict(zip(VALUES, row, strict=True)) == VALUES
