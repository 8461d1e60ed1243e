"""Warehouses: one row per kind; connect, dialect, query to Arrow.

A DuckDB file admits one process at a time, even if one only reads. So every opening here is short, waits and tries
again for as long as the settings say, and nothing keeps a file open.
"""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from acflow.errors import ConfigError, DiskFullError, WarehouseBusyError, WarehouseError

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

RETRY_EVERY = 0.2  # seconds
ROWS_AT_ONCE = 4096
READING = frozenset({"SELECT", "EXPLAIN", "CALL"})


class Warehouse(Protocol):
    """A database where entities land. `dataset` is the schema that holds their tables."""

    url: str
    dataset: str
    dialect: str

    def query(self, sql: str) -> "pa.Table":
        """Return the rows of one reading statement."""

    def stream(self, sql: str) -> "AbstractContextManager[pa.RecordBatchReader]":
        """Yield the rows of one reading statement in batches; the warehouse is open for as long as the block lasts."""

    def columns(self, table: str) -> dict[str, str]:
        """Return the columns of a table and their SQL types, in order; empty if there is no such table."""

    def tables(self) -> list[str]:
        """Return the names of the tables in the dataset, acflow's own and dlt's left out."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What acflow must know of one kind of database."""

    name: str
    schemes: tuple[str, ...]
    dialect: str  # sqlglot's name
    example: str


WAREHOUSES: tuple[Kind, ...] = (Kind("DuckDB", ("duckdb",), "duckdb", "duckdb:///acflow.duckdb"),)


def kind_of(url: str) -> Kind:
    """Return the kind of a warehouse URL.

    Raises:
        ConfigError: no warehouse goes by that scheme.

    """
    scheme = urlsplit(url).scheme.split("+")[0]
    for kind in WAREHOUSES:
        if scheme in kind.schemes:
            return kind
    examples = ", ".join(kind.example for kind in WAREHOUSES)
    raise ConfigError(f"Warehouse {scheme or url!r} is not known. Use one like: {examples}")


def open_warehouse(url: str, dataset: str, *, patience: float = 60.0, memory: int = 96) -> Warehouse:
    """Return the warehouse of a URL; nothing is connected yet. `memory` is in megabytes, for kinds that run in here."""
    kind_of(url)
    return DuckDBWarehouse(url, dataset, patience=patience, memory=memory)


def quoted(name: str) -> str:
    """Return an identifier as it stands in SQL, whatever it holds."""
    from sqlglot import exp

    return exp.to_identifier(name, quoted=True).sql("duckdb")


def table_name(name: str, dataset: str) -> str:
    """Return the qualified name of a table as it stands in SQL."""
    from sqlglot import exp

    return exp.table_(name, db=dataset, quoted=True).sql("duckdb")


