"""What DuckDB's SQL means, said so that PostgreSQL gives the same: where sqlglot leaves a difference or a gap."""

import re

from sqlglot import exp

from acflow.errors import ConfigError

# How many seconds or months there are in the units of `date_diff`.
SECONDS = {"second": 1, "minute": 60, "hour": 3600}
MONTHS = {"month": 1, "quarter": 3, "year": 12}

# Patterns of strftime and of to_char; what is missing is refused.
# https://duckdb.org/docs/stable/sql/functions/dateformat
# https://www.postgresql.org/docs/current/functions-formatting.html
PATTERNS = {
    "a": "Dy", "A": "FMDay", "b": "Mon", "B": "FMMonth", "c": "YYYY-MM-DD HH24:MI:SS", "d": "DD", "f": "US",
    "g": "MS", "G": "IYYY", "h": "Mon", "H": "HH24", "I": "HH12", "j": "DDD", "m": "MM", "M": "MI", "p": "AM",
    "S": "SS", "T": "HH24:MI:SS", "u": "ID", "V": "IW", "x": "YYYY-MM-DD", "X": "HH24:MI:SS", "y": "YY", "Y": "YYYY",
}  # fmt: skip
AS_IS = frozenset(" -/:.,")
PIECES = re.compile(r"%(-?)(.)|([^%]+)", re.DOTALL)
PARTS = {
    "day": "day", "dayofmonth": "day", "dayofweek": "dow", "dayofyear": "doy", "hour": "hour", "isodow": "isodow",
    "isoyear": "isoyear", "minute": "minute", "month": "month", "quarter": "quarter", "week": "week",
    "dayofweekiso": "isodow", "weekday": "dow", "weekofyear": "week", "year": "year",
}  # fmt: skip
NAMES = {"dayname": "FMDay", "monthname": "FMMonth"}


class _CannotSayError(Exception):
    """What PostgreSQL has no word for."""


def adapt(query: exp.Query, what: str) -> None:
    """Rewrite a query in place; raises ConfigError for what PostgreSQL cannot say."""
    try:
        for rewrite in (
            _format_moments,
            _take_parts,
            _try_casts,
            _add_intervals,
            _count_conditions,
            _match_text,
            _count_boundaries,
            _sort_by_bytes,
            _compare_json,
        ):
            rewrite(query)
    except _CannotSayError as error:
        raise ConfigError(f"{what} cannot be written in the SQL of postgres: {error}.") from None


def function_name(node: exp.Func) -> str:
    """Return the name of a function, in small letters, whether sqlglot knows it or not."""
    name: str = node.name if isinstance(node, exp.Anonymous) else node.sql_name()  # type: ignore[no-untyped-call]
    return name.lower()


def _to_char(moment: exp.Expression, pattern: str) -> exp.Expression:
    return exp.Anonymous(this="TO_CHAR", expressions=[moment, exp.Literal.string(pattern)])


def _format_moments(query: exp.Query) -> None:
    """Write the patterns of strftime as those of to_char, with all other text in quotes, for `month` is a pattern."""
    for node in list(query.find_all(exp.TimeToStr)):
        if not (isinstance(node.args["format"], exp.Literal) and node.args["format"].is_string):
            raise _CannotSayError("strftime with a format that is no text")
        node.replace(
            _to_char(node.this, "".join(_pattern(*found) for found in PIECES.findall(node.args["format"].name)))
        )


def _pattern(bare: str, letter: str, text: str) -> str:
    if letter == "%" or text:
        said = (text or "%").replace("\\", "\\\\").replace('"', '\\"')
        return said if set(said) <= AS_IS else f'"{said}"'
    if letter not in PATTERNS:
        raise _CannotSayError(f"strftime with %{bare}{letter}")
    return ("FM" if bare else "") + PATTERNS[letter]


def _take_parts(query: exp.Query) -> None:
    """Write year(x), week(x) and the like as EXTRACT, dayname(x) as to_char."""
    for node in list(query.find_all(exp.Func)):
        name = function_name(node).replace("_", "")
        values = node.expressions if isinstance(node, exp.Anonymous) else [node.this]
        if name == "today":
            node.replace(exp.CurrentDate())
        if len(values) != 1:
            continue
        moment = values[0].this if isinstance(values[0], exp.TsOrDsToDate) else values[0]
        if name in PARTS:
            node.replace(exp.cast(exp.Extract(this=exp.var(PARTS[name]), expression=moment.copy()), "BIGINT"))
        elif name in NAMES:
            node.replace(_to_char(moment.copy(), NAMES[name]))


