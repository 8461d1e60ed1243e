"""Rows of an answer as figures and tables take them: instants that Python can hold, text that can be drawn."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from acflow.entities.text import clean

if TYPE_CHECKING:
    import pyarrow as pa

# A warehouse knows days that Python's calendar lacks: "never" is often the end of 9999, which west of London lies in
# the year 10000. A day is left at each end, so that no time zone leads beyond it.
FIRST_DAY, LAST_DAY = -719_161, 2_932_895  # 0001-01-02 and 9999-12-30 in days since 1970
SECONDS = 86_400
UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def python_rows(table: "pa.Table", most: int | None = None) -> Sequence[dict[str, Any]]:
    """Return rows, the first `most` of them if need be; dates beyond the calendar are moved to its ends."""
    import pyarrow as pa

    some = table if most is None else table.slice(0, most)
    columns = [
        _values(column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column) for column in some.columns
    ]
    return [dict(zip(table.column_names, values, strict=True)) for values in zip(*columns, strict=True)]


def _values(column: "pa.Array") -> list[Any]:
    import pyarrow as pa

    kind = column.type
    if pa.types.is_timestamp(kind):
        day = SECONDS * UNITS[kind.unit]
        most = 2**63 - 1
        column = _within(column, pa.int64(), max(FIRST_DAY * day, -most), min(LAST_DAY * day, most))
    elif pa.types.is_date32(kind):
        column = _within(column, pa.int32(), FIRST_DAY, LAST_DAY)
    values: list[Any] = column.to_pylist()
    return [clean(value) if isinstance(value, str) else value for value in values]


def _within(column: "pa.Array", counted: "pa.DataType", first: int, last: int) -> "pa.Array":
    import pyarrow as pa
    import pyarrow.compute as pc

    counts = column.cast(counted)
    above = pc.max_element_wise(counts, pa.scalar(first, counted), skip_nulls=False)
    return pc.min_element_wise(above, pa.scalar(last, counted), skip_nulls=False).cast(column.type)
