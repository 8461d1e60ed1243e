"""Rows of Parquet files on their way into PostgreSQL, as its binary COPY takes them over ADBC.

- json becomes jsonb, which can be compared and grouped; the driver sends it if it is written as jsonb's wire format.
- NUL, which no text of PostgreSQL can hold, becomes U+FFFD. A load never fails because of it.
https://arrow.apache.org/adbc/current/driver/postgresql.html
"""

import re

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROWS_AT_ONCE = 8192
NUL, STAND_IN = "\0", "\ufffd"
JSONB_VERSION = pa.scalar(b"\x01", pa.binary())
ODD_JSON = r"\\u0000|[eE][+-]?\d{4}|\d{1000}"  # jsonb holds neither NUL nor numbers without end
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?(?P<whole>\d+)(?:\.(?P<fraction>\d+))?(?:[eE](?P<exponent>[+-]?\d+))?')
ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)")
# https://www.postgresql.org/docs/current/datatype-numeric.html
DIGITS_BEFORE, DIGITS_BEHIND = 131_072, 16_383
LONGEST_EXPONENT = 7  # characters; what is longer is far beyond both


def reader_of(file: pq.ParquetFile, json: frozenset[str]) -> pa.RecordBatchReader:
    """Return the rows of a file as PostgreSQL can hold them, in small batches; `json` names the columns of jsonb."""
    return pa.RecordBatchReader.from_batches(
        fitting_schema(file.schema_arrow, json),
        (fitting(batch, json) for batch in file.iter_batches(ROWS_AT_ONCE)),
    )


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
    """Return JSON as jsonb holds it: without NUL, null for numbers beyond numeric, all else digit by digit."""
    return text if text is None else TOKEN.sub(_holdable_token, text)


def _holdable_token(token: re.Match[str]) -> str:
    written = token[0]
    if written.startswith('"'):
        return ESCAPE.sub(lambda escape: STAND_IN if escape[0] == "\\u0000" else escape[0], written)
    whole, fraction, exponent = token["whole"], token["fraction"] or "", token["exponent"] or "0"
    if len(exponent) > LONGEST_EXPONENT:
        return "null"
    point = int(exponent)
    fits = len(whole) + point <= DIGITS_BEFORE and len(fraction) - point <= DIGITS_BEHIND
    return written if fits else "null"
