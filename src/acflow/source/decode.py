"""Pages to Arrow: columns, not rows.

Every column is built for a batch of rows at once. The common case, strings that convert, never meets Python code per
value; only a batch that holds something odd is looked at value by value.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from operator import itemgetter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from acflow.entities.currency import exponent
from acflow.entities.model import Amount, Entity, Field, Label, Type
from acflow.entities.types import COLUMN_TYPES
from acflow.source.protocol import Row
from acflow.source.wire_json import Number, dumps, is_json

ARROW: dict[Type, pa.DataType] = {kind: column_type.arrow for kind, column_type in COLUMN_TYPES.items()}
MONEY = ARROW[Type.MONEY]
REJECTS = pa.schema([("entity", pa.string()), ("id", pa.int64()), ("field", pa.string()), ("raw", pa.string())])
LONGEST_NAME = 63  # bytes; PostgreSQL cuts off what is longer
UNSAFE_CHARACTERS = re.compile(r"[\x00-\x1f\x7f;\"'▶]")  # dlt splits statements at ";" and parts names by "▶"
# Words that stand for numbers: PHP writes a count or a key of nothing as false now and then.
MEANT: Mapping[Type, Mapping[str, str]] = {
    Type.BOOLEAN: {"true": "1", "false": "0", "yes": "1", "no": "0"},
    Type.INTEGER: {"true": "1", "false": "0"},
    Type.FOREIGN_KEY: {"false": "0"},
}
DATES = frozenset({Type.TIMESTAMP, Type.LOCAL_TIMESTAMP, Type.DATE})
WHOLE = frozenset({Type.ID, Type.FOREIGN_KEY, Type.INTEGER, Type.BOOLEAN})
KINDS: Mapping[type, str] = {
    str: "string",
    int: "number",
    Number: "number",
    float: "number",  # in rows that no wire brought, such as those of a test's account
    bool: "boolean",
    dict: "object",
    list: "array",
    type(None): "null",
}
STRING, NULL = frozenset({"string"}), frozenset({"null"})
STRING_OR_NULL = STRING | NULL
# How "never" is written: MySQL's zeros, with or without time and marks, what PHP makes of them, the first day of all.
NEVER = (
    r"^(0000([-/.])00([-/.])00.*|00([-/.])00([-/.])0000.*|0{8}|0{14}|0"
    r"|-?0{0,3}1-11-30([T ].*)?|0001-01-01([T ]00:00:00.*)?)$"
)
# What Arrow would read as a value and is none: hexadecimal digits, numbers that are not finite, years that say never.
NO_VALUES: dict[Type, tuple[tuple[bytes, ...], str]] = {
    **dict.fromkeys(WHOLE, ((b"x",), r"^[+-]?0x")),
    Type.NUMBER: ((b"n",), r"n"),
    **dict.fromkeys(DATES, ((b"0000-", b"0001-"), r"^0000-")),
}


@dataclass(frozen=True, slots=True)
class Batch:
    """Typed rows of one entity, the values that would not convert, and what was noticed on the way.

    `kinds` are the keys that the rows had, each with the kinds of JSON value under it; in a row without the key it is
    null. `limited` counts the rows that the key may not see in full.
    """

    table: pa.Table
    rejects: pa.Table
    kinds: Mapping[str, frozenset[str]]
    limited: int


def schema(entity: Entity) -> pa.Schema:
    """Return the Arrow schema of an entity's declared columns; the key is never null."""
    return pa.schema([pa.field(c.name, ARROW[c.type], nullable=c.name != entity.key) for c in entity.columns])


