"""The made-up company of `acflow serve`: the sandbox in a thread, connected like any account."""

import threading
from collections.abc import Callable
from importlib.util import find_spec
from queue import SimpleQueue
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from acflow.app.project import Project

MARK = "ACFLOW_MADE_UP"  # in .env: the world that the project's account is
WORLD: Literal["small"] = "small"
PATIENCE = 30.0  # seconds for it to listen


def maker(project: "Project") -> Callable[[], object] | None:
    """Return what serves a made-up company and connects it to a project; None if the sandbox is not installed."""
    if find_spec("activecampaign_sandbox") is None:
        return None
    return lambda: _connect(project)


def serve_again(project: "Project") -> None:
    """Serve the company again at its address, if a project has one."""
    if project.variables.get(MARK) and find_spec("activecampaign_sandbox") is not None:
        port = urlsplit(project.settings_alone.url).port
        if port:
            _serve(port)


def _connect(project: "Project") -> None:
    from acflow.app.account import connect
    from acflow.app.files import keep_in_env
    from acflow.app.project import Project
    from activecampaign_sandbox import KEY

    url = _serve(0)
    connect(Project.open(project.folder, project.env, url=url, key=KEY))
    keep_in_env(project.env_path, {MARK: WORLD, "ACFLOW_PACE": "0"})


def _serve(port: int) -> str:
    """Serve it for as long as this process lives, and return its address."""
    from activecampaign_sandbox import make_world, serve

    listening: SimpleQueue[str] = SimpleQueue()
    world = make_world(WORLD)
    thread = threading.Thread(
        target=lambda: serve(world, port=port, ready=listening.put), name="acflow-made-up", daemon=True
    )
    thread.start()
    return listening.get(timeout=PATIENCE)
