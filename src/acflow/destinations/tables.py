"""Results in the tables of another database, in one transaction: all of it or nothing.

The rows go into a temporary table first. Then they take the place of the old rows, go below them, or update them by
key; views, rights and indexes of a table whose columns are the same stay as they are.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from acflow.destinations.buffered import spooled
from acflow.destinations.model import Delivered, Delivery, Source, Target
from acflow.destinations.suggest import meant
from acflow.engine import quoted
from acflow.engine.trouble import without_secrets
from acflow.engine.types import of_arrow, sql_type
from acflow.entities.types import INSTANT
from acflow.errors import ConfigError, DeliveryError, DiskFullError, WarehouseBusyError, WarehouseError

if TYPE_CHECKING:
    from collections.abc import Callable

SYNCED_AT = "_synced_at"
STAGE = "_acflow_delivery"
OPTIONS = frozenset({"table", "key"})


class Database(Protocol):
    """An open connection, in a transaction that ends with the block that it was opened for.

    `catalog` stands before a schema where its name alone could mean something else.
    """

    dialect: str
    catalog: str | None

    def columns(self, schema: str | None, table: str) -> dict[str, str]:
        """Return the columns of a table and their types; empty if there is none. No schema means the usual one."""

    def execute(self, sql: str) -> list[tuple[object, ...]]:
        """Carry out one statement and return its rows, if it has any."""

    def fill(self, table: str, source: Source) -> None:
        """Put all rows into a temporary table that has the same columns."""


def check_table(target: Target, _name: str | None = None) -> None:
    """Refuse modes and keys that do not fit together."""
    if target.mode == "merge" and not target.key:
        raise ConfigError(f"{target.shown}: merge needs to know which columns tell rows apart. Write key: id.")
    if target.key and target.mode != "merge":
        raise ConfigError(f"{target.shown}: key is for merge alone. Write mode: merge, or leave the key out.")


def write_tables(
    parcels: Sequence[Delivery], connect: "Callable[[Target], AbstractContextManager[Database]]"
) -> list[Delivered]:
    """Write one flow into one table."""
    with spooled(parcels) as (parcel,):
        _check_columns(parcel)
        with connect(parcel.target) as database:
            deliver_table(database, parcel.source, parcel.target)
    target = parcel.target
    return [Delivered(parcel.source.name, target.kind, target.shown, parcel.source.rows)]


def _check_columns(parcel: Delivery) -> None:
    names = parcel.source.schema.names
    for column in parcel.target.key:
        if column not in names:
            raise ConfigError(f"{parcel.source.name} has no column {column} to be merged by. {meant(column, names)}")
    if parcel.target.mode == "append" and SYNCED_AT in names:
        raise ConfigError(f"{parcel.source.name} has a column {SYNCED_AT}, which append adds itself. Rename it.")


def deliver_table(database: Database, source: Source, target: Target) -> None:
    """Stage the rows, then apply them by mode."""
    stamp = datetime.now(UTC).isoformat(sep=" ", timespec="microseconds")
    staged = {field.name: sql_type(of_arrow(field.type), database.dialect) for field in source.schema}
    database.execute(f"CREATE TEMPORARY TABLE {STAGE} ({_definitions(staged)})")
    database.fill(STAGE, source)
    table = Table(database, target.table or source.name)
    if target.mode == "merge":
        _check_key(database, source.name, target.key)
        table.merge(staged, target.key)
    elif target.mode == "append":
        table.append(staged, stamp)
    else:
        table.replace(staged)


class Table:
    """A table of the database, which may not be there yet."""

    def __init__(self, database: Database, address: str) -> None:
        schema, _, self.name = address.rpartition(".")
        self.schema = schema or None
        self.database = database
        self.schema_sql = dotted(database.catalog, schema)
        self.sql = dotted(database.catalog, schema, self.name) if schema else quoted(self.name)

    def replace(self, staged: dict[str, str]) -> None:
        """Put the staged rows where the old ones were; with other columns, the table is made anew."""
        known = self.database.columns(self.schema, self.name)
        if known and known == self.database.columns(None, STAGE):
            self.database.execute(f"DELETE FROM {self.sql}")  # noqa: S608 - names are quoted
        else:
            if known:
                self.database.execute(f"DROP TABLE {self.sql}")
            self._create(staged)
        self._insert(staged)

    def append(self, staged: dict[str, str], stamp: str) -> None:
        """Put the staged rows below the old ones, with the time of this delivery."""
        stamped = staged | {SYNCED_AT: sql_type(INSTANT, self.database.dialect)}
        self._widen(stamped)
        names = ", ".join(quoted(name) for name in stamped)
        values = ", ".join([*(quoted(name) for name in staged), f"'{stamp}'"])
        self.database.execute(f"INSERT INTO {self.sql} ({names}) SELECT {values} FROM {STAGE}")  # noqa: S608

    def merge(self, staged: dict[str, str], key: Sequence[str]) -> None:
        """Update the rows that are known by their key, and add the others; none is removed."""
        self._widen(staged)
        same = " AND ".join(f"t.{quoted(name)} = s.{quoted(name)}" for name in key)
        values = ", ".join(f"{quoted(name)} = s.{quoted(name)}" for name in staged if name not in key)
        if values:
            self.database.execute(f"UPDATE {self.sql} AS t SET {values} FROM {STAGE} AS s WHERE {same}")  # noqa: S608
        self._insert(staged, f"WHERE NOT EXISTS (SELECT 1 FROM {self.sql} AS t WHERE {same})")  # noqa: S608

    def _create(self, columns: dict[str, str]) -> None:
        if self.schema:
            self.database.execute(f"CREATE SCHEMA IF NOT EXISTS {self.schema_sql}")
        self.database.execute(f"CREATE TABLE {self.sql} ({_definitions(columns)})")

    def _widen(self, columns: dict[str, str]) -> None:
        """Make the table, or give it the columns that it lacks; those that only it has stay, and stay empty."""
        known = self.database.columns(self.schema, self.name)
        if not known:
            self._create(columns)
            return
        for name, kind in columns.items():
            if name not in known:
                self.database.execute(f"ALTER TABLE {self.sql} ADD COLUMN {quoted(name)} {kind}")

    def _insert(self, columns: dict[str, str], where: str = "") -> None:
        names = ", ".join(quoted(name) for name in columns)
        self.database.execute(f"INSERT INTO {self.sql} ({names}) SELECT {names} FROM {STAGE} AS s {where}")  # noqa: S608


def dotted(*parts: str | None) -> str:
    """Return a name of several parts as it stands in SQL."""
    return ".".join(quoted(part) for part in parts if part)


def _definitions(columns: dict[str, str]) -> str:
    return ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())


def _check_key(database: Database, name: str, key: Sequence[str]) -> None:
    """Refuse rows that a merge could not tell apart; which of two wins would be chance."""
    names = ", ".join(quoted(column) for column in key)
    empty = " OR ".join(f"{quoted(column)} IS NULL" for column in key)
    for sql, what in (
        (f"SELECT {names} FROM {STAGE} WHERE {empty} LIMIT 1", "is empty"),  # noqa: S608 - names are quoted
        (f"SELECT {names} FROM {STAGE} GROUP BY {names} HAVING count(*) > 1 LIMIT 1", "comes more than once"),  # noqa: S608
    ):
        found = database.execute(sql)
        if found:
            value = ", ".join(str(part) for part in found[0])
            raise DeliveryError(
                f"{name} cannot be merged: its key {', '.join(key)} {what} ({value}). Nothing was changed. "
                "Add a column to the key, or make the flow's rows distinct."
            )


@contextmanager
def explained(target: Target, *kinds: type[Exception]) -> Iterator[None]:
    """Turn the errors of a driver into ours; what the reader can wait for or free stays as it is."""
    caught: tuple[type[Exception], ...] = (WarehouseError, *kinds)
    try:
        yield
    except (WarehouseBusyError, DiskFullError):
        raise
    except caught as error:
        said = without_secrets(str(error).strip(), target.to)
        raise DeliveryError(f"{target.shown}: {said.rstrip('.')}. Nothing was changed there.") from None
