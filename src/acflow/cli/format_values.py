"""Values as they are printed: whole numbers, floating ones and truth as such, all else in its text form."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import orjson
import pyarrow as pa

from acflow.engine.text_form import as_text, json_text, plain_array, short

PLACES, SMALL = 4, 0.0001


def named_apart(names: Sequence[str]) -> list[str]:
    """Return the names, with a number behind those that come a second time."""
    seen: Counter[str] = Counter()
    apart = []
    for name in names:
        seen[name] += 1
        apart.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return apart


def rounded(column: pa.Array) -> pa.Array:
    """Return floating numbers with as many places as people look at: four, or four digits of a very small number."""
    if not pa.types.is_floating(column.type):
        return column
    return pa.array([_few_digits(value) for value in column.to_pylist()], pa.string())


def _few_digits(value: float | None) -> str | None:
    if value is None or not math.isfinite(value):
        return None if value is None else str(value)
    if 0 < abs(value) < SMALL:
        return f"{value:.{PLACES}g}"
    return f"{value:.{PLACES}f}".rstrip("0").rstrip(".")


def plain(column: pa.Array) -> pa.Array:
    """Return the column as text, unless it holds whole numbers, floating ones or truth values."""
    column = plain_array(column)
    if pa.types.is_floating(column.type):
        return short(column)
    return column if pa.types.is_integer(column.type) or pa.types.is_boolean(column.type) else as_text(column)


def written_as_json(column: pa.Array) -> list[Any]:
    """Return the values for a JSON object: decimals as numbers with all their digits, lists and structs as such."""
    kind = column.type
    if pa.types.is_decimal(kind):
        return [None if text is None else orjson.Fragment(text) for text in plain(column).to_pylist()]
    if pa.types.is_floating(kind):
        exact: list[Any] = column.to_pylist()
        return exact
    if pa.types.is_nested(kind):
        return [None if value is None else orjson.Fragment(json_text(value)) for value in column.to_pylist()]
    values: list[Any] = plain(column).to_pylist()
    return values
