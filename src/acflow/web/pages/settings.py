"""`/settings`: the account, the warehouse, and who is told; secrets are never shown again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from acflow.errors import AcflowError, ConfigError
from acflow.web.render import NOTHING, Page, respond
from acflow.web.security import Form, field, fields, is_own_name, posting
from acflow.web.site import site_of

if TYPE_CHECKING:
    from acflow.app.accounts import AccountInfo
    from acflow.app.doctor import Diagnosis
    from acflow.app.people import Person
    from acflow.app.tokens import Token

ROLES = {"view": "look and ask", "edit": "look, ask, change and run"}


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A setting: its name, its value now, and what it means."""

    name: str
    value: str
    meaning: str


@dataclass(frozen=True)
class SettingsPage(Page):
    """How the project is set up, and what a try of it showed."""

    template: ClassVar[str] = "settings.html"
    section: ClassVar[str] = "Settings"
    url: str
    has_key: bool
    warehouse: str
    dataset: str
    folder: str
    notices: Sequence[tuple[str, str]]
    lines: Sequence[SettingLine]
    diagnosis: "Diagnosis | None"
    problem: str
    tokens: "Sequence[Token]"
    people: "Sequence[Person]"
    roles: Mapping[str, str]
    scopes: Mapping[str, str]
    secret: str
    accounts: "Sequence[AccountInfo]"


def settings(request: Request) -> Response:
    """Show them."""
    return _page(request)


def check(request: Request, _: Form) -> Response:
    """Try account and warehouse, and show what they answered."""
    from acflow.app.doctor import diagnose

    try:
        return _page(request, diagnose(site_of(request).project))
    except AcflowError as error:
        return _page(request, problem=str(error))


def make(request: Request, form: Form) -> Response:
    """Make a token for a program, and show it this once."""
    from acflow.app.tokens import make_token

    try:
        _, secret = make_token(site_of(request).people_state, field(form, "name"), fields(form, "scope"))
    except AcflowError as error:
        return _page(request, problem=str(error))
    return _page(request, secret=secret)


def revoke(request: Request, _: Form) -> Response:
    """Take a token away."""
    from acflow.app.tokens import revoke_token

    revoke_token(site_of(request).people_state, request.path_params["token"])
    return RedirectResponse("/settings", 303)


def add_person(request: Request, form: Form) -> Response:
    """Let somebody log in, or give them another password or role. From the first one on, everybody logs in."""
    from acflow.app.people import list_people, set_person

    state, name = site_of(request).people_state, field(form, "name")
    password = next((value for key, value in form if key == "password"), "")
    role = field(form, "role")
    others = [person for person in list_people(state) if person.name != name]
    try:
        if not name:
            raise ConfigError("A person needs a name.")
        _require_editor([*(person.role for person in others), role])
        set_person(state, name, password, role)
    except AcflowError as error:
        return _page(request, problem=str(error))
    return RedirectResponse("/settings" if others else "/login", 303)


def remove_person(request: Request, _: Form) -> Response:
    """Take somebody away; without anybody the pages are for this machine alone again."""
    from acflow.app.people import list_people
    from acflow.app.people import remove_person as take_away

    state, name = site_of(request).people_state, request.path_params["name"]
    try:
        rest = [person.role for person in list_people(state) if person.name != name]
        if rest:
            _require_editor(rest)
        elif not is_own_name(request.headers.get("host", "")):
            raise ConfigError("The last person cannot be taken away while others can reach the pages.")
        take_away(state, name)
    except AcflowError as error:
        return _page(request, problem=str(error))
    return RedirectResponse("/settings", 303)


def _require_editor(roles: Sequence[str]) -> None:
    if "edit" not in roles:
        raise ConfigError("Somebody has to have the role edit, or nobody could change anything here any more.")


def _page(request: Request, diagnosis: "Diagnosis | None" = None, *, problem: str = "", secret: str = "") -> Response:
    from acflow.app.accounts import list_accounts
    from acflow.app.people import list_people
    from acflow.app.tokens import SCOPES, list_tokens
    from acflow.engine import shown
    from acflow.settings import Settings

    site = site_of(request)
    now = site.project.settings
    file = site.service.project.file
    plain = [
        SettingLine(f"ACFLOW_{name.upper()}", str(getattr(now, name)) or NOTHING, spec.description or "")
        for name, spec in Settings.model_fields.items()
        if "Secret" not in str(spec.annotation) and name not in {"url", "warehouse", "dataset", "state"}
    ]
    page = SettingsPage(
        title="Settings",
        url=now.url,
        has_key=bool(now.key.get_secret_value()),
        warehouse=shown(now.warehouse),
        dataset=now.dataset,
        folder=str(site.opened.folder.absolute()),
        notices=[(notice.shown, ", ".join(notice.on)) for notice in file.notify],
        lines=plain,
        diagnosis=diagnosis,
        problem=problem,
        tokens=list_tokens(site.people_state),
        people=list_people(site.people_state),
        roles=ROLES,
        scopes=SCOPES,
        secret=secret,
        accounts=list_accounts(site.project) if site.account else (),
    )
    return respond(request, page)


ROUTES = (
    Route("/settings", settings),
    Route("/settings/check", posting(check), methods=["POST"]),
    Route("/settings/people", posting(add_person), methods=["POST"]),
    Route("/settings/people/{name}/remove", posting(remove_person), methods=["POST"]),
    Route("/settings/tokens", posting(make), methods=["POST"]),
    Route("/settings/tokens/{token}/revoke", posting(revoke), methods=["POST"]),
)
