"""CSV and JSON Lines, byte by byte."""

import csv
import gzip
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acflow.destinations import deliver, parse_target
from acflow.destinations.csvfile import lines
from acflow.destinations.model import Target
from acflow.errors import ConfigError
from tests.destinations.deliver_harness import deals, source

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(
    ("golden", "spec"),
    [
        ("deals.csv", {}),
        ("deals_excel.csv", {"bom": True, "delimiter": ";"}),
        ("deals_bare.csv", {"header": False}),
        ("deals.jsonl", {}),
    ],
)
def test_bytes_are_the_same_every_time(tmp_path: Path, golden: str, spec: dict[str, object]) -> None:
    """Whoever compares two deliveries sees what changed, and nothing else."""
    path = tmp_path / golden
    for batch in (1, 3):
        delivered = deliver(source(deals(), batch=batch), parse_target({"to": str(path), **spec}, name="deals"))
        assert path.read_bytes() == (GOLDEN / golden).read_bytes()
        assert (delivered.rows, delivered.size) == (4, path.stat().st_size)


@pytest.mark.parametrize("name", ["deals.csv", "deals.jsonl"])
def test_zipped_bytes_are_the_same_every_time(tmp_path: Path, name: str) -> None:
    """Neither the time nor the temporary name is in them."""
    contents = set()
    for folder in ("one", "two"):
        path = tmp_path / folder / f"{name}.gz"
        deliver(source(deals()), parse_target({"to": str(path)}, name="deals"))
        contents.add(path.read_bytes())
    (packed,) = contents
    assert gzip.decompress(packed) == (GOLDEN / name).read_bytes()


@pytest.mark.parametrize("name", ["deals.csv", "deals.jsonl"])
def test_a_result_without_rows_makes_a_file(tmp_path: Path, name: str) -> None:
    """Readers of a stable path find the columns, not yesterday's rows."""
    path = tmp_path / name
    for table in (deals(), deals().slice(0, 0)):
        deliver(source(table), parse_target({"to": str(path)}, name="deals"))
    assert path.read_text(encoding="utf-8").splitlines() == (
        ["id,title,amount,rate,won,day,local,at"] if name.endswith("csv") else []
    )


MONEY = pa.table(
    {
        "amount": pa.array([Decimal("1698000.0000"), Decimal("0.0500"), Decimal("100.0000")], pa.decimal128(28, 4)),
        "rate": [0.46153846153846156, 0.1, 1e20],
        "day": [date(2026, 7, 1)] * 3,
        "at": pa.array([datetime(2026, 7, 1, 22, 30, 1, 250_000, tzinfo=UTC)] * 3, pa.timestamp("us", "UTC")),
    }
)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (
            {},
            [
                "amount,rate,day,at",
                "1698000,0.461538461538462,2026-07-01,2026-07-01T22:30:01.25Z",
                "0.05,0.1,2026-07-01,2026-07-01T22:30:01.25Z",
                "100,1e+20,2026-07-01,2026-07-01T22:30:01.25Z",
            ],
        ),
        (
            {"delimiter": ";", "decimal": ",", "date_format": "%d.%m.%Y", "zone": "Europe/Berlin"},
            [
                "amount;rate;day;at (Europe/Berlin)",
                "1698000;0,461538461538462;01.07.2026;02.07.2026 00:30:01",
                "0,05;0,1;01.07.2026;02.07.2026 00:30:01",
                "100;1e+20;01.07.2026;02.07.2026 00:30:01",
            ],
        ),
        (
            {"zone": "America/New_York"},
            [
                "amount,rate,day,at",
                "1698000,0.461538461538462,2026-07-01,2026-07-01T18:30:01.25-04:00",
                "0.05,0.1,2026-07-01,2026-07-01T18:30:01.25-04:00",
                "100,1e+20,2026-07-01,2026-07-01T18:30:01.25-04:00",
            ],
        ),
    ],
)
def test_numbers_and_dates_are_written_as_their_readers_want(
    tmp_path: Path, spec: dict[str, str], expected: list[str]
) -> None:
    """No zeros that mean nothing, no digits of how computers count, marks and dates of the country."""
    path = tmp_path / "money.csv"
    deliver(source(MONEY), parse_target({"to": str(path), **spec}, name="money"))
    assert path.read_text(encoding="utf-8").splitlines() == expected


@pytest.mark.parametrize(
    ("spec", "said"),
    [({"decimal": ","}, "decimal mark"), ({"date_format": "%H"}, "no form of a date"), ({"zone": "X"}, "no time zone")],
)
def test_what_readers_would_misread_is_refused(spec: dict[str, str], said: str) -> None:
    """Before anything is read."""
    with pytest.raises(ConfigError, match=said):
        parse_target({"to": "a.csv", **spec}, name="money")


TEXTS = st.one_of(st.none(), st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12))


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1), st.sampled_from([",", ";", "\t", "|"]))
def test_any_text_survives_csv(rows: list[tuple[str | None, str | None]], delimiter: str) -> None:
    """Another reader of RFC 4180 finds the same cells."""
    batch = pa.RecordBatch.from_pylist([{"a": a, "b": b} for a, b in rows], pa.schema({"a": "string", "b": "string"}))
    read = list(
        csv.reader(
            io.StringIO(lines(batch, Target(kind="csv", to="", delimiter=delimiter)), newline=""),
            delimiter=delimiter,
            strict=True,
        )
    )
    assert read == [[a or "", b or ""] for a, b in rows]


def test_a_single_empty_column_is_a_row_all_the_same() -> None:
    """Most readers pass over an empty line."""
    batch = pa.RecordBatch.from_pylist([{"a": None}, {"a": "x"}], pa.schema({"a": "string"}))
    assert lines(batch, Target(kind="csv", to="")) == '""\r\nx\r\n'


def test_what_no_table_knows_is_spelled_out(tmp_path: Path) -> None:
    """Lists and structs are JSON, durations ISO 8601, bytes hexadecimal; in JSON Lines lists stay lists."""
    table = pa.table(
        {
            "ids": pa.array([[1, None, 3]]),
            "by": pa.array([{"name": "a", "sum": 2}]),
            "took": pa.array([pa.MonthDayNano([1, 2, 3_500_000_000])]),
            "raw": pa.array([b"\x00\xff"]),
            "word": pa.array(["x"]).dictionary_encode(),
            "huge": pa.array([2**64 - 1], pa.uint64()),
        }
    )
    for name in ("odd.csv", "odd.jsonl"):
        deliver(source(table), parse_target({"to": str(tmp_path / name)}, name="odd"))
    assert (tmp_path / "odd.csv").read_text(encoding="utf-8").splitlines()[1] == (
        '"[1,null,3]","{""name"":""a"",""sum"":2}",P1M2DT3.5S,00ff,x,18446744073709551615'
    )
    assert (tmp_path / "odd.jsonl").read_text(encoding="utf-8") == (
        '{"ids":[1,null,3],"by":{"name":"a","sum":2},"took":"P1M2DT3.5S","raw":"00ff","word":"x",'
        '"huge":18446744073709551615}\n'
    )
