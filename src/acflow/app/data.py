"""The tables of a project: which there are, what their columns mean, their rows page by page, and questions in SQL."""

import difflib
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from acflow.app.instants import as_text, in_utc
from acflow.app.query import SECONDS, QueryRows, stream_query
from acflow.app.rows import RowsQuery, RowsSql
from acflow.app.runs import landed_certificates
from acflow.errors import Action, ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pyarrow as pa

    from acflow.app.project import Project
    from acflow.engine import Warehouse


class TableKind(StrEnum):
    """What a table belongs to."""

    ENTITY = "entity"
    DERIVED = "derived"  # made by a run from entities: custom fields made wide, histories, snapshots, deleted rows
    FLOW = "flow"
    REPORT = "report"
    INTERNAL = "internal"  # acflow's own notes, such as values that would not convert
    ORPHAN = "orphan"  # of a flow that the flow file no longer has; nothing computes it anew
    OTHER = "other"  # nobody's that this project knows


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table, and the entity, flow or report that it `belongs_to`.

    `as_of` is when the oldest reading began that it was made of, None if that is unknown.
    """

    name: str
    kind: TableKind
    rows: int | None
    columns: int
    description: str
    as_of: datetime | None
    belongs_to: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self) | {"kind": self.kind.value, "as_of": as_text(self.as_of)}


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """A column with its SQL type, and its meaning where that is known."""

    name: str
    type: str
    meaning: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class RowsPage:
    """A page of rows; `next` is the cursor of the page behind it, None if this is the last."""

    table: "pa.Table"
    next: str | None


@dataclass(frozen=True, slots=True)
class Facet:
    """A value of a column, None for empty, and how many rows have it."""

    value: str | None
    rows: int


def tables(project: "Project", *, count: bool = True) -> list[TableInfo]:
    """Return the tables of the warehouse, with the number of their rows if they are to be counted."""
    from acflow.engine import count_tables

    reader = project.reader()
    describe = _Describer(project)
    catalogue = reader.catalogue()
    counted = count_tables(reader, list(catalogue)) if count else {}
    return [describe.info(name, len(columns), counted.get(name)) for name, columns in catalogue.items()]


def origins(project: "Project", names: "Iterable[str]") -> list[TableInfo]:
    """Return what these tables and views are, of those names that there are, without counting rows."""
    from acflow.flows.derived_tables import derived_tables

    catalogue = project.reader().catalogue()
    known = {name.lower(): name for name in (*derived_tables(), *catalogue)}
    wanted = dict.fromkeys(known[name.lower()] for name in names if name.lower() in known)
    describe = _Describer(project)
    return [describe.info(name, len(catalogue.get(name, ())), None) for name in wanted]


def table_named(project: "Project", name: str, reader: "Warehouse | None" = None) -> str:
    """Return the table of that name in its own spelling.

    Raises:
        ConfigError: there is none; the message says which one was probably meant.

    """
    reader = reader or project.reader()
    known = {table.lower(): table for table in reader.tables()}
    if name.lower() in known:
        return known[name.lower()]
    if not known:
        raise ConfigError(f"There are no tables in {reader.url} yet.", action=Action("run"))
    near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.4)
    guess = f" Did you mean {known[near[0]]}?" if near else ""
    raise ConfigError(f"There is no table {name!r}.{guess} Tables: {', '.join(known.values())}.")


def interest(table: str) -> tuple[str, ...]:
    """Return the columns of a table that people look for, the first of them first; none where nobody said so."""
    from acflow.entities import ALL

    return {entity.name.lower(): entity.interest for entity in ALL}.get(table.lower(), ())


def columns(project: "Project", table: str) -> list[ColumnInfo]:
    """Return the columns of a table, a wide view or a flow with their meanings; a flow need not have run."""
    reader = project.reader()
    name, kinds = _known_columns(project, table, reader)
    meanings = _Describer(project).meanings(name)
    return [ColumnInfo(column, kind, meanings.get(column, "")) for column, kind in kinds.items()]


def _known_columns(project: "Project", table: str, reader: "Warehouse") -> "tuple[str, Mapping[str, str]]":
    """Return a table's own spelling and the types of its columns: as they are, else as they will be."""
    from acflow.app.flows import flow_detail
    from acflow.flows.derived_tables import derived_tables

    derived = {name.lower(): made for name, made in derived_tables().items()}
    flows = {name.lower(): name for name in project.file.flows}
    made, flow = derived.get(table.lower()), flows.get(table.lower())
    if made is not None:  # a view, which is in no list of tables
        return made.name, reader.columns(made.name) or made.columns
    if flow is not None and not reader.columns(flow):
        return flow, flow_detail(project, flow).columns
    name = table_named(project, table, reader)
    return name, reader.columns(name)


