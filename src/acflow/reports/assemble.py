"""A report's SQL put together: its own steps, the parts it shares with others, the tables, the options.

The result is one SELECT that stands alone, in the dialect of the warehouse. What the warehouse lacks is there without
rows, so a report never fails for want of a table; `running` says what is missing.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from graphlib import TopologicalSorter
from typing import Self

from sqlglot import exp, parse_one

from acflow.engine.dialects import write
from acflow.reports import texts
from acflow.reports.model import SQL_TYPES, Report
from acflow.reports.options import Options
from acflow.reports.prune import pruned
from acflow.reports.sql_cache import cached
from acflow.reports.tables import schemas

DIALECT = "duckdb"
OPTION_TABLES = {name: columns for name, columns, _ in Options().tables()}
RESULT = "report"

Catalog = Mapping[str, Collection[str]]  # the columns of each table that the warehouse has
VALID_FROM, VALID_TO, TAKEN_AT = "_valid_from", "_valid_to", "_taken_at"


@dataclass(frozen=True, slots=True)
class Rewind:
    """How a table is taken back to `as_of`: one of three ways.

    `versions` is its change log, and `daily` holds the `counters` that make no version; `until` is the column by which
    a log is cut off; a table that is `absent` has no rows.
    """

    as_of: datetime
    versions: str | None = None
    daily: str | None = None
    counters: frozenset[str] = frozenset()
    until: str | None = None
    absent: bool = False


@dataclass
class QueryParts:
    """The steps of a report by their names, the last SELECT, and the tables of the warehouse that they read."""

    last: exp.Query
    steps: dict[str, exp.Query] = field(default_factory=dict)
    tables: list[str] = field(default_factory=list)

    def used(self, table: str) -> list[str]:
        """Return the columns of a table that are read, in their order; a few more than needed do no harm."""
        schema, named = schemas()[table], set()
        for query in (self.last, *self.steps.values()):
            for node in query.find_all(exp.Table):
                if node.name == table and node.parent_select:
                    columns = node.parent_select.find_all(exp.Column)
                    named |= {column.name for column in columns if column.table in {"", node.alias_or_name}}
        return [name for name in schema if name in named] or list(schema)[:1]


def query_parts(report: Report) -> QueryParts:
    """Take a report apart, with every part that it needs."""
    last, own = _taken_apart(report.sql)
    pieces = QueryParts(last, own)
    waiting = [last, *own.values()]
    while waiting:
        for name in _names(waiting.pop()):
            if name in pieces.steps or name in pieces.tables or name in OPTION_TABLES:
                continue
            if name in schemas():
                pieces.tables.append(name)
                continue
            found = texts.part(name)
            if found is None:
                raise LookupError(f"{report.name}.sql reads {name}, which is no table and no part.")
            body, steps = _taken_apart(texts.part_text(found.file), found.instead)
            if found.instead:  # its twin may be there too, with the same steps
                body, steps = _renamed(body, steps, name)
            if clash := steps.keys() & pieces.steps.keys():
                raise LookupError(f"{report.name}.sql and the part {name} both have a step {', '.join(clash)}.")
            pieces.steps |= steps | {name: body}
            waiting += [body, *steps.values()]
    return pieces


def tables_of(report: Report) -> Sequence[str]:
    """Return the tables of the warehouse that a report reads."""
    return _tables_read(ReportText.of(report))


@dataclass(frozen=True, slots=True)
class ReportText:
    """What the SQL of a report is made of, by which that is kept."""

    sql: str
    columns: tuple[tuple[str, str], ...]
    report: Report = field(compare=False)

    @classmethod
    def of(cls, report: Report) -> Self:
        return cls(report.sql, tuple((column.name, column.kind.value) for column in report.columns), report)

    def __str__(self) -> str:
        return f"{self.sql}\0{self.columns}"


@cache
def _tables_read(text: ReportText) -> Sequence[str]:
    return tuple(cached("tables", str(text), lambda: sorted(query_parts(text.report).tables)))


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A report's SELECT over any warehouse, and the columns that it reads of each table and of each option's rows.

    A table is a step of no meaning, which `with_sources` replaces, and the options are still `$name`.
    """

    query: exp.Select
    sources: Mapping[str, Sequence[str]]

    def with_sources(self, bodies: Mapping[str, exp.Query]) -> exp.Select:
        """Return the SELECT with the steps of its sources."""
        query = self.query.copy()
        for step in query.ctes:
            if step.alias in bodies:
                step.set("this", bodies[step.alias])
        return query


