"""dlt's PostgreSQL, fed with Parquet over ADBC, in types and texts that PostgreSQL can hold.

What is our own here, and why:
- json becomes jsonb, which can be compared and grouped; the driver sends it if it is written as jsonb's wire format.
- NUL, which no text of PostgreSQL can hold, becomes U+FFFD. A load never fails because of it.
- Tables are emptied by DELETE, not TRUNCATE: whoever reads meanwhile waits for nobody and sees the old rows until the
  new ones are there, and views and grants on the table stay.
https://www.postgresql.org/docs/current/mvcc-caveats.html
"""

from collections.abc import Iterator
from getpass import getuser
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from dlt.destinations.impl.postgres.configuration import PostgresCredentials
from dlt.destinations.impl.postgres.factory import PostgresTypeMapper, postgres
from dlt.destinations.impl.postgres.postgres import PostgresClient, PostgresParquetCopyJob

if TYPE_CHECKING:
    from dlt.common.destination import DestinationCapabilitiesContext
    from dlt.common.destination.client import LoadJob
    from dlt.common.destination.typing import PreparedTableSchema
    from dlt.common.schema import TColumnSchema

ROWS_AT_ONCE = 8192
NUL, STAND_IN = "\0", "\ufffd"
JSONB_VERSION = pa.scalar(b"\x01", pa.binary())
ODD_JSON = r"\\u0000|[eE][+-]?\d{4}|\d{1000}"  # jsonb holds neither NUL nor numbers without end


class PostgreSQL(postgres):
    """The destination."""

    def _raw_capabilities(self) -> "DestinationCapabilitiesContext":
        capabilities = super()._raw_capabilities()
        capabilities.type_mapper = TypeMapper
        capabilities.supports_truncate_command = False
        return capabilities

    @property
    def client_class(self) -> type[PostgresClient]:
        """Return the class that makes load jobs."""
        return Client


def credentials_of(url: str) -> PostgresCredentials:
    """Return dlt's credentials for a URL; it asks for parts that the database's own library knows defaults for."""
    credentials = PostgresCredentials()
    credentials.parse_native_representation(url)
    if not credentials.host:
        credentials.host = "localhost"
        credentials.query = {"host": ""} | (
            credentials.query or {}
        )  # goes before the other one, and if empty means the local socket
    credentials.username = credentials.username or getuser()
    credentials.password = credentials.password or ""
    credentials.database = credentials.database or credentials.username
    return credentials


class TypeMapper(PostgresTypeMapper):
    """Types of columns."""

    def to_destination_type(self, column: "TColumnSchema", table: "PreparedTableSchema") -> str:
        """Return the SQL type of a column."""
        if column["data_type"] == "json":
            return "jsonb"
        return super().to_destination_type(column, table)


class Client(PostgresClient):
    """Makes our copy jobs."""

    def create_load_job(
        self, table: "PreparedTableSchema", file_path: str, load_id: str, restore: bool = False
    ) -> "LoadJob":
        """Return the job for one file."""
        job = super().create_load_job(table, file_path, load_id, restore)
        return CopyJob(file_path) if isinstance(job, PostgresParquetCopyJob) else job


class CopyJob(PostgresParquetCopyJob):
    """Sends one Parquet file."""

    def run(self) -> None:
        """Send it in small batches, within one transaction."""
        columns = self._load_table["columns"]
        json = frozenset(name for name, column in columns.items() if column.get("data_type") == "json")
        _, schema = self._set_catalog_and_schema()
        with pq.ParquetFile(self._file_path) as file, self._connect() as connection, connection.cursor() as cursor:
            reader = pa.RecordBatchReader.from_batches(
                fitting_schema(file.schema_arrow, json),
                (fitting(batch, json) for batch in file.iter_batches(ROWS_AT_ONCE)),
            )
            cursor.adbc_ingest(self.load_table_name, reader, mode="append", db_schema_name=schema)
            connection.commit()


def fitting_schema(schema: pa.Schema, json: frozenset[str]) -> pa.Schema:
    """Return the schema of what is sent: jsonb goes as bytes."""
    return pa.schema([pa.field(f.name, pa.binary() if f.name in json else f.type) for f in schema])


def fitting(batch: pa.RecordBatch, json: frozenset[str]) -> pa.RecordBatch:
    """Return the rows as PostgreSQL can hold them."""
    columns = [_fitting(batch.column(name), json=name in json) for name in batch.schema.names]
    return pa.RecordBatch.from_arrays(columns, schema=fitting_schema(batch.schema, json))


def _fitting(column: pa.Array, *, json: bool) -> pa.Array:
    if json:
        return _jsonb(column)
    if pa.types.is_string(column.type) and _holds(column, NUL.encode()):
        return pc.replace_substring(column, NUL, STAND_IN)
    return column


def _holds(column: pa.Array, needle: bytes) -> bool:
    """Tell whether any text of a column holds these bytes; looking through them as one is many times faster."""
    data = column.buffers()[2]
    return data is not None and needle in data.to_pybytes()


def _jsonb(column: pa.Array) -> pa.Array:
    odd = pc.fill_null(pc.match_substring_regex(column, ODD_JSON), fill_value=False)
    if pc.any(odd).as_py():
        column = pa.array([_holdable(text) for text in column.to_pylist()], pa.string())
    return pc.binary_join_element_wise(JSONB_VERSION, column.cast(pa.binary()), b"")


def _holdable(text: str | None) -> str | None:
    """Return JSON without NUL; a number beyond the range of doubles becomes null."""
    return text if text is None else orjson.dumps(_without_nul(orjson.loads(text))).decode()


def _without_nul(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, str):
        return value.replace(NUL, STAND_IN)
    if isinstance(value, list):
        return [_without_nul(each) for each in value]
    if isinstance(value, dict):
        return dict(_pairs_without_nul(value))
    return value


def _pairs_without_nul(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, each in value.items():
        yield name.replace(NUL, STAND_IN), _without_nul(each)
