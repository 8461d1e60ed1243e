"""A flow in SQL: its tables found, its names spelled, every column qualified, its output known."""

from collections.abc import Callable, Mapping

from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from acflow.flows.account_joins import mixed_accounts
from acflow.flows.expression import bare_aggregate, find_name
from acflow.flows.identifiers import normalize_identifiers
from acflow.flows.problems import SqlMistakeError
from acflow.flows.query import parse_query, tables_of
from acflow.flows.relation import Builder, Relation, named, stable_type
from acflow.flows.sqltypes import DIALECT, cast

# Names are spelled exactly before; sqlglot must not put them into lower case, as it would for DuckDB.
AS_WRITTEN = f"{DIALECT}, normalization_strategy=case_sensitive"


def sql_rows(
    builder: Builder, text: str, find: Callable[[str], Relation | None], *, over_accounts: bool = False
) -> Relation | None:
    """Return the rows of a query, or None if something is wrong, which is noted.

    What goes `over_accounts` may join rows of the same account only, unless it speaks of the accounts itself.
    """
    try:
        query = parse_query(text)
        sources = _place_tables(query, find)
        mistakes = normalize_identifiers(query, {name: relation.columns for name, relation in sources.items()})
        if _reported(builder, mistakes):
            return None
        described = builder.describer.columns(query)
        query = _qualified(query, sources, builder, described)
        mistakes = list(mixed_accounts(query, sources)) if over_accounts else []
    except SqlMistakeError as error:
        mistakes = [error]
    if _reported(builder, mistakes):
        return None
    if not _outputs_are_named(builder, query, described):
        return None
    return _tidied(builder, query, dict(described))


def _reported(builder: Builder, mistakes: list[SqlMistakeError]) -> bool:
    for mistake in mistakes:
        builder.report(builder.path("sql"), mistake)
    return bool(mistakes)


def _place_tables(query: exp.Query, find: Callable[[str], Relation | None]) -> dict[str, Relation]:
    """Turn each name of a table into the table that it means, under the same name."""
    sources: dict[str, Relation] = {}
    for node in tables_of(query):
        relation = find(node.name)
        if relation is None:
            raise SqlMistakeError(f"unknown flow or entity `{node.name}`.")
        exact = relation.table.name
        sources[exact] = relation
        alias = node.alias or node.name
        node.set("this", exp.to_identifier(exact, quoted=True))
        node.set("db", exp.to_identifier(relation.table.db, quoted=True))
        if not node.args.get("alias"):
            node.set("alias", exp.TableAlias(this=exp.to_identifier(alias, quoted=True)))
    return sources


def _qualified(
    query: exp.Query, sources: Mapping[str, Relation], builder: Builder, described: list[tuple[str, str]]
) -> exp.Query:
    """Name every column with its table, without `*`, so that other warehouses read it the same way.

    What DuckDB knows and sqlglot does not (COLUMNS(…), fields of a struct) stays as it was written.
    """
    schema: dict[str, dict[str, dict[str, str]]] = {}
    for relation in sources.values():
        schema.setdefault(relation.table.db, {})[relation.table.name] = dict(relation.columns)
    try:
        known = MappingSchema(schema, dialect=AS_WRITTEN, normalize=False)
        full = qualify(query.copy(), dialect=AS_WRITTEN, schema=known, infer_schema=False)
        _spell_out_all(full)
        if isinstance(full, exp.Query) and builder.describer.columns(full) == described:
            return full
    except Exception:  # noqa: BLE001, S110 - DuckDB has understood the query; sqlglot fails in many ways on what is rare
        pass
    for identifier in query.find_all(exp.Identifier):
        identifier.set("quoted", True)
    return query


def _spell_out_all(query: exp.Expression) -> None:
    """Write the columns for `GROUP BY ALL` and `ORDER BY ALL`, which PostgreSQL does not have."""
    for select in query.find_all(exp.Select):
        values = [item.this if isinstance(item, exp.Alias) else item for item in select.selects]
        group, order = select.args.get("group"), select.args.get("order")
        if group and group.args.get("all"):
            keys = [value for value in values if not isinstance(value, exp.Literal) and bare_aggregate(value) is None]
            select.set("group", exp.Group(expressions=[key.copy() for key in keys]) if keys else None)
        for term in list(order.expressions) if order else []:
            if order and isinstance(term.this, exp.Var) and term.this.name.upper() == "ALL":
                places = [exp.Literal.number(index) for index in range(1, len(values) + 1)]
                order.set("expressions", [exp.Ordered(**{**term.args, "this": place}) for place in places])


def _outputs_are_named(builder: Builder, query: exp.Query, described: list[tuple[str, str]]) -> bool:
    path = builder.path("sql")
    before = builder.failed
    for item in query.selects if len(query.selects) == len(described) else ():
        if not item.output_name or item.output_name.startswith("_col_"):
            value, fix = item.this if isinstance(item, exp.Alias) else item, "Give it one: `… as name`."
            builder.report(path, SqlMistakeError(f"the column `{value.sql(DIALECT)}` has no name.", fix))
            return False
    names = [name for name, _ in described]
    for index, name in enumerate(names):
        if find_name(name, names[:index]):
            builder.report(path, SqlMistakeError(f"two columns named `{name}`.", "Rename one: `… as other`."))
    return before or not builder.failed


def _tidied(builder: Builder, query: exp.Query, columns: Mapping[str, str]) -> Relation:
    """Add the query as a step, with whole numbers in a type that every warehouse has."""
    relation = builder.add("query", query, columns)
    tidy = {name: stable_type(sql_type) for name, sql_type in columns.items()}
    if tidy == columns:
        return relation
    items = [named(cast(relation.frame.column(name), columns[name], want), name) for name, want in tidy.items()]
    return builder.add("rows", relation.select(*items), tidy)
