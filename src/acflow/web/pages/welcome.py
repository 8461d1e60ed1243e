"""`/welcome`: connect an account, or try everything with a made-up company."""

from dataclasses import dataclass
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from acflow.errors import AcflowError
from acflow.web.render import Page, respond
from acflow.web.security import Form, field, posting
from acflow.web.site import site_of


@dataclass(frozen=True)
class WelcomePage(Page):
    """Two ways to begin. The key is never shown again, not even after a mistake."""

    template: ClassVar[str] = "welcome.html"
    url: str
    problem: str
    connected: str
    made_up: bool


def welcome(request: Request) -> Response:
    """Show the two ways."""
    return _page(request, site_of(request).project.settings.url)


def _page(request: Request, url: str, problem: str = "", status: int = 200) -> Response:
    site = site_of(request)
    connected = site.project.settings.url if site.connected else ""
    return respond(
        request, WelcomePage("Welcome", url, problem, connected, site.make_up is not None and not connected), status
    )


def connect(request: Request, form: Form) -> Response:
    """Try address and key against the account, keep them, and read everything for the first time."""
    from acflow.app.account import connect as connect_account
    from acflow.app.project import Project

    site, url, key = site_of(request), field(form, "url"), field(form, "key")
    if not url or not key:
        return _page(request, url, "Give both the URL and the key.", 422)
    try:
        connect_account(Project.open(site.opened.folder, site.opened.env, url=url, key=key))
    except AcflowError as error:
        return _page(request, url, str(error).replace(key, "…"), 422)
    return _begin(request)


def try_out(request: Request, _: Form) -> Response:
    """Serve a made-up company on this machine, connect it, and read it."""
    site = site_of(request)
    if site.connected:
        problem = "An account is connected here, and its key would be lost. Begin in a folder of its own."
        return _page(request, site.project.settings.url, problem, 409)
    if site.make_up is None:
        return _page(request, "", "The made-up company is a package of its own: `pip install 'acflow[demo]'`.", 422)
    site.make_up()
    return _begin(request)


def _begin(request: Request) -> Response:
    """Read what flows and reports need, for the first time."""
    from acflow.app.figures import entities_of_figures

    site = site_of(request)
    site.service.look()  # takes the new files over now and not at the next look
    site.service.ask_all(dict.fromkeys((*site.service.project.file.flows, *entities_of_figures())))
    return RedirectResponse("/runs", 303)


ROUTES = (
    Route("/welcome", welcome),
    Route("/welcome", posting(connect), methods=["POST"]),
    Route("/welcome/made-up", posting(try_out), methods=["POST"]),
)
