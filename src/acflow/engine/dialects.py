"""What DuckDB's SQL means, written in the dialect of another database; flows and reports both go through here."""

from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from acflow.engine.postgres_dialect import adapt
from acflow.engine.registry import WAREHOUSES
from acflow.errors import ConfigError

# What people call the SQL of a warehouse: as its URL begins, or as sqlglot has it.
DIALECTS = {scheme: kind.dialect for kind in WAREHOUSES for scheme in kind.schemes}

# Those that have no `count(*) FILTER (WHERE …)`.
WITHOUT_FILTER = frozenset({"bigquery", "redshift", "snowflake"})


def write(query: exp.Query, dialect: str, what: str, *, pretty: bool = False, comments: bool = True) -> str:
    """Write a query of DuckDB's SQL in a dialect, every name quoted; errors call it by `what` it is.

    Raises:
        ConfigError: the dialect cannot say it.

    """
    adapted = query.copy()
    if dialect == "postgres":
        adapt(adapted, what)
    if dialect in WITHOUT_FILTER:
        _filter_by_case(adapted)
    try:
        return adapted.sql(dialect, pretty=pretty, identify=True, comments=comments, unsupported_level=ErrorLevel.RAISE)
    except SqlglotError as error:
        raise ConfigError(f"{what} cannot be written in the SQL of {dialect}: {error}.") from None


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
