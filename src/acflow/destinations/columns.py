"""Columns as destinations take them: few types, or text."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pyarrow as pa

from acflow.destinations.model import Source
from acflow.engine.text_form import as_text, plain_array
from acflow.engine.types import of_arrow
from acflow.errors import DeliveryError


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
    return of_arrow(kind).arrow


def plain_column(column: pa.Array) -> pa.Array:
    """Return the column in its plain type."""
    column = plain_array(column)
    kind = plain_type(column.type)
    if column.type == kind:
        return column
    if pa.types.is_string(kind) and not _is_text(column.type):
        return as_text(column)
    return column.cast(kind, safe=not pa.types.is_timestamp(kind))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_null(kind))
