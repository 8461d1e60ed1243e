"""`/sql`: questions in SQL, which can only read, each answered in a process of its own that ends in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from acflow.errors import AcflowError
from acflow.web.pages.data import Heading
from acflow.web.pages.flows import columns_of, values_of
from acflow.web.render import Page, respond
from acflow.web.security import Form, field, posting
from acflow.web.site import Site, site_of

MOST_ROWS = 500
SECONDS = 20.0
EXAMPLES = (
    (
        "Open deals by stage",
        """\
select s.title as stage, count(*) as deals, sum(d.amount) as amount
from deals d join "dealStages" s on s.id = d.stage
where d.status_label = 'open'
group by all order by amount desc""",
    ),
    (
        "Newest contacts",
        """\
select id, email, "firstName", "lastName", cdate
from contacts order by cdate desc limit 20""",
    ),
    (
        "Campaigns with the most opens",
        """\
select name, sdate, send_amt, uniqueopens,
  round(100.0 * uniqueopens / nullif(send_amt, 0), 1) as open_percent
from campaigns where send_amt > 0
order by uniqueopens desc limit 20""",
    ),
)


@dataclass(frozen=True)
class SqlPage(Page):
    """A question, its answer, and the tables that there are to ask of."""

    template: ClassVar[str] = "sql.html"
    section: ClassVar[str] = "Ask SQL"
    sql: str
    asked: bool
    headings: Sequence[Heading]
    rows: Sequence[Sequence[Any]]
    truncated: bool
    problem: str
    tables: dict[str, list[str]]
    examples: Sequence[tuple[str, str]]
    download: str


def sql(request: Request) -> Response:
    """Show the form, with a question or a report's SQL in it if the address names one; only a POST asks it."""
    return _page(request, request.query_params.get("q", "") or _of_report(request), asked=False)


def _of_report(request: Request) -> str:
    from acflow.app.reports import report_options
    from acflow.reports import REPORTS
    from acflow.reports.session import sql_of

    site, name = site_of(request), request.query_params.get("report", "")
    found = next((report for report in REPORTS if report.name == name), None)
    if found is None:
        return ""
    try:
        return sql_of(site.project.reader(), found, report_options(site.project))
    except AcflowError:  # its own page says why
        return ""


def ask(request: Request, form: Form) -> Response:
    """Answer a question."""
    statement = field(form, "sql")
    if field(form, "as") == "csv":
        return _csv(site_of(request), statement)
    return _page(request, statement, asked=bool(statement))


def _page(request: Request, statement: str, *, asked: bool) -> Response:
    site = site_of(request)
    headings: Sequence[Heading] = ()
    rows: Sequence[Sequence[Any]] = ()
    truncated, problem = False, ""
    if asked:
        try:
            table, truncated = _answer(site, statement, MOST_ROWS)
            headings, rows = columns_of(table), values_of(table)
        except AcflowError as error:
            problem = str(error)
    page = SqlPage(
        title="Ask SQL",
        sql=statement,
        asked=asked and not problem,
        headings=headings,
        rows=rows,
        truncated=truncated,
        problem=problem,
        tables=site.catalogue,
        examples=EXAMPLES,
        download=f"/sql?{urlencode({'q': statement})}",
    )
    return respond(request, page)


def _answer(site: Site, statement: str, rows: int) -> tuple[Any, bool]:
    from acflow.app.query import query

    result = query(site.project.reader(), statement, seconds=SECONDS, rows=rows)
    return result.table, result.truncated


def _csv(site: Site, statement: str) -> Response:
    from acflow.app.exports import csv_lines

    table, _ = _answer(site, statement, 100_000)
    headers = {"Content-Disposition": 'attachment; filename="answer.csv"'}
    return Response(b"".join(csv_lines(table.schema, table.to_batches())), 200, headers, "text/csv; charset=utf-8")


ROUTES = (Route("/sql", sql), Route("/sql", posting(ask), methods=["POST"]))
