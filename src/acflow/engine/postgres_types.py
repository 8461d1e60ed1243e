"""PostgreSQL's numeric and json, which the driver hands over as marked texts, in plain Arrow types."""

from collections.abc import Iterator
from decimal import Context, Decimal, InvalidOperation
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

DIGITS = 38
MOST_PLACES = 18
FEWEST_PLACES = 4


def plain(reader: pa.RecordBatchReader) -> pa.RecordBatchReader:
    """Return the same rows: numeric as decimal, every other marked text as text.

    A numeric without declared places, such as a sum, gets as many as its first rows show.
    """
    first = next(iter(reader), None)
    fields = [_plain_field(field, first.column(at) if first else None) for at, field in enumerate(reader.schema)]
    schema = pa.schema(fields)

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in chain([] if first is None else [first], reader):
            columns = [_plain(column, field.type) for column, field in zip(batch.columns, fields, strict=True)]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _plain_field(field: pa.Field, sample: pa.Array | None) -> pa.Field:
    if not isinstance(field.type, pa.BaseExtensionType):
        return pa.field(field.name, field.type)
    if getattr(field.type, "type_name", None) == "numeric":
        return pa.field(field.name, pa.decimal128(DIGITS, _places(field, sample)))
    return pa.field(field.name, field.type.storage_type)


def _places(field: pa.Field, sample: pa.Array | None) -> int:
    """Return how many decimal places a column gets: what its type says, else what its first rows show."""
    modifier = int((field.metadata or {}).get(b"POSTGRESQL:typmod", b"-1"))
    if modifier >= 0:
        return (modifier - 4) & 0x7FF  # how PostgreSQL packs numeric(precision, scale)
    if sample is None:
        return FEWEST_PLACES
    fractions = pc.utf8_length(pc.replace_substring_regex(sample.storage, r"^[^.]*\.?", ""))
    longest = pc.max(fractions).as_py() or 0
    return 0 if longest == 0 else min(max(longest, FEWEST_PLACES), MOST_PLACES)


def _plain(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if not isinstance(column.type, pa.BaseExtensionType):
        return column
    if not pa.types.is_decimal(kind):
        return column.storage
    try:
        return column.storage.cast(kind)
    except pa.ArrowInvalid:
        return pa.array([_rounded(text, kind) for text in column.storage.to_pylist()], kind)


def _rounded(text: str | None, kind: pa.Decimal128Type) -> Decimal | None:
    """Return a number that its column can hold; NaN, infinity and what is too large are null."""
    try:
        number = Decimal(text or "NaN").quantize(Decimal(1).scaleb(-kind.scale), context=Context(prec=DIGITS))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
