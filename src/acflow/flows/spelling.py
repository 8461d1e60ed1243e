"""Names inside `sql:` in the exact spelling of the columns that they mean.

DuckDB does not look at case, PostgreSQL and others do: `firstname` must become "firstName" before it travels.
"""

from collections.abc import Mapping, Sequence

from sqlglot import exp
from sqlglot.optimizer.scope import Scope, walk_in_scope

from acflow.flows.catalog import Columns
from acflow.flows.expression import SqlMistakeError, find_name, unknown_column
from acflow.flows.query import scopes_of

Names = Sequence[str] | None  # None: not known, so anything may be there


def spell(query: exp.Query, tables: Mapping[str, Columns]) -> list[SqlMistakeError]:
    """Correct the case of every name in place; return each column that is in none of its tables.

    `tables` holds the columns of every table by its name as it stands in the query.
    """
    mistakes: list[SqlMistakeError] = []
    outputs: dict[int, Names] = {}
    for scope in scopes_of(query):
        sources = {name: _columns_of(source, tables, outputs) for name, source in scope.sources.items()}
        if isinstance(scope.expression, exp.Select):
            mistakes += _spell_scope(scope, sources, tables, outputs)
        outputs[id(scope)] = _outputs(scope, sources, outputs)
    return mistakes


def _columns_of(source: exp.Table | Scope, tables: Mapping[str, Columns], outputs: Mapping[int, Names]) -> Names:
    if isinstance(source, Scope):
        return outputs.get(id(source))
    return list(tables[source.name]) if source.name in tables else None


def _outputs(scope: Scope, sources: Mapping[str, Names], outputs: Mapping[int, Names]) -> Names:
    expression = scope.expression
    if isinstance(expression, exp.SetOperation):
        return outputs.get(id(scope.union_scopes[0])) if scope.union_scopes else None
    if not isinstance(expression, exp.Select):
        return None
    names: list[str] = []
    for item in expression.selects:
        if isinstance(item, exp.Star) or (isinstance(item, exp.Column) and isinstance(item.this, exp.Star)):
            wanted = [item.table] if isinstance(item, exp.Column) and item.table else list(scope.selected_sources)
            for name in wanted:
                columns = sources.get(name)
                if columns is None:
                    return None
                names += columns
        else:
            names.append(item.alias_or_name)
    return names


def _spell_scope(
    scope: Scope, sources: Mapping[str, Names], tables: Mapping[str, Columns], outputs: Mapping[int, Names]
) -> list[SqlMistakeError]:
    mistakes = []
    aliases = [item.alias for item in scope.expression.selects if isinstance(item, exp.Alias)]
    local = {name: columns for name, columns in sources.items() if name in scope.selected_sources}
    for column in list(walk_in_scope(scope.expression)):  # type: ignore[no-untyped-call]
        if not isinstance(column, exp.Column):
            continue
        if isinstance(column.this, exp.Star):
            _spell_table(column, local)
        elif not _spell_column(column, local, aliases) and not _outer(scope, column, tables, outputs):
            known = [name for columns in local.values() for name in columns or ()]
            mistakes.append(unknown_column(column, dict.fromkeys((*known, *aliases))))
    _spell_loose(scope.expression, local)
    return mistakes


def _outer(scope: Scope, column: exp.Column, tables: Mapping[str, Columns], outputs: Mapping[int, Names]) -> bool:
    """Look for a column of a correlated subquery in the queries around it."""
    around = scope.parent
    while around is not None:
        sources = {name: _columns_of(source, tables, outputs) for name, source in around.sources.items()}
        if _spell_column(column, sources, ()):
            return True
        around = around.parent
    return False


def _spell_table(column: exp.Column, sources: Mapping[str, Names]) -> str | None:
    exact = find_name(column.table, sources) if column.table else None
    if exact:
        column.set("table", exp.to_identifier(exact, quoted=True))
    return exact


def _spell_column(column: exp.Column, sources: Mapping[str, Names], aliases: Sequence[str]) -> bool:
    """Correct one column; False if no source has it. Sources whose columns are not known may have anything."""
    if column.table:
        table = _spell_table(column, sources)
        if table is None:
            return any(find_name(column.table, columns or ()) for columns in sources.values())  # a field of a struct
        candidates: list[Names] = [sources[table]]
    else:
        candidates = [*sources.values(), aliases]
    for columns in candidates:
        exact = find_name(column.name, columns or ())
        if exact:
            column.set("this", exp.to_identifier(exact, quoted=True))
            return True
    return any(columns is None for columns in candidates)


def _spell_loose(select: exp.Select, sources: Mapping[str, Names]) -> None:
    """Correct names that are no columns to sqlglot: those of USING and of `* EXCLUDE`."""
    known = [name for columns in sources.values() for name in columns or ()]
    loose = [name for join in select.args.get("joins") or [] for name in join.args.get("using") or []]
    for star in select.find_all(exp.Star):
        left_out = star.args.get("except") or star.args.get("except_") or []
        loose += [item.this if isinstance(item, exp.Column) else item for item in left_out]
    for identifier in loose:
        exact = find_name(identifier.name, known)
        if exact and isinstance(identifier, exp.Identifier):
            identifier.replace(exp.to_identifier(exact, quoted=True))
