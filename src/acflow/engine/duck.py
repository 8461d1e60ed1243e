"""DuckDB: a file beside the project.

A DuckDB file admits one process that writes, or several that only read. So every opening here is short, waits and tries
again for as long as the settings say, and nothing keeps a file open. Within a process all share one instance.
"""

import os
import re
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from acflow.engine.duck_instance import Access, Lease, shared_file
from acflow.engine.model import WarehouseKind
from acflow.engine.read_only import check_read_only
from acflow.engine.sql import literal, quoted, table
from acflow.engine.trouble import busy, explain, too_long
from acflow.entities.types import ColumnType
from acflow.errors import (
    Action,
    ConfigError,
    DiskFullError,
    MemoryLimitError,
    QueryTimeoutError,
    WarehouseBusyError,
    WarehouseError,
)

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MOST_MEMORY = 2048  # megabytes; a load that needs more has something wrong with it
RETRY_EVERY = 0.2  # seconds
# "Could not set lock on file", by another process; the other is said where somebody in this one has opened the file by
# other ways than this module's. A block of a damaged file is no lock.
HELD = re.compile(r"\block\b|different configuration", re.IGNORECASE)
ROWS_AT_ONCE = 4096
# Nothing but this file, not even to make room: what a question needs beyond its memory, it does not get.
CLOSED_OFF = (
    "SET max_temp_directory_size = '0KB'",  # the folder itself cannot be changed where access is off already
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
REWRITTEN = "_rewritten"
INTERRUPTED = "Query interrupted"  # what DuckDB makes of Ctrl-C, which it keeps from Python

DUCKDB = WarehouseKind(
    name="DuckDB",
    schemes=("duckdb",),
    dialect="duckdb",
    loader="duckdb",
    example="duckdb:///acflow.duckdb",
    run_here=True,
    remark="One file. It admits one process at a time, so acflow holds it for seconds only.",
)


class DuckDBWarehouse:
    """A DuckDB file."""

    kind = DUCKDB
    dialect = DUCKDB.dialect
    closed_off: Sequence[str] = CLOSED_OFF

    def __init__(  # noqa: PLR0913 - each bounds something else
        self, url: str, dataset: str, *, patience: float, memory: int, threads: int = 1, seconds: float = 0.0
    ) -> None:
        self.url, self.dataset, self.seconds = url, dataset, seconds
        self.patience, self.memory, self.threads = patience, memory, threads or os.cpu_count() or 1
        self.path = Path(urlsplit(url).path.removeprefix("/") or "acflow.duckdb")
        self._held: Lease | None = None
        self._described: dict[str, dict[str, dict[str, str]]] = {}  # while held: columns by dataset and table

    def at(self, dataset: str) -> "DuckDBWarehouse":
        """Return the same database, seen at another dataset."""
        place = copy(self)  # with the lease that is held
        place.dataset = dataset
        return place

    @contextmanager
    def connect(self, access: Access = Access.WRITE) -> "Iterator[duckdb.DuckDBPyConnection]":
        """Open the file for a moment, after waiting for whoever holds it.

        Raises:
            WarehouseBusyError: it was still held when patience ended; the message names the holder.
            WarehouseError: it cannot be opened.

        """
        with self._lease(access) as lease:
            yield lease.connection

    @contextmanager
    def _lease(self, access: Access) -> Iterator[Lease]:
        import duckdb

        file, deadline = shared_file(self.path), time.monotonic() + self.patience
        with file.lease(access, deadline, partial(self._open, deadline), inside=self._held is not None) as lease:
            try:
                with translated(self.path):
                    file.allow(lease, self.memory, self.threads)
                    yield lease
            except WarehouseError as error:
                if isinstance(error.__context__, duckdb.FatalException):
                    file.discard()  # it would refuse all that follows
                raise

    @contextmanager
    def held(self, *, reading: bool = False, new: bool = True, sealed: bool = False) -> Iterator[None]:
        """Keep the file open until the block ends: each opening costs 50 ms, and a landing has dozens."""
        if (reading and self._held) or ((reading or not new) and not self.path.exists()):
            yield
            return
        with self._lease(Access.READ if reading else Access.SEALED if sealed else Access.WRITE) as lease:
            before, self._held = self._held, lease
            try:
                yield
            finally:
                self._held = before
                self._described.clear()

    def _open(self, deadline: float, read_only: bool) -> "duckdb.DuckDBPyConnection":
        import duckdb

        if not read_only:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            limits: dict[str, Any] = {
                "memory_limit": f"{self.memory}MB",
                "threads": self.threads,
                "preserve_insertion_order": False,
            }
            try:
                return duckdb.connect(str(self.path), read_only=read_only, config=limits)
            except duckdb.Error as error:
                if not HELD.search(str(error)):
                    self._allow_what_it_needs(error)
                elif time.monotonic() >= deadline:
                    raise WarehouseBusyError(self._busy(str(error))) from None
                else:
                    time.sleep(RETRY_EVERY)

    def _allow_what_it_needs(self, error: "duckdb.Error") -> None:
        """Allow more memory if that is what the file needs to be opened, and raise everything else."""
        trouble = explain(error, self.path)
        # What a process that was killed has left to be written may need more memory than reading does.
        if isinstance(trouble, MemoryLimitError) and self.allow_more_memory():
            return
        if isinstance(trouble, DiskFullError):
            raise trouble from None
        raise WarehouseError(f"{self.path} cannot be opened as a DuckDB file: {error}") from None

    def _busy(self, said: str) -> str:
        holder = re.search(r"held in (.+?) \(PID (\d+)\)", said)
        who = f"{holder[1]} (process {holder[2]})" if holder else "another program or part of this one"
        return (
            f"{self.path} is open in {who}, and a DuckDB file admits one process at a time. "
            f"Waited {self.patience:g} s. Close it there, then run again."
        )

    def query(self, sql: str) -> "pa.Table":
        """Return the rows of one reading statement, with the dataset's tables by their plain names."""
        with self._reading() as connection:
            return connection.execute(sql).to_arrow_table()

    @contextmanager
    def stream(self, sql: str) -> "Iterator[pa.RecordBatchReader]":
        """Yield the rows of one reading statement in batches; the file is open for as long as the block lasts.

        Raises:
            ConfigError: the statement cannot be understood, or does not fit the tables.

        """
        with self._reading() as connection:
            yield self._rows(connection, sql)

    @contextmanager
    def stream_untrusted(
        self,
        sql: str,
        seconds: float,  # noqa: ARG002 - whoever started this process ends it in time
        opened: "Callable[[], None]",
    ) -> "Iterator[pa.RecordBatchReader]":
        """Yield the rows of SQL that somebody typed."""
        statement = check_read_only(sql, self.dialect)
        with self._reading(Access.READ_ALONE) as connection:
            for setting in self.closed_off:
                connection.execute(setting)
            opened()
            yield self._rows(connection, statement)

    def _rows(self, connection: "duckdb.DuckDBPyConnection", sql: str) -> "pa.RecordBatchReader":
        import duckdb

        try:
            return connection.execute(sql).to_arrow_reader(ROWS_AT_ONCE)
        except (duckdb.ProgrammingError, duckdb.DataError, duckdb.PermissionException) as error:
            raise ConfigError(f"The statement cannot be carried out. {error}") from None

    @contextmanager
    def _reading(self, access: Access = Access.READ) -> "Iterator[duckdb.DuckDBPyConnection]":
        """Open the file to read, with the dataset's tables by their plain names."""
        if not self.path.exists():
            raise WarehouseError(f"There is no warehouse at {self.path} yet.", action=Action("run"))
        with self.connect(access) as connection:
            if self._has_dataset(connection):
                connection.execute(f"SET search_path = '{self.dataset}'")
            connection.execute("SET TimeZone = 'UTC'")  # instants look the same on every machine
            yield connection

    def _has_dataset(self, connection: "duckdb.DuckDBPyConnection") -> bool:
        found = connection.execute("SELECT 1 FROM duckdb_schemas() WHERE schema_name = ?", [self.dataset]).fetchone()
        return found is not None

    def identity(self) -> Hashable:
        """Return what tells this file from all others, also where it has several names."""
        try:
            status = self.path.stat()
        except OSError:
            return str(self.path.resolve())
        return status.st_dev, status.st_ino

    def columns(self, table: str) -> dict[str, str]:
        """Return the columns of a table and their SQL types, in order; empty if there is no such table."""
        if not self._held:
            sql = "SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = ? AND table_name = ?"
            return {row[0]: row[1] for row in self._catalogue(sql, [self.dataset, table])}
        if self.dataset not in self._described:
            sql = "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE schema_name = ?"
            tables = self._described[self.dataset] = {}
            for name, column, kind in self._catalogue(sql, [self.dataset]):
                tables.setdefault(name, {})[column] = kind
        return dict(self._described[self.dataset].get(table, {}))

    def tables(self) -> list[str]:
        """Return the names of the tables in the dataset, dlt's own left out."""
        sql = "SELECT table_name FROM duckdb_tables() WHERE schema_name = ? AND NOT starts_with(table_name, '_dlt')"
        return sorted(row[0] for row in self._catalogue(sql, [self.dataset]))

    def catalogue(self) -> dict[str, list[str]]:
        """Return the names of the columns of every table in the dataset, in one go; dlt's own tables left out."""
        sql = """
            SELECT table_name, list(column_name ORDER BY column_index)
            FROM duckdb_columns() SEMI JOIN duckdb_tables() USING (table_oid, database_oid)
            WHERE schema_name = ? AND NOT starts_with(table_name, '_dlt') GROUP BY table_name ORDER BY table_name
        """
        return {row[0]: list(row[1]) for row in self._catalogue(sql, [self.dataset])}

    def execute(self, statements: Sequence[str]) -> None:
        """Carry out these statements in one transaction; they reach no file but this one, and no network.

        Unless the file is held: then they are acflow's own, and rows on their way to it lie in files.
        """
        self._described.clear()
        with self.connect(Access.SEALED) as connection, self._in_time(connection):
            connection.begin()
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    @contextmanager
    def _in_time(self, connection: "duckdb.DuckDBPyConnection") -> Iterator[None]:
        """Interrupt what takes longer than it may; the transaction is taken back."""
        import duckdb

        timer = threading.Timer(self.seconds, connection.interrupt) if self.seconds else None
        if timer:
            timer.daemon = True
            timer.start()
        try:
            yield
        except duckdb.InterruptException:
            raise QueryTimeoutError(too_long(self.seconds)) from None
        finally:
            if timer:
                timer.cancel()

    def ingest(self, name: str, files: Sequence[Path], columns: Mapping[str, ColumnType]) -> None:  # noqa: ARG002
        """Append the rows of Parquet files to a table, all of them in one transaction or none."""
        from sqlglot import exp

        paths = exp.Array(expressions=[exp.Literal.string(str(path)) for path in files])
        union = exp.EQ(this=exp.column("union_by_name"), expression=exp.true())
        rows = exp.select("*").from_(exp.Anonymous(this="read_parquet", expressions=[paths, union]))
        target = table(name, self.dataset, self.dialect)
        statement = exp.Insert(this=target, expression=rows, by_name=True).sql(self.dialect)
        with self.connect() as connection:
            connection.execute(statement)

    def dry_run(self, before: Sequence[str], statements: Sequence[str]) -> list[str]:  # noqa: ARG002
        """Try nothing: flows are described by a DuckDB before they come here."""
        return []

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other run out, also between the openings of the file; the system lifts the lock if we die."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.path.with_name(f".{self.path.name}.lock"), timeout=self.patience)
        try:
            lock.acquire()
        except Timeout:
            raise WarehouseBusyError(busy(self.path, self.patience)) from None
        try:
            yield
        finally:
            lock.release()

    def checkpoint(self) -> None:
        """Give back the space of what was replaced, with more memory if it takes more."""
        while True:
            try:
                with self.connect() as connection:
                    # Without FORCE it fails while a transaction of another part of this process is active.
                    connection.execute("FORCE CHECKPOINT")
            except MemoryLimitError:
                if not self.allow_more_memory():
                    raise
            else:
                return

    def rewrite(self, tables: Sequence[str]) -> bool:  # noqa: ARG002 - the whole file is written anew
        """Put a copy in the place of the file, since the space of deleted rows keeps their bytes until it is reused."""
        if not self.path.exists():
            return True
        beside = self.path.with_name(f".{self.path.name}.rewritten")
        beside.unlink(missing_ok=True)
        with self.connect(Access.WRITE_ALONE) as connection:
            connection.execute(f"ATTACH {literal(str(beside))} AS {REWRITTEN}")
            name = connection.execute("SELECT current_database()").fetchall()[0][0]
            connection.execute(f"COPY FROM DATABASE {quoted(name)} TO {REWRITTEN}")
            connection.execute(f"DETACH {REWRITTEN}")
            connection.execute("CHECKPOINT")  # what this instance had still to write would else go into the copy
            beside.chmod(self.path.stat().st_mode)
            beside.replace(self.path)  # while nobody can join: whoever did would be left with the old file
        return True

    def allow_more_memory(self) -> bool:
        """Let it use twice the memory from now on; False if that would be unreasonable."""
        if self.memory >= MOST_MEMORY:
            return False
        self.memory *= 2
        if self._held:
            shared_file(self.path).allow(self._held, self.memory, self.threads)
        return True

    def check(self) -> None:
        """Raise WarehouseError unless the file can be written to now, or made."""
        if self.path.exists():
            with self.connect():
                return
        folder = next(parent for parent in self.path.absolute().parents if parent.exists())
        if not os.access(folder, os.W_OK):
            raise WarehouseError(f"{self.path} cannot be made: {folder} may not be written to.")

    def explain(self, error: BaseException) -> WarehouseError:
        """Return our error for one of the database's or the loader's."""
        return explain(error, self.path)

    def _catalogue(self, sql: str, parameters: list[str]) -> list[tuple[str, ...]]:
        if not self.path.exists():
            return []
        with self.connect(Access.READ) as connection:
            return connection.execute(sql, parameters).fetchall()


@contextmanager
def translated(where: Path) -> Iterator[None]:
    """Turn the database's own errors into ours, by what the reader should do."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise explain(error, where) from None
    except RuntimeError as error:
        if str(error) != INTERRUPTED:
            raise
        raise KeyboardInterrupt from None
