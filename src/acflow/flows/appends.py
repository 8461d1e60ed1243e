"""Flows one below the other: columns meet by name, what is missing is null, `_source` tells where a row came from."""

from collections.abc import Mapping, Sequence

from sqlglot import exp

from acflow.flows.expression import find_name
from acflow.flows.relation import Builder, Relation, named
from acflow.flows.sqltypes import DIALECT, TypeFamily, cast, column_type, key_type, kind

SOURCE = "_source"


def append(builder: Builder, inputs: Sequence[tuple[str, Relation]]) -> tuple[Relation, list[str]]:
    """Put relations one below the other; the notes say which columns became text because their kinds differ."""
    columns: dict[str, str] = {}
    notes: list[str] = []
    places: list[dict[str, str]] = []  # for each input: name in the result -> its own column
    for name, relation in inputs:
        place: dict[str, str] = {}
        for column, sql_type in relation.columns.items():
            wanted = column if column.lower() != SOURCE else f"{name}_{SOURCE.strip('_')}"
            target = find_name(wanted, columns) or wanted
            if target in columns and key_type(columns[target], sql_type) is None:
                notes.append(f"`{target}` is text: {kind(columns[target])} so far, {kind(sql_type)} in `{name}`.")
            if target in columns and _zone_is_assumed(columns[target], sql_type):
                notes.append(f"`{target}` has a time zone only in some of the flows; without one it counts as UTC.")
            columns[target] = column_type(columns[target], sql_type) if target in columns else sql_type
            place[target] = column
        places.append(place)
    selects = [_aligned(name, relation, place, columns) for (name, relation), place in zip(inputs, places, strict=True)]
    query: exp.Query = selects[0]
    for following in selects[1:]:
        query = exp.Union(this=query, expression=following, distinct=False)
    relation = builder.add("appended", query, columns | {SOURCE: "VARCHAR"}, _key(inputs, columns))
    return relation, list(dict.fromkeys(notes))


def _key(inputs: Sequence[tuple[str, Relation]], columns: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the key that all inputs share, with the source before it; equal ids of two sources are two rows."""
    first = inputs[0][1].unique
    if first is None or not all(relation.unique == first for _, relation in inputs):
        return None
    if not all(relation.columns[name] == columns.get(name) for _, relation in inputs for name in first):
        return None
    return (SOURCE, *first)


def _zone_is_assumed(one: str, other: str) -> bool:
    kinds = {kind(one), kind(other)}
    return TypeFamily.TIMESTAMPTZ in kinds and bool(kinds & {TypeFamily.TIMESTAMP, TypeFamily.DATE})


def _aligned(name: str, relation: Relation, place: Mapping[str, str], columns: Mapping[str, str]) -> exp.Select:
    items = []
    for target, want in columns.items():
        if target in place:
            column = place[target]
            value = cast(relation.frame.column(column), relation.columns[column], want)
        else:
            value = exp.cast(exp.null(), want, dialect=DIALECT)
        items.append(named(value, target))
    return relation.select(*items, named(exp.cast(exp.Literal.string(name), "VARCHAR"), SOURCE))
