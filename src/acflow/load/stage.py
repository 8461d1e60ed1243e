"""Files into tables of a schema of their own, which is there only while a run loads."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from acflow.engine import Warehouse
from acflow.engine.materialize import new_table
from acflow.engine.model import TakesFiles
from acflow.engine.sql import table
from acflow.errors import DiskFullError, MemoryLimitError, WarehouseBusyError, WarehouseError
from acflow.load.job import LoadJob
from acflow.load.prepare import staging

LATER = (WarehouseBusyError, DiskFullError, MemoryLimitError)  # a load that met one of these may succeed later


def stage(warehouse: Warehouse, jobs: Sequence[LoadJob], folder: Path) -> dict[str, WarehouseError]:
    """Put the rows of each job into a staged table; return what the warehouse refuses, by table.

    Raises:
        WarehouseError: one of `LATER`; nothing can be staged now.

    """
    place = staging(warehouse)
    if not isinstance(place, TakesFiles):
        from acflow.load.cloud import stage_by_dlt

        return stage_by_dlt(place, jobs, folder)
    refused: dict[str, WarehouseError] = {}
    for job in jobs:
        try:
            place.execute(new_table(job.table, place.dataset, job.types, place.dialect))
            if job.rows:
                with_memory(warehouse, partial(_ingest, warehouse, job))
        except LATER:
            raise
        except WarehouseError as error:
            refused[job.table] = error
    return refused


def _ingest(warehouse: Warehouse, job: LoadJob) -> None:
    place = staging(warehouse)
    assert isinstance(place, TakesFiles)  # noqa: S101 - asked before
    place.ingest(job.table, job.files, job.types)


def with_memory(warehouse: Warehouse, step: Callable[[], None]) -> None:
    """Take a step that is all or nothing, again with twice the memory while the warehouse is short of it."""
    while True:
        try:
            step()
        except MemoryLimitError:
            if not warehouse.allow_more_memory():
                raise
        else:
            return


def drop_staged(warehouse: Warehouse) -> None:
    """Drop the staged tables, and their schema."""
    from sqlglot import exp

    place = staging(warehouse)
    if not place.kind.schemas:
        statements = [dropped(place, name) for name in place.tables()]
    else:
        schema = exp.Schema(this=exp.to_identifier(place.dataset, quoted=True))
        statements = [exp.Drop(this=schema, kind="SCHEMA", exists=True, cascade=True).sql(place.dialect)]
    warehouse.execute(statements)


def dropped(place: Warehouse, name: str) -> str:
    """Return the statement that drops a staged table if it is there."""
    from sqlglot import exp

    return exp.Drop(this=table(name, place.dataset, place.dialect), kind="TABLE", exists=True).sql(place.dialect)
