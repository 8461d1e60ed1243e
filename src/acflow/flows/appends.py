"""Flows one below the other: columns meet by name, what is missing is null, `_source` tells where a row came from."""

from collections.abc import Mapping, Sequence

from sqlglot import exp

from acflow.flows.expression import find_name
from acflow.flows.relation import Builder, Relation, named
from acflow.flows.sqltypes import DIALECT, cast, column_type, key_type, kind

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
            columns[target] = column_type(columns[target], sql_type) if target in columns else sql_type
            place[target] = column
        places.append(place)
    selects = [_aligned(name, relation, place, columns) for (name, relation), place in zip(inputs, places, strict=True)]
    query: exp.Query = selects[0]
    for following in selects[1:]:
        query = exp.Union(this=query, expression=following, distinct=False)
    return builder.add("appended", query, columns | {SOURCE: "VARCHAR"}), notes


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
