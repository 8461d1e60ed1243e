"""Rows as files that a browser, a spreadsheet or a BI tool takes, batch by batch."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

CHUNK = 256 * 1024  # bytes
LONGEST_SHEET = 31  # letters of its name that Excel takes


def csv_lines(
    schema: "pa.Schema",
    batches: "Iterable[pa.RecordBatch]",
    *,
    delimiter: str = ",",
    bom: bool = False,
    raw: bool = False,
) -> Iterator[bytes]:
    """Yield CSV by RFC 4180, as destinations write it, with the names of the columns first.

    Unless `raw`, texts that a spreadsheet would take for formulas are made harmless: anybody can name a deal.
    """
    import pyarrow as pa

    from acflow.destinations.columns import plain
    from acflow.destinations.csvfile import BOM, END, lines, quoted
    from acflow.destinations.model import Source, Target

    target = Target(kind="csv", to="", delimiter=delimiter)
    source = plain(Source("rows", schema, 0, batches if raw else (disarmed(batch) for batch in batches)))
    names = quoted(pa.array(source.schema.names, pa.string()), delimiter).to_pylist()
    yield (BOM if bom else b"") + (delimiter.join(names) + END).encode()
    for batch in source.batches:
        if batch.num_rows:
            yield lines(batch, target).encode()


def disarmed(batch: "pa.RecordBatch") -> "pa.RecordBatch":
    """Return the rows with an apostrophe before each text that a spreadsheet would take for a formula.

    Numbers written as text keep their sign, since a telephone number such as +491701234 is none.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = []
    for column in batch.columns:
        if not pa.types.is_string(column.type):
            columns.append(column)
            continue
        armed = pc.match_substring_regex(column, r"^[=+\-@\t\r]")
        number = pc.match_substring_regex(column, r"^[+\-]?[\d .,()/\-]+$")
        columns.append(pc.if_else(pc.and_not(armed, number), pc.binary_join_element_wise("'", column, ""), column))
    return pa.record_batch(columns, schema=batch.schema)


def json_lines(batches: "Iterable[pa.RecordBatch]", *, array: bool) -> Iterator[bytes]:
    """Yield an object on each line; as one array if asked for."""
    from acflow.destinations.jsonlines import lines

    before = b"[\n" if array else b""
    for batch in batches:
        for line in lines(batch):
            yield before + (line.rstrip(b"\n") if array else line)
            before = b",\n" if array else b""
    if array:
        yield b"[]\n" if before == b"[\n" else b"\n]\n"


def parquet_file(schema: "pa.Schema", batches: "Iterable[pa.RecordBatch]") -> Iterator[bytes]:
    """Yield a Parquet file."""
    import pyarrow.parquet as pq

    with tempfile.TemporaryFile() as file:
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_batch(batch)
        yield from _chunks(file)


def xlsx_file(name: str, schema: "pa.Schema", batches: "Iterable[pa.RecordBatch]") -> Iterator[bytes]:
    """Yield an Excel workbook with one sheet, as destinations write it."""
    import pyarrow as pa

    yield from workbook({name: pa.Table.from_batches(list(batches), schema)})


def workbook(tables: "Mapping[str, pa.Table]") -> Iterator[bytes]:
    """Yield an Excel workbook with a sheet for each table."""
    from acflow.destinations import Target
    from acflow.destinations.excel import write
    from acflow.destinations.model import Delivery, Source

    with tempfile.TemporaryDirectory() as folder:
        target = Target(kind="xlsx", to="rows.xlsx", folder=Path(folder))
        sheets = [
            Source(name[:LONGEST_SHEET], table.schema, table.num_rows, table.to_batches())
            for name, table in tables.items()
        ]
        write([Delivery(sheet, target) for sheet in sheets])
        with (Path(folder) / "rows.xlsx").open("rb") as file:
            yield from _chunks(file)


def _chunks(file: "IO[bytes]") -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk
