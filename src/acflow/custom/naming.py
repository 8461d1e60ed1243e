"""Names of columns for custom fields: plain, free of clashes, and given once. Pure."""

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 40  # bytes; with a field's number and the ending of a money column it stays within PostgreSQL's 63

# They mean something else in the SQL of DuckDB or PostgreSQL unless they stand in quotes: `select null` is no column.
WORDS_OF_SQL = """
all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation
column concurrently constraint create cross current_catalog current_date current_role current_schema
current_time current_timestamp current_user default deferrable desc describe distinct do else end except false
fetch for foreign freeze from full grant group having ilike in initially inner intersect into is isnull join
lambda lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or order
outer overlaps pivot pivot_longer pivot_wider placing primary qualify references returning right select
session_user show similar some summarize symmetric system_user table tablesample then to trailing true union
unique unpivot user using variadic verbose when where window with
"""
# Columns that databases have by themselves: PostgreSQL and Redshift refuse another of the name, DuckDB would hide one.
# https://www.postgresql.org/docs/current/ddl-system-columns.html
OF_THE_SYSTEM = """
cmax cmin ctid deletexid insertxid oid rowid rownum tableoid xmax xmin _partitiondate _partitiontime _table_suffix
"""
RESERVED = frozenset((WORDS_OF_SQL + OF_THE_SYSTEM).split())


def slug(title: str) -> str:
    """Return a title as a column would spell it: small letters, digits and single underscores; may be empty.

    Accents go, letters of other scripts stay: "Größe (cm)" becomes grosse_cm.
    """
    apart = unicodedata.normalize("NFKD", title.casefold())
    letters = "".join(each for each in apart if not unicodedata.combining(each))
    name = re.sub(r"[\W_]+", "_", letters).strip("_").encode()[:LONGEST].decode(errors="ignore").strip("_")
    return f"field_{name}" if name[:1].isdigit() else name


def free_name(title: str, field_id: int, endings: Iterable[str], taken: set[str]) -> str:
    """Return a name that is not taken, with each of the endings behind it; case makes no difference.

    A title that is free gives its own name; one that is not, or is a word of SQL, gets the field's number.
    """
    endings = tuple(endings)
    name = slug(title) or f"field_{field_id}"
    numbered = f"{name}_{field_id}" if slug(title) else name
    for candidate in (numbered,) if name in RESERVED else (name, numbered):
        if not {(candidate + ending).casefold() for ending in endings} & taken:
            return candidate
    while {(numbered + ending).casefold() for ending in endings} & taken:
        numbered += "_"
    return numbered
