"""What SQL could ask of the machine, the server or the session; a flow asks its rows and nothing else."""

from sqlglot import exp

from acflow.engine.postgres_dialect import function_name
from acflow.flows.problems import SqlMistakeError
from acflow.flows.sqltypes import DIALECT

ABOUT_THE_SYSTEM = frozenset({
    "current_catalog", "current_connection_id", "current_database", "current_query", "current_query_id",
    "current_role", "current_schema", "current_schemas", "current_setting", "current_transaction_id", "current_user",
    "currval", "getenv", "getvariable", "in_search_path", "nextval", "session_user", "set_config", "setseed",
    "sleep_ms", "stats", "txid_current", "version", "write_log",
})  # fmt: skip
FAMILIES = ("pg_", "inet_", "lo_", "dblink")
ENDINGS = ("_privilege", "_description", "_to_xml")
# Functions that stand for a table and read nothing from outside.
ROW_MAKERS = (exp.GenerateSeries, exp.Unnest, exp.Explode, exp.Values)
ROWS = (exp.Identifier, exp.Subquery, *ROW_MAKERS)


def refuse_outside(node: exp.Expression) -> None:
    """Raise SqlMistakeError for a function that looks beyond the rows, and for rows of anything but flows."""
    if isinstance(node, exp.Table | exp.Lateral) and not isinstance(node.this, ROWS):
        raise SqlMistakeError(f"`{node.this.sql(DIALECT)}` is no flow.", "Only flows and entities can be read.")
    if isinstance(node, exp.Func):
        name = function_name(node)
        if name in ABOUT_THE_SYSTEM or name.startswith(FAMILIES) or name.endswith(ENDINGS):
            raise SqlMistakeError(f"`{name}` asks the system.", "A flow can only use the columns of its rows.")
