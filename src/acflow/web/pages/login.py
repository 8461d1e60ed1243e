"""`/login`: for servers that others can reach; on one's own machine nobody logs in."""

from dataclasses import dataclass
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from acflow.web.render import Page, respond
from acflow.web.security import Form, field, posting
from acflow.web.sessions import COOKIE, LASTS
from acflow.web.site import site_of


@dataclass(frozen=True)
class LoginPage(Page):
    """Name and password."""

    template: ClassVar[str] = "login.html"
    name: str
    problem: str


def login(request: Request) -> Response:
    """Show the form."""
    return respond(request, LoginPage("Log in", "", ""))


def enter(request: Request, form: Form) -> Response:
    """Open a session."""
    sessions, name = site_of(request).sessions, field(form, "name")
    if wait := sessions.wait(name):
        problem = f"Too many wrong passwords. Wait {wait:.0f} s."
        return respond(request, LoginPage("Log in", name, problem), 429)
    password = next((value for key, value in form if key == "password"), "")
    session = sessions.log_in(name, password)
    if session is None:
        return respond(request, LoginPage("Log in", name, "Name or password is wrong."), 403)
    answer = RedirectResponse("/", 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, session, max_age=int(LASTS), httponly=True, samesite="lax", secure=secure)
    return answer


def leave(request: Request, _: Form) -> Response:
    """End the session."""
    site_of(request).sessions.log_out(request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE)
    return answer


ROUTES = (
    Route("/login", login),
    Route("/login", posting(enter), methods=["POST"]),
    Route("/logout", posting(leave), methods=["POST"]),
)
