"""Certified files into the warehouse: staged by dlt in a schema of their own, then swapped in by one transaction each.

dlt keeps a package that did not finish and would load that one first and ignore new data, so what becomes of it is
decided here, at the start of each run: packages are made of certified readings only, and one that is whole is loaded.
What is to follow a load lies in a file beside it, so that one which was cut off is finished with its history and notes.
https://dlthub.com/docs/general-usage/full-loading
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from acflow.engine import Warehouse, count_rows
from acflow.engine.materialize import new_table
from acflow.engine.sql import table
from acflow.errors import (
    DiskFullError,
    MemoryLimitError,
    RefusedTablesError,
    WarehouseBusyError,
    WarehouseError,
)
from acflow.load.destinations import WITH_JSON, WITHOUT_PARQUET
from acflow.load.job import REJECTS_TABLE, LoadJob
from acflow.load.prepare import check_rows, refuse_views, staging
from acflow.load.session import PIPELINE, session
from acflow.load.state import bookmarks
from acflow.load.swap import swap

if TYPE_CHECKING:
    import dlt

SCHEMA = "activecampaign"
RELATIONAL = "dlt.common.normalizers.json.relational"
PURPOSE = "load.json"  # beside the pipeline: what its load is made of, meant for, and followed by
LATER = (WarehouseBusyError, DiskFullError, MemoryLimitError)  # a load that met one of these may succeed later


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a load is meant for."""

    account: str
    warehouse: str
    dataset: str

    def __str__(self) -> str:
        """Return it in words."""
        return ", ".join(part for part in (self.account, self.warehouse, self.dataset) if part)


@dataclass(frozen=True, slots=True)
class Pending:
    """What is written down before a load begins, and removed when all has followed."""

    purpose: Purpose
    jobs: list[LoadJob]


@dataclass(frozen=True, slots=True)
class RecoveredLoad:
    """What became of a load that an earlier run had left, in words, and the tables that it was finished for."""

    said: str
    tables: frozenset[str] = frozenset()


