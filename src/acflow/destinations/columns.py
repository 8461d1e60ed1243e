"""Columns as destinations take them: few types, or text."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from acflow.destinations.model import Source
from acflow.errors import DeliveryError

MICROSECONDS = "us"
SIMPLE = (
    (pa.types.is_boolean, pa.bool_()),
    (pa.types.is_uint64, pa.decimal128(20, 0)),
    (pa.types.is_integer, pa.int64()),
    (pa.types.is_floating, pa.float64()),
    (pa.types.is_date, pa.date32()),
)
EXPONENT_FROM = 6  # decimal places from which Arrow may write 1E-7


def counted(source: Source) -> Iterator[pa.RecordBatch]:
    """Yield the batches, and refuse to end with another number of rows than was promised.

    Raises:
        DeliveryError: rows came or went since they were counted.

    """
    rows = 0
    for batch in source.batches:
        rows += batch.num_rows
        yield batch
    if rows != source.rows:
        raise DeliveryError(
            f"{source.name} gave {rows:,} rows where {source.rows:,} were counted: it changed while it was delivered. "
            "Nothing was replaced. Run again."
        )


def grouped(batches: Iterable[pa.RecordBatch], schema: pa.Schema, rows: int) -> Iterator[pa.Table]:
    """Yield small batches as tables of so many rows, or a few more."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(part.num_rows for part in waiting) >= rows:
            yield pa.Table.from_batches(waiting, schema)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting, schema)


def plain(source: Source) -> Source:
    """Return the source in the few types that every table knows; whatever else there is becomes text."""
    schema = pa.schema([pa.field(f.name, plain_type(f.type)) for f in source.schema])
    batches = (
        pa.RecordBatch.from_arrays([plain_column(column) for column in batch.columns], schema=schema)
        for batch in source.batches
    )
    return replace(source, schema=schema, batches=batches)


def plain_type(kind: pa.DataType) -> pa.DataType:
    """Return one of bool, int64, double, decimal128, date32, timestamp in microseconds and string."""
    if isinstance(kind, pa.BaseExtensionType):
        return plain_type(kind.storage_type)
    if pa.types.is_dictionary(kind):
        return plain_type(kind.value_type)
    if pa.types.is_timestamp(kind):
        return pa.timestamp(MICROSECONDS, "UTC" if kind.tz else None)
    if pa.types.is_decimal(kind) and kind.bit_width <= pa.decimal128(1, 0).bit_width:
        return pa.decimal128(kind.precision, kind.scale)
    return next((simple for matches, simple in SIMPLE if matches(kind)), pa.string())


def plain_column(column: pa.Array) -> pa.Array:
    """Return the column in its plain type."""
    if isinstance(column, pa.ExtensionArray):
        return plain_column(column.storage)
    if pa.types.is_dictionary(column.type):
        return plain_column(column.dictionary_decode())
    kind = plain_type(column.type)
    if column.type == kind:
        return column
    if pa.types.is_string(kind) and not _is_text(column.type):
        return pa.array([_written(value) for value in column.to_pylist(maps_as_pydicts="strict")], pa.string())
    return column.cast(kind, safe=not pa.types.is_timestamp(kind))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_null(kind))


def _written(value: Any) -> str | None:  # noqa: ANN401 - whatever the warehouse holds
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list | dict):
        return orjson.dumps(value, default=_odd, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z).decode()
    return _as_text(value)


def _odd(value: object) -> object:
    return orjson.Fragment(format(value, "f")) if isinstance(value, Decimal) else _as_text(value)


def _as_text(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, pa.MonthDayNano):  # as ISO 8601 has durations
        return f"P{value.months}M{value.days}DT{Decimal(value.nanoseconds).scaleb(-9).normalize():f}S"
    return value.hex() if isinstance(value, bytes) else str(value)


def as_text(column: pa.Array) -> pa.Array:
    """Return a plain column as text: ISO 8601, instants in UTC with a Z, decimals with all their places."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        text = pc.replace_substring_regex(pc.strftime(column, format="%Y-%m-%dT%H:%M:%S"), r"\.0+$", "")
        return pc.binary_join_element_wise(text, "Z" if kind.tz else "", "")
    if pa.types.is_decimal(kind) and kind.scale > EXPONENT_FROM:
        return pa.array([_written(value) for value in column.to_pylist()], pa.string())
    return column.cast(pa.string())
