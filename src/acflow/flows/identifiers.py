"""Names inside `sql:` in the exact spelling of what they mean.

DuckDB does not look at case, PostgreSQL and others do: `firstname` must become "firstName" before it travels. And where
a table is called like a column, as `deals` and the column `deals` of contacts, DuckDB takes `deals.id` in a subquery
for a part of that column; such a table gets another alias.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp
from sqlglot.optimizer.scope import Scope, walk_in_scope

from acflow.flows.catalog import Columns
from acflow.flows.expression import find_name, unknown_column
from acflow.flows.problems import SqlMistakeError
from acflow.flows.query import scopes_of

Names = Sequence[str] | None  # None: not known, so anything may be there


def normalize_identifiers(query: exp.Query, tables: Mapping[str, Columns]) -> list[SqlMistakeError]:
    """Correct every name in place; return each column that is in none of its tables.

    `tables` holds the columns of every table by its name as it stands in the query.
    """
    speller = _Speller(tables)
    for scope in scopes_of(query):
        if isinstance(scope.expression, exp.Select):
            speller.normalize_identifiers(scope)
        speller.outputs[id(scope)] = speller.names_from(scope)
    speller.rename_tables()
    return speller.mistakes


@dataclass
class _Speller:
    tables: Mapping[str, Columns]
    outputs: dict[int, Names] = field(default_factory=dict)  # of each inner query, by its scope
    read: list[exp.Table] = field(default_factory=list)
    bound: list[tuple[exp.Column, exp.Table]] = field(default_factory=list)
    mistakes: list[SqlMistakeError] = field(default_factory=list)

    def names_of(self, source: exp.Table | Scope) -> Names:
        """Return the columns of a table or an inner query."""
        if isinstance(source, Scope):
            return self.outputs.get(id(source))
        return list(self.tables[source.name]) if source.name in self.tables else None

    def names_from(self, scope: Scope) -> Names:
        """Return the columns that a query gives."""
        expression = scope.expression
        if isinstance(expression, exp.SetOperation):
            return self.outputs.get(id(scope.union_scopes[0])) if scope.union_scopes else None
        if not isinstance(expression, exp.Select):
            return None
        names: list[str] = []
        for item in expression.selects:
            if isinstance(item, exp.Star) or (isinstance(item, exp.Column) and isinstance(item.this, exp.Star)):
                wanted = [item.table] if isinstance(item, exp.Column) and item.table else list(scope.selected_sources)
                for columns in (self.names_of(scope.sources[name]) for name in wanted):
                    if columns is None:
                        return None
                    names += columns
            else:
                names.append(item.alias_or_name)
        return names

    def normalize_identifiers(self, scope: Scope) -> None:
        """Correct every name of one SELECT, inner queries left out."""
        self.read += [source for _, source in scope.selected_sources.values() if isinstance(source, exp.Table)]
        aliases = [item.alias for item in scope.expression.selects if isinstance(item, exp.Alias)]
        for column in list(walk_in_scope(scope.expression)):  # type: ignore[no-untyped-call]
            if isinstance(column, exp.Column) and not self._bind(column, scope, aliases):
                local = (self.names_of(source) or () for _, source in scope.selected_sources.values())
                known = dict.fromkeys([name for names in local for name in names] + aliases)
                self.mistakes.append(unknown_column(column, known))
        self._spell_loose(scope)

    def _bind(self, column: exp.Column, scope: Scope, aliases: Sequence[str]) -> bool:
        """Find what a column means, here or in a query around this one; False if it means nothing."""
        around: Scope | None = scope
        while around is not None:
            sources = {name: source for name, (_, source) in around.selected_sources.items()}
            if column.table:
                found = find_name(column.table, sources)
                if found:
                    return self._bind_to(column, found, sources[found])
            elif self._bind_bare(column, sources, aliases if around is scope else ()):
                return True
            around = around.parent
        # What is left of the point may be a column that has parts.
        local = [self.names_of(source) for _, source in scope.selected_sources.values()]
        return bool(column.table) and any(names is None or find_name(column.table, names) for names in local)

    def _bind_to(self, column: exp.Column, name: str, source: exp.Table | Scope) -> bool:
        column.set("table", exp.to_identifier(name, quoted=True))
        if isinstance(source, exp.Table):
            self.bound.append((column, source))
        names = self.names_of(source)
        if isinstance(column.this, exp.Star) or names is None:
            return True
        exact = find_name(column.name, names)
        if exact:
            column.set("this", exp.to_identifier(exact, quoted=True))
        return exact is not None

    def _bind_bare(self, column: exp.Column, sources: Mapping[str, exp.Table | Scope], aliases: Sequence[str]) -> bool:
        known = [self.names_of(source) for source in sources.values()]
        for names in (*known, aliases):
            exact = find_name(column.name, names or ())
            if exact:
                column.set("this", exp.to_identifier(exact, quoted=True))
                return True
        return any(names is None for names in known)

    def _spell_loose(self, scope: Scope) -> None:
        """Correct names that are no columns to sqlglot: those of USING and of `* EXCLUDE`."""
        known = [name for _, source in scope.selected_sources.values() for name in self.names_of(source) or ()]
        loose = [name for join in scope.expression.args.get("joins") or [] for name in join.args.get("using") or []]
        for star in scope.expression.find_all(exp.Star):
            left_out = star.args.get("except") or star.args.get("except_") or []
            loose += [item.this if isinstance(item, exp.Column) else item for item in left_out]
        for identifier in loose:
            exact = find_name(identifier.name, known)
            if exact and isinstance(identifier, exp.Identifier):
                identifier.replace(exp.to_identifier(exact, quoted=True))

    def rename_tables(self) -> None:
        """Give each table another alias that is called like a column of any of the tables."""
        columns = {name.lower() for names in self.tables.values() for name in names}
        for source in self.read:
            if source.alias_or_name.lower() in columns:
                alias = exp.to_identifier(f"_{source.alias_or_name}", quoted=True)
                source.set("alias", exp.TableAlias(this=alias))
        for column, source in self.bound:
            column.set("table", exp.to_identifier(source.alias_or_name, quoted=True))
