"""`/data`: the tables, and the rows of each: searched, sorted, filtered, page by page, and as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from acflow.errors import ConfigError
from acflow.web.render import Page, plural, respond
from acflow.web.site import Site, site_of

if TYPE_CHECKING:
    from acflow.app.data import ColumnInfo, Facet
    from acflow.app.rows import Filter, RowsQuery
    from acflow.app.table_info import TableInfo

PAGE = 50
FACET_COLUMNS, FACET_VALUES = 4, 8
FACETTED = ("_label", "type", "currency", "status", "country", "source", "kind", "logic")
NUMBERS = ("BIGINT", "INT", "DOUBLE", "DECIMAL", "NUMERIC", "FLOAT", "REAL", "HUGEINT", "SMALLINT")
WORDS = {
    "TIMESTAMP WITH": "instant",
    "TIMESTAMPTZ": "instant",
    "TIMESTAMP": "date and time",
    "DATE": "day",
    "BOOL": "yes or no",
    "DOUBLE": "number",
    "DECIMAL": "amount",
    "NUMERIC": "amount",
}
CONDITIONS = {
    "is": "is",
    "is_not": "is not",
    "contains": "contains",
    "begins": "begins with",
    "at_least": "is at least",
    "at_most": "is at most",
    "above": "is above",
    "below": "is below",
    "empty": "is empty",
    "filled": "is not empty",
}
KINDS = {
    "entity": "Read from the account",
    "flow": "Made by your flows",
    "derived": "History, and what was made from the above",
    "report": "Reports kept as tables",
    "orphan": "Of flows that are gone",
    "other": "Other tables",
    "internal": "acflow's own notes",
}


SOURCES = frozenset({"entity", "flow", "derived"})
FOLDED = frozenset({"derived", "internal"})


@dataclass(frozen=True, slots=True)
class Heading:
    """A column as a table shows it."""

    name: str
    type: str
    meaning: str = ""

    @property
    def numeric(self) -> bool:
        """Whether its values stand at the right."""
        return self.type.upper().startswith(NUMBERS)

    @property
    def word(self) -> str:
        """Its type in plain words."""
        kind = self.type.upper()
        known = next((word for begin, word in WORDS.items() if kind.startswith(begin)), "")
        return known or ("whole number" if self.numeric else "text")


@dataclass(frozen=True)
class DataPage(Page):
    """The tables, by what they belong to."""

    template: ClassVar[str] = "data.html"
    section: ClassVar[str] = "Data"
    groups: "Sequence[tuple[str, Sequence[TableInfo], bool]]"  # title, tables, and whether they are folded away
    verdicts: dict[str, str]


@dataclass(frozen=True)
class TablePage(Page):
    """Rows of one table. `links` makes addresses of the same view with something changed."""

    template: ClassVar[str] = "table.html"
    section: ClassVar[str] = "Data"
    info: "TableInfo"
    verdict: str | None
    headings: Sequence[Heading]
    every: Sequence[Heading]
    rows: Sequence[Sequence[Any]]
    total: int
    query: "RowsQuery"
    next: str | None
    links: "Links"
    conditions: dict[str, str]
    has_past: bool
    problem: str = ""

    @property
    def source(self) -> bool:
        """Whether a flow can be made of it."""
        return self.info.kind in SOURCES

    @property
    def said(self) -> str:
        """How much of the table this is, in a sentence."""
        narrowed = bool(self.query.search or self.query.filters)
        past = f" as of the end of {self.as_of}" if self.as_of else ""
        return f"{plural(self.total, 'row')}{' in this view' if narrowed else ''}{past}"

    @property
    def as_of(self) -> str:
        """The past day that is shown, empty for now."""
        return day_of(self.query.as_of) if self.query.as_of else ""


@dataclass(frozen=True)
class FacetsPage(Page):
    """The most frequent values of some columns, asked for once the rows are there."""

    template: ClassVar[str] = "facets.html"
    facets: "Sequence[tuple[str, Sequence[Facet]]]"
    links: "Links"


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of one view of a table."""

    path: str
    query: "RowsQuery"

    def _to(self, query: "RowsQuery", path: str = "") -> str:
        pairs = [("q", query.search)] if query.search else []
        for condition in query.filters:
            value = condition.values[0] if condition.values else ""
            pairs += [("col", condition.column), ("op", condition.operator.value), ("val", value)]
        for sort in query.sort:
            pairs += [("sort", sort.column), ("dir", "desc" if sort.descending else "asc")]
        pairs += [("show", name) for name in query.columns]
        if query.as_of:
            pairs.append(("as_of", day_of(query.as_of)))
        if query.after:
            pairs.append(("after", query.after))
        return f"{path or self.path}?{urlencode(pairs)}" if pairs else path or self.path

    def sorted(self, column: str) -> str:
        """Return the view by this column; by the same one again, the other way round."""
        from acflow.app.rows import Sort

        now = self.query.sort[0] if self.query.sort else None
        descending = bool(now and now.column == column and not now.descending)
        return self._to(replace(self.query, sort=(Sort(column, descending),), after=None))

    def without(self, condition: "Filter") -> str:
        """Return the view without a condition."""
        filters = tuple(other for other in self.query.filters if other != condition)
        return self._to(replace(self.query, filters=filters, after=None))

    def only(self, column: str, value: str | None) -> str:
        """Return the view with this value of a column alone."""
        from acflow.app.rows import Filter, Operator

        rest = tuple(other for other in self.query.filters if other.column != column)
        narrow = Filter(column, Operator.EMPTY) if value is None else Filter(column, Operator.IS, (value,))
        return self._to(replace(self.query, filters=(*rest, narrow), after=None))

    def page(self, after: str | None) -> str:
        """Return the page behind a cursor, or the first."""
        return self._to(replace(self.query, after=after))

    @property
    def download(self) -> str:
        """Exactly this view as CSV."""
        return self._to(replace(self.query, after=None), f"{self.path}.csv")

    @property
    def explore(self) -> str:
        """The rows of this view by groups."""
        return self._to(replace(self.query, after=None, sort=(), columns=()), f"{self.path}/explore")

    @property
    def facets(self) -> str:
        """Frequent values in this view."""
        return self._to(replace(self.query, after=None), f"{self.path}/values")

    @property
    def everything(self) -> str:
        """The whole table."""
        return self.path


