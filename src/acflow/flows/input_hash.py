"""What a flow is computed from, as one short text: if it is the same as last time, so is the result."""

import hashlib
from collections.abc import Iterable

from sqlglot import exp

from acflow.engine import Warehouse, quoted, table_name
from acflow.flows.compile import CompiledFlow
from acflow.flows.spec import Flow

# What is of no consequence to rows and places.
ASIDE = {"description", "schedule"}
MOVING = (exp.CurrentDate, exp.CurrentTime, exp.CurrentTimestamp, exp.CurrentDatetime, exp.Rand, exp.Uuid)
MOVING_NAMES = frozenset({"now", "today", "random", "uuid", "gen_random_uuid", "get_current_timestamp"})


def table_hash(warehouse: Warehouse, table: str) -> str | None:
    """Return what tells the rows of a table from others, in whatever order they stand; None if it cannot be told.

    Each row is hashed by the database, and the hashes are added up.
    """
    columns = warehouse.columns(table)
    name = table_name(table, warehouse.dataset, warehouse.dialect)
    hashed = {
        "duckdb": f"hash({', '.join(quoted(column, warehouse.dialect) for column in columns)})",
        "postgres": "hashtextextended(CAST(t AS text), 0)",
    }.get(warehouse.dialect)
    if not columns or hashed is None:
        return None
    sql = f"SELECT count(*) AS n, CAST(sum({hashed}) AS VARCHAR) AS h FROM {name} AS t"  # noqa: S608 - quoted names
    row = warehouse.query(sql).to_pylist()[0]
    return f"{row['n']}:{row['h']}:{','.join(columns)}"


def flow_hash(flow: Flow, compiled: CompiledFlow, inputs: Iterable[str | None]) -> str | None:
    """Return what tells this result from others; None if that cannot be told, or if its SQL asks for the time."""
    known = list(inputs)
    if any(each is None for each in known) or _moves(compiled.query):
        return None
    said = [flow.model_dump_json(exclude=ASIDE), compiled.query.sql("duckdb"), *(each or "" for each in known)]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:32]


def _moves(query: exp.Query) -> bool:
    """Whether the same rows could give another result the next time."""
    return any(
        isinstance(node, MOVING) or (isinstance(node, exp.Anonymous) and node.name.lower() in MOVING_NAMES)
        for node in query.walk()
    )
