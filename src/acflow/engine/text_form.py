"""The one text form of values, whoever prints or delivers them.

Moments are ISO 8601, instants in UTC with a Z, without zeros at the end of the second's fraction; decimals are without
exponent and without zeros at the end; floating numbers have 15 digits at most; lists and structs are JSON; bytes are
hexadecimal; intervals are durations of ISO 8601.
"""

from decimal import Decimal
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

ZEROS_AT_THE_END = r"\.0*$|(\.\d*?[1-9])0+$"
EXPONENT_FROM = 7  # decimal places from which Arrow may write 1E-7
MOST_DIGITS = 15  # what a spreadsheet and every decimal that somebody typed have; 0.1 + 0.2 is 0.3 in them
AS_ARROW_HAS_IT = (
    pa.types.is_integer,
    pa.types.is_boolean,
    pa.types.is_date,
    pa.types.is_null,
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_string_view,
)
MORE_DIGITS = r"^-?0*\.?0*([0-9]\.?){16,}"


def as_text(column: pa.Array) -> pa.Array:
    """Return a column of any type as text."""
    column = plain_array(column)
    kind = column.type
    if pa.types.is_timestamp(kind):
        naive = pc.replace_substring(column.cast(pa.timestamp("us"), safe=False).cast(pa.string()), " ", "T")
        return pc.binary_join_element_wise(_trimmed(naive), "Z" if kind.tz else "", "")
    if pa.types.is_time(kind) or (pa.types.is_decimal(kind) and kind.scale < EXPONENT_FROM):
        return _trimmed(column.cast(pa.string()))
    if pa.types.is_floating(kind):
        return short(column).cast(pa.string())
    if any(matches(kind) for matches in AS_ARROW_HAS_IT):
        return column.cast(pa.string())
    return pa.array([value_text(value) for value in column.to_pylist(maps_as_pydicts="strict")], pa.string())


def plain_array(column: pa.Array) -> pa.Array:
    """Return the values of a column without marks or dictionaries around them."""
    if isinstance(column, pa.ExtensionArray):
        return plain_array(column.storage)
    return plain_array(column.dictionary_decode()) if pa.types.is_dictionary(column.type) else column


def short(column: pa.Array) -> pa.Array:
    """Return floating numbers with no more digits than can be relied on."""
    long = pc.match_substring_regex(column.cast(pa.string()), MORE_DIGITS)
    if not pc.any(long).as_py():
        return column
    rounded = [
        float(f"{value:.{MOST_DIGITS}g}") if is_long else value
        for value, is_long in zip(column.to_pylist(), long.to_pylist(), strict=True)
    ]
    return pa.array(rounded, column.type)


def value_text(value: Any) -> str | None:  # noqa: ANN401 - whatever a database holds
    """Return one value as text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list | dict):
        return json_text(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, pa.MonthDayNano):
        return f"P{value.months}M{value.days}DT{Decimal(value.nanoseconds).scaleb(-9).normalize():f}S"
    return value.hex() if isinstance(value, bytes) else str(value)


def decimal_text(value: Decimal) -> str:
    """Return a decimal without exponent, and without zeros that say nothing."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def json_text(value: Any) -> str:  # noqa: ANN401 - lists and structs of whatever a database holds
    """Return a list or a struct as JSON; decimals are numbers with all their digits."""
    return orjson.dumps(value, default=_odd, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z).decode()


def _odd(value: object) -> object:
    return orjson.Fragment(decimal_text(value)) if isinstance(value, Decimal) else value_text(value)


def _trimmed(text: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(text, ZEROS_AT_THE_END, r"\1")
