"""Certified files into the warehouse, each table replaced in one transaction.

dlt keeps a package that did not finish and would load that one first and ignore new data, so what becomes of it is
decided here, at the start of each run: packages are made of certified readings only, and one that is whole is loaded.
https://dlthub.com/docs/general-usage/full-loading
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from acflow.engine import DELETED_AT, Warehouse
from acflow.engine.sql import table
from acflow.engine.types import of_hint
from acflow.entities.model import Entity, Type
from acflow.entities.types import BIGINT, COLUMN_TYPES
from acflow.errors import (
    DiskFullError,
    MemoryLimitError,
    RefusedTablesError,
    WarehouseBusyError,
    WarehouseError,
)
from acflow.load.destinations import WITH_JSON, WITHOUT_PARQUET
from acflow.load.prepare import check_rows, prepare
from acflow.load.session import PIPELINE, session
from acflow.load.staging_files import EntityStaging
from acflow.load.tables import empty_table, truncated

if TYPE_CHECKING:
    import dlt
    from sqlglot import exp

REJECTS_TABLE = "_rejects"
SCHEMA = "activecampaign"
RELATIONAL = "dlt.common.normalizers.json.relational"


@dataclass(frozen=True, slots=True)
class LoadJob:
    """A table to be replaced by the rows of parquet files. `columns` are dlt's hints by column name."""

    table: str
    files: list[Path]
    columns: dict[str, Any]
    rows: int
    mode: Literal["replace", "append"] = "replace"
    run: str = ""  # of rows that are appended


@dataclass(frozen=True, slots=True)
class RecoveredLoad:
    """What became of a load that an earlier run had left, in words, and the tables that it was finished for."""

    said: str
    tables: frozenset[str] = frozenset()


def load_job_of(spool: EntityStaging, table: str | None = None) -> LoadJob:
    """Return what an entity's spool is to become: its declared columns, and unknown ones as text.

    It becomes the entity's table unless another is named.
    """
    declared = {column.name: column for column in spool.entity.columns}
    columns = {name: _hint(name, declared.get(name)) for name in spool.schema.names}
    columns[spool.entity.key] |= {"nullable": False}
    return LoadJob(table or spool.entity.name, spool.files, columns, spool.rows)


def rejects_of(spools: list[EntityStaging]) -> LoadJob | None:
    """Return the rejects of a run, None if there are none."""
    files = [spool.rejects.path for spool in spools if spool.rejects.rows]
    if not files:
        return None
    columns: dict[str, Any] = {name: _hint(name, None) for name in ("entity", "field", "raw", "run")}
    columns["id"] = {"name": "id", "nullable": True, **BIGINT.loader}
    return LoadJob(
        REJECTS_TABLE, files, columns, sum(spool.rejects.rows for spool in spools), "append", spools[0].rejects.run
    )