class ColumnBuffer:
    """Rows of one entity, turned on their side and written out as text page by page.

    While a page is fresh in the processor's cache this costs half of what it costs later; what the warehouse never sees
    is forgotten at once, and so are the objects that a page was made of. `columns` are the pieces of each key's column,
    `kinds` the kinds of JSON value that it held.
    """

    def __init__(self, entity: Entity) -> None:
        self.entity = entity
        self.columns: dict[str, list[pa.Array]] = {}
        self.kinds: dict[str, frozenset[str]] = {}
        self.rows = 0
        self._json = {name for f in entity.wire_fields if f.type is Type.JSON for name in f.keys}
        self._mixed = set(self._json)  # keys whose values may be other than strings, so they are written out singly

    def add(self, rows: Sequence[Row]) -> None:
        """Take the rows of one page. A missing key counts as null."""
        if not rows:
            return
        came = self._turn(rows)
        for key in came.keys() - self.columns.keys():
            self.columns[key], self.kinds[key] = [], frozenset()
            if self.rows:
                self._append(key, [None] * self.rows)
        nothing = [None] * len(rows)
        columns = {key: came.get(key, nothing) for key in self.columns}
        mixed = self._mixed & columns.keys()
        self._append_alike({key: values for key, values in columns.items() if key not in mixed})
        for key in mixed:
            self._append(key, columns[key])
        self.rows += len(rows)

    def _append_alike(self, columns: Mapping[str, Sequence[Any]]) -> None:
        """Append columns that hold strings and nulls, all in one array, since each array costs as much as its values.

        Those that turn out to hold something else are known from then on.
        """
        try:
            texts = pa.array(list(chain.from_iterable(columns.values())), pa.string())
        except (pa.ArrowTypeError, pa.ArrowInvalid):
            self._mixed |= columns.keys()
            for key, values in columns.items():
                self._append(key, values)
            self._mixed -= {key for key in columns if self.kinds[key] <= STRING_OR_NULL}
            return
        for place, (key, values) in enumerate(columns.items()):
            self._put(key, texts.slice(place * len(values), len(values)))

    def _append(self, key: str, values: Sequence[Any]) -> None:
        texts, kinds = _texts(values, json=key in self._json)
        self._put(key, texts, kinds)

    def _put(self, key: str, texts: pa.Array, kinds: frozenset[str] | None = None) -> None:
        self.columns[key].append(texts)
        self.kinds[key] |= _kinds(texts) if kinds is None else kinds

    def put(self, key: str, texts: pa.Array) -> None:
        """Take a whole column that is text already; every one must be as long as the others."""
        self.columns[key], self.kinds[key], self.rows = [texts], STRING_OR_NULL, len(texts)

    def column(self, key: str) -> pa.Array | None:
        """Return all that came under a key, None if nothing did."""
        return pa.concat_arrays(self.columns[key]) if key in self.columns else None

    def _turn(self, rows: Sequence[Row]) -> dict[str, Sequence[Any]]:
        """Return one sequence of values per key."""
        turned = self._turn_alike(rows)
        if turned is None:
            union = dict.fromkeys(key for row in rows for key in row)
            turned = {key: [row.get(key) for row in rows] for key in union}
        return {key: values for key, values in turned.items() if key not in self.entity.dropped}

    @staticmethod
    def _turn_alike(rows: Sequence[Row]) -> dict[str, Sequence[Any]] | None:
        """Return one sequence of values per key, quickly; None unless all rows have the same two keys or more."""
        names = tuple(rows[0])
        if len(names) < 2 or any(len(row) != len(names) for row in rows):  # noqa: PLR2004
            return None
        try:
            # As many keys as the first row, and each of its keys found: the same keys.
            return dict(zip(names, zip(*map(itemgetter(*names), rows), strict=True), strict=True))
        except KeyError:
            return None


# Columns that PostgreSQL and DuckDB keep for themselves, and those that acflow adds to tables.
TAKEN = frozenset(
    {
        *("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid", "rowid"),
        *("_deleted_at", "_valid_from", "_valid_to", "_changed", "_taken_at", "_synced_at"),
    }
)


class ColumnNamer:
    """Names of columns for the keys that nobody declared, which may be called anything.

    A key goes by its own name. Where that would break SQL on its way, be cut off by a database, or differ only by case
    from another column, of the entity or of its table so far, it gets a mark that depends on nothing but the key.
    """

    def __init__(self, entity: Entity, known: Iterable[str] = ()) -> None:
        self._declared = frozenset(column.name.casefold() for column in entity.columns)
        self._known = {name.casefold(): name for name in known}

    def of(self, key: str) -> str:
        """Return the same name for the same key."""
        clean = UNSAFE_CHARACTERS.sub("_", key.strip()) or "unnamed"
        taken = key.casefold() in self._declared | TAKEN
        fits = clean == key and len(key.encode()) <= LONGEST_NAME and not taken
        name = key if fits and self._known.get(key.casefold(), key) == key else _marked(clean, key)
        return self._known.setdefault(name.casefold(), name)


def _marked(name: str, key: str) -> str:
    mark = hashlib.sha256(key.encode()).hexdigest()[:8]
    return name.encode()[: LONGEST_NAME - len(mark) - 1].decode(errors="ignore") + f"_{mark}"


