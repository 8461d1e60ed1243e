"""The same promises in every database: DuckDB, SQLite and a real PostgreSQL."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from acflow.destinations import deliver, parse_target
from acflow.errors import AcflowError, ConfigError, DeliveryError
from tests.destinations.deliver_harness import FULL, URLS, BrokenError, Reader, Rows, breaking, deals, source

NUMBERED = pa.schema({"id": pa.int64(), "n": pa.int64()})


@pytest.fixture(params=URLS)
def reader(request: pytest.FixtureRequest, tmp_path: Path) -> Reader:
    return Reader(request.param, tmp_path)


def numbered(*rows: tuple[int | None, int | None]) -> pa.Table:
    return pa.Table.from_pylist([{"id": key, "n": n} for key, n in rows], NUMBERED)


def read(reader: Reader, sql: str = "SELECT id, n FROM deals ORDER BY id") -> Rows:
    return [tuple(row) for row in reader.do(sql)]


def test_values_arrive_as_they_were(reader: Reader) -> None:
    """Numbers, dates and truth stay what they are; SQLite has text that sorts for what it lacks."""
    deliver(source(deals()), reader.target())
    (found, *_) = reader.do('SELECT id, title, amount, rate, won, day, "local", "at" FROM deals ORDER BY id')
    expected: tuple[Any, ...] = tuple(FULL.values())
    if reader.kind == "sqlite":
        dates = ("2026-02-28", "2026-02-28 23:59:59.000000", "2026-02-28 23:59:59.250000Z")
        assert tuple(found) == (*expected[:2], 1234.5, 0.1, 1, *dates)
        return
    assert tuple(found[:2]) == expected[:2]
    assert float(found[2]) == 1234.5
    assert tuple(found[3:7]) == expected[3:7]
    assert found[7].astimezone(UTC) == expected[7]


def test_replace_leaves_only_the_new_rows(reader: Reader) -> None:
    """The delivery of yesterday is gone, whether the columns are the same or not."""
    for rows in ([(1, 1), (2, 2)], [(3, 3)], []):
        deliver(source(numbered(*rows)), reader.target())
        assert read(reader) == rows
    deliver(source(numbered((4, 4)).rename_columns(["id", "other"])), reader.target())
    assert read(reader, "SELECT id, other FROM deals") == [(4, 4)]


def test_replace_keeps_views_of_the_table(reader: Reader) -> None:
    """A BI tool's view goes on as long as the columns are the same."""
    deliver(source(numbered((1, 1))), reader.target())
    reader.do("CREATE VIEW seen AS SELECT sum(n) AS n FROM deals")
    deliver(source(numbered((2, 20), (3, 30))), reader.target())
    assert float(read(reader, "SELECT n FROM seen")[0][0]) == 50


def test_append_adds_rows_and_says_when(reader: Reader) -> None:
    """Rows of one delivery share one time; a new column is empty in older rows, and the other way round."""
    deliver(source(numbered((1, 1), (2, 2))), reader.target(mode="append"))
    later = pa.table({"id": pa.array([1], pa.int64()), "extra": ["x"]})
    deliver(source(later), reader.target(mode="append"))
    found = read(reader, "SELECT id, n, extra FROM deals ORDER BY _synced_at, id")
    assert found == [(1, 1, None), (2, 2, None), (1, None, "x")]
    assert read(reader, "SELECT count(DISTINCT _synced_at), count(_synced_at) FROM deals") == [(2, 3)]


def test_merge_updates_adds_and_never_removes(reader: Reader) -> None:
    """A column that somebody added to the table keeps its values."""
    deliver(source(numbered((1, 1), (2, 2))), reader.target(mode="merge", key="id"))
    reader.do("ALTER TABLE deals ADD COLUMN remark VARCHAR(20)")
    reader.do("UPDATE deals SET remark = 'mine'")
    deliver(source(numbered((2, 20), (3, 30))), reader.target(mode="merge", key=["id"]))
    found = read(reader, "SELECT id, n, remark FROM deals ORDER BY id")
    assert found == [(1, 1, "mine"), (2, 20, "mine"), (3, 30, None)]


def test_merge_by_all_columns_adds_what_is_new(reader: Reader) -> None:
    """There is nothing to update then."""
    for rows in ([(1, 1)], [(1, 1), (1, 2)]):
        deliver(source(numbered(*rows)), reader.target(mode="merge", key=["id", "n"]))
    assert read(reader, "SELECT id, n FROM deals ORDER BY n") == [(1, 1), (1, 2)]


@pytest.mark.parametrize(
    ("rows", "said"), [([(1, 5), (1, 6)], r"more than once\. "), ([(1, 5), (None, 6)], r"is empty\. ")]
)
def test_merge_refuses_rows_that_it_cannot_tell_apart(
    reader: Reader, rows: list[tuple[int | None, int]], said: str
) -> None:
    """Which of two rows wins would be chance."""
    deliver(source(numbered((1, 1))), reader.target(mode="merge", key="id"))
    with pytest.raises(DeliveryError, match=said):
        deliver(source(numbered(*rows)), reader.target(mode="merge", key="id"))
    assert read(reader) == [(1, 1)]


def test_a_key_that_the_flow_lacks_is_named(reader: Reader) -> None:
    """With the column that was probably meant."""
    with pytest.raises(ConfigError, match=r"has no column idd to be merged by. Did you mean id\?"):
        deliver(source(numbered((1, 1))), reader.target(mode="merge", key="idd"))


