"""The removal of tables whose flow is gone."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from acflow.app.data import tables
from acflow.app.table_info import TableKind
from acflow.engine.sql import table
from acflow.errors import ConfigError

if TYPE_CHECKING:
    from acflow.app.project import Project


def remove_tables(project: "Project", names: Sequence[str]) -> list[str]:
    """Drop tables of flows that are gone; return their names.

    Raises:
        ConfigError: one is no such table; nothing was dropped.
        WarehouseError: the database refused, as where somebody's view needs one; nothing was dropped.

    """
    from sqlglot import exp

    from acflow.app.run_context import project_lock

    kinds = {info.name: info.kind for info in tables(project, count=False)}
    chosen = list(dict.fromkeys(names))
    for name in chosen:
        if name not in kinds:
            raise ConfigError(f"There is no table {name} in {project.settings.dataset}. Nothing was removed.")
        if kinds[name] is not TableKind.ORPHAN:
            raise ConfigError(
                f"{name} is a table of kind {kinds[name]}; only those of flows that are gone can be removed. "
                "Nothing was removed."
            )
    warehouse = project.warehouse()
    doomed = [table(name, warehouse.dataset, warehouse.dialect) for name in chosen]
    with project_lock(project.settings), warehouse.locked():
        warehouse.execute([exp.Drop(this=each, kind="TABLE").sql(warehouse.dialect) for each in doomed])
    return chosen
