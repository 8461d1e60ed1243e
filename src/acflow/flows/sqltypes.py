"""What kinds of values meet in a key or a column, and the type that holds both."""

import re
from enum import StrEnum
from functools import cache

from sqlglot import exp
from sqlglot.errors import SqlglotError

from acflow.flows.problems import suggest

DIALECT = "duckdb"
WIDEST = 38  # digits of a decimal

# The types that a file may ask for by name; anything else that DuckDB knows is taken too.
FRIENDLY = (
    "text",
    "integer",
    "bigint",
    "double",
    "decimal(18,2)",
    "boolean",
    "date",
    "timestamp",
    "timestamptz",
    "json",
)


TYPE_WORD = re.compile(r"""[\w\s(),\[\]"']+""")  # a type and no second statement behind it


class TypeFamily(StrEnum):
    """Values of one kind can be compared with each other."""

    INTEGER = "whole number"
    DECIMAL = "decimal"
    DOUBLE = "number"
    TEXT = "text"
    BOOLEAN = "true or false"
    DATE = "date"
    TIMESTAMP = "timestamp"
    TIMESTAMPTZ = "timestamp with time zone"
    JSON = "JSON"
    OTHER = "other"


_T = exp.DataType.Type
_KINDS = {
    TypeFamily.INTEGER: exp.DataType.INTEGER_TYPES,
    TypeFamily.DECIMAL: {_T.DECIMAL, _T.DECIMAL32, _T.DECIMAL64, _T.DECIMAL128},
    TypeFamily.DOUBLE: {_T.DOUBLE, _T.FLOAT},
    TypeFamily.TEXT: exp.DataType.TEXT_TYPES,
    TypeFamily.BOOLEAN: {_T.BOOLEAN},
    TypeFamily.DATE: {_T.DATE},
    TypeFamily.TIMESTAMP: {
        _T.TIMESTAMP,
        _T.TIMESTAMPNTZ,
        _T.DATETIME,
        _T.TIMESTAMP_S,
        _T.TIMESTAMP_MS,
        _T.TIMESTAMP_NS,
    },
    TypeFamily.TIMESTAMPTZ: {_T.TIMESTAMPTZ, _T.TIMESTAMPLTZ},
    TypeFamily.JSON: {_T.JSON, _T.JSONB},
}
NUMBERS = frozenset({TypeFamily.INTEGER, TypeFamily.DECIMAL, TypeFamily.DOUBLE})
MOMENTS = (TypeFamily.DATE, TypeFamily.TIMESTAMP, TypeFamily.TIMESTAMPTZ)
PLAIN = {
    TypeFamily.TEXT: "VARCHAR",
    TypeFamily.TIMESTAMP: "TIMESTAMP",
    TypeFamily.TIMESTAMPTZ: "TIMESTAMP WITH TIME ZONE",
}


class UnknownTypeError(ValueError):
    """A word that is no type; the second argument is the fix."""


@cache
def _parsed(sql_type: str) -> exp.DataType:
    return exp.DataType.build(sql_type, dialect=DIALECT)


def data_type(sql_type: str) -> exp.DataType:
    """Parse a type of DuckDB's."""
    return _parsed(sql_type).copy()


def named_type(word: str) -> str:
    """Return the type that a file asks for, in DuckDB's spelling."""
    try:
        parsed = data_type(word) if TYPE_WORD.fullmatch(word) else None
    except (SqlglotError, ValueError):
        parsed = None
    if parsed is None or parsed.this in {_T.USERDEFINED, _T.UNKNOWN}:
        raise UnknownTypeError(f"`{word}` is no type.", suggest(word, FRIENDLY, "usual types"))
    return parsed.sql(DIALECT)


def kind(sql_type: str) -> TypeFamily:
    """Return the kind of values that a type holds."""
    this = _parsed(sql_type).this
    return next((kind for kind, types in _KINDS.items() if this in types), TypeFamily.OTHER)


def key_type(one: str, other: str) -> str | None:
    """Return the type in which two join keys are compared, or None if no comparison would make sense."""
    a, b = kind(one), kind(other)
    if a is b:
        return _same_kind(one, other, a)
    if {a, b} <= NUMBERS:
        return "DOUBLE" if TypeFamily.DOUBLE in {a, b} else _decimal(one, other)
    if {a, b} == {TypeFamily.INTEGER, TypeFamily.TEXT}:
        return "VARCHAR"  # 7 and '7' meet; a text that is no number meets nothing and is counted as unmatched
    if a in MOMENTS and b in MOMENTS:
        return PLAIN[max(a, b, key=MOMENTS.index)]
    return None


def column_type(one: str, other: str) -> str:
    """Return the type of a column that takes values of both; in the last resort text, which holds anything."""
    return key_type(one, other) or "VARCHAR"


def _same_kind(one: str, other: str, both: TypeFamily) -> str | None:
    if one == other:
        return one
    if both is TypeFamily.INTEGER:
        return "HUGEINT" if "HUGEINT" in {one, other} else "BIGINT"
    if both is TypeFamily.DECIMAL:
        return _decimal(one, other)
    return {TypeFamily.DOUBLE: "DOUBLE", **PLAIN}.get(both)


def _decimal(one: str, other: str) -> str:
    sizes = [_digits(data_type(sql_type)) for sql_type in (one, other)]
    scale = max(scale for _, scale in sizes)
    return f"DECIMAL({min(WIDEST, max(whole for whole, _ in sizes) + scale)},{scale})"


def _digits(parsed: exp.DataType) -> tuple[int, int]:
    """Return the digits before and after the point."""
    sizes = [int(size.name) for size in parsed.expressions]
    if parsed.this in exp.DataType.INTEGER_TYPES:
        return 19, 0
    precision, scale = sizes if len(sizes) == 2 else (18, 3)  # noqa: PLR2004 - DuckDB's own default is DECIMAL(18,3)
    return precision - scale, scale


def can_cast(have: str, want: str) -> bool:
    """Whether a value of one type can ever be turned into the other; DuckDB says so only once there are rows."""
    a, b = kind(have), kind(want)
    if TypeFamily.TEXT in {a, b} or TypeFamily.OTHER in {a, b} or a is b:
        return True
    families = (NUMBERS | {TypeFamily.BOOLEAN}, set(MOMENTS))
    return any({a, b} <= family for family in families)


def cast(value: exp.Expression, have: str, want: str) -> exp.Expression:
    """Turn a value into another type; what has no zone is UTC, whatever the session thinks."""
    if _parsed(have) == _parsed(want):
        return value
    source, target = kind(have), kind(want)
    if target is TypeFamily.TIMESTAMPTZ and source is not TypeFamily.TEXT:
        return _at_utc(value if source is TypeFamily.TIMESTAMP else exp.cast(value, "TIMESTAMP", dialect=DIALECT))
    if source is TypeFamily.TIMESTAMPTZ:
        value = _at_utc(value)
    return (
        value
        if target is TypeFamily.TIMESTAMP and source is TypeFamily.TIMESTAMPTZ
        else exp.cast(value, want, dialect=DIALECT)
    )


def _at_utc(value: exp.Expression) -> exp.Expression:
    return exp.AtTimeZone(this=value, zone=exp.Literal.string("UTC"))