class DuckDBWarehouse:
    """A DuckDB file."""

    dialect = "duckdb"

    def __init__(self, url: str, dataset: str, *, patience: float, memory: int) -> None:
        self.url, self.dataset = url, dataset
        self.patience, self.memory = patience, memory
        self.path = Path(urlsplit(url).path.removeprefix("/") or "acflow.duckdb")

    @contextmanager
    def connect(self, *, read_only: bool = False) -> "Iterator[duckdb.DuckDBPyConnection]":
        """Open the file for a moment, after waiting for whoever holds it.

        Raises:
            WarehouseBusyError: it was still held when patience ended; the message names the holder.
            WarehouseError: it cannot be opened.

        """
        connection = self._open(read_only=read_only)
        try:
            with translated(self.path):
                yield connection
        finally:
            connection.close()

    def _open(self, *, read_only: bool) -> "duckdb.DuckDBPyConnection":
        import duckdb

        if not read_only:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        limits: dict[str, Any] = {"memory_limit": f"{self.memory}MB", "threads": 1, "preserve_insertion_order": False}
        deadline = time.monotonic() + self.patience
        while True:
            try:
                return duckdb.connect(str(self.path), read_only=read_only, config=limits)
            except duckdb.IOException as error:
                if "lock" not in str(error).lower():
                    raise WarehouseError(f"{self.path} cannot be opened: {error}") from None
                if time.monotonic() >= deadline:
                    raise WarehouseBusyError(self._held(str(error))) from None
            except duckdb.Error as error:
                raise WarehouseError(f"{self.path} cannot be opened as a DuckDB file: {error}") from None
            time.sleep(RETRY_EVERY)

    def _held(self, said: str) -> str:
        holder = re.search(r"held in (.+?) \(PID (\d+)\)", said)
        who = f"{holder[1]} (process {holder[2]})" if holder else "another process"
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
            ConfigError: the statement cannot be understood, does not fit the tables, or would do more than read.

        """
        import duckdb

        with self._reading() as connection:
            connection.execute("SET TimeZone = 'UTC'")  # instants look the same on every machine
            try:
                statements = [statement.type.name for statement in connection.extract_statements(sql)]
                if len(statements) != 1 or statements[0] not in READING:
                    raise ConfigError("Give one statement that reads, such as SELECT. Nothing was done.")
                yield connection.execute(sql).to_arrow_reader(ROWS_AT_ONCE)
            except (duckdb.ProgrammingError, duckdb.DataError) as error:
                raise ConfigError(f"The statement cannot be carried out. {error}") from None

    @contextmanager
    def _reading(self) -> "Iterator[duckdb.DuckDBPyConnection]":
        """Open the file to read, with the dataset's tables by their plain names."""
        if not self.path.exists():
            raise WarehouseError(f"There is no warehouse at {self.path} yet. Run `acflow run` first.")
        with self.connect(read_only=True) as connection:
            if self._has_dataset(connection):
                connection.execute(f"SET search_path = '{self.dataset}'")
            yield connection

    def _has_dataset(self, connection: "duckdb.DuckDBPyConnection") -> bool:
        found = connection.execute("SELECT 1 FROM duckdb_schemas() WHERE schema_name = ?", [self.dataset]).fetchone()
        return found is not None

    def columns(self, table: str) -> dict[str, str]:
        """Return the columns of a table and their SQL types, in order; empty if there is no such table."""
        sql = "SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = ? AND table_name = ?"
        return {row[0]: row[1] for row in self._catalogue(sql, [self.dataset, table])}

    def tables(self) -> list[str]:
        """Return the names of the tables in the dataset, dlt's own left out."""
        sql = "SELECT table_name FROM duckdb_tables() WHERE schema_name = ? AND NOT starts_with(table_name, '_dlt')"
        return sorted(row[0] for row in self._catalogue(sql, [self.dataset]))

    def _catalogue(self, sql: str, parameters: list[str]) -> list[tuple[str, ...]]:
        if not self.path.exists():
            return []
        with self.connect(read_only=True) as connection:
            return connection.execute(sql, parameters).fetchall()


def count_rows(warehouse: Warehouse, table: str) -> int | None:
    """Return how many rows a table holds, None if there is no such table."""
    if not warehouse.columns(table):
        return None
    rows = warehouse.query(f"SELECT count(*) AS rows FROM {table_name(table, warehouse.dataset)}")  # noqa: S608 - quoted
    return int(rows.column("rows")[0].as_py())


def rows_by_id(warehouse: Warehouse, table: str, ids: Sequence[int]) -> "pa.Table | None":
    """Return the rows of a table whose id is among these, None if there is no such table."""
    from sqlglot import exp

    if not ids or not warehouse.columns(table):
        return None
    source = exp.table_(table, db=warehouse.dataset, quoted=True)
    condition = exp.column("id", quoted=True).isin(*ids)
    return warehouse.query(exp.select("*").from_(source).where(condition).sql(warehouse.dialect))


@contextmanager
def translated(where: Path) -> Iterator[None]:
    """Turn the database's own errors into ours, by what the reader should do."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise explain(error, where) from None


def explain(error: BaseException, where: Path | str) -> WarehouseError:
    """Return our error for a database's or file system's: a full disk, or what it says."""
    said = str(error)
    if re.search(r"no space left|disk (is )?full|file too large|errno 28|errno 27", said, re.IGNORECASE):
        return DiskFullError(
            f"No space left while writing {where}. The old tables are whole. Free some space, run again."
        )
    return WarehouseError(f"{where}: {said}")
