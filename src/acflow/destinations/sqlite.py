"""SQLite: a file that any tool reads. Instants are kept as text that sorts by time, decimals by numeric affinity.

https://www.sqlite.org/datatype3.html
"""

import sqlite3
from collections.abc import Hashable, Iterator, Sequence
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from acflow.destinations.atomic_file import check_file
from acflow.destinations.model import Delivered, Delivery, Destination, Source, Target
from acflow.destinations.suggest import database_file
from acflow.destinations.tables import OPTIONS, check_table, explained, write_tables
from acflow.engine import quoted
from acflow.engine.text_form import as_text, decimal_text
from acflow.errors import ConfigError


def check(target: Target, name: str | None = None) -> None:
    """Refuse schemas, which SQLite has not, and a place that cannot be written."""
    if "." in (target.table or ""):
        raise ConfigError(f"{target.shown}: SQLite has no schemas. Write the name of the table alone.")
    check_table(target, name)
    check_file(database_file(target), name)


def write(parcels: Sequence[Delivery]) -> list[Delivered]:
    """Write one flow into one table."""
    return write_tables(parcels, connected)


def attempt(target: Target, name: str, patience: float) -> None:  # noqa: ARG001 - any table may be written
    """Look whether a file that is there is a database; whoever else writes to it now will have ended by then."""
    path = target.folder / database_file(target).to
    if path.exists():
        with explained(target, sqlite3.Error), closing(sqlite3.connect(path, timeout=patience)) as connection:
            connection.execute("PRAGMA schema_version")


@contextmanager
def connected(target: Target) -> Iterator["SQLite"]:
    """Open the file for one transaction."""
    path = target.folder / database_file(target).to
    with explained(target, sqlite3.Error, OSError):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=target.patience, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield SQLite(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise


class SQLite:
    """An open SQLite file."""

    dialect = "sqlite"
    catalog: str | None = None

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def identity(self) -> Hashable:
        """Return nothing that a warehouse could be: none is kept in SQLite."""
        return None

    def schema_of(self, schema: str | None, table: str) -> str:  # noqa: ARG002 - SQLite has none, and refuses views
        """Return the one schema that there is."""
        return "main"

    def columns(self, schema: str | None, table: str) -> dict[str, str]:
        """Return the columns of a table and their declared types."""
        assert schema is None  # noqa: S101 - the check refuses it
        return {row[1]: row[2] for row in self._connection.execute(f"PRAGMA table_info({quoted(table)})")}

    def execute(self, sql: str) -> list[tuple[object, ...]]:
        """Carry out one statement."""
        return self._connection.execute(sql).fetchall()

    def fill(self, table: str, source: Source) -> None:
        """Put all rows into the table, batch by batch."""
        marks = ", ".join("?" * len(source.schema))
        for batch in source.batches:
            rows = zip(*[_values(column) for column in batch.columns], strict=True)
            self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - our own name


def _values(column: pa.Array) -> list[Any]:
    if pa.types.is_timestamp(column.type):
        text = pc.strftime(column, format="%Y-%m-%d %H:%M:%S")  # with all six places, or it would not sort by time
        zoned: list[Any] = pc.binary_join_element_wise(text, "Z" if column.type.tz else "", "").to_pylist()
        return zoned
    if pa.types.is_date(column.type):
        dates: list[Any] = as_text(column).to_pylist()
        return dates
    values: list[Any] = column.to_pylist()
    if pa.types.is_decimal(column.type):
        return [decimal_text(value) if isinstance(value, Decimal) else None for value in values]
    return values


DESTINATION = Destination(
    name="sqlite",
    title="SQLite",
    example="sqlite:///out/bi.sqlite",
    write=write,
    check=check,
    prefixes=("sqlite:",),
    modes=("replace", "append", "merge"),
    options=OPTIONS,
    attempt=attempt,
)
