"""Another DuckDB file. It may even be the warehouse's own: that is closed again before the first row is written."""

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from acflow.destinations.atomic_file import PART, check_file, sweep
from acflow.destinations.columns import grouped
from acflow.destinations.model import Delivered, Delivery, Destination, Source, Target
from acflow.destinations.suggest import database_file
from acflow.destinations.tables import OPTIONS, check_table, explained, write_tables
from acflow.engine import DuckDBWarehouse
from acflow.errors import WarehouseBusyError

if TYPE_CHECKING:
    import duckdb

MEMORY = 96  # megabytes
ROWS_AT_ONCE = 65_536
USUAL_SCHEMA = "main"
HEADERS = 3 * 4096  # bytes that a database has before the first row
MAGIC = slice(8, 12)


def check(target: Target, name: str | None = None) -> None:
    """Refuse a place that cannot be written."""
    check_table(target, name)
    check_file(database_file(target), name)


def write(parcels: Sequence[Delivery]) -> list[Delivered]:
    """Write one flow into one table."""
    return write_tables(parcels, connected)


def attempt(target: Target, name: str, patience: float) -> None:  # noqa: ARG001 - any table may be written
    """Open a file that is there; whoever holds it now will have ended by then."""
    path = target.folder.resolve() / database_file(target).to
    if path.exists() and not _is_rest(path):
        with suppress(WarehouseBusyError), connected(target, patience):
            pass


@contextmanager
def connected(target: Target, patience: float | None = None) -> Iterator["DuckDB"]:
    """Open the file for one transaction."""
    path = target.folder.resolve() / database_file(target).to
    _make(path)
    patience = target.patience if patience is None else patience
    file = DuckDBWarehouse(f"duckdb:///{path}", USUAL_SCHEMA, patience=patience, memory=MEMORY)
    with explained(target), file.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("BEGIN")
        yield DuckDB(connection, file.identity())
        connection.execute("COMMIT")  # a connection that closes without it leaves the file as it was


def _make(path: Path) -> None:
    """Make an empty database under another name first, since a kill meanwhile would leave what nobody can open.

    Such a rest, of another program or an earlier acflow, gives way.
    """
    import duckdb

    if path.exists() and not _is_rest(path):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path)
    part = path.with_name(f".{path.name}.{uuid4().hex[:8]}{PART}")
    try:
        duckdb.connect(str(part)).close()
        part.replace(path)
    except duckdb.Error:  # opening the file itself says in better words what is wrong
        return
    finally:
        part.unlink(missing_ok=True)


def _is_rest(path: Path) -> bool:
    """Whether a file is the beginning of a database whose making was cut off."""
    if not path.is_file() or path.stat().st_size >= HEADERS:
        return False
    begin = path.read_bytes()
    return begin[MAGIC] == b"DUCK" or not begin.strip(b"\0")


class DuckDB:
    """An open DuckDB file."""

    dialect = "duckdb"

    def __init__(self, connection: "duckdb.DuckDBPyConnection", identity: Hashable) -> None:
        self._connection, self._identity = connection, identity
        # A schema may have the name of the file.
        self.catalog: str | None = str(self.execute("SELECT current_database()")[0][0])

    def identity(self) -> Hashable:
        """Return which file this is."""
        return self._identity

    def schema_of(self, schema: str | None, table: str) -> str:  # noqa: ARG002 - DuckDB refuses to write to a view
        """Return the schema in which a table is, or would be made."""
        return schema or USUAL_SCHEMA

    def columns(self, schema: str | None, table: str) -> dict[str, str]:
        """Return the columns of a table and their types."""
        sql = "SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = ? AND table_name = ?"
        return dict(self._connection.execute(sql, [schema or USUAL_SCHEMA, table]).fetchall())

    def execute(self, sql: str) -> list[tuple[object, ...]]:
        """Carry out one statement."""
        return self._connection.execute(sql).fetchall()

    def fill(self, table: str, source: Source) -> None:
        """Put all rows into the table, as Arrow.

        In pieces, since a stream would be read far ahead of the writing; and never registered under a name, since a
        transaction keeps what was, with all its rows, until it ends.
        """
        for piece in grouped(source.batches, source.schema, ROWS_AT_ONCE):
            self._connection.from_arrow(piece).insert_into(table)


DESTINATION = Destination(
    name="duckdb",
    title="DuckDB",
    example="duckdb:///out/bi.duckdb",
    write=write,
    check=check,
    prefixes=("duckdb:",),
    modes=("replace", "append", "merge"),
    options=OPTIONS,
    attempt=attempt,
    usual_schema=USUAL_SCHEMA,
)
