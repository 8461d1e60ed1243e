"""The tables of a project: which there are, what their columns mean, their rows page by page, and questions in SQL."""

import difflib
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from acflow.app.query import SECONDS, QueryRows, stream_query
from acflow.app.rows import RowsQuery, RowsSql
from acflow.app.table_info import TableDescriber, TableInfo
from acflow.errors import Action, ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pyarrow as pa

    from acflow.app.project import Project
    from acflow.engine import Warehouse


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
    describe = TableDescriber(project)
    catalogue = reader.catalogue()
    counted = count_tables(reader, list(catalogue)) if count else {}
    return [describe.info(name, len(columns), counted.get(name)) for name, columns in catalogue.items()]


def origins(project: "Project", names: "Iterable[str]") -> list[TableInfo]:
    """Return what these tables and views are, of those names that there are, without counting rows."""
    from acflow.flows.derived_tables import derived_tables

    catalogue = project.reader().catalogue()
    known = {name.lower(): name for name in (*derived_tables(), *catalogue)}
    wanted = dict.fromkeys(known[name.lower()] for name in names if name.lower() in known)
    describe = TableDescriber(project)
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
    from acflow.entities import known_entities

    return {entity.name.lower(): entity.interest for entity in known_entities()}.get(table.lower(), ())


def columns(project: "Project", table: str) -> list[ColumnInfo]:
    """Return the columns of a table, a wide view or a flow with their meanings; a flow need not have run."""
    reader = project.reader()
    name, kinds = _known_columns(project, table, reader)
    meanings = TableDescriber(project).meanings(name)
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
