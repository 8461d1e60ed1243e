"""Results in the tables of another database, in one transaction: all of it or nothing.

The rows go into a temporary table first. Then they take the place of the old rows, go below them, or update them by
key; views, rights and indexes of a table whose columns are the same stay as they are.
"""

import re
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa
from sqlglot import exp

from acflow.destinations.buffered import spooled
from acflow.destinations.model import Delivered, Delivery, Source, Target
from acflow.destinations.suggest import meant
from acflow.engine import quoted
from acflow.engine.materialize import SYNCED_AT, Write, apply_stage, new_stage, run
from acflow.engine.trouble import without_secrets
from acflow.engine.types import of_arrow
from acflow.entities.types import decimal
from acflow.errors import ConfigError, DeliveryError, DiskFullError, WarehouseBusyError, WarehouseError

if TYPE_CHECKING:
    from collections.abc import Callable

AMOUNT_SCALE = 4
AMOUNT = re.compile(rf"(?:decimal|numeric)\((\d+), ?{AMOUNT_SCALE}\)", re.IGNORECASE)  # as databases say it
STAGE = "_acflow_delivery"
OPTIONS = frozenset({"table", "key"})


class Database(Protocol):
    """An open connection, in a transaction that ends with the block that it was opened for.

    `catalog` stands before a schema where its name alone could mean something else.
    """

    dialect: str
    catalog: str | None

    def identity(self) -> Hashable:
        """Return which database this is, the same by whatever address it was opened."""

    def schema_of(self, schema: str | None, table: str) -> str:
        """Return the schema in which a table is, or would be made.

        Raises:
            DeliveryError: it is no table; what is written to a view lands somewhere else.

        """

    def columns(self, schema: str | None, table: str) -> dict[str, str]:
        """Return the columns of a table and their types; empty if there is none. No schema means the usual one."""

    def execute(self, sql: str) -> list[tuple[object, ...]]:
        """Carry out one statement and return its rows, if it has any."""

    def fill(self, table: str, source: Source) -> None:
        """Put all rows into a temporary table that has the same columns."""


@dataclass(frozen=True, slots=True)
class DatabaseTarget:
    """The tables of an open database, by names such as `deals` and `crm.deals`; people hang views and keys on them."""

    database: Database
    refills: bool = True
    updates_rows: bool = True

    @property
    def dialect(self) -> str:
        """The database's SQL."""
        return self.database.dialect

    def table(self, name: str) -> exp.Table:
        """Return a table; one without a schema is in the usual one."""
        schema, _, table = name.rpartition(".")
        return exp.table_(table, db=schema or None, catalog=(schema and self.database.catalog) or None, quoted=True)

    def columns(self, name: str) -> Mapping[str, str]:
        """Return the columns of a table."""
        schema, _, table = name.rpartition(".")
        return self.database.columns(schema or None, table)

    def execute(self, statements: Sequence[str]) -> None:
        """Carry out statements, within the transaction that is open."""
        for statement in statements:
            self.database.execute(statement)

    def rows(self, sql: str) -> Sequence[Sequence[object]]:
        """Return the rows of a query."""
        return self.database.execute(sql)


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
    """Stage the rows in a temporary table, then let them into their own; refuse a certified one, however reached."""
    schema = database.schema_of(*split_address(target.table or source.name))
    if target.certified and database.identity() == target.certified.identity:
        refuse_certified(target, schema, target.certified.schemas)
    tables = DatabaseTarget(database)
    known = tables.columns(target.table or source.name)
    amounts = {name: found for name, kind in known.items() if (found := AMOUNT.fullmatch(kind))}
    columns = {field.name: of_arrow(field.type) for field in source.schema}
    for field in source.schema:
        narrower = pa.types.is_decimal(field.type) and field.type.scale < AMOUNT_SCALE
        if narrower and field.name in amounts:  # room for every currency stays, since views may stand on the table
            columns[field.name] = decimal(int(amounts[field.name][1]), AMOUNT_SCALE)
    run(tables, [new_stage(tables.table(STAGE), columns, database.dialect)])
    database.fill(STAGE, source)
    write = Write(target.table or source.name, target.mode, target.key, source.name)
    try:
        apply_stage(tables, write, STAGE, columns)
    except ConfigError as error:
        raise DeliveryError(str(error)) from None


def split_address(address: str) -> tuple[str | None, str]:
    """Return schema, if one is named, and name of `bi.deals`."""
    schema, _, name = address.rpartition(".")
    return schema or None, name


def refuse_certified(target: Target, schema: str, certified: Collection[str]) -> None:
    """Raise ConfigError for a schema where certified tables are; no database tells them apart by case for certain."""
    if schema.lower() in {name.lower() for name in certified}:
        fix = "The flow's result is there by its own name. For a copy, name another schema, such as table: bi.deals."
        raise ConfigError(f"{target.shown}: the tables of {schema} are acflow's own. {fix}")


def dotted(*parts: str | None) -> str:
    """Return a name of several parts as it stands in SQL."""
    return ".".join(quoted(part) for part in parts if part)


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
