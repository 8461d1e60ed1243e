"""Pages as HTML: one environment of templates, the words for values, and what stands around every page."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from starlette.requests import Request
from starlette.responses import HTMLResponse

from acflow.errors import AcflowError

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

NOTHING = "–"  # noqa: RUF001 - a dash, as tables have it where there is no value
MINUTE, HOUR, DAY = 60, 3600, 86_400
DAYS = {"*": "every day", "1-5": "Monday to Friday", "1": "Monday", "2": "Tuesday", "3": "Wednesday", "4": "Thursday",
        "5": "Friday", "6": "Saturday", "0": "Sunday"}  # fmt: skip
CRON = re.compile(r"(\d{1,2}) (\d{1,2}) \* \* (\*|1-5|[0-6])")
LONG_TEXT = 400  # letters of one value that a table shows


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the side navigation."""

    name: str
    url: str
    icon: str


NAV = (
    NavItem("Overview", "/", "home"),
    NavItem("Flows", "/flows", "flow"),
    NavItem("Runs", "/runs", "run"),
    NavItem("Data", "/data", "table"),
    NavItem("Reports", "/reports", "chart"),
    NavItem("Ask SQL", "/sql", "sql"),
    NavItem("Feeds", "/feeds", "feed"),
    NavItem("Settings", "/settings", "settings"),
)


@dataclass(frozen=True, slots=True)
class Badge:
    """A verdict as people see it: never colour alone, always a word and an icon too."""

    word: str
    tone: str  # ok, warn, bad, quiet or busy: a class of the style sheet
    icon: str


@dataclass(frozen=True)
class Page:
    """What every page has; each page is a subclass with its own data and template."""

    template: ClassVar[str]
    section: ClassVar[str] = ""
    title: str


@dataclass(frozen=True)
class MessagePage(Page):
    """A page that says one thing: what is not there, what is not allowed, what went wrong."""

    template: ClassVar[str] = "message.html"
    text: str
    icon: str = "info"
    action: str = ""
    url: str = "/"
    refresh: bool = False


def respond(request: Request, page: Page, status: int = 200) -> HTMLResponse:
    """Return a page as an answer. A part of it is asked for by `X-Part`; the same answer serves both."""
    html = (
        environment()
        .get_template(page.template)
        .render(
            page=page,
            nav=NAV,
            section=type(page).section,
            path=request.url.path,
            csrf=request.scope.get("acflow.csrf", ""),
            person=request.scope.get("acflow.person"),
            generation=_generation(request),
            mistakes=request.app.state.site.mistakes,
            accounts=request.app.state.site.accounts,
            account=request.app.state.site.account if request.app.state.site.accounts else "",
        )
    )
    return HTMLResponse(html, status)


def _generation(request: Request) -> str:
    """Return what the page shows the state of; nothing where the flow file has mistakes, so that they can be told."""
    try:
        generation: str = request.app.state.site.generation
    except AcflowError:
        return ""
    return generation


