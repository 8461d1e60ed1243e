"""Joins that somebody wrote in SQL, and the sums over rows that they multiply.

One row to many is what most joins are for; it is wrong only where a column of the one side is added up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.scope import Scope, traverse_scope

KEEPS_ROWS = frozenset({"SEMI", "ANTI"})  # kinds of joins that never multiply


@dataclass(frozen=True, slots=True)
class MultipliedSum:
    """A sum over rows of `table` that may come more than once, as `other` may have a key twice.

    `keys` counts the keys that `table` has and `other` has more than once; where there are none, the sum is right.
    """

    node: exp.Expression
    table: str
    other: str
    columns: tuple[str, ...]
    keys: exp.Select


def multiplied_sums(query: exp.Query) -> Iterator[MultipliedSum]:
    """Yield the sums and averages of a query that a join may have made wrong."""
    try:
        scopes = list(traverse_scope(query))
    except OptimizeError:
        return
    for scope in scopes:
        if isinstance(scope.expression, exp.Select) and scope.expression.args.get("joins"):
            yield from _in_select(scope.expression, scope)


def _in_select(select: exp.Select, scope: Scope) -> Iterator[MultipliedSum]:
    tables = {alias: source for alias, source in scope.sources.items() if isinstance(source, exp.Table)}
    pairs = list(_pairs(select))
    for node in select.find_all(exp.Sum, exp.Avg):
        owners = {column.table for column in node.find_all(exp.Column)}
        if node.parent_select is not select or isinstance(node.this, exp.Distinct) or len(owners) != 1:
            continue
        (owner,) = owners
        keys: dict[str, dict[str, str]] = {}
        for (mine, column), (other, key) in pairs:
            if mine == owner and owner in tables and other in tables:
                keys.setdefault(other, {})[key] = column
        for other, columns in keys.items():
            counted = _twice(tables[owner], tables[other], columns)
            yield MultipliedSum(node, tables[owner].name, tables[other].name, tuple(columns), counted)


def _pairs(select: exp.Select) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Yield the columns that joins hold equal, both ways round."""
    for join in select.args["joins"]:
        if join.kind in KEEPS_ROWS or not join.args.get("on"):
            continue
        for equal in join.args["on"].find_all(exp.EQ):
            sides = (equal.left, equal.right)
            if all(isinstance(side, exp.Column) for side in sides):
                one, other = ((side.table, side.name) for side in sides)
                yield one, other
                yield other, one


def _twice(table: exp.Table, other: exp.Table, columns: Mapping[str, str]) -> exp.Select:
    """Return a query that counts the keys of `other` that stand there twice and that rows of `table` have."""
    mine, theirs = _aliased(table, "mine"), _aliased(other, "theirs")
    same = [
        exp.column(key, "theirs", quoted=True).eq(exp.column(column, "mine", quoted=True))
        for key, column in columns.items()
    ]
    keys = [exp.column(key, "theirs", quoted=True) for key in columns]
    met = exp.Exists(this=exp.select("1").from_(mine).where(*same))
    twice = exp.select(*keys).from_(theirs).where(met).group_by(*keys).having(exp.Count(this=exp.Star()) > 1)
    return exp.select(exp.Count(this=exp.Star()).as_("keys")).from_(twice.subquery("twice"))


def _aliased(table: exp.Table, alias: str) -> exp.Table:
    named = exp.table_(table.name, db=table.db, quoted=True)
    named.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    return named
