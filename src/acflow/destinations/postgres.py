"""PostgreSQL by ADBC: the rows travel as Arrow, through COPY."""

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from acflow.destinations.model import Delivered, Delivery, Destination, Source, Target
from acflow.destinations.tables import OPTIONS, STAGE, check_table, dotted, explained, split_address, write_tables
from acflow.engine.postgres import PostgreSQLWarehouse
from acflow.engine.postgres_catalogue import IDENTITY
from acflow.engine.postgres_driver import require_drivers
from acflow.engine.sql import filled
from acflow.errors import ConfigError, DeliveryError

if TYPE_CHECKING:
    from adbc_driver_manager.dbapi import Connection

LONGEST_NAME = 63  # bytes; PostgreSQL cuts longer ones without a word
USUAL_SCHEMA = "public"
TABLE = """
SELECT coalesce(n.nspname, :schema, current_schema()), c.relkind FROM (SELECT to_regclass(:address) AS oid) AS t
LEFT JOIN pg_class AS c ON c.oid = t.oid LEFT JOIN pg_namespace AS n ON n.oid = c.relnamespace
"""
RIGHTS = """
SELECT bool_and(has_table_privilege(to_regclass(:address), kind))
FROM (VALUES ('INSERT'), ('DELETE')) AS r(kind)
"""
GRANT = "Nothing was changed there. Grant the user INSERT, UPDATE and DELETE, or make it the table's owner."
TABLES = ("", "r", "p")  # none yet, a table, a table in partitions
# Text and varchar without a bound are the same, and tables of earlier deliveries have the one, of warehouses the other.
COLUMNS = """
SELECT attname, CASE WHEN atttypid = 'varchar'::regtype AND atttypmod = -1 THEN 'text'
  ELSE format_type(atttypid, atttypmod) END
FROM pg_attribute
WHERE attrelid = to_regclass(:address) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""


def check(target: Target, name: str | None = None) -> None:
    """Refuse what needs a driver that is not here, and names that would be cut."""
    check_table(target, name)
    require_drivers()
    table = (target.table or name or "").rpartition(".")[2]
    if len(table.encode()) > LONGEST_NAME:
        raise ConfigError(f"{table} is too long for a table of PostgreSQL: at most {LONGEST_NAME} bytes.")


def write(parcels: Sequence[Delivery]) -> list[Delivered]:
    """Write one flow into one table."""
    return write_tables(parcels, connected)


def schema_of(target: Target, name: str, patience: float) -> tuple[Hashable, str]:
    """Return which database this is, and in which schema the table is or would be made."""
    with connected(target, patience) as database:
        return database.identity(), database.schema_of(*split_address(target.table or name))


def attempt(target: Target, name: str, patience: float) -> None:
    """Ask for every right that a delivery needs, in a transaction that is taken back."""
    schema, table = split_address(target.table or name)
    with connected(target, patience, commit=False) as database:
        database.execute(f"CREATE TEMPORARY TABLE {STAGE} (n INTEGER)")
        place = database.schema_of(schema, table)
        if database.columns(schema, table):
            sql = filled(RIGHTS, "postgres", address=dotted(schema, table))
            ((allowed,),) = database.execute(sql)
            if not allowed:
                raise DeliveryError(f"{target.shown}: no right to write to {table}. {GRANT}")
            return
        if not database.execute(filled("SELECT 1 FROM pg_namespace WHERE nspname = :name", "postgres", name=place)):
            database.execute(f"CREATE SCHEMA {dotted(place)}")
        database.execute(f"CREATE TABLE {dotted(place, table)} (n INTEGER)")


@contextmanager
def connected(target: Target, patience: float | None = None, *, commit: bool = True) -> Iterator["PostgreSQL"]:
    """Open the database for one transaction."""
    server = PostgreSQLWarehouse(target.to, USUAL_SCHEMA, patience=target.patience if patience is None else patience)
    with explained(target), server.connect() as connection:
        yield PostgreSQL(connection)
        if commit:
            connection.commit()  # a connection that closes without it leaves the table as it was


class PostgreSQL:
    """An open PostgreSQL database."""

    dialect = "postgres"
    catalog: str | None = None

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    def identity(self) -> Hashable:
        """Return what tells this database from all others."""
        return tuple(map(str, self.execute(IDENTITY)[0]))

    def schema_of(self, schema: str | None, table: str) -> str:
        """Return the schema in which a table is, or would be made."""
        sql = filled(TABLE.replace(":schema", ":schema" if schema else "NULL"), "postgres", **_places(schema, table))
        ((found, kind),) = self.execute(sql)
        relkind = kind.decode() if isinstance(kind, bytes) else str(kind or "")
        if relkind not in TABLES:
            raise DeliveryError(f"{dotted(schema, table)} is no table. Nothing was changed there. Name another table.")
        return str(found or USUAL_SCHEMA)

    def columns(self, schema: str | None, table: str) -> dict[str, str]:
        """Return the columns of a table and their types."""
        sql = filled(COLUMNS, "postgres", address=dotted(schema, table))
        return {str(name): str(kind) for name, kind in self.execute(sql)}

    def execute(self, sql: str) -> list[tuple[object, ...]]:
        """Carry out one statement."""
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def fill(self, table: str, source: Source) -> None:
        """Put all rows into the table, by COPY."""
        reader = pa.RecordBatchReader.from_batches(source.schema, map(_without_nul, source.batches))
        with self._connection.cursor() as cursor:
            cursor.adbc_ingest(table, reader, mode="append", temporary=True)


def _places(schema: str | None, table: str) -> dict[str, str]:
    return {"address": dotted(schema, table)} | ({"schema": schema} if schema else {})


def _without_nul(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Put U+FFFD where text holds NUL, as the warehouse does: no text of PostgreSQL can hold it."""
    columns = [
        pc.replace_substring(column, "\0", "\ufffd") if pa.types.is_string(column.type) else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


DESTINATION = Destination(
    name="postgresql",
    title="PostgreSQL",
    example="postgresql://user:password@server/bi",
    write=write,
    check=check,
    prefixes=("postgresql:", "postgres:", "postgresql+"),
    modes=("replace", "append", "merge"),
    options=OPTIONS,
    schema_of=schema_of,
    attempt=attempt,
    usual_schema=USUAL_SCHEMA,
)
