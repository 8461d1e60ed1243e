"""The transformations of a flow in their order: where, columns, convert, formula, group_by, distinct, sort, limit."""

from collections.abc import Callable, Container, Mapping, Sequence

from sqlglot import exp

from acflow.engine.sql import ACCOUNT_COLUMN
from acflow.flows.comparisons import typecheck
from acflow.flows.convert import convert
from acflow.flows.expression import Role, bare_aggregate, find_name, parse_expression, resolve
from acflow.flows.money import Columns, analyse
from acflow.flows.problems import Path, SqlMistakeError, suggest
from acflow.flows.relation import Builder, Relation, named, stable, stable_type
from acflow.flows.spec import EVERYTHING_ELSE, Flow, Pick, plain
from acflow.flows.sqltypes import TypeFamily, UnknownTypeError, can_cast, cast, data_type, kind, named_type

MoneyOf = Callable[[exp.Table], Columns]
Find = Callable[[str], Relation | None]


def shape(builder: Builder, flow: Flow, relation: Relation, money_of: MoneyOf, find: Find) -> Relation:
    """Apply every step that the flow has, and at least one."""
    if flow.where is not None or flow.columns is not None:
        relation = rows(builder, flow, relation)
    if flow.convert:
        so_far = builder.query() if builder.steps else relation.select(*relation.pass_on())
        rates = find(flow.convert.rates) if isinstance(flow.convert.rates, str) else None
        relation = convert(builder, flow.convert, relation, analyse(so_far, money_of)[0], rates)
    if flow.formula:
        relation = formulas(builder, flow.formula, relation)
    if flow.metrics:
        relation = groups(builder, flow.group_by or [], flow.metrics, relation)
    if flow.distinct:
        query = relation.select(*relation.pass_on()).distinct()
        relation = builder.add("distinct", query, relation.columns, relation.unique)
    if flow.sort or flow.limit:
        relation = ordered(builder, flow.sort or [], flow.limit, relation)
    return relation if builder.steps else rows(builder, flow, relation)


def read(builder: Builder, path: Path, text: str, role: Role, relation: Relation) -> exp.Expression | None:
    """Parse and bind one expression; what is wrong with it is noted, and None comes back."""
    try:
        expression = parse_expression(text, role)
        if any(builder.gave_up(column.name) for column in expression.find_all(exp.Column)):
            return None
        mistakes = resolve(expression, relation.frame) or typecheck(expression, relation.frame)
    except SqlMistakeError as error:
        mistakes = [error]
    for mistake in mistakes:
        builder.report(path, mistake)
    return None if mistakes else expression


def typed(builder: Builder, path: Path, query: exp.Query) -> str | None:
    """Return the type of the last column of a query, or note why it has none."""
    try:
        return builder.types(query)[-1]
    except SqlMistakeError as error:
        builder.report(path, error)
        return None


def rows(builder: Builder, flow: Flow, relation: Relation) -> Relation:
    """Leave out rows, and choose, rename, order and turn columns."""
    condition = None
    if flow.where is not None:
        path = builder.path("where")
        condition = read(builder, path, flow.where, Role.WHERE, relation)
        sql_type = typed(builder, path, relation.select(condition)) if condition is not None else "BOOLEAN"
        if sql_type not in {None, "BOOLEAN"}:
            text = f"`where` must be a condition; this is {kind(str(sql_type))}."
            builder.report(path, SqlMistakeError(text, "Compare it with something, such as `status = 0`."))
    columns: dict[str, str] = {}
    items: list[exp.Expression] = []
    origin: dict[str, str] = {}
    picks = [*enumerate(expand(flow.columns, relation))]
    if flow.over and ACCOUNT_COLUMN in relation.columns and ACCOUNT_COLUMN not in {pick.source for _, pick in picks}:
        picks.insert(0, (0, plain(ACCOUNT_COLUMN)))
    for index, pick in picks:
        path = builder.path("columns", index)
        item = _picked(builder, path, pick, relation, flow.formula or {})
        if item is None:
            item = builder.give_up(pick.name)
        twin = find_name(pick.name, columns)
        if twin is not None:
            builder.report(path, SqlMistakeError(f"two columns named `{pick.name}`.", "Rename one: {new: old}."))
            continue
        value, columns[pick.name] = item
        items.append(named(value, pick.name))
        if isinstance(value, exp.Column):
            origin.setdefault(value.name, pick.name)
    query = relation.select(*items)
    if condition is not None:
        query = query.where(condition)
    return builder.add("rows", query, columns, renamed_key(relation.unique, origin))


