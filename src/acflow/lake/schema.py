"""Columns of a lake's table: those of the warehouse in the few types that Delta has, and how they may change."""

import pyarrow as pa

from acflow.destinations.columns import plain_column, plain_type
from acflow.engine.text_form import as_text
from acflow.entities.types import TEXT

ACCOUNT, PART = "_account", "_part"
DIGITS, INTEGER_DIGITS = 38, 19


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """Return a schema in plain types: instants in UTC to the microsecond, decimals, JSON as text."""
    return pa.schema([pa.field(field.name, plain_type(field.type)) for field in schema])


def joint(lake: pa.Schema, ours: pa.Schema, *, alone: bool) -> pa.Schema:
    """Return the columns of a table that has those of the lake and ours; none is ever dropped.

    Where types differ, the column gets ours if nobody else has rows there, else one that holds both.
    """
    mine = {field.name.lower(): field for field in ours}
    fields = []
    for field in lake:
        new = mine.pop(field.name.lower(), field)
        fields.append(pa.field(field.name, new.type if alone else common(field.type, new.type)))
    return pa.schema([*fields, *mine.values()])


def common(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    """Return the narrowest type that holds the values of both; text holds all."""
    kinds = (one, other)
    if one == other:
        return one
    if all(pa.types.is_integer(kind) or pa.types.is_decimal(kind) for kind in kinds):
        scale = max(_scale(kind) for kind in kinds)
        whole = max(kind.precision - kind.scale if pa.types.is_decimal(kind) else INTEGER_DIGITS for kind in kinds)
        return pa.decimal128(whole + scale, scale) if whole + scale <= DIGITS else TEXT.arrow
    if all(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in kinds):
        return pa.float64()
    return TEXT.arrow


def fitted(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Return rows with just these columns, in these types; a column that the rows lack is null."""
    columns = {name.lower(): column for name, column in zip(batch.schema.names, batch.columns, strict=True)}
    arrays = [
        _cast(columns[field.name.lower()], field.type)
        if field.name.lower() in columns
        else pa.nulls(batch.num_rows, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _cast(column: pa.Array, kind: pa.DataType) -> pa.Array:
    plain = plain_column(column)
    if plain.type == kind:
        return plain
    return as_text(plain) if pa.types.is_string(kind) else plain.cast(kind, safe=not pa.types.is_floating(kind))


def _scale(kind: pa.DataType) -> int:
    return int(kind.scale) if pa.types.is_decimal(kind) else 0
