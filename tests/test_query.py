"""SQL that somebody typed: it reads, ends in time and within its memory, and leaves everything as it was."""

import os
import time
from pathlib import Path

import pytest

from acflow.app.query import query, stream_query
from acflow.engine import open_warehouse
from acflow.engine.model import Warehouse
from acflow.engine.read_only import check_read_only
from acflow.errors import AcflowError, ConfigError, MemoryLimitError, QueryTimeoutError
from tests.load.warehouse_harness import DATASET, MAKERS

KEPT = "the key"
READ_ON_BOTH = {
    "select count(*) as n from deals": [(3,)],
    "with d as (select id from deals) select max(id) as n from d": [(3,)],
    "values (1), (2)": [(1,), (2,)],
    "table deals": [(1,), (2,), (3,)],
    "(select id from deals order by id limit 1)": [(1,)],
    "select ';' as n -- ; and so on": [(";",)],
    "select id from deals where id = 2;": [(2,)],
}
WRITES = (
    "explain analyze copy (select 1) to '.env'",
    "explain (analyze) copy (select 1) to '.env'",
    "copy (select 1) to '.env'",
    "explain analyze create table made as select 1",
    "explain create table made as select 1",
    "create table made as select 1",
    "with gone as (delete from deals returning *) select * from gone",
    "delete from deals",
    "drop table deals",
    "select 1; drop table deals",
    "explain select 1; drop table deals",
    "explain analyze select 1; drop table deals",
    "select * into made from deals",
    "select set_config('transaction_read_only', 'off', false)",
    "set search_path = x",
    "begin",
    "commit",
    "prepare a as select 1",
    "execute a",
    "vacuum",
    "",
    ";",
    "-- nothing",
    "explain",
    "select 1) to program 'touch made' --",
)
DUCKDB_WRITES = (
    "call enable_logging(storage = 'file', storage_path = 'made')",
    "from enable_logging(storage = 'file', storage_path = 'made')",
    'select * from "enable_logging"()',
    "explain analyze from enable_logging()",
    "from query('from enable_logging()')",
    "from enable_profiling()",
    "select write_log('x')",
    "from checkpoint()",
    "pragma version",
    "attach 'made' as other",
    "install httpfs",
    "export database 'made'",
    "pivot deals on id",
    "select * from read_text('/etc/hostname')",
    "from '/etc/hostname'",
    "from read_csv('/etc/hostname')",
    "from glob('/*')",
    "from sniff_csv('/etc/passwd')",
)
POSTGRESQL_WRITES = (
    "select lo_from_bytea(0, 'x')",
    "select lo_import('/etc/hostname')",
    "select pg_read_file('/etc/hostname')",
    "select pg_advisory_lock(1)",
    "select pg_notify('a', 'b')",
    "select pg_terminate_backend(pg_backend_pid())",
    "select query_to_xml('select 1', true, true, '')",
    "select U&\"lo_\\0066rom_bytea\"(0, 'x')",
    "select nextval('counter')",
    "select * from deals for update",
    "show server_version",
    "declare c cursor for select 1",
)