def renamed_key(unique: tuple[str, ...] | None, origin: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return a key under its new names, or None if a part of it is gone."""
    if unique is None or not all(name in origin for name in unique):
        return None
    return tuple(origin[name] for name in unique)


def expand(picks: Sequence[Pick] | None, relation: Relation) -> list[Pick]:
    """Put every column that is not named elsewhere in the place of `*`."""
    if picks is None:
        return [plain(name) for name in relation.columns]
    named_elsewhere = {(relation.frame.find(pick.source) or "") for pick in picks}
    expanded: list[Pick] = []
    for pick in picks:
        if pick.source == EVERYTHING_ELSE:
            rest = [name for name in relation.columns if name not in named_elsewhere]
            expanded += [plain(name) for name in rest]
            named_elsewhere.update(rest)
        else:
            expanded.append(pick)
    return expanded


def _picked(
    builder: Builder, path: Path, pick: Pick, relation: Relation, made: Mapping[str, str]
) -> tuple[exp.Expression, str] | None:
    if pick.source not in relation.columns:
        fix = suggest(pick.source, relation.columns, "columns")
        if find_name(pick.source, made):
            fix = "`formula` makes it after `columns`, and puts it last: leave it out here. "
            fix += "To choose or order it, write a flow `from` this one with its own `columns`."
        builder.report(path, SqlMistakeError(f"unknown column `{pick.source}`.", fix))
        return None
    value, have = relation.frame.column(pick.source), relation.columns[pick.source]
    if pick.type is None:
        return value, have
    try:
        want = named_type(pick.type)
    except UnknownTypeError as error:
        builder.report(path, SqlMistakeError(*error.args))
        return None
    if not can_cast(have, want):
        message = f"`{pick.source}` holds {kind(have)}, which no cast turns into {kind(want)}."
        builder.report(path, SqlMistakeError(message, "Choose another type, or write a formula."))
        return None
    turned = cast(value, have, want)
    sql_type = typed(builder, path, relation.select(turned))
    return None if sql_type is None else (turned, sql_type)


def formulas(builder: Builder, given: Mapping[str, str], relation: Relation) -> Relation:
    """Add columns; a formula may use one above it, and one named like a column takes its place."""
    fresh: dict[str, tuple[exp.Expression, str]] = {}
    for name, text in given.items():
        path = builder.path("formula", name)
        layer = _layer(builder, relation, fresh) if fresh and _uses(text, fresh) else relation
        if layer is not relation:
            relation, fresh = layer, {}
        expression = read(builder, path, text, Role.FORMULA, relation)
        if expression is None:
            fresh[name] = builder.give_up(name)
            continue
        sql_type = typed(builder, path, relation.select(*relation.pass_on(), named(expression, "_formula")))
        exact = relation.frame.find(name) or name
        if sql_type is None:
            fresh[exact] = builder.give_up(name)
        else:
            fresh[exact] = (stable(expression, sql_type), stable_type(sql_type))
    return _layer(builder, relation, fresh)


def _uses(text: str, fresh: Mapping[str, object]) -> bool:
    try:
        expression = parse_expression(text, Role.FORMULA)
    except SqlMistakeError:
        return False
    return any(find_name(column.name, fresh) for column in expression.find_all(exp.Column))


def _layer(builder: Builder, relation: Relation, fresh: Mapping[str, tuple[exp.Expression, str]]) -> Relation:
    columns = dict(relation.columns) | {name: sql_type for name, (_, sql_type) in fresh.items()}
    items = [named(fresh[name][0], name) if name in fresh else relation.frame.column(name) for name in columns]
    unique = relation.unique if not set(relation.unique or ()) & set(fresh) else None
    return builder.add("formula", relation.select(*items), columns, unique)


def groups(builder: Builder, keys: Sequence[str], metrics: Mapping[str, str], relation: Relation) -> Relation:
    """Make one row for each combination of the keys, or one in all."""
    known = [key for index, key in enumerate(keys) if _known(builder, builder.path("group_by", index), key, relation)]
    columns = {key: relation.columns[key] for key in known}
    builder.lost.update(key.lower() for key in keys if key not in known)
    items = relation.pass_on(known) if known else []
    base = relation.select(*items).group_by(*[item.copy() for item in items]) if items else relation.select()
    for name, text in metrics.items():
        path = builder.path("metrics", name)
        if find_name(name, columns):
            builder.report(path, SqlMistakeError(f"`{name}` is also in `group_by`.", "Give the metric another name."))
            continue
        item = _metric(builder, path, text, relation, base)
        value, columns[name] = builder.give_up(name) if item is None else item
        items.append(named(value, name))
    query = base.select(*items, append=False)
    return builder.add("groups", query, columns, tuple(known))


def _metric(
    builder: Builder, path: Path, text: str, relation: Relation, base: exp.Select
) -> tuple[exp.Expression, str] | None:
    expression = read(builder, path, text, Role.METRIC, relation)
    if expression is None:
        return None
    if bare_aggregate(expression) is None and not expression.find(exp.Anonymous):
        message = f"`{text}` is no aggregate."
        builder.report(path, SqlMistakeError(message, "Write sum(…), count(*), avg(…), min(…) or max(…)."))
        return None
    sql_type = typed(builder, path, base.select(named(expression.copy(), "_metric")))
    return None if sql_type is None else (stable(expression, sql_type), stable_type(sql_type))


def _known(builder: Builder, path: Path, name: str, relation: Relation) -> bool:
    if name in relation.columns:
        return True
    fix = suggest(name, relation.columns, "columns")
    builder.report(path, SqlMistakeError(f"unknown column `{name}`.", fix))
    return False


def sort_term(term: str, columns: Container[str]) -> tuple[str, bool]:
    """Return the column of a term and whether it is descending; a name may begin with a minus or a space itself."""
    return (term, False) if term in columns else (term.removeprefix("-").strip(), term.startswith("-"))


def ordered(builder: Builder, sort: Sequence[str], limit: int | None, relation: Relation) -> Relation:
    """Sort and cut. Rows that are equal by `sort` are told apart by the key, or by all that is left.

    So the same rows come in the same order each time, and a limit always cuts at the same one.
    """
    terms: dict[str, bool] = {}
    for index, term in enumerate(sort):
        name, descending = sort_term(term, relation.columns)
        if _known(builder, builder.path("sort", index), name, relation):
            terms.setdefault(name, descending)
    for name in relation.unique if relation.unique is not None else relation.columns:
        if kind(relation.columns[name]) not in {TypeFamily.JSON, TypeFamily.OTHER}:
            terms.setdefault(name, False)
    query = relation.select(*relation.pass_on())
    for name, descending in terms.items():
        column = relation.frame.column(name)
        column.type = data_type(relation.columns[name])
        query = query.order_by(exp.Ordered(this=column, desc=descending, nulls_first=False))
    return builder.add("sorted", query.limit(limit) if limit else query, relation.columns, relation.unique)