def rows(project: "Project", table: str, query: RowsQuery | None = None) -> RowsPage:
    """Return a page of rows.

    Raises:
        ConfigError: there is no such table or column, or a condition's value does not fit its column.

    """
    wanted = rows_sql(project, table, query)
    with wanted.warehouse.stream(wanted.page()) as batches:
        fetched = batches.read_all()
    page = fetched.slice(0, wanted.query.limit)
    more = fetched.num_rows > wanted.query.limit
    return RowsPage(page.select(list(wanted.shown)), wanted.following(page) if more else None)


@contextmanager
def stream(
    project: "Project", table: str, query: RowsQuery | None = None, limit: int | None = None
) -> "Iterator[pa.RecordBatchReader]":
    """Yield all rows that a query means, or the first ones, in batches; for downloads of exactly what is looked at."""
    wanted = rows_sql(project, table, query)
    with wanted.warehouse.stream(wanted.all(limit)) as batches:
        yield batches


def count(project: "Project", table: str, query: RowsQuery | None = None) -> int:
    """Return how many rows a query means, on all its pages."""
    wanted = rows_sql(project, table, query)
    with wanted.warehouse.stream(wanted.count()) as batches:
        return int(batches.read_all().column("rows")[0].as_py())


def facets(project: "Project", table: str, column: str, query: RowsQuery | None = None, limit: int = 20) -> list[Facet]:
    """Return the most frequent values of a column among the rows that a query means, as text, the commonest first."""
    wanted = rows_sql(project, table, query)
    with wanted.warehouse.stream(wanted.facets(column, limit)) as batches:
        return [Facet(**row) for row in batches.read_all().to_pylist()]


def rows_sql(project: "Project", table: str, query: RowsQuery | None = None) -> RowsSql:
    """Return the SQL of what is wanted of a table; errors are those of `rows`."""
    reader = project.reader()
    name, query = table_named(project, table, reader), query or RowsQuery()
    if query.as_of:
        name, query = _in_the_past(reader, name, query, query.as_of)
    return RowsSql(reader, name, reader.columns(name), query)


def _in_the_past(reader: "Warehouse", name: str, query: RowsQuery, as_of: datetime) -> tuple[str, RowsQuery]:
    """Return the change log of a table, and the columns that the table itself has.

    Raises:
        ConfigError: what it held then is not known.

    """
    from sqlglot import exp

    from acflow.engine.sql import table as table_of

    history = f"{name}_history"
    kept = reader.columns(history)
    if "_valid_from" not in kept:
        raise ConfigError(f"No versions of {name} are kept, so no past day of it is known. Name it in ACFLOW_HISTORY.")
    begin = exp.Min(this=exp.column("_valid_from", quoted=True)).as_("since")
    source = table_of(history, reader.dataset, reader.dialect)
    (found,) = reader.query(exp.select(begin).from_(source).sql(reader.dialect)).to_pylist()
    if found["since"] is None or as_of < found["since"]:
        since = f"since {found['since']:%Y-%m-%d %H:%M} UTC" if found["since"] else "from its next run on"
        raise ConfigError(f"Versions of {name} are kept {since}; ask for that day or a later one.")
    columns = query.columns or tuple(column for column in reader.columns(name) if column in kept)
    return history, replace(query, columns=columns)


