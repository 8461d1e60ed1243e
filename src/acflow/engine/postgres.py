"""PostgreSQL, by URL; rows come and go as Arrow, over ADBC.

https://arrow.apache.org/adbc/current/driver/postgresql.html
"""

import re
import time
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING

from acflow.engine.model import WarehouseKind
from acflow.engine.postgres_catalogue import ALL_COLUMNS, CATALOGUE, COLUMNS, IDENTITY, LOCK, TABLES
from acflow.engine.postgres_driver import PASSING, OpenDatabase, hint, require_drivers, rows_of
from acflow.engine.read_only import check_read_only
from acflow.engine.sql import filled, quoted, table_name
from acflow.engine.trouble import busy, explain, parted, shown, too_long, without_secrets
from acflow.entities.types import JSON, ColumnType
from acflow.errors import ConfigError, QueryTimeoutError, WarehouseBusyError, WarehouseError

if TYPE_CHECKING:
    import pyarrow as pa
    from adbc_driver_manager import AdbcConnection
    from adbc_driver_manager.dbapi import Connection

RETRY_EVERY = 0.5  # seconds
CONNECT_TIMEOUT = 15  # seconds

POSTGRESQL = WarehouseKind(
    name="PostgreSQL",
    schemes=("postgresql", "postgres"),
    dialect="postgres",
    loader="postgres",
    example="postgresql://user:password@host:5432/database",
    run_here=True,
    install="acflow[postgresql]",
    remark='Names keep their case, so quote them: `"firstName"`. JSON is jsonb; U+FFFD stands for NUL in texts.',
    views_hold_tables=True,
)


