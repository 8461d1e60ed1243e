"""What a reading is to become in the warehouse: a table, how its rows go in, and what is to be noted of it.

A job can be written to a file and read again, so that a load that was cut off is finished with all that follows it.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from acflow.engine.sql import DELETED_AT
from acflow.engine.types import of_hint
from acflow.entities.model import Type
from acflow.entities.types import BIGINT, COLUMN_TYPES, ColumnType
from acflow.load.event_state import EventState
from acflow.load.staging_files import EntityStaging
from acflow.load.state import Bookmark

REJECTS_TABLE = "_rejects"


@dataclass(frozen=True, slots=True)
class Part:
    """Which rows of a table a reading of changes speaks of entirely, beside those that it brought.

    Those whose `column` names one of `owners`, and those whose owner is in the table `owner` no more.
    """

    column: str
    owners: tuple[int, ...] = ()
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Versions:
    """How the change log is kept: `fresh` columns were never brought before; what is over is kept for some days."""

    fresh: frozenset[str] = frozenset()
    days: int = 0


@dataclass(frozen=True, slots=True)
class LoadJob:
    """A table, and the Parquet files whose rows take the place of its rows.

    `columns` are dlt's hints by column name. If the rows are not the `whole` table, they take the place of those with
    their ids, and of a `part`; columns that are not `present` keep what they held. Rows that are gone move to
    `<table>_deleted`, marked with the instant of the reading, unless the table keeps none. `versions`, `bookmark`,
    `event_state` and `outdated`, a bookmark to delete, follow in the same transaction.
    """

    table: str
    files: list[Path]
    columns: dict[str, Any]
    rows: int
    run: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    key: str = "id"
    whole: bool = True
    present: frozenset[str] = frozenset()
    part: Part | None = None
    keeps_deleted: bool = True
    versions: Versions | None = None
    bookmark: Bookmark | None = None
    outdated: str | None = None
    event_state: EventState | None = None

    @property
    def types(self) -> dict[str, ColumnType]:
        """The types of the columns."""
        return {name: of_hint(hint) for name, hint in self.columns.items()}


def load_job_of(spool: EntityStaging, **more: Any) -> LoadJob:  # noqa: ANN401 - fields of the job
    """Return what an entity's files are to become: its declared columns, and unknown ones as text."""
    declared = {column.name: column for column in spool.entity.columns}
    columns = {name: _hint(name, declared.get(name)) for name in spool.schema.names}
    columns[spool.entity.key] |= {"nullable": False}
    return LoadJob(
        spool.entity.name,
        spool.files,
        columns,
        spool.rows,
        spool.rejects.run,
        key=spool.entity.key,
        **{"present": spool.columns, **more},
    )


def rejects_of(spools: list[EntityStaging]) -> LoadJob | None:
    """Return the rejects of a run, None if there are none."""
    files = [spool.rejects.path for spool in spools if spool.rejects.rows]
    if not files:
        return None
    rows = sum(spool.rejects.rows for spool in spools)
    return LoadJob(REJECTS_TABLE, files, REJECTS_COLUMNS, rows, spools[0].rejects.run)


def _hint(name: str, column: object) -> dict[str, Any]:
    kind = Type.TIMESTAMP if name == DELETED_AT else getattr(column, "type", Type.TEXT)
    return {"name": name, "nullable": True, **COLUMN_TYPES[kind].loader}


REJECTS_COLUMNS: dict[str, Any] = {
    "entity": _hint("entity", None),
    "id": {"name": "id", "nullable": True, **BIGINT.loader},
    **{name: _hint(name, None) for name in ("field", "raw", "run")},
}