def skeleton(report: Report) -> Skeleton:
    """Return what the SELECT of a report is everywhere. To work it out takes a quarter of a second, so it is kept."""
    return _skeleton(ReportText.of(report))


@cache
def _skeleton(text: ReportText) -> Skeleton:
    pieces = query_parts(text.report)
    sources = {name: _named(pieces.used(name), name) for name in pieces.tables}
    for name, columns in OPTION_TABLES.items():
        sources[name] = _named([column for column, _ in columns], name)
    steps = {**pieces.steps, **sources}
    query = _result(text.report, pieces.last)
    for name in _in_order(steps, pieces.last):
        query = query.with_(exp.to_identifier(name, quoted=True), as_=steps[name], copy=False)
    query = pruned(query)
    read = {step.alias: step.this.named_selects for step in query.ctes if step.alias in sources}
    known = {name: sources[name].named_selects for name in read}
    # Where nothing but the number of rows matters, no column is left.
    return Skeleton(
        query, {name: [each for each in known[name] if each in read[name]] or known[name][:1] for name in read}
    )


def _named(columns: Sequence[str], table: str) -> exp.Select:
    return exp.select(*(exp.column(column, quoted=True) for column in columns)).from_(exp.table_(table, db="source"))


def build(  # noqa: PLR0913, PLR0917 - what the rows are, and of when
    report: Report,
    options: Options,
    as_of: datetime,
    there: Catalog,
    dataset: str,
    rewinds: Mapping[str, Rewind] | None = None,
) -> exp.Select:
    """Return the whole SELECT, in no dialect yet.

    Columns come in their declared order and type, rows in the order that the report asks for. `rewinds` says which
    tables are taken back to an instant that is over.
    """
    bones = skeleton(report)
    query = bones.with_sources(source_steps(bones.sources, options, there, dataset, rewinds or {}))
    values = option_values(options, as_of)
    for place in list(query.find_all(exp.Placeholder)):
        place.replace(values[place.name].copy())
    return query


def source_steps(
    sources: Mapping[str, Sequence[str]],
    options: Options,
    there: Catalog,
    dataset: str,
    rewinds: Mapping[str, Rewind],
) -> dict[str, exp.Query]:
    """Return the steps that give the rows of tables and of options, with the columns that are read."""
    chosen = {name: _rows(columns, rows) for name, columns, rows in options.tables()}
    return {
        name: chosen[name] if name in chosen else _source(name, used, there, dataset, rewinds.get(name))
        for name, used in sources.items()
    }


def option_values(options: Options, as_of: datetime) -> dict[str, exp.Expression]:
    """Return what stands for each `$name`."""
    return {name: exp.cast(exp.Literal.string(value), kind) for name, value, kind in options.values(as_of)}


def render(query: exp.Query, dialect: str, *, pretty: bool = False) -> str:
    """Write a built SELECT in a dialect, every name quoted as the API spells it.

    Raises:
        ConfigError: the dialect cannot say it.

    """
    return write(query, dialect, "This report", pretty=pretty, comments=False)


@cache
def _parsed(text: str) -> exp.Select:
    return parse_one(text, dialect=DIALECT, into=exp.Select)


def _taken_apart(text: str, instead: Mapping[str, str] | None = None) -> tuple[exp.Query, dict[str, exp.Query]]:
    query = _parsed(text).copy()
    for table in query.find_all(exp.Table):
        if table.name in (instead or {}):
            table.set("this", exp.to_identifier((instead or {})[table.name]))
    steps = {cte.alias: cte.this for cte in query.ctes}
    query.set("with", None)
    return query, steps


def _renamed(body: exp.Query, steps: dict[str, exp.Query], prefix: str) -> tuple[exp.Query, dict[str, exp.Query]]:
    for query in (body, *steps.values()):
        for table in query.find_all(exp.Table):
            if table.name in steps:
                if not table.alias:
                    table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
                table.set("this", exp.to_identifier(f"{prefix}_{table.name}"))
    return body, {f"{prefix}_{name}": query for name, query in steps.items()}


def _names(query: exp.Query) -> Iterator[str]:
    for table in query.find_all(exp.Table):
        if isinstance(table.this, exp.Identifier):
            yield table.name


def _in_order(steps: Mapping[str, exp.Query], last: exp.Query) -> list[str]:
    """Return the steps that are needed, each after those it reads."""
    needs = {name: {each for each in _names(query) if each in steps} for name, query in steps.items()}
    order = list(TopologicalSorter({name: sorted(each - {name}) for name, each in needs.items()}).static_order())
    wanted = set(_names(last))
    for name in reversed(order):
        if name in wanted:
            wanted |= needs[name]
    return [name for name in order if name in wanted]


