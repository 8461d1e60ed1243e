"""The site: what its pages work with, their routes, and what they say when something goes wrong."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from acflow.errors import AcflowError, ConfigError, WarehouseBusyError, WarehouseError
from acflow.flows.problems import FlowFileError
from acflow.web.answering import AnswerMaker
from acflow.web.holding import HeldCopy
from acflow.web.mcp.http import PATH as MCP
from acflow.web.mcp.http import McpEndpoint
from acflow.web.render import MessagePage, respond
from acflow.web.security import Guard, key_of, wants_html
from acflow.web.sessions import Sessions
from acflow.web.v1 import LazyApi

if TYPE_CHECKING:
    from acflow.app.answers import Summary
    from acflow.app.project import Project
    from acflow.flows.problems import Problem
    from acflow.web.accounts import Slots
    from acflow.web.service import Service

STATIC = Path(__file__).parent / "static"
NOT_FOUND, BUSY, BAD = 404, 503, 400
MOST_KEPT = 200  # answers that are remembered
# The button for what an error says to do next.
STEPS: Mapping[str, tuple[str, str]] = {
    "connect": ("Connect an account", "/welcome"),
    "write_flows": ("Make a flow", "/flows/new"),
    "run": ("Read the account", "/runs"),
    "read": ("Read the account", "/runs"),
    "list_reports": ("Show the reports", "/reports"),
    "rename_account": ("Show the settings", "/settings"),
    "set_up_people": ("Show the settings", "/settings"),
    "choose_port": ("Go to the overview", "/"),
    "keep_going": ("Show the runs", "/runs"),
}


@dataclass
class Site:
    """What pages work with: the service that runs flows, and the project as its files are now."""

    service: "Service"
    opened: "Project"
    make_up: "Callable[[], object] | None" = None  # serves a made-up company and connects it, where that is installed
    cache: "OrderedDict[Any, Any]" = field(default_factory=OrderedDict)
    held: HeldCopy = field(default_factory=HeldCopy)
    accounts: "Sequence[str]" = ()  # those that are served beside this one, where there are several
    slots: "Slots | None" = None  # processes that all of them share
    _stamp: object = None
    _key: bytes = b""

    @property
    def project(self) -> "Project":
        """The project; it is opened again when one of its files has changed.

        Of a flow file with mistakes it is what can be understood, so that all that needs no flow can be looked at.
        """
        stamp = [_stamp(path) for path in self.opened.files]
        if stamp != self._stamp:
            self._stamp, self.opened = stamp, self.opened.as_understood()
        self.held.use(self.opened)
        return self.opened

    @property
    def mistakes(self) -> "Sequence[Problem]":
        """What is wrong with the flow file, for every page to say."""
        try:
            return self.project.mistakes
        except AcflowError:  # it cannot be read at all; whoever needs it says so
            return ()

    @property
    def connected(self) -> bool:
        """Whether there is an account to read."""
        settings = self.project.settings
        return bool(settings.url and settings.key.get_secret_value())

    @property
    def generation(self) -> str:
        """What changes whenever the warehouse does; the key of everything that is remembered of it."""
        from acflow.app.publishing import generation_of

        return generation_of(self.project.settings)

    def cached(self, key: tuple[Any, ...], make: "Callable[[], Any]") -> Any:  # noqa: ANN401 - whatever was made
        """Return what was made for a key, which must hold the generation, or make it; the oldest is forgotten."""
        if key not in self.cache:
            self.cache[key] = make()
            while len(self.cache) > MOST_KEPT:
                self.cache.popitem(last=False)
        return self.cache[key]

    @cached_property
    def answers(self) -> AnswerMaker:
        """Who has reports answered ahead."""
        return AnswerMaker(self._looked_at, lambda: self.service.live.now is not None, self.slots)

    def _looked_at(self) -> "Project":
        """Return the project for what looks at it from time to time, which keeps nothing open."""
        self.held.look(self.opened)
        return self.opened

    @property
    def summaries(self) -> "Mapping[str, Summary]":
        """The reports in short, as far as they have been answered ahead."""
        from acflow.app.answers import are_made, summaries

        if not are_made(self.project):
            return summaries(self.project)
        kept: Mapping[str, Summary] = self.cached(("summaries", self.generation), lambda: summaries(self.project))
        return kept

    @property
    def catalogue(self) -> dict[str, list[str]]:
        """Every table with its columns, for whoever writes SQL; none while nothing is loaded or a run writes."""
        key = ("catalogue", self.generation)
        try:
            found: dict[str, list[str]] = self.cached(key, self.project.reader().catalogue)
        except WarehouseError:
            return {}
        return {table: [name for name in names if name[:4] != "_dlt"] for table, names in found.items()}

    @property
    def state(self) -> Path:
        """The folder of acflow's own files; also where the flow file has mistakes."""
        return self.service.project.settings.state

    @property
    def account(self) -> str:
        """The name of the account, where there are several."""
        return self.service.project.settings.account

    @property
    def people_state(self) -> Path:
        """The folder where people and tokens are kept: they are the project's, whichever account they look at."""
        return self.service.project.of("").settings.state if self.account else self.state

    @cached_property
    def sessions(self) -> Sessions:
        """Who is logged in."""
        return Sessions(self.people_state)

    @property
    def key(self) -> bytes:
        """The key that signs form tokens."""
        if not self._key:
            self._key = key_of(self.people_state)
        return self._key