class Loader:
    """Loads what `account` gave into one warehouse, with its working files below `folder`."""

    def __init__(self, warehouse: Warehouse, folder: Path, account: str = "") -> None:
        self.warehouse, self.folder, self.account = warehouse, folder, account
        self._locked = False

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other run out of the warehouse; within a block that has done so, do nothing more."""
        if self._locked:
            yield
            return
        with self.warehouse.locked():
            self._locked = True
            try:
                yield
            finally:
                self._locked = False

    def land(self, jobs: Sequence[LoadJob]) -> Mapping[str, int]:
        """Load the files; each table is swapped in one transaction. Return how many rows of each table are gone.

        Raises:
            DiskFullError: no space left.
            RefusedTablesError: the database refused some tables, which are as they were; the others have landed.
            WarehouseError: the database refused; the old tables are whole.

        """
        if self.warehouse.loader not in WITH_JSON:
            jobs = [_without_json(job) for job in jobs]
        with self.locked():
            self._clear()
            self._write_down(jobs)
            refused = self._stage(jobs)
            gone = self._swap([job for job in jobs if job.table not in refused], refused)
            self._forget()
            self._clear()
        tables = {job.table for job in jobs} - {REJECTS_TABLE}
        if refused and not tables - refused.keys():
            raise next(iter(refused.values()))
        if refused:
            raise RefusedTablesError(refused)
        return gone

    def _stage(self, jobs: Sequence[LoadJob]) -> dict[str, WarehouseError]:
        """Load the files into tables of their own; return what the warehouse refuses."""
        place = staging(self.warehouse)
        empty = [new_table(job.table, place.dataset, job.types, place.dialect) for job in jobs if not job.rows]
        if empty:  # dlt passes over a file without rows
            self.warehouse.execute([statement for statements in empty for statement in statements])
        if not (full := [job for job in jobs if job.rows]):
            return {}
        try:
            self._load(lambda pipeline: self._run(pipeline, full))
        except LATER:
            raise
        except WarehouseError:
            return self._stage_each(full)
        shutil.rmtree(self.folder / PIPELINE, ignore_errors=True)  # dlt would keep a copy of all rows
        return {}

    def _stage_each(self, jobs: Sequence[LoadJob]) -> dict[str, WarehouseError]:
        """Load one after the other, so that one that the warehouse refuses stops no other."""
        refused: dict[str, WarehouseError] = {}
        for job in jobs:
            shutil.rmtree(self.folder / PIPELINE, ignore_errors=True)
            self.warehouse.execute([_dropped(staging(self.warehouse), job.table)])
            try:
                self._load(lambda pipeline, job=job: self._run(pipeline, [job]))  # type: ignore[misc]
            except LATER:
                raise
            except WarehouseError as error:
                refused[job.table] = error
        shutil.rmtree(self.folder / PIPELINE, ignore_errors=True)
        return refused

    def _swap(self, jobs: Sequence[LoadJob], refused: dict[str, WarehouseError]) -> dict[str, int]:
        """Swap the tables in, one after the other; note what the warehouse refuses, return what is gone."""
        gone: dict[str, int] = {}
        for job in jobs:
            if job.table == REJECTS_TABLE:
                continue  # goes in with the tables that it speaks of
            try:
                refuse_views(self.warehouse, [job.table])
                made = swap(self.warehouse, job)
                self.apply(made.statements)
                if job.whole:
                    check_rows(self.warehouse, job.table, job.rows)
                gone[job.table] = made.gone
            except LATER:
                raise
            except WarehouseError as error:
                refused[job.table] = error
        return gone

    def apply(self, statements: Sequence[str]) -> None:
        """Carry out statements in one transaction, with more memory if the warehouse is short of it."""
        while True:
            try:
                self.warehouse.execute(statements)
            except MemoryLimitError:
                if not self.warehouse.allow_more_memory():
                    raise
            else:
                break
        self.warehouse.checkpoint()

    def recover_pending(self) -> RecoveredLoad | None:
        """Finish a load that was cut off, or drop what cannot be finished. Return what was done, None if nothing.

        Raises:
            WarehouseError: the load may succeed later: the warehouse is busy, full or short of memory.

        """
        if not (self.folder / PIPELINE).exists() and not (self.folder / PURPOSE).exists():
            return None
        with self.locked():
            recovered = self._recovered()
            self._clear()
            self._forget()
            return recovered

    def _recovered(self) -> RecoveredLoad | None:
        pending = self._written_down()
        try:
            with self._pipeline() as pipeline:
                unfinished = pipeline.has_pending_data
                whole = pipeline.list_normalized_load_packages() and not pipeline.list_extracted_load_packages()
        except LATER:
            raise
        except Exception:  # noqa: BLE001 - whatever dlt says of files that a crash has cut short
            return RecoveredLoad("Dropped what an earlier run had left of a load; its files cannot be read.")
        if unfinished and not whole:
            return RecoveredLoad("Dropped an unfinished load of an earlier run; it held no complete reading.")
        if pending is None or pending.purpose != self.purpose:
            meant = str(pending.purpose) if pending else "another account or warehouse"
            said = f"Dropped an unfinished load of an earlier run; it was meant for {meant}."
            return RecoveredLoad(said) if unfinished or pending else None
        return self._finished(pending.jobs, unfinished=unfinished)

    def _finished(self, jobs: Sequence[LoadJob], *, unfinished: bool) -> RecoveredLoad | None:
        """Go on where a load was cut off; what is staged as a whole is swapped in."""
        try:
            if unfinished:
                self._load(_go_on)
        except LATER:
            raise
        except WarehouseError as error:
            return RecoveredLoad(f"Dropped a load of an earlier run that the warehouse refuses: {error}")
        refused: dict[str, WarehouseError] = {}
        done = self._swap([job for job in jobs if self._is_due(job)], refused)
        if done:
            said = "Finished a load of certified data that an earlier run had left unfinished."
            return RecoveredLoad(said, frozenset(done))
        for refusal in refused.values():
            return RecoveredLoad(f"Dropped a load of an earlier run that the warehouse refuses: {refusal}")
        return None

    def _is_due(self, job: LoadJob) -> bool:
        """Whether all rows of a job are staged, and no later reading has landed since."""
        later = bookmarks(self.warehouse).get(job.table)
        return count_rows(staging(self.warehouse), job.table) == job.rows and (later is None or later.read_at < job.at)

    @property
    def purpose(self) -> Purpose:
        """What is loaded here is meant for this."""
        return Purpose(self.account, self.warehouse.url, self.warehouse.dataset)

    def _write_down(self, jobs: Sequence[LoadJob]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        written = TypeAdapter(Pending).dump_json(Pending(self.purpose, list(jobs)))
        (self.folder / PURPOSE).write_bytes(written)

    def _written_down(self) -> Pending | None:
        """Return what stands beside the load, None if it cannot be read."""
        try:
            return TypeAdapter(Pending).validate_json((self.folder / PURPOSE).read_bytes())
        except (OSError, ValidationError):
            return None

    def _forget(self) -> None:
        """Drop all that dlt remembers; acflow declares every table anew, so nothing else is lost."""
        shutil.rmtree(self.folder / PIPELINE, ignore_errors=True)
        (self.folder / PURPOSE).unlink(missing_ok=True)

    def _clear(self) -> None:
        """Drop the schema of staged tables, and whatever a killed run has left there."""
        from sqlglot import exp

        place = staging(self.warehouse)
        shutil.rmtree(self.folder / PIPELINE, ignore_errors=True)
        if place.dialect == "clickhouse":  # it has no schemas
            statements = [_dropped(place, name) for name in place.tables()]
        else:
            schema = exp.Schema(this=exp.to_identifier(place.dataset, quoted=True))
            dropped = exp.Drop(this=schema, kind="SCHEMA", exists=True, cascade=True)
            statements = [dropped.sql(place.dialect)]
        self.warehouse.execute(statements)

    def _load(self, begin: "Callable[[dlt.Pipeline], object]") -> None:
        """Load, and if the warehouse is short of memory, go on with twice as much where it stopped."""
        step = begin
        while True:
            try:
                with self._pipeline() as pipeline:
                    step(pipeline)
            except MemoryLimitError:
                if not self.warehouse.allow_more_memory():
                    raise
                step = _go_on
            else:
                return

    def _pipeline(self) -> "AbstractContextManager[dlt.Pipeline]":
        return session(staging(self.warehouse), self.folder)

    def _run(self, pipeline: "dlt.Pipeline", jobs: Sequence[LoadJob]) -> None:
        as_files = self.warehouse.loader not in WITHOUT_PARQUET
        resources = [_resource(job, as_files=as_files) for job in jobs]
        pipeline.run(resources, loader_file_format="parquet" if as_files else "insert_values", schema=_schema())


def _dropped(place: Warehouse, name: str) -> str:
    from sqlglot import exp

    return exp.Drop(this=table(name, place.dataset, place.dialect), kind="TABLE", exists=True).sql(place.dialect)


def _schema() -> "dlt.Schema":
    import dlt

    # "direct" keeps the API's own names; other conventions would turn firstName into first_name.
    return dlt.Schema(SCHEMA, {"names": "direct", "json": {"module": RELATIONAL}})


def _go_on(pipeline: "dlt.Pipeline") -> None:
    pipeline.load()


def _resource(job: LoadJob, *, as_files: bool) -> "dlt.sources.DltResource":
    import dlt

    return dlt.resource(
        _imports(job) if as_files else _tables(job),
        name=job.table,
        write_disposition="append",
        columns=job.columns,
    )


def _imports(job: LoadJob) -> Callable[[], Iterator[Any]]:
    def files() -> Iterator[Any]:
        import dlt

        for path in job.files:
            yield dlt.mark.with_file_import(str(path), "parquet", job.rows)

    return files


def _tables(job: LoadJob) -> Callable[[], Iterator[Any]]:
    def tables() -> Iterator[Any]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        for path in job.files:
            with pq.ParquetFile(path) as file:
                yield from (pa.Table.from_batches([batch]) for batch in file.iter_batches())

    return tables


def _without_json(job: LoadJob) -> LoadJob:
    """Return the same with JSON as the text that it is."""
    columns = {
        name: hint | {"data_type": "text"} if hint["data_type"] == "json" else hint
        for name, hint in job.columns.items()
    }
    return replace(job, columns=columns)
