"""`/`: one sentence on how things are, what needs somebody, and every flow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from acflow.web.pages.reports import ReportLink, report_links
from acflow.web.render import Page, plural, respond
from acflow.web.site import Site, site_of

if TYPE_CHECKING:
    from acflow.app.flows import FlowInfo
    from acflow.web.live import RunProgress

SHOWN = ("campaigns_by_month", "pipeline", "list_growth")  # reports that the page shows in short, one of each kind
MOST_NUMBERS = 6
FINE = frozenset({"computed", "unchanged"})


@dataclass(frozen=True, slots=True)
class FlowRow:
    """A flow as lists show it: how it stands (`state`) and, beside it, whether it runs or waits now (`activity`)."""

    info: "FlowInfo"
    state: str
    activity: str
    fresh_until: datetime | None

    @property
    def why(self) -> str:
        """Why it is not as it should be; empty if it is."""
        if self.state == "stale":
            return "Its last good run is more than two of its intervals ago."
        return self.info.reason or "" if self.state not in {"", "fresh"} else ""


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing that needs somebody: what, why, and the button that mends it."""

    word: str
    what: str
    why: str
    label: str
    url: str
    posts: bool = False


@dataclass(frozen=True)
class OverviewPage(Page):
    """How things are."""

    template: ClassVar[str] = "overview.html"
    section: ClassVar[str] = "Overview"
    sentence: str
    attention: Sequence[Attention]
    flows: Sequence[FlowRow]
    live: "RunProgress | None"
    connected: bool
    has_runs: bool
    numbers: "Sequence[ReportLink]"
    cards: "Sequence[ReportLink]"


def flow_rows(site: Site) -> list[FlowRow]:
    """Return how every flow stands now."""
    from acflow.app.flows import list_flows

    service, now = site.service, datetime.now(UTC)
    stale, active = service.stale_flows(), {flow["name"]: flow["state"] for flow in service.flows()}
    return [
        FlowRow(info, _state(info, stale), active.get(info.name, "idle").replace("idle", ""), info.next_run)
        for info in list_flows(site.project, check=False, now=now)
    ]


def _state(info: "FlowInfo", stale: Sequence[str]) -> str:
    if info.status is None:  # no run of the flow, but what it is made of may have been read all the same
        return {"complete": "fresh", "moved": "fresh"}.get(info.verdict or "", "")
    if info.status not in FINE:
        return info.status
    if info.name in stale:
        return "stale"
    return info.verdict if info.verdict in {"partial", "forbidden"} else "fresh"


def attention_of(rows: Sequence[FlowRow], *, connected: bool) -> list[Attention]:
    """Return what needs somebody, the worst first."""
    found = []
    if not connected:
        why = "Flows cannot be refreshed until an account is connected; what was loaded before can be looked at."
        found.append(Attention("forbidden", "No account is connected", why, "Connect an account", "/welcome"))
    for row in rows:
        if row.state in {"", "fresh", "running"}:
            continue
        name = row.info.name
        again = row.state in {"stale", "cut off", "cancelled"}
        found.append(
            Attention(
                row.state,
                name,
                row.why or "What it is made of could not be read completely.",
                "Run again" if again else "Show why",
                f"/flows/{name}/run" if again else f"/flows/{name}",
                posts=again,
            )
        )
    order = ("failed", "blocked", "cut off", "partial", "stale")
    return sorted(found, key=lambda item: order.index(item.word) if item.word in order else len(order))


def overview(request: Request) -> Response:
    """Show it, or the welcome page while there is nothing to show."""
    site = site_of(request)
    settings = site.project.settings
    connected = bool(settings.url and settings.key.get_secret_value())
    has_runs = site.project.has_ledger
    if not connected and not has_runs:
        return RedirectResponse("/welcome", 303)
    rows = flow_rows(site)
    attention = attention_of(rows, connected=connected)
    links = report_links(site)
    page = OverviewPage(
        title="Overview",
        sentence=_sentence(rows, attention),
        attention=attention,
        flows=rows,
        live=site.service.live.now,
        connected=connected,
        has_runs=has_runs,
        numbers=[link for link in links if link.summary and link.summary.value][:MOST_NUMBERS],
        cards=[link for name in SHOWN for link in links if link.name == name and link.summary and link.summary.figure],
    )
    return respond(request, page)


def _sentence(rows: Sequence[FlowRow], attention: Sequence[Attention]) -> str:
    if attention:
        return f"{len(attention)} {'thing needs' if len(attention) == 1 else 'things need'} you."
    if not any(row.info.status for row in rows):
        return "Nothing has been read yet."
    never = sum(row.state == "" for row in rows)
    if never:
        return f"{plural(len(rows) - never, 'flow')} fresh, {never} never run."
    return f"All {len(rows)} flows are fresh." if len(rows) > 1 else "The one flow is fresh."


ROUTES = (Route("/", overview),)
