"""A flow's SQL in the dialect of a warehouse, over the schemas where its tables really are."""

from dataclasses import dataclass

from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from acflow.errors import ConfigError
from acflow.flows.relation import ENTITIES, FLOWS

# What a warehouse's URL begins with, and what sqlglot calls its SQL.
DIALECTS = {
    "duckdb": "duckdb",
    "motherduck": "duckdb",
    "md": "duckdb",
    "postgresql": "postgres",
    "postgres": "postgres",
    "bigquery": "bigquery",
    "snowflake": "snowflake",
    "redshift": "redshift",
    "clickhouse": "clickhouse",
}


# How many seconds or months there are in the units of `date_diff`.
SECONDS = {"second": 1, "minute": 60, "hour": 3600}
MONTHS = {"month": 1, "quarter": 3, "year": 12}

# Those that have no `count(*) FILTER (WHERE …)`.
WITHOUT_FILTER = frozenset({"bigquery", "redshift", "snowflake"})


@dataclass(frozen=True, slots=True)
class Places:
    """The schemas of the warehouse that hold entities and flows; None is its default schema."""

    entities: str | None = None
    flows: str | None = None


def place(query: exp.Query, places: Places) -> exp.Query:
    """Return the query over the real schemas instead of the logical ones."""
    real = {ENTITIES: places.entities, FLOWS: places.flows}
    placed = query.copy()
    for table in placed.find_all(exp.Table):
        if table.db in real:
            schema = real[table.db]
            table.set("db", exp.to_identifier(schema, quoted=True) if schema else None)
    return placed


def render(query: exp.Query, dialect: str, places: Places | None = None, *, pretty: bool = True) -> str:
    """Write a query in a dialect; raises ConfigError for what that dialect cannot say."""
    placed = place(query, places or Places())
    if dialect == "postgres":
        _count_boundaries(placed)
        _sort_by_bytes(placed)
        _compare_json(placed)
    if dialect in WITHOUT_FILTER:
        _filter_by_case(placed)
    try:
        return placed.sql(dialect, pretty=pretty, identify=True, unsupported_level=ErrorLevel.RAISE)
    except SqlglotError as error:
        raise ConfigError(f"This flow cannot be written in the SQL of {dialect}: {error}.") from None


def _sort_by_bytes(query: exp.Query) -> None:
    """Sort text as DuckDB does, by its bytes, so that a limit cuts at the same row whatever the database's language."""
    for term in query.find_all(exp.Ordered):
        value = term.this
        if isinstance(value, exp.Column) and value.type and value.is_type(*exp.DataType.TEXT_TYPES):
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
    raise ConfigError(f"This flow cannot be written in the SQL of postgres: date_diff by {unit}.")


def _compare_json(query: exp.Query) -> None:
    """Use the JSON that can be compared and grouped; entities land in it too."""
    for data_type in query.find_all(exp.DataType):
        if data_type.this is exp.DataType.Type.JSON:
            data_type.set("this", exp.DataType.Type.JSONB)


def _filter_by_case(query: exp.Query) -> None:
    """Write a filtered aggregate as one over CASE, which skips the same rows since aggregates leave out nulls."""
    for node in list(query.find_all(exp.Filter)):
        aggregate, condition = node.this, node.expression.this
        argument = aggregate.this
        distinct = isinstance(argument, exp.Distinct)
        value = argument.expressions[0] if distinct else argument
        if isinstance(value, exp.Star):
            value = exp.Literal.number(1)
        chosen = exp.case().when(condition, value)
        aggregate.set("this", exp.Distinct(expressions=[chosen]) if distinct else chosen)
        node.replace(aggregate)