@contextmanager
def query(project: "Project", sql: str, *, seconds: float = SECONDS, rows: int | None = None) -> "Iterator[QueryRows]":
    """Yield the answer to SQL that somebody typed, with tables by their plain names and instants in UTC.

    With `rows`, it ends one row behind that number if there are more.

    Raises:
        ConfigError: the statement cannot be understood, does not fit the tables, or would do more than read.
        QueryTimeoutError: it took longer than these seconds.

    """
    memory = project.settings.flow_memory
    with stream_query(project.reader(), sql, seconds=seconds, rows=rows, memory_mb=memory) as answer:
        yield answer


OURS = {
    "_deleted_at": "When a reading found that the record is no longer in the account.",
    "_valid_from": "When a reading first saw this version of the record.",
    "_valid_to": "When a reading saw the next version, or the record gone; null for the version of now.",
    "_changed": "Which columns differ from the version before.",
    "_taken_at": "When the counters of this day were read.",
    "_synced_at": "When the run that added the row computed the flow.",
}
"""The columns that acflow adds to tables, and what they mean."""


DERIVED_WORDS = {
    "deleted": "Rows of {} that are gone from the account.",
    "history": "Every version of {} that a run has seen, and from when to when it held.",
    "daily": "The counters of {} as they stood on each day of a run.",
    "custom": "The custom fields of {}, one column each.",
    "wide": "{} with their custom fields beside them.",
}
"""What tables made from an entity hold, by the ending of their name."""
INTERNAL_WORDS = {
    "_rejects": "Values that would not fit the type of their column, as they came.",
    "_readings": "When each entity was read.",
    "_acflow": "Whose data this is.",
}


def _flow_tables(project: "Project") -> dict[str, str]:
    """Return the flow of each table that a flow of the file may have."""
    flows = project.file.flows
    return {name: name for name in flows} | {
        f"{name}_flow": name for name, flow in flows.items() if flow.entity == name
    }


def _earlier_flow_tables(project: "Project") -> dict[str, str]:
    """Return the flow of each table that a run of this project may have computed."""
    if not project.has_ledger:
        return {}
    with project.ledger() as ledger:
        names = list(ledger.last_flows())
    return {name: name for name in names} | {f"{name}_flow": name for name in names}


