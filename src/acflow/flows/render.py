"""A flow's SQL in the dialect of a warehouse, over the schemas where its tables really are."""

from dataclasses import dataclass

from sqlglot import exp

from acflow.engine.dialects import write
from acflow.flows.relation import ENTITIES, FLOWS


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
    return write(placed, dialect, "This flow", pretty=pretty)


def _never_by_zero(query: exp.Query) -> None:
    """Let a division by zero be null everywhere; DuckDB would say infinity, PostgreSQL fail."""
    for node in query.find_all(exp.Div, exp.IntDiv, exp.Mod):
        below = node.expression
        if not isinstance(below, exp.Nullif) and not (below.is_number and below.to_py() != 0):
            node.set("expression", exp.func("NULLIF", below.copy(), exp.Literal.number(0)))
        node.set("safe", False)