def decode_rows(entity: Entity, rows: Sequence[Row]) -> Batch:
    """Turn rows of the API into typed columns."""
    collected = ColumnBuffer(entity)
    collected.add(rows)
    return decode(collected, ColumnNamer(entity))


def decode(collected: ColumnBuffer, names: ColumnNamer) -> Batch:
    """Turn collected rows into typed columns, declared ones first, unknown ones as text behind them.

    A value that does not convert is null in its column and stands, as it came, in the rejects.
    """
    entity = collected.entity
    columns: dict[str, pa.Array] = {}
    rejected: list[tuple[str, pa.Array, pa.Array]] = []
    for field in entity.wire_fields:
        texts = _texts_of(collected, field)
        if texts is None:
            columns[field.name] = pa.nulls(collected.rows, ARROW[field.type])
            continue
        columns[field.name], refused = _convert(texts, field.type)
        if refused is not None:
            rejected.append((field.name, texts, refused))
    for derived in entity.derived:
        columns[derived.name] = _label(columns, derived) if isinstance(derived, Label) else _amount(columns, derived)
    table = pa.table([columns[column.name] for column in entity.columns], schema=schema(entity))
    for key in sorted(collected.columns.keys() - entity.known_keys):
        table = table.append_column(names.of(key), collected.column(key))
    limited = pc.sum(columns[entity.limited]).as_py() or 0 if entity.limited else 0
    return Batch(table, _rejects(entity, columns[entity.key], rejected), collected.kinds, limited)


def _texts_of(collected: ColumnBuffer, field: Field) -> pa.Array | None:
    """Return what came under the field's own name, and where that is nothing, under the next of its keys."""
    came = [texts for key in field.keys if (texts := collected.column(key)) is not None]
    if len(came) < 2:  # noqa: PLR2004
        return came[0] if came else None
    filled = [pc.if_else(pc.equal(texts, ""), None, texts) for texts in came]
    return pc.coalesce(*filled, *came)  # empty text counts where there is nothing else


def _texts(values: Sequence[Any], *, json: bool) -> tuple[pa.Array, frozenset[str]]:
    """Return the values as strings, and the kinds that they were; all but strings are written out."""
    if not json:
        with suppress(pa.ArrowTypeError, pa.ArrowInvalid):
            texts = pa.array(values, pa.string())  # only strings and nulls are taken as they are
            return texts, _kinds(texts)
    written = pa.array([(_json if json else _text)(value) for value in values], pa.string())
    return written, frozenset(KINDS[kind] for kind in set(map(type, values)))


def _kinds(texts: pa.Array) -> frozenset[str]:
    """Return the kinds of value in a column that holds strings and nulls alone."""
    return STRING if not texts.null_count else NULL if texts.null_count == len(texts) else STRING_OR_NULL


def _text(value: Any) -> str | None:  # noqa: ANN401 - whatever JSON holds
    return value if value is None or isinstance(value, str) else dumps(value)


def _json(value: Any) -> str | None:  # noqa: ANN401 - whatever JSON holds
    """Return valid JSON text: a string may itself hold JSON, and "" means nothing."""
    if value is None or value == "":
        return None
    if value == []:
        return "[]"  # by far the most frequent
    return value if isinstance(value, str) and value[0] in "{[" and is_json(value) else dumps(value)


def _convert(texts: pa.Array, kind: Type) -> tuple[pa.Array, pa.Array | None]:
    """Return the typed column, and a mask of the values that would not convert (None if all did)."""
    target = ARROW[kind]
    if target == pa.string():
        return texts, None
    odd = _holds_no_value(texts, kind)
    try:
        if not odd:
            return (texts.cast(target) if kind is Type.BOOLEAN else _finish(texts.cast(target), kind)), None
    except pa.ArrowInvalid:
        pass
    cleaned = _clean(texts, kind)
    no_value = pc.match_substring_regex(cleaned, NO_VALUES[kind][1], ignore_case=True) if odd else None
    if no_value is not None:
        cleaned = pc.if_else(no_value, "no value", cleaned)
    bad = _unreadable(cleaned, kind)
    if bad is not None:
        cleaned = pc.if_else(bad, pa.scalar(None, pa.string()), cleaned)
    return _finish(cleaned.cast(_carrier(kind)), kind), bad


def _holds_no_value(texts: pa.Array, kind: Type) -> bool:
    """Tell quickly, by all letters at once, whether Arrow may misread one of these values."""
    letters = texts.buffers()[2] if kind in NO_VALUES else None
    if letters is None:
        return False
    text = letters.to_pybytes().lower()
    return any(hint in text for hint in NO_VALUES[kind][0])


