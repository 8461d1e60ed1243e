"""Values for spreadsheets, which know numbers of fifteen digits, days since 1900, truth and text.

What a spreadsheet would round or misread becomes text, so that nothing changes on the way.
"""

import math
from decimal import Decimal

import pyarrow as pa

from acflow.destinations.presentation import Shown
from acflow.engine.text_form import as_text
from acflow.engine.types import of_arrow
from acflow.entities.types import EXCEL_DIGITS

Cell = str | float | int | bool | None

BIGGEST = 10**EXCEL_DIGITS - 1
EPOCH = 25_569  # 1970-01-01 in days of a spreadsheet
FIRST_DAY = 61  # 1900-03-01; Excel believes in a 29th of February before it
AFTER_LAST_DAY = 2_958_466  # 10000-01-01, which Excel shows as ####
PLAIN_FORMATS = {Shown.PERCENT: "0.0%", Shown.COUNT: "#,##0", Shown.KEY: "0"}
DAY = 86_400_000_000  # microseconds


def format_values(column: pa.Array, local: pa.Array | None = None) -> list[Cell]:
    """Return the values of a plain column as a spreadsheet holds them exactly; `local` are instants as clocks show."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        return _days(column, column if local is None else local, DAY)
    if pa.types.is_date(kind):
        return _days(column, column, 1)
    if pa.types.is_integer(kind):
        return [_whole(value) for value in column.to_pylist()]
    if pa.types.is_floating(kind):
        return [_floating(value) for value in column.to_pylist()]
    if pa.types.is_decimal(kind):
        return [_exact(value) for value in column.to_pylist()]
    values: list[Cell] = column.to_pylist()
    return values


def _whole(value: int | None) -> Cell:
    return value if value is None or -BIGGEST <= value <= BIGGEST else str(value)


def _floating(value: float | None) -> Cell:
    return value if value is None or math.isfinite(value) else str(value)


def _exact(value: Decimal | None) -> Cell:
    if value is None:
        return None
    text = format(value, "f")
    digits = text.strip("-0").replace(".", "").strip("0") if "." in text else text.strip("-0")
    return float(value) if len(digits) <= EXCEL_DIGITS else text


def _days(column: pa.Array, local: pa.Array, in_a_day: int) -> list[Cell]:
    """Return days since 1900; what lies outside of Excel's calendar is text."""
    counts = local.cast(pa.int32() if in_a_day == 1 else pa.int64()).to_pylist()
    days = [None if count is None else count / in_a_day + EPOCH for count in counts]
    outside = [day is not None and not FIRST_DAY <= day < AFTER_LAST_DAY for day in days]
    if not any(outside):
        return [*days]
    texts = as_text(column).to_pylist()
    return [text if beyond else day for day, text, beyond in zip(days, texts, outside, strict=True)]


def number_format(kind: pa.DataType) -> str | None:
    """Return the format that shows a column's values, None where the general one does."""
    return of_arrow(kind).excel
