"""Comparisons that a database would take and answer wrongly, or only fail on once there are rows."""

from datetime import date, datetime

from sqlglot import exp

from acflow.flows.expression import Frame
from acflow.flows.problems import SqlMistakeError
from acflow.flows.sqltypes import DIALECT, NUMBERS, TypeFamily, UnknownTypeError, can_cast, key_type, kind, named_type

COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ)
FLAGS = {"0": False, "1": True}


def typecheck(expression: exp.Expression, frame: Frame) -> list[SqlMistakeError]:
    """Write literals in the type of the column that they meet, in place; return what can never be equal.

    `deleted = 0` is what the API's documentation says of a flag, so 0 and 1 become false and true.
    """
    mistakes = []
    for node in list(expression.find_all(*COMPARISONS, exp.Between, exp.In)):
        sides = [node.this, *(node.args.get(name) for name in ("expression", "low", "high")), *node.expressions]
        columns = [side for side in sides if isinstance(side, exp.Column)]
        for side in sides:
            if columns and isinstance(side, exp.Literal | exp.Neg):
                mistakes += _literal(columns[0], side, frame)
        for other in columns[1:]:
            mistakes += _columns(columns[0], other, frame)
    for node in expression.find_all(exp.Cast):
        mistakes += _cast(node, frame)
    for node in expression.find_all(exp.And, exp.Or, exp.Not, exp.If):
        mistakes += _conditions(node, frame)
    return mistakes


def _cast(node: exp.Cast, frame: Frame) -> list[SqlMistakeError]:
    try:
        want = named_type(node.to.sql(DIALECT))
    except UnknownTypeError as error:
        return [SqlMistakeError(*error.args)]
    if not isinstance(node.this, exp.Column) or isinstance(node, exp.TryCast):
        return []
    name, have = node.this.name, frame.columns[node.this.name]
    if can_cast(have, want):
        return []
    return [SqlMistakeError(f"`{name}` holds {kind(have)}, which no cast turns into {kind(want)}.")]


def _conditions(node: exp.Expression, frame: Frame) -> list[SqlMistakeError]:
    """Find columns that stand for a condition and are none; DuckDB would try to read text as true or false."""
    held = [node.this] if isinstance(node, exp.Not | exp.If) else [node.this, node.expression]
    columns = [side.unnest() for side in held if isinstance(side.unnest(), exp.Column)]
    kinds = {column.name: kind(frame.columns[column.name]) for column in columns}
    return [
        SqlMistakeError(f"`{name}` holds {have}, and a condition is wanted.", f"Compare it: `{name} = …`.")
        for name, have in kinds.items()
        if have not in {TypeFamily.BOOLEAN, TypeFamily.OTHER}
    ]


def _literal(column: exp.Column, literal: exp.Expression, frame: Frame) -> list[SqlMistakeError]:
    have = kind(frame.columns[column.name])
    text = literal.name if isinstance(literal, exp.Literal) and literal.is_string else None
    if have is TypeFamily.BOOLEAN and text is None and literal.name in FLAGS and isinstance(literal, exp.Literal):
        literal.replace(exp.Boolean(this=FLAGS[literal.name]))
    elif have in NUMBERS and text is not None and _is_number(text):
        literal.replace(exp.Literal.number(text.strip()))
    elif not _fits(have, text):
        shown = f"'{text}'" if text is not None else literal.sql("duckdb")
        return [SqlMistakeError(f"`{column.name}` holds {have}; {shown} is none.", _advice(column.name, have, frame))]
    return []


def _fits(have: TypeFamily, text: str | None) -> bool:
    """Whether a literal can meet a column; None stands for a number."""
    if text is None:
        return have in NUMBERS or have is TypeFamily.OTHER
    if have in NUMBERS or have is TypeFamily.BOOLEAN:
        return have is TypeFamily.BOOLEAN and text.lower() in {"true", "false"}
    return have not in {TypeFamily.DATE, TypeFamily.TIMESTAMP, TypeFamily.TIMESTAMPTZ} or _is_moment(text)


def _advice(name: str, have: TypeFamily, frame: Frame) -> str:
    if f"{name}_label" in frame.columns:
        return f"Did you mean `{name}_label`?"
    advice = {
        TypeFamily.TEXT: "Write the number in single quotes, or cast the column.",
        TypeFamily.BOOLEAN: f"Write `{name}` or `not {name}`.",
        TypeFamily.DATE: "Write a date as '2026-01-31'.",
        TypeFamily.TIMESTAMP: "Write a moment as '2026-01-31 09:00:00'.",
        TypeFamily.TIMESTAMPTZ: "Write a moment as '2026-01-31 09:00:00+00'.",
    }
    return advice.get(have, "Write a value of that kind.")


def _columns(one: exp.Column, other: exp.Column, frame: Frame) -> list[SqlMistakeError]:
    types = frame.columns[one.name], frame.columns[other.name]
    a, b = (kind(sql_type) for sql_type in types)
    if TypeFamily.OTHER in {a, b} or a is b or (key_type(*types) and {a, b} != {TypeFamily.INTEGER, TypeFamily.TEXT}):
        return []
    message = f"`{one.name}` holds {a}, `{other.name}` holds {b}."
    return [SqlMistakeError(message, "Compare values of one kind; `cast(… as …)` turns one into another.")]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text and text.strip().lower().lstrip("+-")[:1].isdigit()


def _is_moment(text: str) -> bool:
    for parse in (datetime.fromisoformat, date.fromisoformat):
        try:
            parse(text.strip())
        except ValueError:
            continue
        return True
    return text.strip().lower() in {"infinity", "-infinity", "epoch"}
