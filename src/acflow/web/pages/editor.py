"""The editor: a flow in five plain forms, its result always below, and a review of what changes before it is saved."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from acflow.errors import ConfigError
from acflow.web.pages.data import Heading
from acflow.web.pages.editor_forms import FORMS, named
from acflow.web.pages.flows import columns_of, values_of
from acflow.web.render import Page, respond
from acflow.web.security import Form, field, posting
from acflow.web.site import Site, site_of

if TYPE_CHECKING:
    from acflow.app.drafts import DiffLine, Draft, JoinCounts
    from acflow.app.recipes import Recipe

STEPS = {
    "source": "Source",
    "combine": "Combine",
    "rows": "Columns and rows",
    "destination": "Destination",
    "schedule": "Schedule",
    "review": "Review",
}
ROLES = {"marketing": "Marketing", "sales": "Sales", "revops": "RevOps"}


@dataclass(frozen=True)
class NewFlowPage(Page):
    """Ways to begin: a recipe, an entity, SQL, or a draft that was left."""

    template: ClassVar[str] = "flow_new.html"
    section: ClassVar[str] = "Flows"
    roles: Mapping[str, str]
    recipes: "Sequence[Recipe]"
    addresses: Mapping[str, str]
    entities: Sequence[tuple[str, str]]
    drafts: "Sequence[Draft]"


@dataclass(frozen=True)
class EditorPage(Page):
    """One step of a draft. `values` is what the step's form shows, `problems` what is wrong by key of the flow."""

    template: ClassVar[str] = "editor.html"
    section: ClassVar[str] = "Flows"
    draft: "Draft"
    step: str
    steps: Mapping[str, str]
    values: Mapping[str, Any]
    problems: Mapping[str, str]
    next: str


@dataclass(frozen=True)
class ResultPage(Page):
    """What a draft gives now."""

    template: ClassVar[str] = "editor_result.html"
    headings: Sequence[Heading]
    rows: Sequence[Sequence[Any]]
    problems: Mapping[str, str]
    join: "JoinCounts | None"
    sql: str


@dataclass(frozen=True)
class ReviewPage(Page):
    """What saving changes in the flow file."""

    template: ClassVar[str] = "editor_review.html"
    section: ClassVar[str] = "Flows"
    draft: "Draft"
    steps: Mapping[str, str]
    diff: "Sequence[DiffLine]"
    problems: Mapping[str, str]
    behind: bool
    connected: bool


def new(request: Request) -> Response:
    """Show the ways to begin."""
    from acflow.app.drafts import list_drafts
    from acflow.app.entities import list_entities
    from acflow.app.recipes import RECIPES
    from acflow.reports import report

    site = site_of(request)
    reports = {known.name: report(known.report) for known in RECIPES if known.report}
    page = NewFlowPage(
        title="New flow",
        roles=ROLES,
        recipes=RECIPES,
        addresses={name: f"/reports/{found.role.value}/{found.name}" for name, found in reports.items()},
        entities=[(entity.name, entity.description) for entity in list_entities() if entity.description],
        drafts=list_drafts(site.project),
    )
    return respond(request, page)


def free_name(site: Site, wanted: str) -> str:
    """Return a name that no flow has yet."""
    taken, name, number = set(site.service.project.file.flows), wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name


def begin(request: Request, form: Form) -> Response:
    """Begin with a recipe, a table, a question in SQL or an entity."""
    from acflow.app.drafts import start_draft
    from acflow.app.entities import list_entities
    from acflow.app.recipes import recipe

    site = site_of(request)
    if name := field(form, "recipe"):
        chosen = recipe(name)
        draft = start_draft(site.project, free_name(site, chosen.name), dict(chosen.flow))
        return RedirectResponse(f"/drafts/{draft.id}/review", 303)
    if sql := field(form, "sql"):
        draft = start_draft(site.project, free_name(site, "question_flow"), {"sql": sql})
        return RedirectResponse(f"/drafts/{draft.id}/rows", 303)
    if source := field(form, "from"):
        is_entity = source in {entity.name for entity in list_entities()}
        flow = {"entity" if is_entity else "from": source}
        draft = start_draft(site.project, free_name(site, f"{source}_flow"), flow)
        return RedirectResponse(f"/drafts/{draft.id}/rows", 303)
    entity = field(form, "entity") or "contacts"
    draft = start_draft(site.project, free_name(site, f"{entity}_flow"), {"entity": entity})
    return RedirectResponse(f"/drafts/{draft.id}/source", 303)


def edit(request: Request, _: Form) -> Response:
    """Begin a draft of a flow that is there."""
    from acflow.app.drafts import edit_draft

    try:
        draft = edit_draft(site_of(request).project, request.path_params["name"])
    except ConfigError as error:
        raise HTTPException(404, str(error)) from None
    return RedirectResponse(f"/drafts/{draft.id}/source", 303)


