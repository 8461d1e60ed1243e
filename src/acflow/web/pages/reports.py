"""`/reports`: ready questions by role; each answered with figures, cautions, numbers, SQL and definitions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from acflow.errors import ConfigError
from acflow.web.render import Page, respond
from acflow.web.site import Site, site_of

if TYPE_CHECKING:
    from acflow.app.answers import Summary
    from acflow.app.figures import Drawn
    from acflow.reports import Report, Role

ROLES = {"marketing": "Marketing", "sales": "Sales", "revops": "RevOps"}
NUMERIC = frozenset({"count", "share", "number", "money", "days"})


@dataclass(frozen=True, slots=True)
class ReportLink:
    """A report in a list, in short if it has been answered already."""

    name: str
    question: str
    url: str
    drawn: bool
    summary: "Summary | None"


@dataclass(frozen=True)
class ReportsPage(Page):
    """The questions of one role."""

    template: ClassVar[str] = "reports.html"
    section: ClassVar[str] = "Reports"
    role: str
    roles: dict[str, str]
    reports: Sequence[ReportLink]
    has_data: bool


@dataclass(frozen=True)
class ReportPage(Page):
    """One question and its answer; options stand in the address."""

    template: ClassVar[str] = "report.html"
    section: ClassVar[str] = "Reports"
    role: str
    roles: dict[str, str]
    report: "Report"
    address: str
    options: dict[str, str]
    as_of: str


@dataclass(frozen=True)
class AnswerPage(Page):
    """The answer, which is asked for once the page is there, as it may take a while."""

    template: ClassVar[str] = "answer.html"
    report: "Report"
    drawn: "Drawn | None"
    address: str
    numeric: frozenset[str] = NUMERIC
    problem: str = ""


def reports(request: Request) -> Response:
    """List the questions of a role."""
    from acflow.reports import Role

    site, role = site_of(request), request.path_params.get("role", "marketing")
    if role not in ROLES:
        raise HTTPException(404, f"There are no reports for {role!r}.")
    links = report_links(site, Role(role))
    return respond(request, ReportsPage(f"{ROLES[role]} reports", role, ROLES, links, site.project.has_ledger))


def report_links(site: Site, role: "Role | None" = None) -> list[ReportLink]:
    """Return the reports of a role, or of all, those with figures first."""
    from acflow.app.reports import list_reports
    from acflow.reports.figures.registry import FIGURES

    drawn, summaries = {figure.report for figure in FIGURES}, site.summaries
    links = [
        ReportLink(
            known.name,
            known.question,
            f"/reports/{known.role.value}/{known.name}",
            known.name in drawn,
            summaries.get(known.name),
        )
        for known in list_reports(role)
    ]
    return sorted(links, key=lambda link: not link.drawn)


def report(request: Request) -> Response:
    """Show a question with its options; the answer follows."""
    found = _report(request)
    options = {name: text for name, text in request.query_params.items() if name in {"as_of", "zone", "days", "basis"}}
    address = f"/reports/{found.role.value}/{found.name}"
    query = urlencode({name: text for name, text in options.items() if text})
    page = ReportPage(
        title=found.question,
        role=found.role.value,
        roles=ROLES,
        report=found,
        address=f"{address}/answer?{query}" if query else f"{address}/answer",
        options=options,
        as_of=options.get("as_of", ""),
    )
    return respond(request, page)


def answer(request: Request) -> Response:
    """Show the answer."""
    found = _report(request)
    query = f"?{request.url.query}" if request.url.query else ""
    address = f"/reports/{found.role.value}/{found.name}"
    try:
        drawn = _drawn(request, site_of(request), found)
    except ConfigError as error:
        return respond(request, AnswerPage(found.question, found, None, address, problem=str(error)))
    return respond(request, AnswerPage(found.question, found, drawn, f"{address}{{}}{query}"))


def _drawn(request: Request, site: Site, found: "Report") -> "Drawn":
    from acflow.app.figures import draw_report
    from acflow.app.reports import day_of, report_options

    texts = {name: request.query_params[name] for name in ("zone", "days", "basis") if request.query_params.get(name)}
    day = request.query_params.get("as_of", "")
    as_of = day_of(day)
    if not texts and not day and (made := _made_ahead(site, found)):
        return made
    key = ("report", site.generation, found.name, tuple(sorted(texts.items())), day)
    drawn: Drawn = site.cached(
        key, lambda: draw_report(site.project, found, report_options(site.project, as_of, texts))
    )
    return drawn


def _made_ahead(site: Site, found: "Report") -> "Drawn | None":
    from acflow.app.answers import answers_folder, made_answer

    path = answers_folder(site.project) / f"{found.name}.json"
    site.answers.await_answer(path.exists)
    return made_answer(site.project, found)


def image(request: Request) -> Response:
    """Return the first chart as a picture."""
    from acflow.app.figures import png

    drawn = _drawn(request, site_of(request), found := _report(request))
    if not drawn.charts:
        raise HTTPException(404, "There is nothing to draw for this report yet.")
    headers = {"Content-Disposition": f'attachment; filename="{found.name}.png"'}
    return Response(png(drawn.charts[0].chart), 200, headers, "image/png")


def rows(request: Request) -> Response:
    """Return every row of the answer as CSV."""
    from acflow.app.exports import csv_lines

    drawn = _drawn(request, site_of(request), found := _report(request))
    headers = {"Content-Disposition": f'attachment; filename="{found.name}.csv"'}
    table = drawn.table
    return Response(b"".join(csv_lines(table.schema, table.to_batches())), 200, headers, "text/csv; charset=utf-8")


def _report(request: Request) -> "Report":
    from acflow.reports import report as named

    name, role = request.path_params["report"], request.path_params["role"]
    try:
        found = named(name)
    except ConfigError as error:
        raise HTTPException(404, str(error)) from None
    if found.role.value != role or found.name != name:
        raise HTTPException(404, f"There is no report {name!r} for {role}.")
    return found


ROUTES = (
    Route("/reports", reports),
    Route("/reports/{role}", reports),
    Route("/reports/{role}/{report}.png", image),
    Route("/reports/{role}/{report}.csv", rows),
    Route("/reports/{role}/{report}", report),
    Route("/reports/{role}/{report}/answer", answer),
)
