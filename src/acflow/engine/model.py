"""What a warehouse can do, and what acflow must know of one kind of them."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from acflow.entities.types import ColumnType

if TYPE_CHECKING:
    import pyarrow as pa

    from acflow.errors import WarehouseError


class Warehouse(Protocol):
    """A database where entities land. `dataset` is the schema that holds their tables, `url` never holds a password."""

    url: str
    dataset: str
    dialect: str
    kind: "WarehouseKind"

    def at(self, dataset: str) -> "Warehouse":
        """Return the same database, seen at another dataset; while it is held, both go by the same connections."""

    def query(self, sql: str) -> "pa.Table":
        """Return the rows of one reading statement, with the dataset's tables by their plain names."""

    def stream(self, sql: str) -> "AbstractContextManager[pa.RecordBatchReader]":
        """Yield the rows of one reading statement in batches; the warehouse is open for as long as the block lasts.

        Raises:
            ConfigError: the statement cannot be understood, or does not fit the tables.

        """

    def stream_untrusted(
        self, sql: str, seconds: float, opened: "Callable[[], None]"
    ) -> "AbstractContextManager[pa.RecordBatchReader]":
        """Yield the rows of SQL that somebody typed: it can only read, and only what is in this database.

        Call it in a process of its own: what it forbids stays forbidden to the whole process. `opened` is called once
        the warehouse is open, before it is asked.

        Raises:
            ConfigError: the statement cannot be understood, does not fit the tables, or would do more than read.
            QueryTimeoutError: the server stopped it after these seconds.

        """

    def identity(self) -> Hashable:
        """Return what tells this database from all others, by whatever address it is reached."""

    def columns(self, table: str) -> dict[str, str]:
        """Return the columns of a table and their SQL types, in order; empty if there is no such table."""

    def tables(self) -> list[str]:
        """Return the names of the tables in the dataset, dlt's own left out."""

    def catalogue(self) -> dict[str, list[str]]:
        """Return the names of the columns of every table in the dataset, in one go; dlt's own tables left out."""

    def execute(self, statements: Sequence[str]) -> None:
        """Carry out these statements of its dialect in one transaction."""

    def dry_run(self, before: Sequence[str], statements: Sequence[str]) -> list[str]:
        """Carry out statements and take all of it back; return what is wrong with each, nothing for what is right.

        `before` are those that the others need. The list is empty where nothing can be tried.
        """

    def locked(self) -> AbstractContextManager[None]:
        """Keep every other run out of the dataset meanwhile, whatever machine or state folder it belongs to.

        Raises:
            WarehouseBusyError: another run was at work until patience ended.

        """

    def held(self, *, reading: bool = False, new: bool = True, sealed: bool = False) -> AbstractContextManager[None]:
        """Be quick about many small questions and statements until the block ends.

        With `reading` nobody may write in it; `sealed`, what is written reaches no other file and no network. A
        warehouse that is not there yet is made, if it is to be written to and may be `new`.
        """

    def checkpoint(self) -> None:
        """Give back the space of what was replaced."""

    def rewrite(self, tables: Sequence[str]) -> bool:
        """Write these tables anew, so that no byte of deleted rows is left in their files; False if it cannot."""

    def allow_more_memory(self) -> bool:
        """Let it use twice the memory from now on; False if that is not ours to give, or would be unreasonable."""

    def check(self) -> None:
        """Raise WarehouseError unless it can be written to now."""

    def explain(self, error: BaseException) -> "WarehouseError":
        """Return our error for one of the database's or the loader's, without any password."""


@runtime_checkable
class TakesFiles(Protocol):
    """A warehouse that reads Parquet files by itself; files for all others go by dlt."""

    def ingest(self, name: str, files: Sequence[Path], columns: Mapping[str, ColumnType]) -> None:
        """Append the rows of Parquet files to a table, all of them in one transaction or none.

        A column that a file lacks stays null.
        """


@dataclass(frozen=True, slots=True)
class WarehouseKind:
    """What acflow must know of one kind of database."""

    name: str
    schemes: tuple[str, ...]
    dialect: str  # sqlglot's name
    loader: str  # dlt's name
    example: str
    run_here: bool  # whether this project's tests load into a real one
    install: str | None = None  # what pip must install for it
    remark: str = ""  # what differs from the others
    transactions: bool = True  # else a reader may find a table empty while it is replaced
    schemas: bool = True  # else the dataset stands before each table's name
    views_hold_tables: bool = False  # a table that a view reads is refilled, since it cannot be replaced
