"""Types of columns in each database's own words, and which of them a column of Arrow is."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from acflow.entities.types import (
    BIGINT,
    BOOLEAN,
    COLUMN_TYPES,
    DATE,
    DOUBLE,
    INSTANT,
    JSON,
    LOCAL_TIMESTAMP,
    TEXT,
    ColumnType,
    decimal,
)

if TYPE_CHECKING:
    import pyarrow as pa

# Where sqlglot's type is not the one that the loader makes, or the database lacks it. PostgreSQL's json can be neither
# compared nor grouped; SQLite has text that sorts by time.
OWN_WORDS: Mapping[str, Mapping[str, str]] = {
    "postgres": {JSON.sql: "JSONB", TEXT.sql: "VARCHAR"},
    "bigquery": {JSON.sql: "STRING"},
    "snowflake": {JSON.sql: "VARCHAR", LOCAL_TIMESTAMP.sql: "TIMESTAMP"},
    "redshift": {JSON.sql: "VARCHAR", TEXT.sql: "VARCHAR"},
    "clickhouse": {
        JSON.sql: "Nullable(String)",
        LOCAL_TIMESTAMP.sql: "Nullable(DateTime64(6))",
        INSTANT.sql: "Nullable(DateTime64(6, 'UTC'))",
    },
    "sqlite": {
        JSON.sql: "TEXT",
        LOCAL_TIMESTAMP.sql: "TEXT",
        INSTANT.sql: "TEXT",
        DATE.sql: "TEXT",
        DOUBLE.sql: "DOUBLE",
        BOOLEAN.sql: "BOOLEAN",
    },
}


def sql_type(kind: ColumnType, dialect: str) -> str:
    """Return a type as a database calls it."""
    return _in_words_of(kind.sql, dialect)


@cache
def _in_words_of(sql: str, dialect: str) -> str:
    if own := OWN_WORDS.get(dialect, {}).get(sql):
        return own
    if dialect == "sqlite":
        return sql.replace(",", ", ") if sql.startswith("DECIMAL") else exp.DataType.build(sql).sql(dialect)
    return exp.DataType.build(sql, dialect="duckdb").sql(dialect)


def of_hint(hint: Mapping[str, Any]) -> ColumnType:
    """Return the type that a hint of the loader means."""
    if hint["data_type"] == "decimal":
        return decimal(hint["precision"], hint["scale"])
    aware = hint.get("timezone", True)
    return next(
        kind
        for kind in COLUMN_TYPES.values()
        if kind.loader["data_type"] == hint["data_type"] and kind.loader.get("timezone", aware) == aware
    )


def of_arrow(kind: "pa.DataType") -> ColumnType:
    """Return the type that holds the values of a column of Arrow; what has none of its own becomes text."""
    import pyarrow as pa

    if isinstance(kind, pa.BaseExtensionType):
        return of_arrow(kind.storage_type)
    if pa.types.is_dictionary(kind):
        return of_arrow(kind.value_type)
    if pa.types.is_timestamp(kind):
        return INSTANT if kind.tz else LOCAL_TIMESTAMP
    if pa.types.is_decimal(kind) and kind.bit_width <= pa.decimal128(1, 0).bit_width:
        return decimal(kind.precision, kind.scale)
    simple = (
        (pa.types.is_boolean, BOOLEAN),
        (pa.types.is_uint64, decimal(20, 0)),
        (pa.types.is_integer, BIGINT),
        (pa.types.is_floating, DOUBLE),
        (pa.types.is_date, DATE),
    )
    return next((ours for matches, ours in simple if matches(kind)), TEXT)
