"""`/feeds`: make and take away addresses for spreadsheets and BI tools, with the text that each tool wants."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from acflow.web.pages.data import tables_of
from acflow.web.render import Page, respond
from acflow.web.security import Form, field, posting
from acflow.web.site import Site, site_of

if TYPE_CHECKING:
    from acflow.app.feeds import Feed

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}


@dataclass(frozen=True, slots=True)
class ToolGuide:
    """What to do in a tool, and the text to paste there."""

    tool: str
    text: str
    paste: str


@dataclass(frozen=True)
class FeedsPage(Page):
    """The feeds; the address of one that was just made is shown this once."""

    template: ClassVar[str] = "feeds.html"
    section: ClassVar[str] = "Feeds"
    feeds: "Sequence[Feed]"
    tables: Sequence[str]
    delimiters: dict[str, str]
    made: str
    address: str
    guides: Sequence[ToolGuide]
    local: bool


def feeds(request: Request) -> Response:
    """Show them."""
    return _page(request)


def make(request: Request, form: Form) -> Response:
    """Make one and show its address, this once."""
    from acflow.app.feeds import make_feed

    site, table = site_of(request), field(form, "table")
    if table not in _tables(site):
        raise HTTPException(404, f"There is no table {table!r} to feed from.")
    delimiter = next((value for name, value in form if name == "delimiter" and value in DELIMITERS), ",")
    columns = tuple(part.strip() for part in field(form, "columns").split(",") if part.strip())
    made, secret = make_feed(
        site.state,
        table,
        delimiter=delimiter,
        bom=bool(field(form, "bom")),
        raw=bool(field(form, "raw")),
        columns=columns,
    )
    return _page(request, made.table, f"{request.base_url}feed/{secret}/{table}")


def revoke(request: Request, _: Form) -> Response:
    """Take one away."""
    from acflow.app.feeds import revoke_feed

    revoke_feed(site_of(request).state, request.path_params["feed"])
    return RedirectResponse("/feeds", 303)


def _page(request: Request, made: str = "", address: str = "") -> Response:
    from acflow.app.feeds import list_feeds
    from acflow.web.security import is_own_name

    site = site_of(request)
    page = FeedsPage(
        title="Feeds",
        feeds=list_feeds(site.state),
        tables=[name for name in _tables(site) if not name.startswith("_")],
        delimiters=DELIMITERS,
        made=made,
        address=address,
        guides=guides(address),
        local=is_own_name(request.headers.get("host", "")),
    )
    return respond(request, page)


def _tables(site: Site) -> list[str]:
    """Return what there may be a feed of: every table, and once there are any, every report."""
    from acflow.app.feeds import unkept_reports

    tables = [table.name for table in tables_of(site)]
    return [*tables, *unkept_reports(site.project)] if tables else []


def guides(address: str) -> list[ToolGuide]:
    """Return what each tool needs to read an address."""
    if not address:
        return []
    return [
        ToolGuide("Google Sheets", "In any cell. Google reads it again every hour while the sheet is open.",
                  f'=IMPORTDATA("{address}.csv")'),
        ToolGuide("Excel", "Data, From Web; then choose Anonymous. Refresh All reads it again.", f"{address}.csv"),
        ToolGuide("Power BI Desktop", "Get data, Blank query, Advanced editor.",
                  f'let\n  Source = Csv.Document(Web.Contents("{address}.csv"), [Encoding = 65001]),\n'
                  "  Rows = Table.PromoteHeaders(Source, [PromoteAllScalars = true])\nin\n  Rows"),
        ToolGuide("Python", "With pandas.", f'pandas.read_parquet("{address}.parquet")'),
        ToolGuide("Command line", "Only what changed since the last time.",
                  f"curl --compressed --etag-save tag --etag-compare tag -o rows.csv {address}.csv"),
    ]  # fmt: skip


ROUTES = (
    Route("/feeds", feeds),
    Route("/feeds", posting(make), methods=["POST"]),
    Route("/feeds/{feed}/revoke", posting(revoke), methods=["POST"]),
)
