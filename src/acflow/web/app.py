"""The small HTTP side of the service: is it alive, what runs when, and addresses that start a flow."""

import asyncio
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from acflow.app.outgoing import Sender
from acflow.errors import Action, ConfigError
from acflow.web.access import Access
from acflow.web.accounts import AccountChooser
from acflow.web.connections import PunctualProtocol
from acflow.web.hooks import GUESSES, OFTEN, Bound, flow_of
from acflow.web.schedule import Scheduler
from acflow.web.service import Service
from acflow.web.site import ProgramRoute, Site, with_pages

LOOK_EVERY = 2.0  # seconds between two looks at the flow file
MANY = 5  # accounts
LEAVE_WITHIN = 10.0  # seconds for a run to come to its next page
SEND_WITHIN = 3.0  # seconds for what is still to be told


def create_app(
    service: Service, access: Access, *, site: Site | None = None, clock: Callable[[], float] = time.monotonic
) -> Starlette:
    """Return the application of a service: hooks and the state of flows, and with a site all pages."""
    guesses, calls = Bound(GUESSES, clock), dict[str, Bound]()

    async def healthz(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def flows(request: Request) -> JSONResponse:
        if not access.allows(request):
            return JSONResponse({"error": "Not allowed."}, 401, {"WWW-Authenticate": "Bearer"})
        return JSONResponse({"flows": await asyncio.to_thread(service.flows)})

    async def hook(request: Request) -> JSONResponse:
        """Start a flow. The body, if there is one, is not read."""
        flow = flow_of(service.project.settings.state, request.path_params["secret"])
        if flow is None or flow not in service.project.file.flows:
            return _not_found() if not (wait := guesses.wait()) else _too_often(wait)
        if wait := calls.setdefault(flow, Bound(OFTEN, clock)).wait():
            return _too_often(wait)
        job = service.ask(flow)
        return JSONResponse(job.as_dict(), 202, {"Location": f"/tickets/{job.job_id}"})

    async def job(request: Request) -> JSONResponse:
        found = service.find(request.path_params["handle"])
        return JSONResponse(found.as_dict()) if found else _not_found()

    routes = [
        Route("/healthz", healthz),
        Route("/hooks/{secret}", hook, methods=["POST"]),
        Route("/tickets/{handle}", job),
    ]
    if site is None:
        app = Starlette(routes=[*routes, Route("/flows", flows)])
    else:
        app = with_pages(site, [*routes, ProgramRoute("/flows", flows)])
    app.router.redirect_slashes = False  # a redirect would repeat the secret of a hook
    return app


def _not_found() -> JSONResponse:
    return JSONResponse({"error": "Not found."}, 404)


def _too_often(wait: float) -> JSONResponse:
    return JSONResponse({"error": "Too many calls."}, 429, {"Retry-After": str(int(wait) + 1)})


def _listen_socket(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise ConfigError(
            f"Port {port} of {host} cannot be used: {error.strerror}.", action=Action("choose_port")
        ) from None


def serve(  # noqa: PLR0913 - each says something about the server
    service: Service,
    sender: Sender,
    host: str,
    port: int,
    *,
    access: Access,
    ready: Callable[[str], object],
    site: Site | None = None,
) -> bool:
    """Run a service until SIGTERM or Ctrl-C; return whether everything has ended by itself. For the main thread."""
    app = create_app(service, access, site=site)
    return _until_stopped([(service, site)], app, sender, host, port, access=access, ready=ready)


def serve_accounts(  # noqa: PLR0913 - each says something about the server
    sites: Mapping[str, Site],
    roll_ups: Service,
    sender: Sender,
    host: str,
    port: int,
    *,
    access: Access,
    ready: Callable[[str], object],
) -> bool:
    """Run the services of several accounts at one address, as `serve` does for one, and that of their roll-ups."""
    first, *others = sites.values()
    for site in others:  # who has logged in may look at all of them
        site.sessions = first.sessions
    apps = AccountChooser({name: create_app(site.service, access, site=site) for name, site in sites.items()})
    served: list[tuple[Service, Site | None]] = [(site.service, site) for site in sites.values()]
    served.append((roll_ups, None))
    return _until_stopped(served, apps, sender, host, port, access=access, ready=ready)


def _until_stopped(  # noqa: PLR0913 - each says something about the server
    served: Sequence[tuple[Service, Site | None]],
    app: ASGIApp,
    sender: Sender,
    host: str,
    port: int,
    *,
    access: Access,
    ready: Callable[[str], object],
) -> bool:
    access.check(host)
    listener_socket = _listen_socket(host, port)
    stop = _signals()
    server = _server(app)
    http = threading.Thread(
        target=lambda: asyncio.run(server.serve([listener_socket])), name="acflow-http", daemon=True
    )
    threads, schedulers = [http], list[Scheduler]()
    for service, site in served:
        # What looks at files and records every few seconds does so less often, the more there are.
        schedulers.append(Scheduler(every=LOOK_EVERY * max(1, len(served) // MANY), look=service.look))
        service.changed = partial(_set, schedulers[-1], service)
        service.changed()
        threads += [
            threading.Thread(target=service.work, name="acflow-runs", daemon=True),
            threading.Thread(target=service.keep_sending, name="acflow-documents", daemon=True),
        ]
        if site is not None:
            threads.append(threading.Thread(target=site.answers.work, name="acflow-answers", daemon=True))
    for thread in threads:
        thread.start()
    for scheduler in schedulers:
        scheduler.start()
    address = f"[{host}]" if ":" in host else host
    ready(f"http://{address}:{listener_socket.getsockname()[1]}")
    stop.wait()
    for scheduler in schedulers:
        scheduler.stop()
    for service, site in served:
        service.stop()
        if site is not None:
            site.answers.stop()
    server.should_exit = True
    deadline = time.monotonic() + LEAVE_WITHIN
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return sender.stop(SEND_WITHIN) and not any(thread.is_alive() for thread in threads)


def _set(scheduler: Scheduler, service: Service) -> None:
    table = service.timetable

    def times(name: str) -> Any:  # noqa: ANN401 - binds the name
        return lambda moment: table.following(name, moment)

    scheduler.set([(name, times(name)) for name in table.schedules], service.wake)


def _signals() -> threading.Event:
    """Return what is set by the first signal to end; a second Ctrl-C does not wait."""
    stop = threading.Event()

    def end(*_: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, end)
    return stop


def _server(app: ASGIApp) -> uvicorn.Server:
    """Return a server that writes no log: its lines would hold the secrets of hooks."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=PunctualProtocol,
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            limit_concurrency=200,
            timeout_graceful_shutdown=2,
        )
    )
