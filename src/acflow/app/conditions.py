"""Conditions as rows of a form, *column, condition, value*, and as the SQL of a flow's `where`."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

WORDS = {
    "is": "is",
    "is_not": "is not",
    "above": "is above",
    "at_least": "is at least",
    "below": "is below",
    "at_most": "is at most",
    "contains": "contains",
    "begins": "begins with",
    "empty": "is empty",
    "filled": "is not empty",
}
COMPARISONS: dict[str, type[exp.Binary]] = {
    "is": exp.EQ,
    "is_not": exp.NEQ,
    "above": exp.GT,
    "at_least": exp.GTE,
    "below": exp.LT,
    "at_most": exp.LTE,
}
FUNCTIONS = {"contains": "contains", "begins": "starts_with"}
NUMBERS = ("BIGINT", "INT", "DOUBLE", "DECIMAL", "FLOAT", "HUGEINT")


@dataclass(frozen=True, slots=True)
class Condition:
    """One row of the form."""

    column: str
    operator: str
    value: str = ""


def to_sql(conditions: Sequence[Condition], types: dict[str, str]) -> str:
    """Return the conditions, all of which must hold, as DuckDB's SQL; empty if there are none."""
    parts = [_expression(condition, types.get(condition.column, "VARCHAR")) for condition in conditions]
    return exp.and_(*parts).sql("duckdb") if parts else ""


def from_sql(where: str) -> list[Condition] | None:
    """Return the rows that mean the same as a `where`; None if it says more than rows can."""
    if not where.strip():
        return []
    try:
        parsed = parse_one(where, dialect="duckdb")
    except SqlglotError:
        return None
    rows = [_row(part) for part in _parts(parsed)]
    return None if None in rows else [row for row in rows if row]


def _parts(expression: exp.Expression) -> list[exp.Expression]:
    """Return what all must hold."""
    if isinstance(expression, exp.And):
        return [*_parts(expression.left), *_parts(expression.right)]
    return [expression]


def _expression(condition: Condition, kind: str) -> exp.Expression:
    column = exp.column(condition.column, quoted=not condition.column.isidentifier())
    if condition.operator == "empty":
        return column.is_(exp.null())
    if condition.operator == "filled":
        return exp.Not(this=column.is_(exp.null()))
    if condition.operator in FUNCTIONS:
        function = exp.Contains if condition.operator == "contains" else exp.StartsWith
        return function(this=column, expression=exp.Literal.string(condition.value))
    return COMPARISONS[condition.operator](this=column, expression=_literal(condition.value, kind))


def _literal(value: str, kind: str) -> exp.Expression:
    name = kind.upper()
    if name.startswith(NUMBERS) and _is_number(value):
        return exp.Literal.number(value)
    if name.startswith("BOOL"):
        return exp.true() if value.lower() in {"yes", "true", "1"} else exp.false()
    return exp.Literal.string(value)


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return value.lower().strip("+-") not in {"nan", "inf", "infinity"}


def _row(part: exp.Expression) -> Condition | None:  # noqa: PLR0911 - one for each form of a row
    if isinstance(part, exp.Paren):
        return _row(part.this)
    if isinstance(part, exp.Not) and isinstance(part.this, exp.Is) and isinstance(part.this.expression, exp.Null):
        return _named(part.this.this, "filled")
    if isinstance(part, exp.Is) and isinstance(part.expression, exp.Null):
        return _named(part.this, "empty")
    if isinstance(part, exp.Contains | exp.StartsWith) and isinstance(part.expression, exp.Literal):
        return _named(part.this, "contains" if isinstance(part, exp.Contains) else "begins", part.expression.name)
    operator = next((name for name, kind in COMPARISONS.items() if type(part) is kind), None)
    if operator is None or not isinstance(part, exp.Binary):
        return None
    if isinstance(part.expression, exp.Boolean):
        return _named(part.this, operator, "yes" if part.expression.this else "no")
    if isinstance(part.expression, exp.Neg) and isinstance(part.expression.this, exp.Literal):
        return _named(part.this, operator, f"-{part.expression.this.name}")
    return _named(part.this, operator, part.expression.name) if isinstance(part.expression, exp.Literal) else None


def _named(column: exp.Expression, operator: str, value: str = "") -> Condition | None:
    return Condition(column.name, operator, value) if isinstance(column, exp.Column) and not column.table else None
