"""`/flows`: the flows and how they stand; each with its chain, its result and its runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from acflow.errors import AcflowError, ConfigError
from acflow.web.pages.data import Heading
from acflow.web.pages.overview import FlowRow, flow_rows
from acflow.web.render import Page, respond
from acflow.web.security import Form, posting
from acflow.web.site import site_of

if TYPE_CHECKING:
    from acflow.app.flows import FlowDetail

PREVIEW = 10  # rows


@dataclass(frozen=True)
class FlowsPage(Page):
    """Every flow."""

    template: ClassVar[str] = "flows.html"
    section: ClassVar[str] = "Flows"
    flows: Sequence[FlowRow]
    connected: bool


@dataclass(frozen=True)
class FlowPage(Page):
    """One flow: where its rows come from, what is done to them, where they go."""

    template: ClassVar[str] = "flow.html"
    section: ClassVar[str] = "Flows"
    row: FlowRow
    detail: "FlowDetail"
    has_table: bool
    connected: bool


@dataclass(frozen=True)
class PreviewPage(Page):
    """The first rows that a flow gives now; why there are none, if so."""

    template: ClassVar[str] = "preview.html"
    headings: Sequence[Heading]
    rows: Sequence[Sequence[Any]]
    sql: str
    problem: str = ""


def flows(request: Request) -> Response:
    """List them."""
    site = site_of(request)
    return respond(request, FlowsPage("Flows", flow_rows(site), site.connected))


def flow(request: Request) -> Response:
    """Show one; its preview is asked for once the page is there."""
    from acflow.app.flows import flow_detail

    site, name = site_of(request), request.path_params["name"]
    row = next((row for row in flow_rows(site) if row.info.name == name), None)
    if row is None:
        raise HTTPException(404, f"There is no flow `{name}`.")
    page = FlowPage(
        title=name,
        row=row,
        detail=flow_detail(site.project, name),
        has_table=row.info.rows is not None,
        connected=site.connected,
    )
    return respond(request, page)


def preview(request: Request) -> Response:
    """Show the first rows of a flow, computed from what is loaded; nothing is kept."""
    from acflow.app.flows import flow_sql, preview_flow

    site, name = site_of(request), request.path_params["name"]
    sql = ""
    try:
        sql = flow_sql(site.project, name)
        with preview_flow(site.project, name, PREVIEW) as reader:
            table = reader.read_all()
    except AcflowError as error:
        return respond(request, PreviewPage(name, (), (), sql, str(error)))
    return respond(request, PreviewPage(name, columns_of(table), values_of(table), sql))


def columns_of(table: Any) -> list[Heading]:  # noqa: ANN401 - an Arrow table, which has no types
    """Return the columns of an Arrow table as a page shows them."""
    words = {"int": "BIGINT", "double": "DOUBLE", "float": "DOUBLE", "decimal": "DECIMAL", "bool": "BOOLEAN"}
    words |= {"timestamp": "TIMESTAMP", "date": "DATE"}
    kinds = [(field.name, str(field.type)) for field in table.schema]
    return [
        Heading(name, next((word for begin, word in words.items() if kind.startswith(begin)), "VARCHAR"))
        for name, kind in kinds
    ]


def values_of(table: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - an Arrow table, which has no types
    """Return the rows of an Arrow table; two columns may have one name."""
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True)) if table.num_columns else []


def run(request: Request, _: Form) -> Response:
    """Run one flow now."""
    site = site_of(request)
    site.project.settings.require_account()
    try:
        site.service.ask(request.path_params["name"])
    except ConfigError as error:
        raise HTTPException(404, str(error)) from None
    return RedirectResponse("/runs", 303)


ROUTES = (
    Route("/flows", flows),
    Route("/flows/{name}", flow),
    Route("/flows/{name}/preview", preview),
    Route("/flows/{name}/run", posting(run), methods=["POST"]),
)