def step(request: Request) -> Response:
    """Show one step."""
    site, draft = site_of(request), _draft(request)
    return _step_page(request, site, draft, _step(request))


def _step_page(request: Request, site: Site, draft: "Draft", name: str) -> Response:
    from acflow.app.drafts import problems_of

    order = list(STEPS)
    page = EditorPage(
        title=f"{STEPS[name]}: {draft.name}",
        draft=draft,
        step=name,
        steps=STEPS,
        values=FORMS[name].shown(site, draft),
        problems=problems_of(site.project, draft),
        next=order[order.index(name) + 1],
    )
    return respond(request, page)


def change(request: Request, form: Form) -> Response:
    """Keep what a step's form says, and go on: to the step whose button was pressed, or the same one again."""
    from acflow.app.drafts import save_draft

    site, name = site_of(request), _step(request)
    draft = named(FORMS[name].taken(_draft(request), form))
    save_draft(site.project, draft)
    if request.headers.get("x-part"):
        return _result(request, site, draft)
    target = field(form, "go") or name
    return RedirectResponse(f"/drafts/{draft.id}/{target if target in STEPS else name}", 303)


def result(request: Request) -> Response:
    """Show what a draft gives now."""
    return _result(request, site_of(request), _draft(request))


def _result(request: Request, site: Site, draft: "Draft") -> Response:
    from acflow.app.drafts import try_draft

    tried = try_draft(site.project, draft)
    headings = columns_of(tried.table) if tried.table is not None else []
    rows = values_of(tried.table) if tried.table is not None else []
    return respond(request, ResultPage(draft.name, headings, rows, tried.problems, tried.join, tried.sql))


def review(request: Request) -> Response:
    """Show what saving changes."""
    from acflow.app.drafts import diff_of, is_behind, problems_of, rebase_draft

    site, draft = site_of(request), _draft(request)
    behind = is_behind(site.project, draft)
    problems = problems_of(site.project, draft)
    try:
        diff = diff_of(site.project, draft)
    except ConfigError as error:
        diff, problems = [], {"": str(error)}
    page = ReviewPage(f"Review {draft.name}", draft, STEPS, diff, problems, behind, site.connected)
    if behind:
        rebase_draft(site.project, draft)
    return respond(request, page)


def save(request: Request, form: Form) -> Response:
    """Save a draft into the flow file; with `run`, run it too."""
    from acflow.app.drafts import commit_draft

    site, draft = site_of(request), _draft(request)
    try:
        commit_draft(site.project, draft)
    except ConfigError:
        return RedirectResponse(f"/drafts/{draft.id}/review", 303)
    site.service.look()
    if field(form, "run") and site.connected:
        site.service.ask(draft.name)
        return RedirectResponse("/runs", 303)
    return RedirectResponse(f"/flows/{draft.name}", 303)


def drop(request: Request, _: Form) -> Response:
    """Throw a draft away."""
    from acflow.app.drafts import drop_draft

    site = site_of(request)
    drop_draft(site.project, _draft(request))
    return RedirectResponse("/flows", 303)


def rename(request: Request, form: Form) -> Response:
    """Give a draft another name."""
    from acflow.app.drafts import save_draft

    site, draft = site_of(request), _draft(request)
    wanted = re.sub(r"\W+", "_", field(form, "name")).strip("_")
    save_draft(site.project, replace(draft, name=wanted or draft.name))
    return RedirectResponse(f"/drafts/{draft.id}/review", 303)


def _draft(request: Request) -> "Draft":
    from acflow.app.drafts import load_draft

    try:
        return load_draft(site_of(request).project, request.path_params["draft"])
    except ConfigError as error:
        raise HTTPException(404, str(error)) from None


def _step(request: Request) -> str:
    name: str = request.path_params["step"]
    if name not in FORMS:
        raise HTTPException(404, "There is no such step.")
    return name


ROUTES = (
    Route("/flows/new", new),
    Route("/flows/new", posting(begin), methods=["POST"]),
    Route("/flows/{name}/edit", posting(edit), methods=["POST"]),
    Route("/drafts/{draft}/review", review),
    Route("/drafts/{draft}/result", result),
    Route("/drafts/{draft}/save", posting(save), methods=["POST"]),
    Route("/drafts/{draft}/drop", posting(drop), methods=["POST"]),
    Route("/drafts/{draft}/rename", posting(rename), methods=["POST"]),
    Route("/drafts/{draft}/{step}", step),
    Route("/drafts/{draft}/{step}", posting(change), methods=["POST"]),
)
