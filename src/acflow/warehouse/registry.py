"""Which kinds of warehouse there are, and the one that a URL means."""

from urllib.parse import urlsplit

from acflow.errors import ConfigError
from acflow.warehouse.duck import DuckDBWarehouse
from acflow.warehouse.model import Kind, Warehouse
from acflow.warehouse.postgres import PostgreSQLWarehouse

WAREHOUSES: tuple[Kind, ...] = (
    Kind(
        name="DuckDB",
        schemes=("duckdb",),
        dialect="duckdb",
        loader="duckdb",
        example="duckdb:///acflow.duckdb",
        run_here=True,
        remark="One file. It admits one process at a time, so acflow holds it for seconds only.",
    ),
    Kind(
        name="PostgreSQL",
        schemes=("postgresql", "postgres"),
        dialect="postgres",
        loader="postgres",
        example="postgresql://user:password@host:5432/database",
        run_here=True,
        extra="postgresql",
        remark='Names keep their case, so quote them: `"firstName"`. JSON is jsonb; U+FFFD stands for NUL in texts.',
    ),
)


def kind_of(url: str) -> Kind:
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


def open_warehouse(url: str, dataset: str, *, patience: float = 60.0, memory: int = 96, threads: int = 1) -> Warehouse:
    """Return the warehouse of a URL; nothing is connected yet.

    `memory`, in megabytes, and `threads`, 0 for one per processor, are for kinds that run in this process.
    """
    if kind_of(url).name == "PostgreSQL":
        return PostgreSQLWarehouse(url, dataset, patience=patience)
    return DuckDBWarehouse(url, dataset, patience=patience, memory=memory, threads=threads)
