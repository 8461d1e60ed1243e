"""`/mcp`: the tools over streamable HTTP, for whoever has a token; each token sees the tools of its scopes."""

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from acflow.app.tokens import token_of
from acflow.web.security import is_own_name
from acflow.web.values import to_json

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from acflow.web.site import Site

PATH = "/mcp"
MISSING = "This acflow has no MCP server. Install it: pip install 'acflow[mcp]'."


class McpEndpoint:
    """Answers assistants. What it is built with takes a second to import, so that waits for the first request."""

    def __init__(self, site: "Site") -> None:
        """Take what its tools work with."""
        self._site = site
        self._managers: dict[frozenset[str], StreamableHTTPSessionManager] = {}
        self._open: set[asyncio.Task[None]] = set()
        self._making = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        scopes = await run_in_threadpool(self._scopes, Headers(scope=scope))
        if isinstance(scopes, Response):
            await scopes(scope, receive, send)
            return
        try:
            manager = await self._manager(scopes)
        except ModuleNotFoundError:
            await _refused(501, MISSING)(scope, receive, send)
            return
        await manager.handle_request(scope, receive, send)

    def _scopes(self, headers: Headers) -> frozenset[str] | Response:
        """Return what the sender may do, or why it may not speak to us."""
        host, origin = headers.get("host", ""), headers.get("origin")
        reachable = self._site.sessions.needed or self._site.project.settings.serve_token.get_secret_value()
        if not reachable and not is_own_name(host):
            return _refused(421, "This address is served to this machine alone.")
        if origin and urlsplit(origin).netloc != host:
            return _refused(403, "This request was sent by another site.")
        kind, _, secret = headers.get("authorization", "").partition(" ")
        token = token_of(self._site.people_state, secret) if kind.lower() == "bearer" else None
        if token is None:
            return _refused(401, "Give a token as `Authorization: Bearer acf_…`; Settings makes one.")
        return frozenset(token.scopes)

    async def _manager(self, scopes: frozenset[str]) -> "StreamableHTTPSessionManager":
        async with self._making:
            if scopes not in self._managers:
                self._managers[scopes] = await self._opened(scopes)
        return self._managers[scopes]

    async def _opened(self, scopes: frozenset[str]) -> "StreamableHTTPSessionManager":
        """Return the manager of a server, which stays open in a task of its own until the loop ends."""
        manager = await run_in_threadpool(_make_manager, self._site, scopes)
        ready = asyncio.Event()

        async def stay_open() -> None:
            async with manager.run():
                ready.set()
                await asyncio.Event().wait()

        self._open.add(asyncio.create_task(stay_open()))
        await ready.wait()
        return manager


def _make_manager(site: "Site", scopes: frozenset[str]) -> "StreamableHTTPSessionManager":
    from acflow.web.mcp.server import make_server

    server = make_server(site, scopes)
    # No sessions: nothing is remembered between two questions, so a restart disturbs no assistant.
    server.streamable_http_app(streamable_http_path=PATH, json_response=True, stateless_http=True, host="")
    return server.session_manager


def _refused(status: int, detail: str) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None  # noqa: PLR2004 - unauthorized
    body = to_json({"type": "about:blank", "title": "Not allowed", "status": status, "detail": detail})
    return Response(body, status, headers, "application/problem+json")