def _add_intervals(query: exp.Query) -> None:
    """Write date_add as `+`; sqlglot would lose the unit, and a day would become a second."""
    for node in list(query.find_all(exp.DateAdd)):
        if isinstance(node.expression, exp.Interval):
            node.replace(exp.paren(node.this.copy() + node.expression.copy()))


def _count_conditions(query: exp.Query) -> None:
    """Write count_if as a sum that is null where no row has an answer, as in DuckDB."""
    for node in list(query.find_all(exp.CountIf)):
        node.replace(exp.Sum(this=exp.cast(node.this.copy(), "INT")))


def _match_text(query: exp.Query) -> None:
    """Keep the flag of a regular expression, and let a backslash in LIKE be one, as it is in DuckDB."""
    for matched in list(query.find_all(exp.RegexpLike)):
        if flag := matched.args.get("flag"):
            if flag.name != "i":
                raise _CannotSayError(f"regexp_matches with {flag}")
            matched.replace(exp.RegexpILike(this=matched.this.copy(), expression=matched.expression.copy()))
    for like in list(query.find_all(exp.Like, exp.ILike)):
        if "\\" in like.expression.name and not isinstance(like.parent, exp.Escape):
            like.replace(exp.Escape(this=like.copy(), expression=exp.Literal.string("")))


def _try_casts(query: exp.Query) -> None:
    """Write TRY_CAST as a question before a cast; text becomes a whole number by way of a decimal, as in DuckDB."""
    for node in list(query.find_all(exp.TryCast)):
        target = node.to.copy()
        text = exp.cast(node.this.copy(), "TEXT")
        between = exp.DataType.build("DECIMAL") if target.is_type(*exp.DataType.INTEGER_TYPES) else target
        asked = exp.Anonymous(
            this="PG_INPUT_IS_VALID", expressions=[text.copy(), exp.Literal.string(between.sql("postgres"))]
        )
        value = exp.cast(exp.cast(text, between), target) if between is not target else exp.cast(text, target)
        node.replace(exp.case().when(asked, value))


def _sort_by_bytes(query: exp.Query) -> None:
    """Sort text as DuckDB does, by its bytes, so that a limit cuts at the same row whatever the database's language."""
    texts = exp.DataType.TEXT_TYPES
    items = query.selects if isinstance(query, exp.Select) else []
    casts = {item.alias for item in items if isinstance(item, exp.Alias) and item.this.is_type(*texts)}
    own_order = query.args.get("order")  # below it, a name means a column and not what the SELECT makes of it
    for term in query.find_all(exp.Ordered):
        value = term.this
        if not isinstance(value, exp.Column):
            continue
        if (value.type and value.is_type(*texts)) or (term.parent is own_order and value.name in casts):
            value.replace(exp.Collate(this=value.copy(), expression=exp.to_identifier("C", quoted=True)))


def _count_boundaries(query: exp.Query) -> None:
    """Write `date_diff` as DuckDB counts: midnights, ends of months or full hours between two moments, weeks by days.

    sqlglot counts whole units of time, of which there is none from one evening to the next morning.
    https://duckdb.org/docs/stable/sql/functions/date#date_diffpart-startdate-enddate
    """
    for node in list(query.find_all(exp.DateDiff)):
        unit = (node.unit.name if node.unit else "day").lower().removesuffix("s")
        part = "day" if unit == "week" else unit
        between: exp.Expression = exp.paren(_number_of(part, node.this) - _number_of(part, node.expression))
        if unit == "week":
            between = exp.func("TRUNC", between / exp.Literal.number("7.0"))
        node.replace(exp.cast(between, "BIGINT"))


def _number_of(unit: str, moment: exp.Expression) -> exp.Expression:
    """Return the number of the day, month or hour that a moment lies in, from whatever beginning."""
    begins = exp.func("DATE_TRUNC", exp.Literal.string(unit), moment.copy(), dialect="postgres")
    if unit == "day":
        return exp.paren(exp.cast(begins, "DATE") - exp.cast(exp.Literal.string("1970-01-01"), "DATE"))
    if unit in SECONDS:
        return exp.cast(exp.Extract(this=exp.var("epoch"), expression=begins), "BIGINT") / SECONDS[unit]
    if unit in MONTHS:
        year, month = (exp.Extract(this=exp.var(part), expression=begins) for part in ("year", "month"))
        return exp.cast(exp.func("FLOOR", exp.paren(year * 12 + month - 1) / MONTHS[unit]), "BIGINT")
    raise _CannotSayError(f"date_diff by {unit}")


def _compare_json(query: exp.Query) -> None:
    """Use the JSON that can be compared and grouped; entities land in it too."""
    for data_type in query.find_all(exp.DataType):
        if data_type.this is exp.DataType.Type.JSON:
            data_type.set("this", exp.DataType.Type.JSONB)
