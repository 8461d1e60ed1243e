"""A table in parts by ranges of its key, and a fingerprint of each, so that only parts that changed are written."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from acflow.engine.sql import table
from acflow.errors import ConfigError

if TYPE_CHECKING:
    from sqlglot import exp

    from acflow.engine import Warehouse

KEY = "id"
WHOLE = frozenset({"BIGINT", "INTEGER", "INT", "SMALLINT"})
NULLS = -1  # the part of rows without a key
PART_ROWS = 16  # bits: a part has about 2^16 rows, 5 to 10 MB of Parquet
NARROW = 40  # bits: more make every table one part
SLACK = 2  # bits by which the width may be off before a table is parted anew
HASHERS = ("duckdb", "postgres")


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a table as it is: bits of the key within one part (None: there is no key), fingerprints, rows."""

    bits: int | None
    fingerprints: Mapping[int, str]
    rows: int


def parts_of(warehouse: "Warehouse", name: str, bits_before: int | None = None) -> Parts:
    """Look at a table once: how it is parted, and what each part's fingerprint is.

    Raises:
        ConfigError: the database cannot hash rows as it should be done.

    """
    from sqlglot import exp

    if warehouse.dialect not in HASHERS:
        raise ConfigError(
            f"The lake is published from DuckDB and PostgreSQL, and not from {warehouse.kind.name}. "
            "Let that warehouse's own export write it, or leave `lake:` out."
        )
    columns, place = warehouse.columns(name), table(name, warehouse.dataset, warehouse.dialect)
    bits = _bits(warehouse, place, bits_before) if columns.get(KEY, "").upper() in WHOLE else None
    digest, part = _digest(warehouse.dialect, list(columns)), part_of(bits)
    hashed = exp.select(part.as_("part"), digest.as_("digest")).from_(place.as_("t")).subquery("hashed")
    value = exp.column("digest")
    total = exp.Sum(this=exp.cast(value, "HUGEINT" if warehouse.dialect == "duckdb" else "NUMERIC"))
    query = exp.select(
        exp.column("part"),
        exp.Count(this=exp.Star()).as_("rows"),
        exp.cast(total, "TEXT").as_("total"),
        exp.cast(exp.Anonymous(this="bit_xor", expressions=[value.copy()]), "TEXT").as_("mixed"),
    )
    answer = warehouse.query(query.from_(hashed).group_by("part").sql(warehouse.dialect)).to_pylist()
    prints = {int(row["part"]): f"{row['rows']}-{row['total']}-{row['mixed']}" for row in answer}
    return Parts(bits, prints, sum(int(row["rows"]) for row in answer))


def part_of(bits: int | None) -> "exp.Expression":
    """Return the expression that tells the part of a row."""
    from sqlglot import exp

    if bits is None:
        return exp.cast(exp.Literal.number(0), "BIGINT")
    shifted = exp.BitwiseRightShift(this=exp.column(KEY, quoted=True), expression=exp.Literal.number(bits))
    return exp.cast(exp.Coalesce(this=exp.paren(shifted), expressions=[exp.Literal.number(NULLS)]), "BIGINT")


def rows_of(warehouse: "Warehouse", name: str, bits: int | None, part: int) -> str:
    """Return the query for the rows of one part; by bounds of the key, as zone maps and indexes can use."""
    from sqlglot import exp

    query = exp.select("*").from_(table(name, warehouse.dataset, warehouse.dialect))
    if bits is None:
        return query.sql(warehouse.dialect)
    key = exp.column(KEY, quoted=True)
    within: exp.Expression = exp.Between(
        this=key, low=exp.convert(part << bits), high=exp.convert(((part + 1) << bits) - 1)
    )
    if part == NULLS:
        within = exp.paren(exp.or_(within, exp.Is(this=key.copy(), expression=exp.null())))
    return query.where(within).sql(warehouse.dialect)


def width(rows: int, span: int, before: int | None) -> int:
    """Return how many bits of the key one part has, so that it holds about 2^16 rows however sparse the keys are.

    A width that is still about right stays, since another one writes the whole table anew.
    """
    dense = max(PART_ROWS, PART_ROWS + math.ceil(math.log2(max(span, 1) / max(rows, 1))) if rows else PART_ROWS)
    wanted = min(NARROW, dense)
    return before if before is not None and abs(before - wanted) <= SLACK else wanted


def _bits(warehouse: "Warehouse", place: "exp.Table", before: int | None) -> int:
    from sqlglot import exp

    key = exp.column(KEY, quoted=True)
    ends = {"rows": exp.Count(this=exp.Star()), "low": exp.Min(this=key), "high": exp.Max(this=key.copy())}
    asked = exp.select(*(value.as_(name) for name, value in ends.items())).from_(place)
    (row,) = warehouse.query(asked.sql(warehouse.dialect)).to_pylist()
    span = (row["high"] or 0) - (row["low"] or 0) + 1
    return width(int(row["rows"]), span, before)


def _digest(dialect: str, columns: list[str]) -> "exp.Expression":
    """Return a hash of a whole row, of 64 bits, in which a null and the order of columns count."""
    from sqlglot import exp

    if dialect == "duckdb":
        values: list[Any] = [exp.column(column, quoted=True) for column in columns]
        return exp.Anonymous(this="hash", expressions=values)
    return exp.Anonymous(this="hash_record_extended", expressions=[exp.column("t"), exp.Literal.number(0)])
