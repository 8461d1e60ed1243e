"""Values as they are printed: instants in UTC with a Z, decimals without exponents, nothing for null."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc


def named_apart(names: Sequence[str]) -> list[str]:
    """Return the names, with a number behind those that come a second time."""
    seen: Counter[str] = Counter()
    apart = []
    for name in names:
        seen[name] += 1
        apart.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return apart


def plain(column: pa.Array) -> pa.Array:
    """Return the column as text, unless it holds whole numbers, floating ones or truth values."""
    if isinstance(column, pa.ExtensionArray):
        return plain(column.storage)
    if pa.types.is_dictionary(column.type):
        return plain(column.dictionary_decode())
    return column if _stays(column.type) else _as_text(column)


def _stays(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind) or pa.types.is_string(kind)
    )


def _as_text(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_timestamp(kind):
        return _moments(column)
    if pa.types.is_date(kind):
        return column.cast(pa.string())
    if pa.types.is_time(kind):
        return _without_zeros(column.cast(pa.string()), "")
    return pa.array([_text(value) for value in column.to_pylist()], pa.string())


def _moments(column: pa.Array) -> pa.Array:
    zone = "Z" if column.type.tz else ""
    naive = column.cast(pa.timestamp("us"), safe=False)
    return _without_zeros(pc.replace_substring(naive.cast(pa.string()), " ", "T"), zone)


def _without_zeros(text: pa.Array, end: str) -> pa.Array:
    """Take the zeros off the fraction of a second, and the point if nothing is left of it."""
    shorter = pc.replace_substring_regex(text, r"(\.\d*?)0+$", r"\1")
    return pc.binary_join_element_wise(pc.replace_substring_regex(shorter, r"\.$", ""), end, "")


def written_as_json(column: pa.Array) -> list[Any]:
    """Return the values for a JSON object: decimals as numbers with all their digits, lists and structs as such."""
    kind = column.type
    if pa.types.is_decimal(kind):
        return [None if text is None else orjson.Fragment(text) for text in plain(column).to_pylist()]
    if pa.types.is_nested(kind):
        return [None if value is None else orjson.Fragment(_json(value)) for value in column.to_pylist()]
    values: list[Any] = plain(column).to_pylist()
    return values


def _text(value: Any) -> str | None:  # noqa: ANN401 - whatever the warehouse holds
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return value.hex()
    return _json(value).decode() if isinstance(value, list | dict) else str(value)


def _json(value: Any) -> bytes:  # noqa: ANN401 - whatever the warehouse holds
    return orjson.dumps(value, default=_odd, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z)


def _odd(value: object) -> object:
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    return value.hex() if isinstance(value, bytes) else str(value)
