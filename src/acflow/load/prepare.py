"""What is looked at in a warehouse before a load and after it, and where rows are staged meanwhile."""

from collections.abc import Iterable

from acflow.engine import Warehouse
from acflow.engine.sql import table
from acflow.errors import WarehouseError

STAGING = "_staging"


def refuse_views(warehouse: Warehouse, names: Iterable[str]) -> None:
    """Raise WarehouseError if something that is no table goes by the name of one; rows would go where it leads."""
    tables = set(warehouse.tables())
    for name in names:
        if name not in tables and warehouse.columns(name):
            raise WarehouseError(
                f"{warehouse.dataset}.{name} is a view or the like, and acflow replaces the rows of tables only. "
                "Rename or drop it, then run again."
            )


def staging(warehouse: Warehouse) -> Warehouse:
    """Return the warehouse as one of staged tables: a schema of their own, which is there only while a run loads."""
    return warehouse.at(f"{warehouse.dataset}{STAGING}")


def check_rows(warehouse: Warehouse, name: str, rows: int) -> None:
    """Raise WarehouseError unless a table holds as many rows as were loaded into it."""
    from sqlglot import exp

    source = table(name, warehouse.dataset, warehouse.dialect)
    counted = exp.select(exp.Count(this=exp.Star()).as_("rows")).from_(source)
    found = int(warehouse.query(counted.sql(warehouse.dialect)).column("rows")[0].as_py())
    if found != rows:
        raise WarehouseError(
            f"{warehouse.dataset}.{name} holds {found:,} rows after {rows:,} were loaded into it. "
            "Something else wrote there meanwhile: see to it, then run again."
        )