class PostgreSQLWarehouse:
    """A PostgreSQL database."""

    kind = POSTGRESQL
    dialect = POSTGRESQL.dialect

    def __init__(self, url: str, dataset: str, *, patience: float, seconds: float = 0.0) -> None:
        self._secret = "postgresql" + url.removeprefix(parted(url).scheme)
        self.url, self.dataset, self.patience, self.seconds = shown(url), dataset, patience, seconds
        self._database: OpenDatabase | None = None
        self._holds = 0
        # While held: connections that nobody uses, by dataset and by whether they only read.
        self._idle: dict[tuple[str, bool], Connection] = {}
        self._described: dict[str, dict[str, dict[str, str]]] = {}  # while held: columns by dataset and table

    def at(self, dataset: str) -> "PostgreSQLWarehouse":
        """Return the same database, seen at another dataset."""
        place = copy(self)  # with the connections that are held
        place.dataset = dataset
        return place

    @contextmanager
    def connect(self, *, reading: bool = False) -> "Iterator[Connection]":
        """Connect for a moment, after waiting for a server that is on its way.

        Raises:
            ConfigError: the drivers are not installed.
            WarehouseBusyError: nothing answered until patience ended.
            WarehouseError: the server refused, or failed later.

        """
        require_drivers()
        import adbc_driver_manager

        connection, whole = self._idle.pop((self.dataset, reading), None), False
        try:
            connection = connection or self._set_up(reading=reading)
            yield connection
            whole = True
        except adbc_driver_manager.Error as error:
            raise self.explain(error) from None
        finally:
            if connection is not None:
                with suppress(adbc_driver_manager.Error):  # what broke it was told already
                    self._put_back(connection, reading=reading, whole=whole)

    def _set_up(self, *, reading: bool) -> "Connection":
        connection = self._open(autocommit=reading)
        settings = [f"SET lock_timeout = {self._lock_timeout}"]
        if reading:
            settings += [
                f"SET search_path = {quoted(self.dataset, self.dialect)}",
                "SET TimeZone = 'UTC'",
                "SET default_transaction_read_only = on",
            ]
        try:
            with connection.cursor() as cursor:
                for setting in settings:
                    cursor.execute(setting)
            if not reading:
                connection.commit()  # a setting is taken back with its transaction
        except BaseException:
            connection.close()
            raise
        return connection

    def _put_back(self, connection: "Connection", *, reading: bool, whole: bool) -> None:
        """Keep a connection for the next one while held, or close it."""
        if not (whole and self._holds) or (self.dataset, reading) in self._idle:
            connection.close()
            return
        if not reading:
            connection.rollback()  # of what was not committed
        self._idle[self.dataset, reading] = connection

    def _open(self, *, autocommit: bool) -> "Connection":
        from adbc_driver_manager import Error
        from adbc_driver_postgresql import dbapi

        deadline = time.monotonic() + self.patience
        while True:
            try:
                connection: Connection = dbapi.Connection(*self._session(), autocommit=autocommit)
            except Error as error:
                said = self._said(error)
            else:
                return connection
            if not PASSING.search(said):
                raise WarehouseError(f"{self.url} cannot be opened: {said}{hint(said)}")
            if time.monotonic() >= deadline:
                raise WarehouseBusyError(
                    f"{self.url} does not answer: {said} Waited {self.patience:g} s. Check that the server runs and "
                    "that host and port are right, then run again."
                )
            time.sleep(RETRY_EVERY)

    def _session(self) -> "tuple[OpenDatabase, AdbcConnection]":
        """Connect by the database that is open already: to open it, the driver reads all its types, for 40 ms."""
        import adbc_driver_postgresql
        from adbc_driver_manager import AdbcConnection

        if self._database is None:
            self._database = OpenDatabase(adbc_driver_postgresql.connect(self._patient()))
        return self._database, AdbcConnection(self._database.handle)

    @property
    def _lock_timeout(self) -> int:
        """Milliseconds to wait for a lock that another session holds; 0 would be without end."""
        return max(1, int(self.patience * 1000))

    def _patient(self) -> str:
        """Return the URL with a bound on how long one attempt may take."""
        if "connect_timeout=" in self._secret:
            return self._secret
        return f"{self._secret}{'&' if parted(self._secret).query else '?'}connect_timeout={CONNECT_TIMEOUT}"

    def query(self, sql: str) -> "pa.Table":
        """Return the rows of one reading statement, with the dataset's tables by their plain names."""
        with self.connect(reading=True) as connection, connection.cursor() as cursor:
            return rows_of(cursor, sql).read_all()

    @contextmanager
    def stream(self, sql: str) -> "Iterator[pa.RecordBatchReader]":
        """Yield the rows of one reading statement in batches; the connection is open for as long as the block lasts.

        Raises:
            ConfigError: the statement cannot be understood, or does not fit the tables.

        """
        with (
            self.connect(reading=True) as connection,
            connection.cursor() as cursor,
            self._understood(),
            closing(rows_of(cursor, sql)) as reader,
        ):
            yield reader

    @contextmanager
    def stream_untrusted(
        self, sql: str, seconds: float, opened: "Callable[[], None]"
    ) -> "Iterator[pa.RecordBatchReader]":
        """Yield the rows of SQL that somebody typed, in a read-only transaction that is taken back."""
        statement = check_read_only(sql, self.dialect)
        settings = (
            "SET TRANSACTION READ ONLY",
            f"SET LOCAL search_path = {quoted(self.dataset, self.dialect)}",
            "SET LOCAL TimeZone = 'UTC'",
            f"SET LOCAL statement_timeout = {max(1, int(seconds * 1000))}",
        )
        with self.connect() as connection, connection.cursor() as cursor:
            for setting in settings:
                cursor.execute(setting)
            opened()
            try:
                with self._understood(), closing(rows_of(cursor, statement)) as reader:
                    yield reader
            finally:
                connection.rollback()

    @contextmanager
    def _understood(self) -> Iterator[None]:
        """Turn what the server says of a statement that it will not carry out into a mistake of whoever wrote it."""
        from adbc_driver_manager import DataError, Error, ProgrammingError

        try:
            yield
        except Error as error:
            said = self._said(error)
            if "statement timeout" in said:
                raise QueryTimeoutError("The question was stopped by the server at its time limit.") from None
            if isinstance(error, ProgrammingError | DataError):
                raise ConfigError(f"The statement cannot be carried out. {said}") from None
            raise

    def identity(self) -> Hashable:
        """Return what tells this database from all others: when its server started, and its number there."""
        (row,) = self.query(IDENTITY).to_pylist()
        return tuple(map(str, row.values()))

    def columns(self, table: str) -> dict[str, str]:
        """Return the columns of a table and their SQL types, in order; empty if there is no such table."""
        if not self._holds:
            described = self.query(filled(COLUMNS, self.dialect, dataset=self.dataset, table=table))
            return {row["name"]: row["type"] for row in described.to_pylist()}
        if self.dataset not in self._described:
            tables = self._described[self.dataset] = {}
            for row in self.query(filled(ALL_COLUMNS, self.dialect, dataset=self.dataset)).to_pylist():
                tables.setdefault(row["table"], {})[row["name"]] = row["type"]
        return dict(self._described[self.dataset].get(table, {}))

    def tables(self) -> list[str]:
        """Return the names of the tables in the dataset, dlt's own left out."""
        return sorted(self.query(filled(TABLES, self.dialect, dataset=self.dataset)).column("name").to_pylist())

    def catalogue(self) -> dict[str, list[str]]:
        """Return the names of the columns of every table in the dataset, in one go; dlt's own tables left out."""
        found: dict[str, list[str]] = {}
        for row in self.query(filled(CATALOGUE, self.dialect, dataset=self.dataset)).to_pylist():
            found.setdefault(row["name"], []).append(row["column"])
        return found

    def execute(self, statements: Sequence[str]) -> None:
        """Carry out these statements in one transaction."""
        self._described.clear()
        with self.connect() as connection, connection.cursor() as cursor:
            if self.seconds:
                cursor.execute(f"SET LOCAL statement_timeout = {max(1, int(self.seconds * 1000))}")
            for statement in statements:
                cursor.execute(statement)
            connection.commit()

    def ingest(self, name: str, files: Sequence[Path], columns: Mapping[str, ColumnType]) -> None:
        """Append the rows of Parquet files to a table, all of them in one transaction or none."""
        import pyarrow.parquet as pq

        from acflow.engine.postgres_rows import reader_of

        json = frozenset(column for column, kind in columns.items() if kind == JSON)
        with self.connect() as connection, connection.cursor() as cursor:
            for path in files:
                with pq.ParquetFile(path) as file:
                    rows = reader_of(file, json)
                    cursor.adbc_ingest(name, rows, mode="append", db_schema_name=self.dataset)
            connection.commit()

    def dry_run(self, before: Sequence[str], statements: Sequence[str]) -> list[str]:
        """Carry out statements and take all of it back; return what is wrong with each."""
        from adbc_driver_manager import Error

        done, wrong = list(before), []
        with self.connect() as connection, connection.cursor() as cursor:
            for each in done:
                cursor.execute(each)
            for statement in statements:
                try:
                    cursor.execute(statement)
                    done.append(statement)
                    wrong.append("")
                except Error as error:  # the driver knows no way back but to the beginning
                    wrong.append(self._said(error))
                    connection.rollback()
                    for each in done:
                        cursor.execute(each)
            connection.rollback()
        return wrong

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other run out by an advisory lock; the server lifts it when its connection ends."""
        sql = filled(LOCK, self.dialect, name=f"acflow:{self.dataset}")
        deadline = time.monotonic() + self.patience
        with self.connect(reading=True) as connection, connection.cursor() as cursor:
            while not rows_of(cursor, sql).read_all().column("locked")[0].as_py():
                if time.monotonic() >= deadline:
                    raise WarehouseBusyError(busy(f"{self.dataset} of {self.url}", self.patience))
                time.sleep(RETRY_EVERY)
            yield

    @contextmanager
    def held(self, *, reading: bool = False, new: bool = True, sealed: bool = False) -> Iterator[None]:  # noqa: ARG002
        """Keep connections open until the block ends: each costs 20 ms, and a landing has dozens."""
        self._holds += 1
        try:
            yield
        finally:
            self._holds -= 1
            self._described.clear()
            if not self._holds:
                while self._idle:
                    self._idle.popitem()[1].close()

    def checkpoint(self) -> None:
        """Leave the space of what was replaced to the database's own housekeeping (autovacuum)."""

    def rewrite(self, tables: Sequence[str]) -> bool:
        """Write these tables anew, so that no byte of deleted rows is left in their files."""
        with self.connect(reading=True) as connection, connection.cursor() as cursor:  # no transaction, as it demands
            for name in dict.fromkeys(tables):
                cursor.execute(f"VACUUM FULL {table_name(name, self.dataset, self.dialect)}")
        return True

    def allow_more_memory(self) -> bool:
        """Return False: a server's memory is not ours to give."""
        return False

    def check(self) -> None:
        """Raise WarehouseError unless the user may write here now."""
        sql = (
            "SELECT coalesce((SELECT has_schema_privilege(oid, 'CREATE') FROM pg_catalog.pg_namespace "
            "WHERE nspname = :dataset), has_database_privilege(current_database(), 'CREATE')) AS may"
        )
        if not self.query(filled(sql, self.dialect, dataset=self.dataset)).column("may")[0].as_py():
            raise self.explain(PermissionError("permission denied"))

    def explain(self, error: BaseException) -> WarehouseError:
        """Return our error for one of the database's or the loader's, without any password."""
        said = self._said(error)
        if PASSING.search(said):
            return WarehouseBusyError(f"{self.url} went away: {said} The old tables are whole. Run again.")
        if "lock timeout" in said:
            return WarehouseBusyError(
                f"{self.url}: another session holds a lock on a table of {self.dataset}. Waited {self.patience:g} s; "
                "the old tables are whole. End that session, which pg_stat_activity shows, then run again."
            )
        if "statement timeout" in said:
            return WarehouseError(too_long(self.seconds))
        if "permission denied" in said.lower():
            return WarehouseError(
                f"{self.url}: {said} acflow makes the schemas {self.dataset} and {self.dataset}_staging and owns their "
                f"tables. Let an administrator allow it: GRANT CREATE ON DATABASE … TO …; then run again."
            )
        return explain(WarehouseError(said), self.url)

    def _said(self, error: BaseException) -> str:
        """Return the database's own words, without the driver's and without the password."""
        said = re.split(r"\n\nQuery was:|\. SQLSTATE:", without_secrets(str(error), self._secret))[0]
        said = re.sub(r"^.*?(ERROR|FATAL): +|^[A-Z_]+: (\[libpq\] )?(Failed to connect: )?", "", said, flags=re.DOTALL)
        said = " ".join(said.split())
        return said if said.endswith((".", "?")) else f"{said}."