def _source(name: str, used: Sequence[str], there: Catalog, dataset: str, back: Rewind | None) -> exp.Select:
    """Return the rows of a table; what it lacks is null, and if it is not there at all, there are no rows."""
    declared = schemas()[name]
    if name not in there or (back and back.absent):
        return exp.select(*(_null(column, declared[column]) for column in used)).where(exp.false())
    if back and back.versions:
        return _version_of(back.versions, declared, used, there, dataset, back)
    columns: list[exp.Expression] = [
        exp.column(column, quoted=True) if column in there[name] else _null(column, declared[column]) for column in used
    ]
    query = exp.select(*columns).from_(exp.table_(name, db=dataset, quoted=True))
    if back and back.until:
        query = query.where(exp.column(back.until, quoted=True) <= _instant(back.as_of))
        for column in columns:
            if column.name == VALID_TO:  # a version that ended only later was valid
                ended = exp.column(VALID_TO, quoted=True)
                column.replace(exp.Case().when(ended <= _instant(back.as_of), ended).as_(VALID_TO, quoted=True))
    return query


def _version_of(  # noqa: PLR0913, PLR0917 - a table, its columns, and of when
    history: str, declared: Mapping[str, str], used: Sequence[str], there: Catalog, dataset: str, back: Rewind
) -> exp.Select:
    """Return the rows of a table as its change log knows them at an instant, with the counters last read by then."""
    at, daily = _instant(back.as_of), back.daily
    counted = [column for column in used if daily and column in back.counters and column in there[daily]]
    columns: list[exp.Expression] = []
    for column in used:
        if column in counted:
            columns.append(exp.column(column, "counted", quoted=True))
        elif column in there[history]:
            columns.append(exp.column(column, "version", quoted=True))
        else:
            columns.append(_null(column, declared[column]))
    ends = exp.column(VALID_TO, "version", quoted=True)
    query = (
        exp.select(*columns)
        .from_(exp.alias_(exp.table_(history, db=dataset, quoted=True), "version", table=True))
        .where(exp.column(VALID_FROM, "version", quoted=True) <= at, exp.or_(ends.is_(exp.null()), ends > at))
    )
    if not counted or daily is None:
        return query
    newest = exp.Window(
        this=exp.RowNumber(),
        partition_by=[exp.column("id", quoted=True)],
        order=exp.Order(expressions=[exp.Ordered(this=exp.column(TAKEN_AT, quoted=True), desc=True)]),
    )
    taken = (
        exp.select(*(exp.column(column, quoted=True) for column in ("id", *counted)), newest.as_("newest_first"))
        .from_(exp.table_(daily, db=dataset, quoted=True))
        .where(exp.column(TAKEN_AT, quoted=True) <= at)
    )
    same = exp.column("id", "counted", quoted=True).eq(exp.column("id", "version", quoted=True))
    first = exp.column("newest_first", "counted", quoted=True).eq(1)
    return query.join(taken.subquery("counted"), on=exp.and_(same, first), join_type="left")


def _null(column: str, kind: str) -> exp.Expression:
    return exp.cast(exp.null(), kind).as_(column, quoted=True)


def _instant(moment: datetime) -> exp.Expression:
    return exp.cast(exp.Literal.string(moment.astimezone(UTC).isoformat(sep=" ")), "TIMESTAMPTZ")


def _rows(columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]]) -> exp.Query:
    """Return rows of an option as a query."""
    if not rows:
        return exp.select(*(exp.cast(exp.null(), kind).as_(name) for name, kind in columns)).where(exp.false())
    selects = [
        exp.select(
            *(
                exp.cast(exp.Literal.string(value), kind).as_(name)
                for value, (name, kind) in zip(row, columns, strict=True)
            )
        )
        for row in rows
    ]
    query: exp.Query = selects[0]
    for select in selects[1:]:
        query = exp.union(query, select, distinct=False, copy=False)
    return query


def _result(report: Report, last: exp.Query) -> exp.Select:
    """Return the declared columns of the last step in their types, in its order."""
    body = last.copy()
    order = body.args.pop("order", None)
    columns = [
        exp.cast(exp.column(column.name, RESULT, quoted=True), SQL_TYPES[column.kind]).as_(column.name, quoted=True)
        for column in report.columns
    ]
    query = exp.select(*columns).from_(body.subquery(RESULT, copy=False))
    for term in order.expressions if order else ():
        for column in list(term.find_all(exp.Column)):
            column.replace(exp.column(column.name, RESULT, quoted=True))
        query = query.order_by(term, copy=False)
    return query
