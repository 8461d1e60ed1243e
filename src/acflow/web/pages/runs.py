"""`/runs`: what ran, how it goes now, and each run's certificate in plain words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from acflow.errors import ConfigError
from acflow.web.live import PHASES
from acflow.web.render import Page, environment, respond
from acflow.web.security import Form, posting
from acflow.web.site import Site, site_of

if TYPE_CHECKING:
    from acflow.app.certificate_words import CertificateInfo
    from acflow.app.runs import FlowRun, RunInfo
    from acflow.web.live import RunProgress

PAGE = 30
HEARTBEAT = 15.0  # seconds; proxies end a stream that says nothing
OFTEN = 0.4  # seconds between two looks at a run that goes on


@dataclass(frozen=True)
class RunsPage(Page):
    """The runs, newest first, with the one that goes on above them."""

    template: ClassVar[str] = "runs.html"
    section: ClassVar[str] = "Runs"
    runs: "Sequence[RunInfo]"
    next: str
    live: "RunProgress | None"
    phases: Sequence[str] = PHASES


@dataclass(frozen=True)
class RunPage(Page):
    """One run: what it proved, and what became of each flow."""

    template: ClassVar[str] = "run.html"
    section: ClassVar[str] = "Runs"
    run: "RunInfo"
    certificates: "Sequence[CertificateInfo]"
    flows: "Sequence[FlowRun]"
    failure: str
    again: Sequence[str]

    @property
    def acceptable(self) -> "Sequence[CertificateInfo]":
        """What was proved and not loaded, since most of its rows would be gone: somebody must say that it is right."""
        return [certificate for certificate in self.certificates if certificate.may_be_accepted]


def runs(request: Request) -> Response:
    """List the runs."""
    from acflow.app.runs import history

    site = site_of(request)
    found: list[RunInfo] = []
    if site.project.has_ledger:
        found = history(site.project, PAGE + 1, before=request.query_params.get("before"))
    live = site.service.live.now
    more = found[PAGE - 1].id if len(found) > PAGE else ""
    return respond(request, RunsPage("Runs", found[:PAGE], more, live))


def run(request: Request) -> Response:
    """Tell one run in full."""
    from acflow.app.certificate_words import in_words
    from acflow.app.runs import detail

    site = site_of(request)
    try:
        found = detail(site.project, request.path_params["run"])
    except ConfigError as error:
        raise HTTPException(404, str(error)) from None
    certificates = [in_words(each) for each in found.certificates]
    page = RunPage(
        title=f"Run of {found.run.started_at:%-d %b %Y, %H:%M} UTC",
        run=found.run,
        certificates=sorted(certificates, key=lambda certificate: certificate.landed),
        flows=found.flows,
        failure=_failure(found.run, certificates, found.flows),
        again=[flow.name for flow in found.flows if flow.name in site.project.file.flows],
    )
    return respond(request, page)


def _failure(run: "RunInfo", certificates: "Sequence[CertificateInfo]", flows: "Sequence[FlowRun]") -> str:
    """Return why a run is not whole, in a sentence: the first reason there is."""
    reasons = [run.message or ""]
    reasons += [f"{c.entity}: {c.sentence}" for c in certificates if not c.landed and c.needed]
    reasons += [f"{flow.name}: {flow.reason}" for flow in flows if flow.reason]
    reasons += [f"{flow.name}: {to.error}" for flow in flows for to in flow.deliveries if to.error]
    return next((reason for reason in reasons if reason), "")


def stream(request: Request) -> Response:
    """Send the part of the page that shows the run that goes on, each time it has come further."""
    site = site_of(request)
    csrf = request.scope["acflow.csrf"]
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(site, csrf), 200, headers, "text/event-stream")


def _events(site: Site, csrf: str) -> Iterator[str]:
    template = environment().get_template("live.html")
    live, version = site.service.live, -1
    yield "retry: 2000\n\n"
    while (now := live.now) is not None:
        if now.version != version:
            html = template.render(live=now, phases=PHASES, csrf=csrf)
            data = "\n".join(f"data: {line}" for line in html.splitlines())
            yield f"event: part\n{data}\n\n"
            version = now.version
        else:
            yield ": still here\n\n"
        live.wait(version, HEARTBEAT)
        live.settle(OFTEN)
    yield "event: end\ndata: over\n\n"


def generation(request: Request) -> Response:
    """Return what changes with each run, for pages that are open meanwhile."""
    return PlainTextResponse(site_of(request).generation)


def start(request: Request, form: Form) -> Response:
    """Run flows: those that are named, or all; the entities that are named may lose most of their rows."""
    site = site_of(request)
    site.project.settings.require_account()
    names = [value for name, value in form if name == "flow"] or list(site.service.project.file.flows)
    accepted = [value for name, value in form if name == "accept"]
    site.service.ask_all(names or accepted, accepted)
    return RedirectResponse("/runs", 303)


def cancel(request: Request, _: Form) -> Response:
    """End the run that goes on with its next page; every table stays whole."""
    site_of(request).service.cancel()
    return RedirectResponse("/runs", 303)


ROUTES = (
    Route("/runs", runs),
    Route("/runs", posting(start), methods=["POST"]),
    Route("/runs/live", stream),
    Route("/runs/generation", generation),
    Route("/runs/cancel", posting(cancel), methods=["POST"]),
    Route("/runs/{run}", run),
)