def site_of(request: Request) -> Site:
    """Return the site that a request came to."""
    site: Site = request.app.state.site
    return site


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


class _Static(StaticFiles):
    """Files that come with acflow; a browser asks again each time whether they changed, so no upgrade is missed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


class ProgramRoute(Route):
    """A route for programs; a browser, which accepts HTML, is shown the page of the same address."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match unless a browser asks."""
        if scope["type"] == "http" and wants_html(Headers(scope=scope)):
            return Match.NONE, {}
        return super().matches(scope)


def with_pages(site: Site, routes: Sequence[BaseRoute]) -> Starlette:
    """Return an application with these routes and all pages."""
    app = Starlette(
        routes=[*routes, Mount("/api/v1", LazyApi(site)), Route(MCP, McpEndpoint(site)), *page_routes()],
        middleware=[Middleware(Guard, key=site.key, sessions=site.sessions)],
        exception_handlers={HTTPException: on_http_error, AcflowError: on_our_error, 500: on_our_error},
    )
    app.state.site = site
    return app


def page_routes() -> Sequence[BaseRoute]:
    """Return the routes of all pages."""
    from acflow.web.feeds import ROUTES as FEEDS
    from acflow.web.pages import ROUTES

    return (*ROUTES, *FEEDS, Mount("/static", _Static(directory=STATIC)))


def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what is not there or not allowed with a page."""
    status = error.status_code if isinstance(error, HTTPException) else NOT_FOUND
    detail = str(error.detail) if isinstance(error, HTTPException) else ""
    if status == NOT_FOUND:
        text = detail if detail != "Not Found" else "There is no page at this address."
        return respond(request, MessagePage("Not here", text, "search", "Go to the overview"), status)
    return respond(request, MessagePage("Not done", detail, "lock", "Go to the overview"), status)


def on_our_error(request: Request, error: Exception) -> Response:
    """Say what went wrong and what to do; nothing that acflow raises on purpose is a page without words."""
    if isinstance(error, WarehouseBusyError):
        text = "A run is writing to the warehouse. This page tries again by itself."
        return respond(request, MessagePage("One moment", text, "turn", "Show the run", "/runs", refresh=True), BUSY)
    status = BAD if isinstance(error, ConfigError) else 500
    if isinstance(error, FlowFileError):
        return respond(request, MessagePage("acflow.yaml has mistakes", str(error), "alert", "Try again"), BAD)
    title = "That did not work" if isinstance(error, AcflowError) else "Something unexpected went wrong"
    text = (
        str(error) if isinstance(error, AcflowError) else f"{type(error).__name__}. The log of the service says more."
    )
    action = error.action if isinstance(error, AcflowError) else None
    label, url = STEPS[action.kind] if action else ("Go to the overview", "/")
    return respond(request, MessagePage(title, text, "alert", label, url), status)
