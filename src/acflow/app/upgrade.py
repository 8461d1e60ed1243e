"""What earlier versions left in a warehouse, brought into the layout of this one, step by step.

The dataset notes which layout it has in `_acflow`; one without a note is the first. A step may be cut off and begin
again, so each looks at what is there. docs/decisions/0018-steps-instead-of-alembic.md says why there is no framework.
"""

from collections.abc import Callable
from contextlib import suppress

from sqlglot import exp

from acflow.custom.model import OWNERS
from acflow.custom.widen import renew_view
from acflow.engine import DELETED_AT, Warehouse
from acflow.engine.sql import table
from acflow.errors import ConfigError, WarehouseError
from acflow.load.metadata import LAYOUT, NEWEST_LAYOUT, metadata, save_metadata_sql
from acflow.load.prepare import STAGING
from acflow.load.swap import DELETED

CHANGES = "_changes_"  # how version 0.1 called tables of changes that were still to be merged
OF_THE_LOADER = ("_dlt_loads", "_dlt_version", "_dlt_pipeline_state")


def upgrade(warehouse: Warehouse) -> list[str]:
    """Bring a warehouse into the layout of this version; return what is to be told of it.

    Raises:
        ConfigError: a newer version has written it.
        WarehouseError: the database refused; what was there is as it was.

    """
    layout = int(metadata(warehouse).get(LAYOUT, 0))
    if layout > NEWEST_LAYOUT:
        raise ConfigError(
            f"The dataset {warehouse.dataset} of {warehouse.url} was written by a newer acflow (layout {layout}; this "
            f"one knows {NEWEST_LAYOUT}). Upgrade acflow here, then run again."
        )
    if layout == NEWEST_LAYOUT or not warehouse.tables():
        return []
    with warehouse.locked():
        for number, step in enumerate(STEPS[layout:], layout + 1):
            step(warehouse)
            warehouse.execute(save_metadata_sql(warehouse, {LAYOUT: str(number)}))
    return [f"The tables of {warehouse.dataset} were brought into the layout of this version; see docs/upgrading.md."]


def move_deleted_rows(warehouse: Warehouse) -> None:
    """Move rows that are marked as gone to `<table>_deleted`, and take the mark's column away."""
    for name, columns in warehouse.catalogue().items():
        if DELETED_AT not in columns or name.endswith(DELETED):
            continue
        source, apart = (table(each, warehouse.dataset, warehouse.dialect) for each in (name, name + DELETED))
        gone = exp.column(DELETED_AT, quoted=True).is_(exp.null()).not_()
        rows = exp.select("*").from_(source).where(gone)
        if warehouse.columns(name + DELETED):  # a run of this version was quicker
            moved: list[exp.Expression] = []
        else:
            moved = [exp.Create(this=apart, kind="TABLE", expression=rows)]
        moved.append(exp.delete(source.copy(), where=gone.copy()))
        warehouse.execute([statement.sql(warehouse.dialect) for statement in moved])
        _drop_mark(warehouse, name)


def _drop_mark(warehouse: Warehouse, name: str) -> None:
    """Take away the column of marks; where somebody's view needs it, it stays and is null."""
    dialect, target = warehouse.dialect, table(name, warehouse.dataset, warehouse.dialect)
    owner = next((owner for owner in OWNERS if owner.entity == name), None)
    column = exp.Drop(this=exp.column(DELETED_AT, quoted=True), kind="COLUMN")
    statements = [exp.Alter(this=target, kind="TABLE", actions=[column]).sql(dialect)]
    if owner:
        view = table(owner.wide, warehouse.dataset, dialect)
        statements.insert(0, exp.Drop(this=view, kind="VIEW", exists=True).sql(dialect))
    with suppress(WarehouseError):
        warehouse.execute(statements)
    if owner and warehouse.columns(owner.custom):
        renew_view(warehouse, owner)


def drop_tables_of_the_loader(warehouse: Warehouse) -> None:
    """Drop what the loader kept beside the account's tables; it works in a schema of its own now."""
    dialect, names = warehouse.dialect, [*OF_THE_LOADER, *filter(_is_change, warehouse.tables())]
    tables = [table(name, warehouse.dataset, dialect) for name in names]
    statements = [exp.Drop(this=each, kind="TABLE", exists=True).sql(dialect) for each in tables]
    if warehouse.kind.schemas:
        schema = exp.Schema(this=exp.to_identifier(f"{warehouse.dataset}{STAGING}", quoted=True))
        statements.append(exp.Drop(this=schema, kind="SCHEMA", exists=True, cascade=True).sql(dialect))
    warehouse.execute(statements)


def _is_change(name: str) -> bool:
    return name.startswith(CHANGES)


STEPS: tuple[Callable[[Warehouse], None], ...] = (move_deleted_rows, drop_tables_of_the_loader)
assert len(STEPS) == NEWEST_LAYOUT  # noqa: S101 - a step that nobody counts would never be taken