def day_of(as_of: datetime) -> str:
    """Return the day whose end an instant is."""
    return f"{as_of - timedelta(days=1):%Y-%m-%d}"


def headings(columns: "Sequence[ColumnInfo]") -> list[Heading]:
    """Return columns as a table shows them; those of the loader are nobody's concern."""
    return [Heading(column.name, column.type, column.meaning) for column in columns if column.name[:4] != "_dlt"]


def verdicts_of(site: Site) -> dict[str, str]:
    """Return the verdict of what each entity's table holds."""
    from acflow.app.runs import landed_certificates

    return {each["entity"]: str(each["verdict"]) for each in landed_certificates(site.project)}


def data(request: Request) -> Response:
    """List the tables."""
    site = site_of(request)
    known = tables_of(site)
    groups = _groups(known)
    page = DataPage("Data", groups, verdicts_of(site))
    return respond(request, page)


def _groups(known: "Sequence[TableInfo]") -> "Sequence[tuple[str, Sequence[TableInfo], bool]]":
    """Return tables by what they belong to; what few look for, and what is empty so far, is folded away."""
    groups = []
    for kind, title in KINDS.items():
        of_kind = [table for table in known if table.kind == kind]
        folded = kind in FOLDED
        shown = [table for table in of_kind if table.rows or not folded]
        empty = [table for table in of_kind if not table.rows and folded]
        groups += [(title, shown, folded)] if shown else []
        groups += [(f"{title}, empty so far", empty, True)] if empty else []
    return groups


def table(request: Request) -> Response:
    """Show rows."""
    from acflow.app.data import columns, count, rows
    from acflow.app.rows import RowsQuery

    site = site_of(request)
    info = info_of(site, request.path_params["table"])
    every, problem = headings(columns(site.project, info.name)), ""
    try:
        query = query_of(request)
        fetched = rows(site.project, info.name, query)
        narrowed = query.search or query.filters or query.as_of
        total = count(site.project, info.name, query) if narrowed else info.rows or 0
    except ConfigError as error:  # the view is wrong, not the table: it is shown whole, with what is wrong
        query, problem = RowsQuery(limit=PAGE), str(error)
        fetched, total = rows(site.project, info.name, query), info.rows or 0
    by_name = {heading.name: heading for heading in every}
    page = TablePage(
        title=info.name,
        info=info,
        verdict=verdicts_of(site).get(info.name),
        headings=[by_name[name] for name in fetched.table.column_names if name in by_name],
        every=every,
        rows=_values(fetched.table.select([name for name in fetched.table.column_names if name in by_name])),
        total=total,
        query=query,
        next=fetched.next,
        links=Links(f"/data/{info.name}", query),
        conditions=CONDITIONS,
        has_past=f"{info.name}_history" in {known.name for known in tables_of(site)},
        problem=problem,
    )
    return respond(request, page)