def _hint(name: str, column: object) -> dict[str, Any]:
    kind = Type.TIMESTAMP if name == DELETED_AT else getattr(column, "type", Type.TEXT)
    return {"name": name, "nullable": True, **COLUMN_TYPES[kind].loader}


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

    def recover_pending(self) -> "RecoveredLoad | None":
        """Finish a load that was cut off, or drop what cannot be finished. Return what was done, None if nothing.

        Raises:
            WarehouseError: the load may succeed later: the warehouse is busy, full or short of memory.

        """
        if not (self.folder / PIPELINE).exists():
            return None
        with self.locked():
            settled = self._settled()
            self._forget()
            return settled

    def _settled(self) -> "RecoveredLoad | None":
        try:
            with self._pipeline() as pipeline:
                if not pipeline.has_pending_data:
                    return None
                whole = pipeline.list_normalized_load_packages() and not pipeline.list_extracted_load_packages()
                tables = _tables_of(pipeline) if whole else frozenset()
        except LATER:
            raise
        except Exception:  # noqa: BLE001 - whatever dlt says of files that a crash has cut short
            return RecoveredLoad("Dropped what an earlier run had left of a load; its files cannot be read.")
        if not whole:
            return RecoveredLoad("Dropped an unfinished load of an earlier run; it held no complete reading.")
        if (meant := self._meant_for()) != self._purpose():
            return RecoveredLoad(f"Dropped an unfinished load of an earlier run; it was meant for {_told(meant)}.")
        try:
            prepare(self.warehouse, tables)
            self._load(_go_on)
        except LATER:
            raise
        except WarehouseError as error:
            return RecoveredLoad(f"Dropped a load of an earlier run that the warehouse refuses: {error}")
        return RecoveredLoad("Finished a load of certified data that an earlier run had left unfinished.", tables)

    def _purpose(self) -> dict[str, str]:
        return {"account": self.account, "warehouse": self.warehouse.url, "dataset": self.warehouse.dataset}

    def _meant_for(self) -> dict[str, str]:
        """Return the purpose that stands beside the load, empty if it cannot be read."""
        try:
            return dict(json.loads((self.folder / PURPOSE).read_bytes()))
        except (OSError, ValueError):
            return {}

    def _forget(self) -> None:
        """Drop all that dlt remembers; acflow declares every table anew, so nothing else is lost."""
        shutil.rmtree(self.folder / PIPELINE, ignore_errors=True)
        (self.folder / PURPOSE).unlink(missing_ok=True)

    def land(self, jobs: list[LoadJob]) -> None:
        """Load the files; each replaced table is swapped in one transaction.

        Raises:
            DiskFullError: no space left.
            RefusedTablesError: the database refused some tables, which are as they were; the others have landed.
            WarehouseError: the database refused; the old tables are whole.

        """
        loader = self.warehouse.loader
        jobs = jobs if loader in WITH_JSON else [_without_json(job) for job in jobs]
        as_files = loader not in WITHOUT_PARQUET
        with self.locked():
            try:
                self._replace(jobs, as_files=as_files)
            except LATER:
                raise
            except WarehouseError:
                self._forget()
                if len(jobs) == 1:
                    raise
                self._replace_each(jobs, as_files=as_files)

    def _replace_each(self, jobs: list[LoadJob], *, as_files: bool) -> None:
        """Load one after the other, so that one that the warehouse refuses stops no other."""
        refused: dict[str, WarehouseError] = {}
        for job in jobs:
            try:
                if job.mode == "append":
                    self._forget_rejects(_of_run(job.run))  # the load of all may have brought them
                self._replace([job], as_files=as_files)
            except LATER:
                raise
            except WarehouseError as error:
                self._forget()
                refused[job.table] = error
        if not {job.table for job in jobs if job.mode == "replace"} - refused.keys():
            raise next(iter(refused.values()))
        if refused:
            raise RefusedTablesError(refused)

    def _replace(self, jobs: list[LoadJob], *, as_files: bool) -> None:
        full = [job for job in jobs if job.rows]
        prepare(self.warehouse, [job.table for job in jobs])
        if full:
            self._forget()
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / PURPOSE).write_text(json.dumps(self._purpose()))
            self._load(lambda pipeline: _run(pipeline, full, as_files=as_files))
            self._forget()  # dlt would keep a copy of all rows
        replaced = [job for job in full if job.mode == "replace"]
        self._tidy([job for job in jobs if not job.rows], [job.table for job in replaced])
        for job in replaced:
            check_rows(self.warehouse, job.table, job.rows)

    def apply(self, statements: list[str]) -> None:
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

    def _tidy(self, empty: list[LoadJob], swapped: list[str]) -> None:
        """Empty the tables that have no rows any more, and the copies that the others were swapped from.

        dlt passes over a file without rows: it would leave the old ones, or make no table.
        """
        dataset, dialect = self.warehouse.dataset, self.warehouse.dialect
        for job in empty:
            columns = {name: of_hint(hint) for name, hint in job.columns.items()}
            self.warehouse.execute(empty_table(job.table, dataset, columns, dialect))
        if swapped:
            self.warehouse.execute([truncated(table, f"{dataset}_staging", dialect) for table in swapped])
        self.warehouse.checkpoint()

    def _pipeline(self) -> "AbstractContextManager[dlt.Pipeline]":
        return session(self.warehouse, self.folder)

    def prune_rejects(self, entities: list[Entity], run: str) -> None:
        """Forget the rejects of earlier readings of these entities: `_rejects` speaks of what the tables hold now."""
        if not entities:
            return
        from sqlglot import exp

        entity, read_in = exp.column("entity", quoted=True), exp.column("run", quoted=True)
        self._forget_rejects(exp.and_(entity.isin(*(e.name for e in entities)), read_in.neq(run)))

    def _forget_rejects(self, stale: "exp.Expression") -> None:
        from sqlglot import exp

        if self.warehouse.columns(REJECTS_TABLE):
            source = table(REJECTS_TABLE, self.warehouse.dataset, self.warehouse.dialect)
            self.warehouse.execute([exp.delete(source, where=stale).sql(self.warehouse.dialect)])


PURPOSE = "load.json"  # beside the pipeline: what its load is made of and meant for
LATER = (WarehouseBusyError, DiskFullError, MemoryLimitError)  # a load that met one of these may succeed later


def _of_run(run: str) -> "exp.Expression":
    from sqlglot import exp

    return exp.column("run", quoted=True).eq(run)


def _told(purpose: dict[str, str]) -> str:
    """Return a purpose in words."""
    given = ", ".join(each for each in purpose.values() if each)
    return given or "another account or warehouse"


def _tables_of(pipeline: "dlt.Pipeline") -> frozenset[str]:
    """Return the tables of the packages that wait to be loaded."""
    packages = [pipeline.get_load_package_info(each) for each in pipeline.list_normalized_load_packages()]
    return frozenset(job.job_file_info.table_name for each in packages for jobs in each.jobs.values() for job in jobs)


def _schema() -> "dlt.Schema":
    import dlt

    # "direct" keeps the API's own names; other conventions would turn firstName into first_name.
    return dlt.Schema(SCHEMA, {"names": "direct", "json": {"module": RELATIONAL}})


def _run(pipeline: "dlt.Pipeline", jobs: list[LoadJob], *, as_files: bool) -> None:
    resources = [_resource(job, as_files=as_files) for job in jobs]
    pipeline.run(resources, loader_file_format="parquet" if as_files else "insert_values", schema=_schema())


def _go_on(pipeline: "dlt.Pipeline") -> None:
    pipeline.load()


def _resource(job: LoadJob, *, as_files: bool) -> "dlt.sources.DltResource":
    import dlt

    return dlt.resource(
        _imports(job) if as_files else _tables(job),
        name=job.table,
        write_disposition=job.mode,
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
