"""Several accounts at one address: each request goes to the application of the account that it chooses.

People choose by the header of the pages, which a cookie remembers; programs by `?_account=NAME`, beside whatever else
they ask. Everything behind is as it is for one account.
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from acflow.app.cancel import CancelToken
from acflow.app.events import OnEvent
from acflow.app.model import RunRequest, RunResult
from acflow.app.project import Project
from acflow.web.security import wants_html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acflow.web.service import Runner

COOKIE, PARAMETER = "acflow_account", "_account"
LOOK_EVERY = 0.5  # seconds between two looks whether a run that waits is to end


class AccountChooser:
    """The application of several, by the name of the account; the first is that of whoever has chosen none."""

    def __init__(self, apps: Mapping[str, ASGIApp]) -> None:
        self._apps = apps
        self._first = next(iter(apps))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to its account's application."""
        if scope["type"] != "http":
            await self._apps[self._first](scope, receive, send)
            return
        request = Request(scope)
        asked = request.query_params.get(PARAMETER)
        if asked is not None and asked not in self._apps:
            answer = JSONResponse({"error": f"There is no account {asked!r} here."}, 404)
            await answer(scope, receive, send)
            return
        name = asked or request.cookies.get(COOKIE, "")
        if asked and wants_html(Headers(scope=scope)):
            send = _remembering(asked, send)
        await self._apps[name if name in self._apps else self._first](_without_choice(scope), receive, send)


def _without_choice(scope: Scope) -> Scope:
    """Return a request without the parameter, which pages would take for one of theirs."""
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    if not any(name == PARAMETER for name, _ in pairs):
        return scope
    kept = urlencode([(name, value) for name, value in pairs if name != PARAMETER])
    return {**scope, "query_string": kept.encode("latin-1")}


def _remembering(account: str, send: Send) -> Send:
    async def with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("set-cookie", f"{COOKIE}={account}; Path=/; HttpOnly; SameSite=Strict")
        await send(message)

    return with_cookie


class Slots:
    """So many processes at once for all accounts together: each takes a quarter of a gigabyte."""

    def __init__(self, how_many: int) -> None:
        self._free = threading.BoundedSemaphore(how_many)

    @contextmanager
    def taken_unless(self, ended: Callable[[], bool]) -> "Iterator[None]":
        """Wait for a free one, but no longer than until there is no need any more; have it while the block lasts."""
        while not self._free.acquire(timeout=LOOK_EVERY):
            if ended():
                yield
                return
        try:
            yield
        finally:
            self._free.release()

    def bounding(self, runner: "Runner") -> "Runner":
        """Return what runs as `runner` does, one after the other where too many want to."""

        def run(project: Project, request: RunRequest, on_event: OnEvent, cancel: CancelToken, /) -> RunResult:
            with self.taken_unless(lambda: cancel.cancelled):
                cancel.raise_if_cancelled()
                return runner(project, request, on_event, cancel)

        return run
