"""Who may speak to the pages: names of this machine, forms that we made, and headers that keep everything else out.

A page of the web can make a browser send requests here, under its own name for this machine's address. So without
people who log in, only names of this machine are answered; and a POST needs a token that only our own pages know.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from acflow.source.protocol import is_loopback
from acflow.web.sessions import COOKIE as SESSION

if TYPE_CHECKING:
    from acflow.app.people import Person
    from acflow.web.sessions import Sessions

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
COOKIE = "acflow_visit"
MOST_BODY = 1_000_000  # bytes of a form
OWN_RULES = ("/healthz", "/hooks/", "/tickets/", "/feed/", "/api/", "/mcp")  # their addresses or headers hold a secret

FOR_VIEWERS = frozenset({"/logout", "/sql"})  # forms that change nothing

Form = list[tuple[str, str]]
Handler = Callable[[Request], Response]
PostHandler = Callable[[Request, Form], Response]


class Guard:
    """Middleware around everything that is served."""

    def __init__(self, app: ASGIApp, *, key: bytes, sessions: "Sessions") -> None:
        """Take the key that signs form tokens, and the sessions of people who have to log in, if there are any."""
        self._app, self._key, self._sessions = app, key, sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        visit, fresh = _visit(scope)
        session = Request(scope).cookies.get(SESSION, "")
        person = self._sessions.person(session) if session else None
        scope["acflow.person"] = person
        # A form of before the login is worth nothing after it.
        scope["acflow.csrf"] = sign(self._key, f"{visit}{session if person else ''}")
        if refusal := self._refusal(scope, person):
            await refusal(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
                if fresh and headers.get("content-type", "").startswith("text/html"):
                    headers.append("Set-Cookie", f"{COOKIE}={visit}; Path=/; HttpOnly; SameSite=Strict")
            await send(message)

        await self._app(scope, receive, sending)

    def _refusal(self, scope: Scope, person: "Person | None") -> Response | None:
        if keeps_own_rules(scope):
            return None
        needed = self._sessions.needed
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not needed and not is_own_name(host):
            return Response("This address is served to this machine alone.", 421, HEADERS, "text/plain")
        origin = headers.get("origin")
        if scope["method"] not in {"GET", "HEAD"} and origin and urlsplit(origin).netloc != host:
            return Response("This form was sent by another site.", 403, HEADERS, "text/plain")
        if needed and not scope["path"].startswith(("/static/", "/login")):
            return self._of_person(scope, person)
        return None

    def _of_person(self, scope: Scope, person: "Person | None") -> Response | None:
        """Refuse who is not logged in, and changes by those who may only look; note every change."""
        if person is None:
            return RedirectResponse("/login", 303, HEADERS)
        path, changes = scope["path"], scope["method"] not in {"GET", "HEAD"}
        if person.role != "edit" and (path.startswith("/drafts/") or path.endswith(("/edit", "/flows/new"))):
            return Response("You may look, but not edit flows. Ask for the role `edit`.", 403, HEADERS, "text/plain")
        if not changes:
            return None
        if person.role != "edit" and path not in FOR_VIEWERS:
            return Response(
                "You may look, but not change anything. Ask for the role `edit`.", 403, HEADERS, "text/plain"
            )
        from acflow.app.people import note

        note(self._sessions.state, person.name, f"{scope['method']} {scope['path']}")
        return None


def keeps_own_rules(scope: Scope) -> bool:
    """Whether an address is guarded by a secret of its own instead."""
    path: str = scope["path"]
    if path == "/flows" and scope["method"] == "GET" and not wants_html(Headers(scope=scope)):
        return True
    return any(path == rule or (rule.endswith("/") and path.startswith(rule)) for rule in OWN_RULES)


def wants_html(headers: Headers) -> bool:
    """Whether a browser asks, and not a program."""
    return "text/html" in headers.get("accept", "")


def is_own_name(host: str) -> bool:
    """Whether a Host header names this machine."""
    try:
        return is_loopback(f"http://{host}")
    except ValueError:  # half an address in brackets
        return False


def _visit(scope: Scope) -> tuple[str, bool]:
    """Return the random name of this browser's visit, and whether it is new."""
    given = Request(scope).cookies.get(COOKIE, "")
    return (given, False) if len(given) >= 32 else (secrets.token_urlsafe(32), True)  # noqa: PLR2004 - as long as ours


def sign(key: bytes, visit: str) -> str:
    """Return the token that forms of a visit carry."""
    return hmac.new(key, visit.encode(errors="replace"), hashlib.sha256).hexdigest()


def key_of(state: Path) -> bytes:
    """Return the key that signs form tokens, made at the first start and readable by its owner alone.

    It outlives a restart, so that a form that was open meanwhile can still be sent.
    """
    path = state / "web.key"
    state.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(key := secrets.token_bytes(32))
    return key


async def read_form(request: Request) -> Form:
    """Return the fields of a POST that one of our own pages has sent.

    Raises:
        HTTPException: it carries no token of this visit, or is no form, or too long.

    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY:
            raise HTTPException(413, "The form is too long.")
    fields = parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
    given = next((value for name, value in fields if name == "csrf"), request.headers.get("x-csrf", ""))
    if not hmac.compare_digest(given.encode(), request.scope["acflow.csrf"].encode()):
        raise HTTPException(403, "This form was not made by this page, or its visit has ended. Load the page again.")
    return [(name, value) for name, value in fields if name != "csrf"]


def posting(handler: PostHandler) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint for a POST: its form is checked first, and the handler runs beside the event loop."""

    async def endpoint(request: Request) -> Response:
        form = await read_form(request)
        return await run_in_threadpool(handler, request, form)

    return endpoint


def field(form: Form, name: str, default: str = "") -> str:
    """Return the first value of a field, without blanks around it."""
    return next((value.strip() for key, value in form if key == name), default)


def fields(form: Form, name: str) -> list[str]:
    """Return every value of a field."""
    return [value.strip() for key, value in form if key == name]