@cache
def environment() -> "Environment":
    """Return the templates; an undefined name is an error, and everything is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("acflow.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "number": number,
        "moment": moment,
        "ago": ago,
        "cell": cell,
        "said": said,
        "schedule": schedule_words,
        "plural": plural,
        "drawing": drawing,
    }
    made.globals |= {"badge_of": badge_of, "now": lambda: datetime.now(UTC)}
    return made


def number(value: float | Decimal | None, places: int | None = None) -> str:
    """Return a number with thousands marked."""
    if value is None:
        return NOTHING
    if places is not None:
        return f"{value:,.{places}f}"
    return f"{value:,}"


def moment(value: datetime | None) -> str:
    """Return an instant in UTC, to the minute."""
    if value is None:
        return NOTHING
    return f"{value.astimezone(UTC) if value.tzinfo else value:%-d %b %Y, %H:%M} UTC"


def ago(value: datetime | None, now: datetime | None = None) -> str:
    """Return how long ago an instant was, or in how long it comes."""
    if value is None:
        return NOTHING
    seconds = ((now or datetime.now(UTC)) - value).total_seconds()
    amount = _span(abs(seconds))
    if amount == "now":
        return "just now" if seconds >= 0 else "now"
    return f"{amount} ago" if seconds >= 0 else f"in {amount}"


def _span(seconds: float) -> str:
    if seconds < MINUTE:
        return "now"
    if seconds < HOUR:
        return f"{seconds // MINUTE:.0f} min"
    if seconds < 2 * DAY:
        return f"{seconds // HOUR:.0f} h"
    return f"{seconds // DAY:.0f} days"


def duration(seconds: float | None) -> str:
    """Return seconds as a person would say them."""
    if seconds is None:
        return NOTHING
    if seconds < MINUTE:
        return f"{seconds:.1f} s"
    if seconds < HOUR:
        return f"{seconds // MINUTE:.0f} min {seconds % MINUTE:.0f} s"
    return f"{seconds // HOUR:.0f} h {seconds % HOUR // MINUTE:.0f} min"


def schedule_words(text: str) -> str:
    """Return a schedule as people say it, where it is one of the usual ones."""
    if usual := CRON.fullmatch(text):
        return f"{DAYS[usual[3]]} at {int(usual[2]):02}:{int(usual[1]):02}"
    return text


def cell(value: Any) -> str:  # noqa: ANN401 - whatever a table holds
    """Return one value of a table as people read it; None is told apart by the template."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC) if value.tzinfo else value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}" if value == value.to_integral_value() else f"{value:,f}".rstrip("0")
    if isinstance(value, timedelta):
        return duration(value.total_seconds())
    text = str(value)
    return text if len(text) <= LONG_TEXT else f"{text[:LONG_TEXT]}…"


def plural(count: int, noun: str, many: str = "") -> str:
    """Return `1 row`, `2,000 rows`."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def said(text: str) -> "Markup":
    """Return a sentence of ours as HTML: what stands in backticks is code."""
    from markupsafe import Markup, escape

    parts = str(escape(text)).split("`")
    if len(parts) % 2 == 0:
        return Markup(escape(text))  # noqa: S704 - escaped just now
    coded = [f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts)]
    return Markup("".join(coded))  # noqa: S704 - escaped before


def drawing(svg: str) -> "Markup":
    """Return a chart as HTML; the drawing library escapes every text in it, and nobody else writes any."""
    from markupsafe import Markup

    return Markup(svg)  # noqa: S704


_BADGES = {
    "ok": Badge("complete", "ok", "check"),
    "complete": Badge("complete", "ok", "check"),
    "moved": Badge("complete (changed while reading)", "ok", "check"),
    "computed": Badge("computed", "ok", "check"),
    "unchanged": Badge("unchanged", "ok", "check"),
    "fresh": Badge("fresh", "ok", "check"),
    "stale": Badge("stale", "warn", "clock"),
    "partial": Badge("partial", "warn", "alert"),
    "forbidden": Badge("hidden by permissions", "warn", "lock"),
    "failed": Badge("failed", "bad", "cross"),
    "blocked": Badge("blocked", "bad", "cross"),
    "killed": Badge("killed", "bad", "cross"),
    "cut off": Badge("cut off", "bad", "cross"),
    "cancelled": Badge("cancelled", "warn", "stop"),
    "interrupted": Badge("cancelled", "warn", "stop"),  # as earlier versions called it
    "running": Badge("running", "busy", "turn"),
    "waiting": Badge("waiting", "busy", "clock"),
}


def badge_of(word: str | None) -> Badge:
    """Return the badge of a status or verdict; of one that nobody foresaw, the word itself."""
    if not word:
        return Badge("never run", "quiet", "dash")
    return _BADGES.get(word, Badge(word, "quiet", "dash"))