def _carrier(kind: Type) -> pa.DataType:
    return pa.int64() if kind is Type.BOOLEAN else ARROW[kind]


def _finish(column: pa.Array, kind: Type) -> pa.Array:
    if kind is Type.BOOLEAN:
        return pc.not_equal(column, 0)  # some flags count: bounced_hard may be 2
    if kind is Type.FOREIGN_KEY:
        return pc.if_else(pc.equal(column, 0), pa.scalar(None, pa.int64()), column)
    return column


def _clean(texts: pa.Array, kind: Type) -> pa.Array:
    """Take off what carries no meaning: blanks, the API's ways of writing "never", and a fraction of zero."""
    texts = pc.utf8_trim_whitespace(texts)
    nothing = pc.equal(texts, "")
    if kind in DATES:
        nothing = pc.or_(nothing, pc.match_substring_regex(texts, NEVER))
    texts = pc.if_else(nothing, pa.scalar(None, pa.string()), texts)
    if kind is Type.LOCAL_TIMESTAMP:  # the clock on the account's wall, whether or not its offset is written beside it
        return pc.replace_substring_regex(texts, r"^(\d{4}-\d\d-\d\d[ T][\d:.]+)(Z|[+-]\d\d:?\d\d)$", r"\1")
    if kind is Type.TIMESTAMP:  # hours of one digit, as the reference shows for orders, and nanoseconds
        padded = pc.replace_substring_regex(texts, r"^(\d{4}-\d\d-\d\d[ T])(\d:)", r"\10\2")
        return pc.replace_substring_regex(padded, r"(\.\d{6})\d+", r"\1")
    if kind is Type.DATE:
        return pc.replace_substring_regex(texts, r"^(\d{4}-\d\d-\d\d)[ T]00:00:00$", r"\1")
    if kind in WHOLE:
        texts = pc.replace_substring_regex(texts, r"^([+-]?\d+)\.0+$", r"\1")
        texts = pc.replace_substring_regex(texts, r"^\+", "")
    for word, digit in MEANT.get(kind, {}).items():
        texts = pc.if_else(pc.equal(pc.utf8_lower(texts), word), digit, texts)
    return texts


def _unreadable(texts: pa.Array, kind: Type) -> pa.Array | None:
    """Return a mask of the values that do not convert, or None if all do."""
    carrier = _carrier(kind)
    try:
        texts.cast(carrier)
    except pa.ArrowInvalid:
        wrong = [value for value in texts.unique() if not _readable(value, carrier)]
        return pc.is_in(texts, value_set=pa.array([value.as_py() for value in wrong], pa.string()), skip_nulls=True)
    return None


def _readable(value: pa.Scalar, carrier: pa.DataType) -> bool:
    try:
        value.cast(carrier)
    except pa.ArrowInvalid:
        return False
    return True


def _label(columns: dict[str, pa.Array], label: Label) -> pa.Array:
    codes = pa.array(list(label.labels), pa.int64())
    return pa.array(list(label.labels.values()), pa.string()).take(pc.index_in(columns[label.of], value_set=codes))


def _amount(columns: dict[str, pa.Array], amount: Amount) -> pa.Array:
    """Divide by 10 to the currency's exponent, exactly; a deal without currency counts as one with two decimals."""
    minor = columns[amount.of].cast(pa.decimal128(19, 0))
    currencies = pc.utf8_lower(pc.fill_null(columns[amount.currency], ""))
    result = pa.nulls(len(minor), MONEY)
    by_exponent: dict[int, list[str]] = {}
    for code in currencies.unique().to_pylist():
        by_exponent.setdefault(exponent(code), []).append(code)
    for places, codes in by_exponent.items():
        unit = pa.scalar(Decimal(1).scaleb(-places), pa.decimal128(places + 1, places))
        major = pc.multiply(minor, unit).cast(MONEY)
        result = pc.if_else(pc.is_in(currencies, value_set=pa.array(codes)), major, result)
    return result


def _rejects(entity: Entity, ids: pa.Array, rejected: list[tuple[str, pa.Array, pa.Array]]) -> pa.Table:
    parts = []
    for name, texts, refused in rejected:
        raw = texts.filter(refused)
        same = [pa.array([text] * len(raw), pa.string()) for text in (entity.name, name)]
        parts.append(pa.table([same[0], ids.filter(refused), same[1], raw], schema=REJECTS))
    return pa.concat_tables(parts) if parts else REJECTS.empty_table()
