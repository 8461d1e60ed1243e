"""The registry of warehouses, and the statements and errors of those that are not run here."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from sqlglot import parse_one

from acflow.engine import WAREHOUSES, Warehouse, WarehouseKind, count_rows, kind_of, open_warehouse, rows_by_id
from acflow.engine.cloud import CloudWarehouse
from acflow.engine.materialize import empty_table, truncated
from acflow.engine.model import TakesFiles
from acflow.entities.types import COLUMN_TYPES
from acflow.errors import ConfigError, WarehouseError
from acflow.load.cloud import DESTINATIONS, destination

COLUMNS = {kind.name.lower(): column_type for kind, column_type in COLUMN_TYPES.items()}
DUCKDB = "BIGINT BIGINT BIGINT DOUBLE BOOLEAN TIMESTAMPTZ TIMESTAMP DATE DECIMAL(28,4) TEXT JSON"
TYPES = {  # in the order of COLUMN_TYPES
    "DuckDB": DUCKDB,
    "MotherDuck": DUCKDB,
    "PostgreSQL": "BIGINT BIGINT BIGINT DOUBLE_PRECISION BOOLEAN TIMESTAMPTZ TIMESTAMP DATE DECIMAL(28,4)"
    " VARCHAR JSONB",
    "BigQuery": "INT64 INT64 INT64 FLOAT64 BOOL TIMESTAMP DATETIME DATE NUMERIC(28,4) STRING STRING",
    "Snowflake": "BIGINT BIGINT BIGINT DOUBLE BOOLEAN TIMESTAMPTZ TIMESTAMP DATE DECIMAL(28,4) VARCHAR VARCHAR",
    "Redshift": "BIGINT BIGINT BIGINT DOUBLE_PRECISION BOOLEAN TIMESTAMP_WITH_TIME_ZONE TIMESTAMP DATE DECIMAL(28,4)"
    " VARCHAR VARCHAR",
    "ClickHouse": "Nullable(Int64) Nullable(Int64) Nullable(Int64) Nullable(Float64) Nullable(Bool)"
    " Nullable(DateTime64(6,'UTC')) Nullable(DateTime64(6)) Nullable(DATE) Nullable(Decimal(28,4))"
    " Nullable(String) Nullable(String)",
}
each_kind = pytest.mark.parametrize("kind", WAREHOUSES, ids=lambda kind: kind.name)


@each_kind
def test_an_example_opens_its_own_kind(kind: WarehouseKind) -> None:
    """Nothing is connected yet, and no password is shown."""
    assert kind_of(kind.example) == kind
    opened = open_warehouse(kind.example, "activecampaign")
    assert (opened.dialect, opened.kind) == (kind.dialect, kind)
    assert "password" not in opened.url


def test_no_two_kinds_share_a_scheme() -> None:
    """A URL means one kind."""
    schemes = [scheme for kind in WAREHOUSES for scheme in kind.schemes]
    assert len(schemes) == len(set(schemes))
    assert set(DESTINATIONS) == {kind.loader for kind in WAREHOUSES if not kind.run_here}


@pytest.mark.parametrize("url", ["oracle://me:geheim@host/db", "geheim", "", "/a/path.duckdb"])
def test_an_unknown_kind_is_refused_with_examples(url: str) -> None:
    """The message shows what would be known, and repeats no secret."""
    with pytest.raises(ConfigError, match=r"duckdb:///acflow\.duckdb") as caught:
        open_warehouse(url, "activecampaign")
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("place", [0, 4096 + 10, 3 * 4096 + 20])
def test_a_damaged_file_is_called_damaged_and_not_busy(tmp_path: Path, place: int) -> None:
    """DuckDB's words for it speak of blocks, which are no locks; nobody else holds the file."""
    path = tmp_path / "acflow.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT range::VARCHAR AS a FROM range(1000)")
    with path.open("r+b") as file:
        file.seek(place)
        file.write(b"\x55" * 64)
    with pytest.raises(WarehouseError, match=r"acflow\.duckdb cannot be opened as a DuckDB file") as caught:
        open_warehouse(f"duckdb:///{path}", "activecampaign", patience=0).check()
    assert type(caught.value) is WarehouseError


