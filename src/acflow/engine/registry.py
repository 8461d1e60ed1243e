"""Which kinds of warehouse there are, and the one that a URL means."""

from urllib.parse import urlsplit

from acflow.engine.cloud import CloudWarehouse
from acflow.engine.duck import DuckDBWarehouse
from acflow.engine.model import Warehouse, WarehouseKind
from acflow.engine.postgres import PostgreSQLWarehouse
from acflow.errors import ConfigError

WAREHOUSES: tuple[WarehouseKind, ...] = (
    WarehouseKind(
        name="DuckDB",
        schemes=("duckdb",),
        dialect="duckdb",
        loader="duckdb",
        example="duckdb:///acflow.duckdb",
        run_here=True,
        remark="One file. It admits one process at a time, so acflow holds it for seconds only.",
    ),
    WarehouseKind(
        name="PostgreSQL",
        schemes=("postgresql", "postgres"),
        dialect="postgres",
        loader="postgres",
        example="postgresql://user:password@host:5432/database",
        run_here=True,
        install="acflow[postgresql]",
        remark='Names keep their case, so quote them: `"firstName"`. JSON is jsonb; U+FFFD stands for NUL in texts.',
    ),
    WarehouseKind(
        name="MotherDuck",
        schemes=("motherduck", "md"),
        dialect="duckdb",
        loader="motherduck",
        example="motherduck:///database?motherduck_token=…",
        run_here=False,
        install="acflow[motherduck]",
        remark="DuckDB as a service; the same SQL and types.",
    ),
    WarehouseKind(
        name="BigQuery",
        schemes=("bigquery",),
        dialect="bigquery",
        loader="bigquery",
        example="bigquery://project",
        run_here=False,
        install="acflow[bigquery]",
        remark="Credentials come from `GOOGLE_APPLICATION_CREDENTIALS`. A reader may find a table empty while it is "
        "replaced. JSON is kept as text.",
    ),
    WarehouseKind(
        name="Snowflake",
        schemes=("snowflake",),
        dialect="snowflake",
        loader="snowflake",
        example="snowflake://user:password@account/database?warehouse=name&role=name",
        run_here=False,
        install="acflow[snowflake]",
        remark="Names keep their case, so quote them. JSON is kept as text.",
    ),
    WarehouseKind(
        name="Redshift",
        schemes=("redshift",),
        dialect="redshift",
        loader="redshift",
        example="redshift://user:password@host:5439/database",
        run_here=False,
        install="acflow[redshift]",
        remark="Rows go as INSERT statements, so large tables take long; names lose their case. JSON is kept as text.",
    ),
    WarehouseKind(
        name="ClickHouse",
        schemes=("clickhouse",),
        dialect="clickhouse",
        loader="clickhouse",
        example="clickhouse://user:password@host:9440/database?http_port=8443&secure=1",
        run_here=False,
        install="acflow[clickhouse]",
        remark="Without schemas, so tables are named `activecampaign___contacts`; without transactions, so a reader "
        "may find a table empty while it is replaced. JSON is kept as text.",
    ),
)


def kind_of(url: str) -> WarehouseKind:
    """Return the kind of a warehouse URL.

    Raises:
        ConfigError: no warehouse goes by that scheme.

    """
    scheme = urlsplit(url).scheme.split("+")[0]
    for kind in WAREHOUSES:
        if scheme in kind.schemes:
            return kind
    examples = ", ".join(kind.example for kind in WAREHOUSES)
    raise ConfigError(f"Warehouse {scheme or 'without a scheme'} is not known. Use one like: {examples}")


def open_warehouse(  # noqa: PLR0913 - each bounds something else
    url: str, dataset: str, *, patience: float = 60.0, memory: int = 96, threads: int = 1, seconds: float = 0.0
) -> Warehouse:
    """Return the warehouse of a URL; nothing is connected yet.

    `memory`, in megabytes, and `threads`, 0 for one per processor, are for kinds that run in this process. `seconds`
    bound what `execute` may take, 0 is for ever.
    """
    kind = kind_of(url)
    if kind.loader == "duckdb":
        return DuckDBWarehouse(url, dataset, patience=patience, memory=memory, threads=threads, seconds=seconds)
    if kind.loader == "postgres":
        return PostgreSQLWarehouse(url, dataset, patience=patience, seconds=seconds)
    return CloudWarehouse(kind, url, dataset)