@pytest.mark.parametrize("mode", ["replace", "append", "merge"])
def test_a_result_that_breaks_off_changes_nothing(reader: Reader, mode: str) -> None:
    """Half a delivery would look like a whole one."""
    spec = {"mode": mode, "key": "id" if mode == "merge" else None}
    deliver(source(numbered((1, 1))), reader.target(**spec))
    with pytest.raises(BrokenError):
        deliver(breaking(numbered((2, 2))), reader.target(**spec))
    assert read(reader) == [(1, 1)]


def test_a_statement_that_fails_late_changes_nothing(reader: Reader) -> None:
    """The rows are in the temporary table already when the database finds out; the message names the place."""
    deliver(source(numbered((1, 1), (2, 2))), reader.target(mode="merge", key="id"))
    reader.do("CREATE UNIQUE INDEX once ON deals (n)")
    with pytest.raises(DeliveryError, match="Nothing was changed there"):
        deliver(source(numbered((1, 10), (3, 10))), reader.target(mode="merge", key="id"))
    assert read(reader) == [(1, 1), (2, 2)]


def test_names_of_any_kind(reader: Reader) -> None:
    """Case, spaces and quotes in names are kept."""
    table = pa.table({"firstName": ["a"], "select": [1], 'a "b"; --': [True]})
    for _ in range(2):
        deliver(source(table), reader.target(table="Out of it"))
    (found,) = reader.do('SELECT "firstName", "select", "a ""b""; --" FROM "Out of it"')
    assert tuple(found) == ("a", 1, 1)


def test_a_table_in_a_schema(tmp_path: Path) -> None:
    """A name with a point is a schema and a table; SQLite has none."""
    for kind in ("duckdb", "postgresql"):
        reader = Reader(kind, tmp_path)
        for mode in ("replace", "replace", "append"):
            target = reader.target(table=f"bi.{mode}", mode=mode)
            deliver(source(numbered((1, 1))), target)
        schema = "bi.bi" if kind == "duckdb" else "bi"  # a DuckDB file that has its own name for a schema
        for mode in ("replace", "append"):
            assert read(reader, f"SELECT id, n FROM {schema}.{mode}") == [(1, 1)]  # noqa: S608 - names of this test
    with pytest.raises(ConfigError, match="SQLite has no schemas"):
        Reader("sqlite", tmp_path).target(table="bi.deals")


def test_a_million_of_cents_stays_exact(tmp_path: Path) -> None:
    """Decimals do not pass through floating point, and text with NUL reaches PostgreSQL."""
    reader = Reader("postgresql", tmp_path)
    table = pa.table({"sum": pa.array(["12345678901234567890.1234"]).cast(pa.decimal128(38, 4)), "text": ["a\0b"]})
    deliver(source(table), reader.target())
    assert read(reader, 'SELECT "sum"::text, "text" FROM deals') == [("12345678901234567890.1234", "a\ufffdb")]


def test_the_password_is_not_in_the_message() -> None:
    """Errors of a server end up in logs."""
    reader = Reader("duckdb", Path())
    reader.url = "postgresql://ann:s3cret@127.0.0.1:1/bi?connect_timeout=1&application_name=s3cret"
    target = reader.target()
    assert "s3cret" not in repr(target) + target.shown
    reader.url = "postgresql://ann:s3cret@/bi?host=/nowhere/at/all&port=x"
    with pytest.raises(AcflowError) as raised:
        deliver(source(numbered((1, 1))), reader.target())
    assert "s3cret" not in str(raised.value)


def test_dates_before_the_epoch(reader: Reader) -> None:
    """Birthdays are old."""
    table = pa.table(
        {"day": [date(1899, 12, 31)], "at": pa.array([datetime(1899, 1, 1, tzinfo=UTC)], pa.timestamp("us", "UTC"))}
    )
    deliver(source(table), reader.target())
    ((day, at),) = reader.do('SELECT day, "at" FROM deals')
    assert str(day) == "1899-12-31"
    assert str(at).startswith("1899-01-01")


@pytest.mark.parametrize("rest", [b"", b"\0" * 4096, b"\0" * 8 + b"DUCK" + b"\0" * 4084])
def test_what_a_kill_left_of_a_new_duckdb_file_gives_way(tmp_path: Path, rest: bytes) -> None:
    """Nobody could open it, and every later delivery would be refused."""
    path = tmp_path / "bi.duckdb"
    path.write_bytes(rest)
    deliver(source(numbered((1, 1))), parse_target({"to": f"duckdb:///{path}"}, name="deals"))
    with duckdb.connect(str(path)) as connection:
        assert connection.execute("SELECT id, n FROM deals").fetchall() == [(1, 1)]
    assert [path.name for path in tmp_path.iterdir()] == ["bi.duckdb"]


def test_a_file_of_another_program_does_not_give_way(tmp_path: Path) -> None:
    """Only the beginning of a database is taken for a rest."""
    path = tmp_path / "bi.duckdb"
    path.write_text("a letter")
    with pytest.raises(DeliveryError):
        deliver(source(numbered((1, 1))), parse_target({"to": f"duckdb:///{path}"}, name="deals"))
    assert path.read_text() == "a letter"


def test_a_key_that_comes_twice_is_not_quoted(reader: Reader) -> None:
    """Errors are kept in the ledger, and a key may be an address."""
    with pytest.raises(DeliveryError, match=r"its key id comes more than once\. Nothing") as caught:
        deliver(source(numbered((77, 1), (77, 2))), reader.target(mode="merge", key="id"))
    assert "77" not in str(caught.value)
