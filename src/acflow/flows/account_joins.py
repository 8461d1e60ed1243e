"""SQL over several accounts: ids are unique within an account alone, so what is joined must be of the same account."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from sqlglot import exp
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.scope import Scope, traverse_scope, walk_in_scope

from acflow.engine.sql import ACCOUNT_COLUMN
from acflow.flows.problems import SqlMistakeError
from acflow.flows.relation import Relation


def mixed_accounts(query: exp.Query, tables: Mapping[str, Relation]) -> Iterator[SqlMistakeError]:
    """Yield a mistake for each place of a query where rows of different accounts would meet unasked.

    A condition that speaks of both sides' accounts is enough, whatever it says.
    """
    try:
        scopes = list(traverse_scope(query))
    except OptimizeError:
        return
    for scope in scopes:
        if isinstance(scope.expression, exp.Select):
            yield from _joined(scope, tables)
            yield from _looked_up(scope, tables)


def _joined(scope: Scope, tables: Mapping[str, Relation]) -> Iterator[SqlMistakeError]:
    select, carriers = scope.expression, _carriers(scope, tables)
    if len(carriers) < 2:  # noqa: PLR2004 - a join has two sides
        return
    groups = [{alias} for alias in carriers]
    for one, other in _met(select, carriers):
        first, second = (next(group for group in groups if alias in group) for alias in (one, other))
        if first is not second:
            first |= second
            groups.remove(second)
    if len(groups) > 1:
        one, other = map(min, groups[:2])
        yield SqlMistakeError(
            f"`{one}` and `{other}` are joined across accounts, where the same id means something else.",
            f"Add `{one}.{ACCOUNT_COLUMN} = {other}.{ACCOUNT_COLUMN}` to the join.",
        )


def _met(select: exp.Select, carriers: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the tables of which a condition names both accounts."""
    before: list[str] = [select.args["from"].alias_or_name] if select.args.get("from") else []
    for join in select.args.get("joins") or ():
        here = join.alias_or_name
        shares = join.method.upper() == "NATURAL" or ACCOUNT_COLUMN in [
            part.name for part in join.args.get("using") or ()
        ]
        if shares and here in carriers:
            yield from ((other, here) for other in before if other in carriers)
        before.append(here)
    conditions = [join.args["on"] for join in select.args.get("joins") or () if join.args.get("on")]
    conditions += [select.args["where"].this] if select.args.get("where") else []
    for condition in conditions:
        for part in _parts(condition):
            named = {column.table for column in part.find_all(exp.Column) if column.name == ACCOUNT_COLUMN}
            yield from combinations(sorted(named.intersection(carriers)), 2)


def _parts(condition: exp.Expression) -> Iterator[exp.Expression]:
    """Yield what must all be true."""
    if isinstance(condition, exp.And | exp.Paren):
        yield from (part for side in condition.iter_expressions() for part in _parts(side))
    else:
        yield condition


def _looked_up(scope: Scope, tables: Mapping[str, Relation]) -> Iterator[SqlMistakeError]:
    """Look at `in (select …)` and `exists (select …)`, which are joins too."""
    if not _carriers(scope, tables):
        return
    for node in walk_in_scope(scope.expression):  # type: ignore[no-untyped-call]
        if not isinstance(node, exp.In | exp.Exists):
            continue
        inner = node.args.get("query") if isinstance(node, exp.In) else node.this
        if inner is None or any(column.name == ACCOUNT_COLUMN for column in node.find_all(exp.Column)):
            continue
        names = {table.name for table in inner.find_all(exp.Table)}
        mixed = sorted(name for name in names if name in tables and ACCOUNT_COLUMN in tables[name].columns)
        if mixed:
            yield SqlMistakeError(
                f"rows of other accounts of `{mixed[0]}` would be found here, where the same id means something else.",
                f"Compare `{ACCOUNT_COLUMN}` too, as in `({ACCOUNT_COLUMN}, id) in (select {ACCOUNT_COLUMN}, id …)`.",
            )


def _carriers(scope: Scope, tables: Mapping[str, Relation]) -> list[str]:
    """Return the aliases of what a SELECT reads whose rows say their account."""
    return [alias for alias, (_, source) in scope.selected_sources.items() if _carries(source, tables)]


def _carries(source: exp.Expression | Scope, tables: Mapping[str, Relation]) -> bool:
    if isinstance(source, Scope):
        named = source.expression.named_selects
        return ACCOUNT_COLUMN in named or ("*" in named and any(_carriers(source, tables)))
    return source.name in tables and ACCOUNT_COLUMN in tables[source.name].columns
