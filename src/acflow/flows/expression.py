"""Expressions of the file: parsed as SQL, one at a time, and bound to the columns that exist."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokens import Token, TokenType

from acflow.flows.function_hints import advice
from acflow.flows.problems import SqlMistakeError, suggest
from acflow.flows.sql_guard import refuse_outside
from acflow.flows.sqltypes import DIALECT


class Role(StrEnum):
    """What an expression is for, which says what may stand in it."""

    WHERE = "where"
    FORMULA = "formula"
    METRIC = "metric"


def tokens_of(text: str) -> list[Token]:
    """Cut SQL into its words; a second statement is refused here, before anything else looks at it."""
    try:
        tokens = Dialect.get_or_raise(DIALECT).tokenize(text)
    except TokenError as error:
        raise SqlMistakeError(f"this is no SQL: {str(error).splitlines()[0]}.", "Check the quotes.") from None
    while tokens and tokens[-1].token_type is TokenType.SEMICOLON:
        tokens.pop()
    for token, following in pairwise(tokens):
        if token.token_type is TokenType.DAMP:
            raise SqlMistakeError("`&&` is no word of SQL here.", "Write `and`.", *start(token))
        if token.token_type is TokenType.SEMICOLON:
            raise SqlMistakeError(
                "two statements; only one may stand here.", "Remove `;` and all after it.", *start(following)
            )
    if not tokens:
        raise SqlMistakeError("there is nothing here.", "Write an expression, or leave the key out.")
    return tokens


def start(token: Token) -> tuple[int, int]:
    """Return line and column where a word begins; sqlglot counts to its end."""
    return token.line, max(token.col - (token.end - token.start), 1)


def mistake(error: ParseError) -> SqlMistakeError:
    """Say what the parser stumbled over."""
    found = error.errors[0] if error.errors else {}
    word = str(found.get("highlight") or "")
    line, column = int(found.get("line") or 0), int(found.get("col") or 0)
    text = f"SQL cannot be understood at `{word}`" if word else "SQL cannot be understood"
    said = str(found.get("description"))
    if "missing" in said:
        text += ": something is missing"
    elif said == "Expecting )":
        text += ": a bracket is not closed"
    return SqlMistakeError(f"{text}.", "", line, max(column - len(word) + 1, 1) if line else 0)


def parse_expression(text: str, role: Role) -> exp.Expression:
    """Parse one expression and refuse what has no place in its role."""
    tokens_of(text)
    try:
        parsed = Dialect.get_or_raise(DIALECT).parse_into(exp.Condition, text)
    except ParseError as error:
        raise mistake(error) from None
    except Exception:  # noqa: BLE001 - sqlglot stumbles in its own ways over what ends too early
        raise SqlMistakeError("SQL cannot be understood.", "Look for what is missing at its end.") from None
    expression = next((part for part in parsed if part is not None), None)
    if expression is None:
        raise SqlMistakeError("there is nothing here.", "Write an expression, or leave the key out.")
    for node in expression.walk():
        node.comments = None
        refuse_outside(node)
    _refuse_strangers(expression)
    _refuse_by_role(expression, role)
    return expression


def _refuse_strangers(expression: exp.Expression) -> None:
    if expression.find(exp.Query, exp.Exists):
        raise SqlMistakeError("a query inside an expression.", "Use a `join`, or a flow with `sql`.")
    if expression.find(exp.Placeholder, exp.Parameter):
        raise SqlMistakeError("a placeholder has no value here.", "Write the value itself.")
    if isinstance(expression, exp.Star) or expression.find(exp.Columns, exp.PositionalColumn):
        raise SqlMistakeError(f"`{expression.sql(DIALECT)}` names no column.", "Name one.")
    if expression.find(exp.ToChar):  # sqlglot would leave out its format without a word
        raise SqlMistakeError("there is no function `to_char`.", advice("to_char"))
    if found := expression.find(exp.Unnest, exp.Explode, exp.GenerateSeries):
        raise SqlMistakeError(f"`{found.sql(DIALECT)}` makes several values of one.", "Use a flow with `sql`.")
    for column in expression.find_all(exp.Column):
        if column.table:
            dotted = column.sql(DIALECT)
            raise SqlMistakeError(f"`{dotted}` names a table.", f"Here only columns have names: `{column.name}`.")


def _refuse_by_role(expression: exp.Expression, role: Role) -> None:
    window, aggregate = expression.find(exp.Window), bare_aggregate(expression)
    if role is Role.WHERE and window:
        raise SqlMistakeError(
            "a window function in `where`.", "Make it a `formula`, and filter in a flow `from` this one."
        )
    if role is Role.METRIC and window:
        raise SqlMistakeError("a window function among the metrics.", "Make it a `formula` in a flow `from` this one.")
    if role is not Role.METRIC and aggregate:
        where = "among `metrics`" if role is Role.FORMULA else "among `metrics`, and filter in a flow `from` this one"
        raise SqlMistakeError(f"`{aggregate.sql(DIALECT)}` is an aggregate over many rows.", f"Put it {where}.")


def bare_aggregate(expression: exp.Expression) -> exp.Expression | None:
    """Return an aggregate that is no window function, if there is one."""
    for node in expression.find_all(exp.AggFunc):
        holder = node.parent
        while isinstance(holder, exp.Filter | exp.IgnoreNulls | exp.RespectNulls | exp.WithinGroup):
            holder = holder.parent
        if not isinstance(holder, exp.Window):
            return node
    return None


@dataclass(frozen=True, slots=True)
class Frame:
    """The columns that an expression may use, and the alias that they stand under."""

    alias: str
    columns: Mapping[str, str]

    def column(self, name: str) -> exp.Column:
        """Return a column by its exact name."""
        return exp.column(name, table=self.alias, quoted=True)

    def find(self, name: str) -> str | None:
        """Return the exact spelling of a column; SQL does not look at case, warehouses do."""
        return name if name in self.columns else find_name(name, self.columns)


def find_name(name: str, names: Iterable[str]) -> str | None:
    """Return the name that is equal but for case."""
    lower = name.lower()
    return next((known for known in names if known.lower() == lower), None)


def resolve(expression: exp.Expression, frame: Frame) -> list[SqlMistakeError]:
    """Give each column its exact spelling and its table, in place; return every one that does not exist."""
    mistakes = []
    for column in list(expression.find_all(exp.Column)):
        exact = frame.find(column.name)
        if exact is None:
            mistakes.append(unknown_column(column, frame.columns))
        else:
            column.set("this", exp.to_identifier(exact, quoted=True))
            column.set("table", exp.to_identifier(frame.alias, quoted=True))
    return mistakes


def _compared(column: exp.Column) -> bool:
    """Whether it is what a column is held against, as in `status_label = open`, where quotes were forgotten."""
    parent = column.parent
    if not isinstance(parent, exp.EQ | exp.NEQ | exp.In) or column.table:
        return False
    return parent.this is not column and isinstance(parent.this, exp.Column)


def unknown_column(column: exp.Column, columns: Iterable[str]) -> SqlMistakeError:
    """Say which column was probably meant; a word in double quotes was often meant as text."""
    fix = suggest(column.name, columns, "columns")
    if _compared(column) or (column.this.args.get("quoted") and "Did you mean" not in fix):
        fix = f"Text stands in single quotes: '{column.name}'."
    meta = column.this.meta
    line, end = int(meta.get("line", 0)), int(meta.get("col", 0))
    width = int(meta.get("end", 0)) - int(meta.get("start", 0))
    return SqlMistakeError(f"unknown column `{column.name}`.", fix, line, max(end - width, 1) if line else 0)
