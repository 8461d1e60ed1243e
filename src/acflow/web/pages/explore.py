"""`/data/{table}/explore`: the rows of a view by groups, as a picture and as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from acflow.errors import AcflowError, ConfigError
from acflow.web.pages.data import CONDITIONS, Heading, day_of, headings, info_of, query_of
from acflow.web.pages.editor import free_name
from acflow.web.pages.flows import columns_of, values_of
from acflow.web.render import Page, respond
from acflow.web.security import Form, field, posting
from acflow.web.site import Site, site_of

if TYPE_CHECKING:
    from acflow.app.explore import Explored, Question
    from acflow.app.figures import DrawnChart
    from acflow.app.rows import RowsQuery
    from acflow.app.table_info import TableInfo

TIMES = ("instant", "date and time", "day")
LIKELY = ("cdate", "sdate", "created_timestamp", "adddate", "tstamp", "status_label", "type")  # what people ask for
DRAWN = ("by", "unit", "split", "measure", "column")


@dataclass(frozen=True)
class ExplorePage(Page):
    """The question as a form; the answer is loaded after it."""

    template: ClassVar[str] = "explore.html"
    section: ClassVar[str] = "Data"
    info: "TableInfo"
    every: Sequence[Heading]
    asked: dict[str, str]
    query: "RowsQuery"
    conditions: dict[str, str]
    measures: dict[str, str]
    units: Sequence[str]
    answer: str

    @property
    def as_of(self) -> str:
        """The past day that is shown, empty for now."""
        return day_of(self.query.as_of) if self.query.as_of else ""


@dataclass(frozen=True)
class ExploredPage(Page):
    """The answer alone."""

    template: ClassVar[str] = "explored.html"
    problem: str = ""
    explored: "Explored | None" = None
    drawn: "Sequence[DrawnChart]" = ()
    info: "TableInfo | None" = None
    headings: Sequence[Heading] = ()
    rows: Sequence[Sequence[Any]] = ()
    download: str = ""


def explore(request: Request) -> Response:
    """Show the form."""
    from acflow.app.data import columns
    from acflow.app.explore import WORDS
    from acflow.app.rows import Unit

    site = site_of(request)
    info = info_of(site, request.path_params["table"])
    every = headings(columns(site.project, info.name))
    asked = {name: request.query_params.get(name, "") for name in DRAWN}
    if not asked["by"]:
        asked |= _likely(every)
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name not in DRAWN]
    page = ExplorePage(
        title=f"Explore {info.name}",
        info=info,
        every=every,
        asked=asked,
        query=query_of(request),
        conditions=CONDITIONS,
        measures={measure.value: words for measure, words in WORDS.items()},
        units=[unit.value for unit in Unit],
        answer=f"/data/{info.name}/explored?{urlencode([*pairs, *asked.items()])}",
    )
    return respond(request, page)


def _likely(every: Sequence[Heading]) -> dict[str, str]:
    """Return the question that people begin with: how many rows a month, or by a telling column."""
    by_name = {heading.name: heading for heading in every}
    chosen = next((by_name[name] for name in LIKELY if name in by_name), None)
    chosen = chosen or next((heading for heading in every if heading.word in TIMES), every[0])
    return {"by": chosen.name, "unit": "month" if chosen.word in TIMES else "", "measure": "count"}


def question_of(site: Site, table: str, asked: dict[str, str]) -> "Question":
    """Return the question that a form asks; raises ConfigError if it asks none."""
    from acflow.app.explore import Question
    from acflow.app.reports import report_options
    from acflow.app.rows import Group, Measure, Metric, Unit
    from acflow.reports.session import zone_of

    try:
        unit = Unit(asked["unit"]) if asked["unit"] else None
        measure = Measure(asked["measure"] or "count")
    except ValueError:
        raise ConfigError("The address asks for a measure or a stretch of time that there is not.") from None
    zone = site.cached(("zone", site.generation), lambda: zone_of(site.project.reader(), report_options(site.project)))
    column = "" if measure is Measure.COUNT else asked["column"]
    if measure is not Measure.COUNT and not column:
        raise ConfigError(f"Choose the column to take the {measure.replace('_', ' ')} of.")
    return Question(table, Metric(measure, column), Group(asked["by"], unit, zone), asked["split"])


def explored(request: Request) -> Response:
    """Show the answer."""
    site = site_of(request)
    info = info_of(site, request.path_params["table"])
    key = ("explored", site.generation, str(request.url.query), info.name)
    try:
        answer, drawn = site.cached(key, lambda: _answered(request, site, info.name))
    except AcflowError as error:
        return respond(request, ExploredPage("Answer", problem=str(error)))
    page = ExploredPage(
        "Answer",
        explored=answer,
        drawn=drawn,
        info=info,
        headings=columns_of(answer.table),
        rows=values_of(answer.table),
        download=f"/data/{info.name}/explored.csv?{request.url.query}",
    )
    return respond(request, page)


def _asked(request: Request, site: Site, table: str) -> "Explored":
    from acflow.app.explore import explore as answered

    asked, query = {name: request.query_params.get(name, "") for name in DRAWN}, query_of(request)
    question = question_of(site, table, asked)
    return answered(site.project, replace(question, past=day_of(query.as_of)) if query.as_of else question, query)


def _answered(request: Request, site: Site, table: str) -> "tuple[Explored, Sequence[DrawnChart]]":
    from acflow.app.figures import draw_charts

    answer = _asked(request, site, table)
    return answer, draw_charts(answer.charts) if answer.charts else ()


def download(request: Request) -> Response:
    """Return the numbers as CSV."""
    from acflow.app.exports import csv_lines

    site = site_of(request)
    info = info_of(site, request.path_params["table"])
    table = _asked(request, site, info.name).table
    headers = {"Content-Disposition": f'attachment; filename="{info.name}-explored.csv"'}
    return Response(b"".join(csv_lines(table.schema, table.to_batches())), 200, headers, "text/csv; charset=utf-8")


def keep(request: Request, form: Form) -> Response:
    """Begin a flow that keeps the answer up to date."""
    from acflow.app.conditions import Condition
    from acflow.app.data import columns
    from acflow.app.drafts import start_draft
    from acflow.app.entities import list_entities
    from acflow.app.explore import flow_of

    site = site_of(request)
    info = info_of(site, request.path_params["table"])
    question, query = question_of(site, info.name, {name: field(form, name) for name in DRAWN}), query_of(request)
    if query.search or query.as_of:
        raise HTTPException(400, "A flow keeps neither a search nor a past day. Narrow the rows by conditions instead.")
    conditions = [
        Condition(narrow.column, narrow.operator.value, narrow.values[0] if narrow.values else "")
        for narrow in query.filters
    ]
    types = {column.name: column.type for column in columns(site.project, info.name)}
    is_entity = info.name in {entity.name for entity in list_entities()}
    flow = {"entity" if is_entity else "from": info.name} | flow_of(question, conditions, types)
    draft = start_draft(site.project, free_name(site, f"{info.name}_by_{question.by.name}".lower()), flow)
    return RedirectResponse(f"/drafts/{draft.id}/rows", 303)


ROUTES = (
    Route("/data/{table}/explore", explore),
    Route("/data/{table}/explore", posting(keep), methods=["POST"]),
    Route("/data/{table}/explored", explored),
    Route("/data/{table}/explored.csv", download),
)
