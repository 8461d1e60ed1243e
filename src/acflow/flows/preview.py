"""A flow computed from what has landed, with all flows that it needs, and nothing kept."""

from sqlglot import exp

from acflow.errors import Action, ConfigError
from acflow.flows.materialize import Materializer
from acflow.flows.plan import Plan
from acflow.flows.relation import FLOWS
from acflow.flows.report_tables import report_of


def preview_sql(materializer: Materializer, plan: Plan, name: str, rows: int) -> str:
    """Return one query for the first rows of a flow; the flows that it needs stand in it as CTEs.

    Raises:
        ConfigError: an entity that it needs has not landed yet.

    """
    return materializer.sql(preview_query(materializer, plan, name).limit(rows))


def preview_query(materializer: Materializer, plan: Plan, name: str) -> exp.Select:
    """Return the query of all rows of a flow; see `preview_sql`."""
    landed = set(materializer.warehouse.tables())
    lacking = [entity for entity in plan.entities([name]) if entity not in landed and not report_of(entity)]
    if lacking:
        raise ConfigError(f"{name} needs {', '.join(lacking)}, not landed yet.", action=Action("run", tuple(lacking)))
    order = plan.order([name])
    query = exp.select("*").from_(exp.table_(name, quoted=True))
    for needed in order:
        query = query.with_(
            exp.to_identifier(needed, quoted=True), as_=_by_plain_names(materializer.compiled[needed].query), copy=False
        )
    return query


def _by_plain_names(query: exp.Query) -> exp.Query:
    plain = query.copy()
    for table in plain.find_all(exp.Table):
        if table.db == FLOWS:
            table.set("db", None)
    return plain