class _Describer:
    """What tables are, by the entities, the flow file, the reports, and the record of runs."""

    def __init__(self, project: "Project") -> None:
        from acflow.entities import ALL
        from acflow.flows.derived_tables import derived_tables
        from acflow.reports import REPORTS

        self._project = project
        self._entities = {entity.name: entity for entity in ALL}
        self._derived = derived_tables()
        self._reports = {report.table: report for report in REPORTS}
        self._flows = project.file.flows
        self._flow_tables = _flow_tables(project)
        self._orphans = _earlier_flow_tables(project)
        self._read_at = {each["entity"]: in_utc(each["started_at"]) for each in landed_certificates(project)}

    def info(self, name: str, columns: int, rows: int | None) -> TableInfo:
        """Return what is known of a table with so many columns and rows."""
        return TableInfo(
            name=name,
            kind=self.kind(name),
            rows=rows,
            columns=columns,
            description=self.description(name),
            as_of=self.as_of(name),
            belongs_to=self.belongs_to(name),
        )

    def kind(self, name: str) -> TableKind:
        """Return what a table belongs to. An entity's flow that only merges it has no table of its own."""
        if name in self._entities:
            return TableKind.ENTITY
        if name in self._derived:
            return TableKind.INTERNAL if name.startswith("_") else TableKind.DERIVED
        if name in self._flow_tables:
            return TableKind.FLOW
        if name in self._reports:
            return TableKind.REPORT
        if name in self._orphans:
            return TableKind.ORPHAN
        return TableKind.INTERNAL if name.startswith("_") else TableKind.OTHER

    def as_of(self, name: str) -> datetime | None:
        """Return when the oldest reading began that a table was made of; None if that is unknown."""
        match self.kind(name):
            case TableKind.DERIVED | TableKind.INTERNAL if name in self._derived:
                readings = [self._read_at.get(entity) for entity in self._derived[name].reads]
                known = [moment for moment in readings if moment is not None]
                return min(known) if known and len(known) == len(readings) else None
            case TableKind.FLOW:
                return self._flows_as_of.get(self._flow_tables[name])
            case _:
                return self._read_at.get(name)

    @cached_property
    def _flows_as_of(self) -> "dict[str, datetime | None]":
        from acflow.app.flows import list_flows

        return {flow.name: flow.data_as_of for flow in list_flows(self._project, check=False)}

    def belongs_to(self, name: str) -> str | None:
        """Return the entity, flow or report whose table it is, or that it is made of."""
        match self.kind(name):
            case TableKind.ENTITY:
                return name
            case TableKind.DERIVED:
                return self._derived[name].reads[0]
            case TableKind.FLOW:
                return self._flow_tables[name]
            case TableKind.REPORT:
                return self._reports[name].name
            case TableKind.ORPHAN:
                return self._orphans[name]
            case _:
                return None

    def description(self, name: str) -> str:
        """Return a sentence about a table; empty if nobody wrote one."""
        match self.kind(name):
            case TableKind.ENTITY:
                return self._entities[name].description
            case TableKind.FLOW:
                return self._flows[self._flow_tables[name]].description or ""
            case TableKind.REPORT:
                return self._reports[name].question
            case TableKind.DERIVED:
                entity, _, ending = name.rpartition("_")
                return DERIVED_WORDS[ending].format(entity) if ending in DERIVED_WORDS else ""
            case TableKind.INTERNAL:
                return INTERNAL_WORDS.get(name, "")
            case _:
                return ""

    def meanings(self, name: str) -> dict[str, str]:
        """Return what the columns of a table mean, as far as it is known."""
        return OURS | self._known_meanings(name)

    def _known_meanings(self, name: str) -> dict[str, str]:
        match self.kind(name):
            case TableKind.ENTITY:
                return self._of_entity(name)
            case TableKind.REPORT:
                return {column.name: column.description for column in self._reports[name].columns}
            case TableKind.DERIVED | TableKind.INTERNAL if name in self._derived:
                return self._shared(self._derived[name].reads) | self._custom(self._derived[name].fields_of)
            case TableKind.FLOW:
                return self._of_flow(self._flow_tables[name])
            case _:
                return {}

    def _of_entity(self, name: str) -> dict[str, str]:
        return {column.name: column.description for column in self._entities[name].columns}

    def _shared(self, entities: tuple[str, ...]) -> dict[str, str]:
        """Return the meanings of columns by name; one that several of these entities have may mean either."""
        meanings: dict[str, set[str]] = {}
        for entity in entities:
            for column, meaning in self._of_entity(entity).items():
                meanings.setdefault(column, set()).add(meaning)
        return {column: known.pop() for column, known in meanings.items() if len(known) == 1}

    def _custom(self, owner: str | None) -> dict[str, str]:
        if owner is None:
            return {}
        from acflow.custom.registry import known_fields

        fields = known_fields(self._project.reader(), owner)
        return {column: f"The custom field {field.title!r}." for field in fields for column in field.columns}

    def _of_flow(self, name: str) -> dict[str, str]:
        from acflow.flows.catalog import entity_schemas
        from acflow.flows.plan import make_plan

        needed = make_plan(self._project.file, entity_schemas()).entities([name])
        return self._shared(tuple(entity for entity in needed if entity in self._entities))
