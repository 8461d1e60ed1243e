"""A flow's SQL in the dialect of a warehouse, over the schemas where its tables really are."""

from dataclasses import dataclass

from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from acflow.errors import ConfigError
from acflow.flows.postgres import adapt
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
    _never_by_zero(placed)
    if dialect == "postgres":
        adapt(placed)
    if dialect in WITHOUT_FILTER:
        _filter_by_case(placed)
    try:
        return placed.sql(dialect, pretty=pretty, identify=True, unsupported_level=ErrorLevel.RAISE)
    except SqlglotError as error:
        raise ConfigError(f"This flow cannot be written in the SQL of {dialect}: {error}.") from None


def _never_by_zero(query: exp.Query) -> None:
    """Let a division by zero be null everywhere; DuckDB would say infinity, PostgreSQL fail."""
    for node in query.find_all(exp.Div, exp.IntDiv, exp.Mod):
        below = node.expression
        if not isinstance(below, exp.Nullif) and not (below.is_number and below.to_py() != 0):
            node.set("expression", exp.func("NULLIF", below.copy(), exp.Literal.number(0)))
        node.set("safe", False)


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
