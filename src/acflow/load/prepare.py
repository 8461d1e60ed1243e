"""What is looked at in a warehouse before a load and after it: whatever dlt believes, the tables say what is there."""

from collections.abc import Iterable
from copy import copy

from acflow.engine import Warehouse
from acflow.engine.sql import table
from acflow.errors import WarehouseError

DLT_NOTES = "_dlt_version"  # dlt looks for tables and columns that are missing only if it has no note of its schema
STAGING = "_staging"


def prepare(warehouse: Warehouse, names: Iterable[str]) -> None:
    """Make the warehouse ready for a load into these tables.

    Raises:
        WarehouseError: something that is no table goes by the name of one.

    """
    refuse_views(warehouse, names)
    forget_notes(warehouse)


def refuse_views(warehouse: Warehouse, names: Iterable[str]) -> None:
    """Raise WarehouseError if something that is no table goes by the name of one; rows would go where it leads."""
    tables = set(warehouse.tables())
    for name in names:
        if name not in tables and warehouse.columns(name):
            raise WarehouseError(
                f"{warehouse.dataset}.{name} is a view or the like, and acflow replaces the rows of tables only. "
                "Rename or drop it, then run again."
            )


def forget_notes(warehouse: Warehouse) -> None:
    """Let dlt look anew at what is there: tables and columns that somebody dropped come back."""
    from sqlglot import exp

    for place in (warehouse, staging(warehouse)):
        if place.columns(DLT_NOTES):
            notes = table(DLT_NOTES, place.dataset, place.dialect)
            place.execute([exp.delete(notes, where=exp.true()).sql(place.dialect)])


def staging(warehouse: Warehouse) -> Warehouse:
    """Return the warehouse as one of the tables that others are swapped from."""
    place = copy(warehouse)
    place.dataset = f"{warehouse.dataset}{STAGING}"
    return place


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
