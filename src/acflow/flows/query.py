"""The `sql:` of a flow: one SELECT over flows and entities, and nothing that writes, reads files or reaches out."""

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import OptimizeError, ParseError
from sqlglot.optimizer.scope import Scope, traverse_scope
from sqlglot.tokens import TokenType

from acflow.flows.expression import mistake, start, tokens_of
from acflow.flows.problems import SqlMistakeError
from acflow.flows.sql_guard import refuse_outside
from acflow.flows.sqltypes import DIALECT

BEGINNINGS = frozenset({TokenType.SELECT, TokenType.WITH, TokenType.FROM, TokenType.L_PAREN})
WRITES = (
    exp.DDL,
    exp.DML,
    exp.Alter,
    exp.Attach,
    exp.Command,
    exp.Copy,
    exp.Detach,
    exp.Drop,
    exp.Into,
    exp.Lock,
    exp.Merge,
    exp.Pragma,
    exp.Set,
    exp.TruncateTable,
)
TELLS_OF_TABLES = (exp.Describe, exp.Show, exp.Summarize)


def parse_query(text: str) -> exp.Query:
    """Parse a query and refuse all that is more than a query; raises SqlMistakeError."""
    tokens = tokens_of(text)
    if tokens[0].token_type not in BEGINNINGS:
        word = tokens[0].text.upper()
        raise SqlMistakeError(
            f"`{word}` cannot begin a query.", "Write one SELECT; it reads and never writes.", *start(tokens[0])
        )
    try:
        query = Dialect.get_or_raise(DIALECT).parse(text)[0]
    except ParseError as error:
        raise mistake(error) from None
    except Exception:  # noqa: BLE001 - sqlglot stumbles in its own ways over what ends too early
        raise SqlMistakeError("SQL cannot be understood.", "Look for what is missing at its end.") from None
    if not isinstance(query, exp.Query) or isinstance(query, exp.Table):
        raise SqlMistakeError("this is no SELECT.", "Write one SELECT; it reads and never writes.")
    for node in query.walk():
        node.comments = None
        _check_node(node)
    _spell_ctes(query)
    while isinstance(query, exp.Subquery) and not query.args.get("with") and isinstance(query.this, exp.Query):
        query = query.this
    return query


def _spell_ctes(query: exp.Query) -> None:
    """Give each use of a CTE the case of its definition, by which sqlglot tells it from a table."""
    names = {cte.alias.lower(): cte.alias for cte in query.find_all(exp.CTE)}
    for table in query.find_all(exp.Table):
        exact = names.get(table.name.lower())
        if exact and isinstance(table.this, exp.Identifier):
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
            table.set("this", exp.to_identifier(exact))


def _check_node(node: exp.Expression) -> None:
    # A CREATE is a DDL, but so are SELECT's set operations in sqlglot's tree of classes: queries are what we want.
    if isinstance(node, WRITES) and not isinstance(node, exp.Query):
        word = node.key.upper()
        raise SqlMistakeError(f"`{word}` changes things.", "Write one SELECT; it reads and never writes.")
    if isinstance(node, exp.Placeholder | exp.Parameter):
        raise SqlMistakeError("a placeholder has no value here.", "Write the value itself.")
    if isinstance(node, exp.GenerateSeries) and node.args.get("is_end_exclusive"):
        raise SqlMistakeError("`range` ends one later in other warehouses.", "Write `generate_series(first, last)`.")
    if isinstance(node, TELLS_OF_TABLES):
        raise SqlMistakeError(f"`{node.key.upper()}` is no query.", "Write one SELECT.")
    refuse_outside(node)
    if isinstance(node, exp.Table) and (node.db or node.catalog):
        raise SqlMistakeError(f"`{node.sql(DIALECT)}` names a schema.", f"Write `{node.name}` alone.")


def scopes_of(query: exp.Query) -> list[Scope]:
    """Return the scopes of a query, inner ones first, those within UNNEST too, which sqlglot passes over."""
    try:
        scopes = list(traverse_scope(query))
        known = {id(scope.expression) for scope in scopes}
        for inner in reversed(list(query.find_all(exp.Select, exp.SetOperation))):
            if id(inner) not in known:
                more = list(traverse_scope(inner))
                known |= {id(scope.expression) for scope in more}
                scopes = [*more, *scopes]
    except OptimizeError as error:
        raise SqlMistakeError(f"{error}.") from None
    return scopes


def tables_of(query: exp.Query) -> list[exp.Table]:
    """Return every table that is read, wherever it stands, leaving out the names of the query's own CTEs."""
    tables = query.find_all(exp.Table)
    return [table for table in tables if isinstance(table.this, exp.Identifier) and not _is_cte(table)]


def _is_cte(table: exp.Table) -> bool:
    """Whether a name means a CTE where it stands: one of a query around it, defined before it."""
    inside: set[int] = set()
    node: exp.Expression | None = table
    while node is not None:
        inside.add(id(node))
        node = node.parent
        defined = node.args.get("with") if node is not None else None
        if not defined:
            continue
        ctes = defined.expressions
        place = next((index for index, cte in enumerate(ctes) if id(cte) in inside), None)
        visible = ctes if place is None else ctes[: place + bool(defined.args.get("recursive"))]
        if any(cte.alias.lower() == table.name.lower() for cte in visible):
            return True
    return False


def table_names(text: str) -> list[str]:
    """Return the names of flows and entities that a query reads; none if it cannot be parsed."""
    try:
        return list(dict.fromkeys(table.name for table in tables_of(parse_query(text))))
    except SqlMistakeError:
        return []


def with_table_renamed(text: str, name: str, new: str) -> str:
    """Return a query that reads a table by a new name; all else of it stays as it is written."""
    query = Dialect.get_or_raise(DIALECT).parse(text)[0]
    if query is None or any(cte.alias.lower() == name.lower() for cte in query.find_all(exp.CTE)):
        return text
    places = [
        (identifier.meta["start"], identifier.meta["end"] + 1)
        for identifier in query.find_all(exp.Identifier)
        if identifier.name.lower() == name.lower()
        and (identifier.arg_key, type(identifier.parent)) in {("this", exp.Table), ("table", exp.Column)}
        and "start" in identifier.meta
    ]
    for start_of, end in sorted(places, reverse=True):
        written = f'"{new}"' if text[start_of] == '"' else new
        text = text[:start_of] + written + text[end:]
    return text
