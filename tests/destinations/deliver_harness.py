"""Results to deliver, and eyes that read them back from every kind of table."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from adbc_driver_postgresql import dbapi

from acflow.destinations import Source, parse_target
from acflow.destinations.model import Target
from tests.postgresql_harness import postgresql_database

Rows = list[tuple[Any, ...]]

SCHEMA = pa.schema(
    {
        "id": pa.int64(),
        "title": pa.string(),
        "amount": pa.decimal128(18, 4),
        "rate": pa.float64(),
        "won": pa.bool_(),
        "day": pa.date32(),
        "local": pa.timestamp("us"),
        "at": pa.timestamp("us", "UTC"),
    }
)
FULL = {
    "id": 7,
    "title": 'Größe "XL", rot\n2. Zeile',
    "amount": Decimal("1234.5000"),
    "rate": 0.1,
    "won": True,
    "day": date(2026, 2, 28),
    "local": datetime(2026, 2, 28, 23, 59, 59),  # noqa: DTZ001 - as the API writes some
    "at": datetime(2026, 2, 28, 23, 59, 59, 250_000, UTC),
}
PLAIN = FULL | {"id": 8, "title": "=1+1", "amount": Decimal("-0.0500"), "rate": 2.0, "won": False}
EMPTY = dict.fromkeys(FULL) | {"id": 9, "title": ""}
NOTHING = dict.fromkeys(FULL) | {"id": 10}


def deals() -> pa.Table:
    """Four rows: everything, something that looks like a formula, empty text, nothing."""
    return pa.Table.from_pylist([FULL, PLAIN, EMPTY, NOTHING], SCHEMA)


def source(table: pa.Table, name: str = "deals", batch: int = 2) -> Source:
    """Return a table as a result, in small batches."""
    return Source(name, table.schema, table.num_rows, table.to_batches(max_chunksize=batch))


class Unread:
    """Batches that nobody may ask for."""

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        raise AssertionError("a result that had to be refused was read")


def unread(rows: int, columns: int = 1, name: str = "deals") -> Source:
    """Return a result that must be refused by its size alone."""
    schema = pa.schema([(f"c{number}", pa.int64()) for number in range(columns)])
    return Source(name, schema, rows, Unread())


def breaking(table: pa.Table, name: str = "deals") -> Source:
    """Return a result that breaks off in the middle."""

    def batches() -> Iterator[pa.RecordBatch]:
        yield table.to_batches()[0]
        raise BrokenError("the warehouse went away")

    return Source(name, table.schema, table.num_rows * 2, batches())


class BrokenError(Exception):
    """What goes wrong on the way."""


URLS: Mapping[str, Callable[[Path], str]] = {
    "duckdb": lambda folder: f"duckdb:///{folder / 'bi.duckdb'}",
    "sqlite": lambda folder: f"sqlite:///{folder / 'bi.sqlite'}",
    "postgresql": postgresql_database,
}


class Reader:
    """A database that results are delivered to, seen by somebody else."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.url = kind, URLS[kind](folder)
        self.path = self.url.partition("///")[2]

    def target(self, **spec: Any) -> Target:  # noqa: ANN401 - as in the flow file
        """Return the destination of a flow called deals."""
        return parse_target({"to": self.url, **spec}, name="deals")

    def do(self, sql: str) -> Rows:
        """Carry out a statement, and return its rows."""
        if self.kind == "postgresql":
            with dbapi.connect(self.url) as server, server.cursor() as cursor:
                cursor.execute(sql)
                rows = list(cursor.fetchall()) if cursor.description else []
                server.commit()
                return rows
        if self.kind == "sqlite":
            with closing(sqlite3.connect(self.path)) as file, file:
                return file.execute(sql).fetchall()
        with duckdb.connect(self.path) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            return list(connection.execute(sql).fetchall())
