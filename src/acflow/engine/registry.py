"""Which kinds of warehouse there are, and the one that a URL means."""

from urllib.parse import urlsplit

from acflow.engine.cloud import CLOUDS, CloudWarehouse
from acflow.engine.duck import DUCKDB, DuckDBWarehouse
from acflow.engine.model import Warehouse, WarehouseKind
from acflow.engine.postgres import POSTGRESQL, PostgreSQLWarehouse
from acflow.errors import ConfigError

WAREHOUSES: tuple[WarehouseKind, ...] = (DUCKDB, POSTGRESQL, *CLOUDS)


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
    if kind is DUCKDB:
        return DuckDBWarehouse(url, dataset, patience=patience, memory=memory, threads=threads, seconds=seconds)
    if kind is POSTGRESQL:
        return PostgreSQLWarehouse(url, dataset, patience=patience, seconds=seconds)
    return CloudWarehouse(kind, url, dataset)
