"""The tools on stdin and stdout, for an assistant that starts acflow by itself."""

import threading
from typing import TYPE_CHECKING

from acflow.errors import ConfigError
from acflow.web.site import Site

if TYPE_CHECKING:
    from acflow.app.outgoing import Sender
    from acflow.app.project import Project
    from acflow.web.service import Service

LEAVE_WITHIN = 10.0  # seconds for a run to come to its next page
SEND_WITHIN = 3.0  # seconds for what is still to be told


def speak(project: "Project", service: "Service", sender: "Sender", scopes: frozenset[str]) -> None:
    """Answer an assistant until it closes stdin; a run that it asked for and that still goes on then is cancelled.

    Raises:
        ConfigError: what speaks the protocol is not installed.

    """
    try:
        from acflow.web.mcp.server import make_server
    except ModuleNotFoundError:
        raise ConfigError("What speaks MCP is not installed. Install it: pip install 'acflow[mcp]'.") from None
    worker = threading.Thread(target=service.work, name="acflow-runs", daemon=True)
    if "run" in scopes:
        worker.start()
    try:
        make_server(Site(service, project), scopes).run("stdio")
    except* BrokenPipeError:
        pass  # the assistant went away in the middle of an answer
    finally:
        service.stop()
        if worker.is_alive():
            worker.join(LEAVE_WITHIN)
        sender.stop(SEND_WITHIN)