@pytest.fixture(params=MAKERS)
def warehouse(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """Return a warehouse of each kind with three deals, in a folder that holds a key."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(KEPT)
    opened = open_warehouse(MAKERS[request.param](tmp_path), DATASET, patience=5.0)
    opened.execute(
        [
            f"CREATE SCHEMA {DATASET}",
            f"CREATE TABLE {DATASET}.deals (id BIGINT)",
            f"INSERT INTO {DATASET}.deals VALUES (1), (2), (3)",  # noqa: S608 - our own names
            f"CREATE SEQUENCE {DATASET}.counter",
        ]
    )
    return opened


def _rows(warehouse: Warehouse, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in query(warehouse, sql, seconds=60).table.to_pylist()]


def test_what_reads_is_answered(warehouse: Warehouse) -> None:
    """A SELECT in each of its forms, VALUES, and EXPLAIN before them."""
    assert {sql: sorted(_rows(warehouse, sql)) for sql in READ_ON_BOTH} == READ_ON_BOTH
    for explain in ("explain", "explain analyze", "EXPLAIN (FORMAT JSON)"):
        assert _rows(warehouse, f"{explain} table deals")
    if warehouse.dialect == "duckdb":
        assert _rows(warehouse, "describe deals")[0][:2] == ("id", "BIGINT")


@pytest.mark.parametrize(
    ("kind", "sql"),
    [(kind, sql) for kind in MAKERS for sql in WRITES + (DUCKDB_WRITES if kind == "DuckDB" else POSTGRESQL_WRITES)],
)
def test_what_does_more_is_refused_by_the_look_of_it(kind: str, sql: str) -> None:
    """Most never reaches the database; what may is listed in the next test."""
    late = sql.startswith(("with gone", "select * into", "select nextval", "select * from deals for", "from '"))
    late |= sql.startswith(("from glob", "from sniff", "select 1) to"))
    if not late:
        with pytest.raises(ConfigError):
            check_read_only(sql, {"DuckDB": "duckdb", "PostgreSQL": "postgres"}[kind])


def test_what_does_more_than_read_changes_nothing(warehouse: Warehouse, tmp_path: Path) -> None:
    """Neither the key beside the warehouse nor a row, a table, a counter or a file."""
    before = sorted(path.name for path in tmp_path.iterdir())
    own = DUCKDB_WRITES if warehouse.dialect == "duckdb" else POSTGRESQL_WRITES
    for sql in ("with gone as (delete from deals returning *) select * from gone", "select * into made from deals"):
        with pytest.raises(ConfigError):
            query(warehouse, sql)
    for sql in [*own[-6:], "select 1) to program 'touch made' --", "explain analyze copy (select 1) to '.env'"]:
        with pytest.raises(ConfigError):
            query(warehouse, sql)
    assert (tmp_path / ".env").read_text() == KEPT
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert sorted(warehouse.tables()) == ["deals"]
    assert _rows(warehouse, "select count(*) from deals") == [(3,)]


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) as n from generate_series(1, 1000000) a, generate_series(1, 1000000) b",
        "with recursive r(x) as (select 1 union all select x + 1 - 1 from r) select count(*) as n from r",
    ],
)
def test_what_never_ends_is_stopped(warehouse: Warehouse, sql: str) -> None:
    """At its time limit, and what follows is answered."""
    began = time.monotonic()
    with pytest.raises(QueryTimeoutError, match="stopped"):
        query(warehouse, sql, seconds=0.5)
    assert time.monotonic() - began < 60
    assert _rows(warehouse, "select max(id) as n from deals") == [(3,)]


def test_what_takes_too_much_is_stopped(tmp_path: Path) -> None:
    """Texts of `repeat`, which the database's own limit does not count, and sorts that would not fit."""
    opened = open_warehouse(MAKERS["DuckDB"](tmp_path), DATASET)
    opened.execute([f"CREATE SCHEMA {DATASET}"])
    for sql in (
        "select repeat('x', 300000000) || i as x from range(100) t(i)",
        "select list(i) as x from range(300000000) t(i)",
    ):
        with pytest.raises(MemoryLimitError, match="memory"):
            query(opened, sql, memory_mb=128)
    assert not list(tmp_path.glob("*.tmp"))


def test_rows_are_counted_and_cut(warehouse: Warehouse) -> None:
    """Whoever sees a part is told that it is one."""
    whole, part = (query(warehouse, "select id from deals order by id", rows=rows) for rows in (3, 2))
    assert (whole.table.num_rows, whole.truncated) == (3, False)
    assert (part.table.num_rows, part.truncated) == (2, True)
    none = query(warehouse, "select id from deals where id > 9")
    assert (none.table.num_rows, none.table.column_names, none.truncated) == (0, ["id"], False)


def test_large_answers_end_at_the_memory_of_the_asker(tmp_path: Path) -> None:
    """A page that shows rows holds no more of them than it allows the question."""
    opened = open_warehouse(MAKERS["DuckDB"](tmp_path), DATASET)
    opened.execute([f"CREATE SCHEMA {DATASET}"])
    cut = query(opened, "select repeat('x', 1000) as x from range(1000000)", rows=1_000_000, memory_mb=128)
    assert cut.truncated
    assert cut.table.nbytes < 256 * 2**20


def test_the_answering_process_knows_no_key_and_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its environment lacks what is the account's, and nobody is left when the reader goes away early."""
    monkeypatch.setenv("ACTIVECAMPAIGN_KEY", "not-for-the-child")
    opened = open_warehouse(MAKERS["DuckDB"](tmp_path), DATASET)
    opened.execute([f"CREATE SCHEMA {DATASET}"])
    with stream_query(opened, "select repeat('x', 1000) as x from range(100000000)") as answer:
        next(answer.batches)
        (child,) = (Path(f"/proc/self/task/{os.getpid()}/children").read_text().split() or [""])[-1:]
        if child:
            assert b"not-for-the-child" not in Path(f"/proc/{child}/environ").read_bytes()
    assert not child or not Path(f"/proc/{child}").exists()


@pytest.mark.parametrize("kind", MAKERS)
def test_statements_of_flows_end_in_time(tmp_path: Path, kind: str) -> None:
    """A flow that would never end is stopped, and what was there stays."""
    url = MAKERS[kind](tmp_path)
    open_warehouse(url, DATASET).execute([f"CREATE SCHEMA {DATASET}", f"CREATE TABLE {DATASET}.kept AS SELECT 1 AS n"])
    bounded = open_warehouse(url, DATASET, seconds=0.5)
    endless = "SELECT count(*) AS n FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b"
    with pytest.raises(AcflowError, match=r"Stopped after 0\.5 s"):
        bounded.execute([f"DROP TABLE {DATASET}.kept", f"CREATE TABLE {DATASET}.kept AS {endless}"])
    assert bounded.query("SELECT n FROM kept").to_pylist() == [{"n": 1}]
    bounded.execute([f"CREATE TABLE {DATASET}.more AS SELECT 2 AS n"])