def _values(rows: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - an Arrow table, which has no types
    return list(zip(*(column.to_pylist() for column in rows.columns), strict=True)) if rows.num_columns else []


def values(request: Request) -> Response:
    """Show the frequent values of some columns."""
    from acflow.app.data import columns, facets

    site, query = site_of(request), query_of(request)
    info = info_of(site, request.path_params["table"])
    shown = []
    for column in headings(columns(site.project, info.name)):
        if not (column.word == "yes or no" or (column.word == "text" and column.name.lower().endswith(FACETTED))):
            continue
        counted = facets(site.project, info.name, column.name, query, FACET_VALUES)
        if len(counted) > 1 and counted[0].rows > 1:
            shown.append((column.name, counted))
        if len(shown) == FACET_COLUMNS:
            break
    return respond(request, FacetsPage("Values", shown, Links(f"/data/{info.name}", query)))


def download(request: Request) -> Response:
    """Return exactly a view as CSV."""
    site, query = site_of(request), query_of(request)
    info = info_of(site, request.path_params["table"])
    headers = {"Content-Disposition": f'attachment; filename="{info.name}.csv"'}
    return StreamingResponse(_lines(site, info.name, query), 200, headers, "text/csv; charset=utf-8")


def _lines(site: Site, table: str, query: "RowsQuery") -> Iterator[bytes]:
    from acflow.app.data import stream
    from acflow.app.exports import csv_lines

    with stream(site.project, table, query) as reader:
        yield from csv_lines(reader.schema, reader)


def info_of(site: Site, name: str) -> "TableInfo":
    """Return what is known of a table; raises HTTPException if there is none."""
    from acflow.flows.problems import suggest

    known = {table.name.lower(): table for table in tables_of(site)}
    if name.lower() not in known:
        fix = suggest(name, [table.name for table in known.values()], "tables")
        raise HTTPException(404, f"There is no table {name!r}. {fix}".strip())
    return known[name.lower()]


def tables_of(site: Site) -> "Sequence[TableInfo]":
    """Return the tables, counted once for each generation."""
    from acflow.app.data import tables

    found: Sequence[TableInfo] = site.cached(("tables", site.generation), lambda: tables(site.project))
    return found


def query_of(request: Request) -> "RowsQuery":
    """Return the view that an address names.

    Raises:
        ConfigError: it names a condition that there is not.

    """
    from acflow.app.rows import Filter, Operator, RowsQuery, Sort

    given = request.query_params
    try:
        day = datetime.fromisoformat(given["as_of"]).replace(tzinfo=UTC) if given.get("as_of") else None
    except ValueError:
        raise ConfigError(f"{given['as_of']!r} is no day. Write it as 2026-11-28.") from None
    triples = zip(given.getlist("col"), given.getlist("op"), given.getlist("val"), strict=False)
    filters = []
    for column, operator, value in triples:
        if not column:
            continue
        if operator not in CONDITIONS:
            raise ConfigError(f"{operator!r} is no condition. There are {', '.join(CONDITIONS)}.")
        kind = Operator(operator)
        filters.append(Filter(column, kind, () if kind in {Operator.EMPTY, Operator.FILLED} else (value,)))
    sort = (Sort(given["sort"], given.get("dir") == "desc"),) if given.get("sort") else ()
    return RowsQuery(
        columns=tuple(name for name in given.getlist("show") if name),
        search=given.get("q", "").strip(),
        filters=tuple(filters),
        sort=sort,
        limit=PAGE,
        after=given.get("after") or None,
        as_of=day + timedelta(days=1) if day else None,
    )


ROUTES = (
    Route("/data", data),
    Route("/data/{table}.csv", download),
    Route("/data/{table}", table),
    Route("/data/{table}/values", values),
)
