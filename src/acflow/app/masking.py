"""Answers for those who may ask for figures but not for people: addresses and telephone numbers are masked."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

ADDRESS = r"([^@\s<>,;:\"'])[^@\s<>,;:\"']*@([^@.\s])[^@\s.]*(\.[\w.-]*\w)"
TELEPHONE = r"\+?\(?\d[\d ()/.\-]{5,}\d"
DATE = r"^\d{4}-\d\d(-\d\d([ T]\d\d:\d\d.*)?)?$"
TELEPHONE_COLUMN = re.compile(r"phone|mobile|fax|^tel", re.IGNORECASE)


def masked(table: "pa.Table") -> "pa.Table":
    """Return the rows with each address as `j***@e***.com` and each telephone number as `***`, wherever they stand.

    Numbers, days and instants are no text, so they stay; so do days that are kept as text.
    """
    import pyarrow as pa

    columns = [
        _masked(column, telephone=bool(TELEPHONE_COLUMN.search(name)))
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
        else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
    return pa.table(columns, names=table.column_names)


def _masked(column: "pa.ChunkedArray", *, telephone: bool) -> "pa.ChunkedArray":
    import pyarrow.compute as pc

    if telephone:
        return pc.replace_substring_regex(column, r"^.+$", "***")
    addresses = pc.replace_substring_regex(column, ADDRESS, r"\1***@\2***\3")
    return pc.if_else(
        pc.match_substring_regex(column, DATE), column, pc.replace_substring_regex(addresses, TELEPHONE, "***")
    )