@each_kind
def test_statements_are_of_the_dialect(kind: WarehouseKind) -> None:
    """They are written out here as they are sent, and the dialect's own parser takes them."""
    statements = empty_table("deals", "activecampaign", COLUMNS, kind.dialect)
    statements.append(truncated("deals", "activecampaign_staging", kind.dialect))
    for statement in statements:
        assert parse_one(statement, dialect=kind.dialect).sql(kind.dialect) == statement
    assert statements[-2].endswith("WHERE TRUE")
    mark = "`" if kind.dialect == "bigquery" else '"'
    place = f"{mark}activecampaign{mark}.{mark}deals{mark}"
    if kind.dialect == "clickhouse":
        place = '"activecampaign___deals"'
    types = [word.replace("_", " ").replace(",", ", ") for word in TYPES[kind.name].split()]
    columns = ", ".join(f"{mark}{name}{mark} {sql}" for name, sql in zip(COLUMNS, types, strict=True))
    assert statements[-3].startswith(f"CREATE TABLE IF NOT EXISTS {place} ({columns})")


@each_kind
def test_the_loader_knows_each_kind(kind: WarehouseKind) -> None:
    """It takes files itself, or dlt has a destination for it; that it loads is shown for those that run here."""
    place = open_warehouse(kind.example, "activecampaign")
    if isinstance(place, CloudWarehouse):
        assert kind.loader in destination(place).destination_type.lower()
    else:
        assert isinstance(place, TakesFiles)


@pytest.mark.parametrize("loader", ["snowflake", "bigquery", "clickhouse"])
def test_a_missing_driver_is_named_with_its_command(loader: str) -> None:
    """Developers' machines have none of these three."""
    kind = next(kind for kind in WAREHOUSES if kind.loader == loader)
    with pytest.raises(ConfigError) as caught:
        open_warehouse(kind.example, "activecampaign").check()
    assert f"pip install 'acflow[{loader}]'" in str(caught.value)
    assert kind.install == f"acflow[{loader}]"


@pytest.fixture
def cloud(tmp_path: Path) -> Warehouse:
    """Return what serves the kinds without an account here, on a database that is here."""
    path = tmp_path / "cloud.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA activecampaign; CREATE TABLE activecampaign._dlt_loads (a INT)")
        connection.execute("""CREATE TABLE activecampaign.deals (id BIGINT, "winProbability" DOUBLE)""")
        connection.execute("INSERT INTO activecampaign.deals VALUES (1, 0.5), (2, NULL)")
    kind = replace(kind_of("redshift://host/db"), dialect="duckdb")
    url = "redshift://me:geheim@host/db"
    return CloudWarehouse(kind, url, "activecampaign", connect=lambda _: duckdb.connect(str(path)))


def test_the_catalogue_of_the_standard_is_read(cloud: Warehouse) -> None:
    """Tables, columns in their order with their types, and rows by their ids."""
    assert cloud.tables() == ["deals"]
    assert cloud.columns("deals") == {"id": "BIGINT", "winProbability": "DOUBLE"}
    assert cloud.columns("nothing") == {}
    assert count_rows(cloud, "deals") == 2
    found = rows_by_id(cloud, "deals", [2, 3])
    assert found is not None
    assert found.to_pylist() == [{"id": 2, "winProbability": None}]


def test_statements_are_carried_out(cloud: Warehouse) -> None:
    """What is emptied stays empty for the next connection."""
    cloud.execute(empty_table("deals", "activecampaign", COLUMNS, "duckdb"))
    assert count_rows(cloud, "deals") == 0
    assert cloud.query("SELECT * FROM activecampaign.deals").column_names == ["id", "winProbability"]


@pytest.mark.parametrize("sql", ["DROP TABLE activecampaign.deals", "SELECT 1; SELECT 2", "SELECT ((", ""])
def test_only_questions_are_asked(cloud: Warehouse, sql: str) -> None:
    """Whatever is no single reading statement is refused before it is sent."""
    with pytest.raises(ConfigError), cloud.stream(sql):
        pass
    assert count_rows(cloud, "deals") == 2


def test_a_failure_shows_no_password(cloud: Warehouse) -> None:
    """The database's words are kept, the URL's secret is not."""
    with pytest.raises(WarehouseError, match="no_such_table") as caught:
        cloud.query("SELECT 'geheim' FROM no_such_table")
    assert "geheim" not in str(caught.value)
