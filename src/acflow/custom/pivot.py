"""From one row per value to one row per record: columns turned in batches, each converted as the API's own fields are.

A wide table is an entity whose fields the account has declared, so `decode` gives it its types and its rejects.
"""

from collections.abc import Iterable, Iterator, Sequence

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from acflow.custom.model import AMOUNT, CURRENCY, TYPES, CustomField, FieldKind, Owner
from acflow.entities.model import Amount, Entity, Field, Offset, Type
from acflow.source.decode import ColumnBuffer

VALUES_AT_ONCE = 65_536  # enough to make columns worth while, little enough to keep memory flat

KEY = Field("id", Type.ID, "Key of the record.")


def wide_entity(owner: Owner, fields: Sequence[CustomField]) -> Entity:
    """Return the declaration of the wide table."""
    money = [field for field in fields if field.kind is FieldKind.CURRENCY]
    return Entity(
        name=owner.custom,
        description=f"Custom fields of {owner.entity}, one row per record with any value and one column per field.",
        fields=(
            KEY,
            *(Field(field.column, TYPES[field.kind], field.title) for field in fields),
            *(Field(field.column + CURRENCY, Type.TEXT, f"Currency of {field.title}.") for field in money),
        ),
        derived=tuple(
            Amount(field.column + AMOUNT, field.column, field.column + CURRENCY, f"{field.title} in whole units.")
            for field in money
        ),
        paging=Offset(),
    )


def whole_records(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Regroup rows that are sorted by `record`, so that no record is cut in two."""
    waiting: list[pa.Table] = []
    for batch in batches:
        waiting.append(pa.Table.from_batches([batch]))
        if sum(map(len, waiting)) < VALUES_AT_ONCE:
            continue
        rows = pa.concat_tables(waiting)
        last = pc.index(rows.column("record"), rows.column("record")[-1]).as_py()
        if last:
            yield rows.slice(0, last)
        waiting = [rows.slice(last)]
    if any(map(len, waiting)):
        yield pa.concat_tables(waiting)


def turned(entity: Entity, fields: Sequence[CustomField], values: pa.Table) -> ColumnBuffer:
    """Return the rows of the wide table for values with `record`, `field`, `value` and `currency`.

    Where a record has two values of one field, the first counts.
    """
    values = values.combine_chunks()
    record, of = values.column("record"), values.column("field")
    keys = pc.unique(record)
    collected = ColumnBuffer(entity)
    collected.put(KEY.name, keys.cast(pa.string()))
    for field in fields:
        mine = values.filter(pc.equal(of, field.field_id))
        if not len(mine):
            continue
        place = pc.index_in(keys, value_set=mine.column("record").combine_chunks())
        collected.put(field.column, _taken(mine.column("value"), place, field.kind))
        if field.kind is FieldKind.CURRENCY:
            currency = pc.if_else(pc.equal(mine.column("currency"), ""), None, mine.column("currency"))
            named = pc.fill_null(currency, field.currency or "")
            collected.put(field.column + CURRENCY, pc.utf8_lower(named).take(place).combine_chunks())
    return collected


def _taken(values: pa.ChunkedArray, place: pa.Array, kind: FieldKind) -> pa.Array:
    texts = values.take(place).combine_chunks()
    if kind is FieldKind.LIST:
        words = texts.dictionary_encode()
        lists = pa.array([as_list(word) for word in words.dictionary.to_pylist()], pa.string())
        texts = lists.take(words.indices)
    return pc.if_else(pc.equal(texts, ""), None, texts)


def as_list(text: str | None) -> str | None:
    """Return several choices as a JSON array, whichever way the API wrote them; None if nothing was chosen.

    Contacts have `||one||two||`, deals an array of texts; a single word is a single choice, even if it is `[1]`.
    """
    if not text:
        return None
    chosen = _texts(text) if text.startswith("[") else None
    if chosen is None:
        chosen = [part for part in text.split("||") if part] if "||" in text else [text]
    return orjson.dumps(chosen).decode() if chosen else None


def _texts(text: str) -> list[str] | None:
    """Return the texts of a JSON array, None if it is none."""
    try:
        read = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return read if isinstance(read, list) and all(isinstance(item, str) for item in read) else None
