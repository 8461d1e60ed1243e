"""Two flows side by side, and the two questions that every join must answer: what multiplied, what found no match."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from acflow.flows.expression import find_name
from acflow.flows.problems import SqlMistakeError, suggest
from acflow.flows.relation import Builder, Relation, named
from acflow.flows.spec import Join
from acflow.flows.sqltypes import cast, key_type, kind


@dataclass(frozen=True, slots=True)
class JoinCheck:
    """Counts to warn of, as queries of one row.

    `fan_out` gives `keys`, those that the right side has more than once, and `extra_rows`, by which they multiply the
    left rows; it is None where the right key is known to be unique. `unmatched` gives `left_rows`, how many of them
    are `unmatched`, and how many of those are so because they are `without_key`.
    """

    left: str
    right: str
    on: tuple[tuple[str, str], ...]
    fan_out: exp.Query | None
    unmatched: exp.Query


@dataclass(frozen=True, slots=True)
class Key:
    """One pair of key columns and the type that both are compared in."""

    left: str
    right: str
    type: str

    def sides(self, left: Relation, right: Relation) -> tuple[exp.Expression, exp.Expression]:
        """Return both values, in one type."""
        return (
            cast(left.frame.column(self.left), left.columns[self.left], self.type),
            cast(right.frame.column(self.right), right.columns[self.right], self.type),
        )


@dataclass(frozen=True, slots=True)
class Joined:
    """A joined relation, the columns that had to be renamed, and its check."""

    relation: Relation
    renamed: Mapping[str, str]
    check: JoinCheck


def join(builder: Builder, spec: Join, left: Relation, right: Relation, along: Sequence[str] = ()) -> Joined | None:
    """Join two relations; None if the keys do not fit, which is noted.

    Columns that rows always have in common, `along`, are equal too where both sides have them, and come once.
    """
    # Not the flows' own names: contacts have a column `deals`, and in a subquery DuckDB would look into that one.
    left, right = left.aliased("_left"), right.aliased("_right")
    keys = _keys(builder, spec, left, right)
    if keys is None:
        return None
    shared = [name for name in along if name in left.columns and name in right.columns]
    keys = [*(Key(name, name, left.columns[name]) for name in shared), *(key for key in keys if key.left not in shared)]
    check = JoinCheck(
        spec.left,
        spec.right,
        tuple((key.left, key.right) for key in keys),
        None
        if spec.type == "anti" or _covers(right, [(key.right, key.type) for key in keys])
        else _fan_out(left, right, keys),
        _unmatched(left, right, keys),
    )
    if spec.type == "anti":
        query = left.select(*left.pass_on()).where(_lacks(left, right, keys))
        return Joined(builder.add("joined", query, left.columns, left.unique), {}, check)
    names = _names(spec.right, left, right, shared)
    right_alone = spec.type in {"right", "full"}  # rows to which the left side brings nothing
    items = [
        _either(left, right, name) if right_alone and name in shared else left.frame.column(name)
        for name in left.columns
    ]
    items += [named(right.frame.column(column), name) for name, column in names.items()]
    query = left.select(*items).join(right.table.copy(), on=_equal(left, right, keys), join_type=spec.type)
    columns = dict(left.columns) | {name: right.columns[column] for name, column in names.items()}
    relation = builder.add("joined", query, columns, _unique(spec, left, right, keys, names))
    return Joined(relation, {name: column for name, column in names.items() if name != column}, check)


def _keys(builder: Builder, spec: Join, left: Relation, right: Relation) -> list[Key] | None:
    keys = []
    for index, pair in enumerate(spec.on.items()):
        path = builder.path("join", "on", index)
        missing = False
        for name, side, relation in ((pair[0], spec.left, left), (pair[1], spec.right, right)):
            if name not in relation.columns:
                missing = True
                fix = suggest(name, relation.columns, f"columns of {side}")
                builder.report(path, SqlMistakeError(f"`{side}` has no column `{name}`.", fix))
        if missing:
            continue
        types = left.columns[pair[0]], right.columns[pair[1]]
        common = key_type(*types)
        if common is None or "JSON" in types:
            message = (
                f"`{spec.left}.{pair[0]}` holds {kind(types[0])}, `{spec.right}.{pair[1]}` holds {kind(types[1])}: "
                "they cannot be equal."
            )
            builder.report(
                path, SqlMistakeError(message, "Join on keys of one kind; `columns` can give one another type.")
            )
            continue
        keys.append(Key(*pair, common))
    return keys if len(keys) == len(spec.on) else None


def _equal(left: Relation, right: Relation, keys: list[Key]) -> exp.Expression:
    pairs = (key.sides(left, right) for key in keys)
    condition: exp.Expression = exp.and_(*(exp.EQ(this=one, expression=other) for one, other in pairs), copy=False)
    return condition


def _lacks(left: Relation, right: Relation, keys: list[Key]) -> exp.Expression:
    match = right.select(exp.Literal.number(1)).where(_equal(left, right, keys))
    return exp.Not(this=exp.Exists(this=match))


def _either(left: Relation, right: Relation, name: str) -> exp.Expression:
    """Return a column that both sides share, from whichever has the row."""
    value = exp.Coalesce(this=left.frame.column(name), expressions=[right.frame.column(name)])
    return named(value, name)


def _names(prefix: str, left: Relation, right: Relation, shared: Sequence[str]) -> dict[str, str]:
    """Return the columns of the right side under names that clash with none, without those that both share."""
    names: dict[str, str] = {}
    for column in right.columns:
        if column in shared:
            continue
        name, number = column, 1
        while (
            find_name(name, left.columns)
            or find_name(name, names)
            or (name != column and name not in names and find_name(name, right.columns))
        ):
            name = f"{prefix}_{column}" if number == 1 else f"{prefix}_{column}_{number}"
            number += 1
        names[name] = column
    return names


def _covers(relation: Relation, on: list[tuple[str, str]]) -> bool:
    """Whether a relation is known to have at most one row for each combination of these columns."""
    exact = {name for name, sql_type in on if relation.columns[name] == sql_type or sql_type == "VARCHAR"}
    return relation.unique is not None and set(relation.unique) <= exact


def _unique(
    spec: Join, left: Relation, right: Relation, keys: list[Key], names: Mapping[str, str]
) -> tuple[str, ...] | None:
    """Return the columns that still tell rows apart after the join, if that is certain."""
    if spec.type in {"left", "inner"} and _covers(right, [(key.right, key.type) for key in keys]):
        return left.unique
    if spec.type in {"right", "inner"} and right.unique is not None and _covers(left, [(k.left, k.type) for k in keys]):
        new = {column: name for name, column in names.items()}
        return tuple(new.get(column, column) for column in right.unique)
    return None


def _count(relation: Relation, columns: list[str], sql_types: list[str], side: str) -> exp.Select:
    """Count the rows of each key as k1, k2 … and n."""
    values = [
        cast(relation.frame.column(name), relation.columns[name], want)
        for name, want in zip(columns, sql_types, strict=True)
    ]
    items = [exp.alias_(value, f"k{index}", quoted=True) for index, value in enumerate(values, 1)]
    count = exp.alias_(exp.Count(this=exp.Star()), "n", quoted=True)
    query = relation.select(*items, count).group_by(*[value.copy() for value in values])
    return (
        query.having(exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1)))
        if side == "r"
        else query
    )


def _fan_out(left: Relation, right: Relation, keys: list[Key]) -> exp.Query:
    types = [key.type for key in keys]
    ours = _count(left, [key.left for key in keys], types, "l").subquery(exp.to_identifier("l", quoted=True))
    theirs = _count(right, [key.right for key in keys], types, "r").subquery(exp.to_identifier("r", quoted=True))
    same = [
        exp.EQ(this=exp.column(f"k{index}", "l", quoted=True), expression=exp.column(f"k{index}", "r", quoted=True))
        for index in range(1, len(keys) + 1)
    ]
    beyond = exp.Paren(this=exp.Sub(this=exp.column("n", "r", quoted=True), expression=exp.Literal.number(1)))
    extra = exp.Sum(this=exp.Mul(this=exp.column("n", "l", quoted=True), expression=beyond))
    return (
        exp.select(_whole(exp.Count(this=exp.Star()), "keys"), _whole(extra, "extra_rows"))
        .from_(ours)
        .join(theirs, on=exp.and_(*same, copy=False))
    )


def _unmatched(left: Relation, right: Relation, keys: list[Key]) -> exp.Query:
    values = [left.frame.column(key.left) for key in keys]
    empty = exp.or_(*(exp.Is(this=value, expression=exp.null()) for value in values), copy=False)
    lacking = exp.case().when(empty, "1").else_("0")
    total = exp.select(exp.Count(this=exp.Star())).from_(left.table.copy()).subquery()
    return left.select(
        _whole(total, "left_rows"),
        _whole(exp.Count(this=exp.Star()), "unmatched"),
        _whole(exp.Sum(this=lacking), "without_key"),
    ).where(_lacks(left, right, keys))


def _whole(value: exp.Expression, name: str) -> exp.Expression:
    """Return a count that is 0 and not null where there are no rows, in a type that every warehouse has."""
    settled = exp.Coalesce(this=value, expressions=[exp.Literal.number(0)]) if isinstance(value, exp.Sum) else value
    item: exp.Expression = exp.alias_(exp.cast(settled, "BIGINT"), name, quoted=True)
    return item
