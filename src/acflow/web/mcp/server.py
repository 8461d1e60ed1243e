"""The server of one set of scopes: it has the tools that these allow, and no others."""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations

from acflow import __version__
from acflow.errors import AcflowError, WarehouseBusyError
from acflow.web.mcp.answers import Answer
from acflow.web.mcp.tools import Tools, allowed

if TYPE_CHECKING:
    from acflow.web.site import Site

INSTRUCTIONS = """\
acflow holds the data of an ActiveCampaign account, read in full and proved complete.
Prefer run_report for questions that a report answers, then aggregate, and only then SQL: their figures are defined.
Every answer says of when its data are (data_as_of) and what was proved (verdict); say so when you give figures,
along with the notes. Amounts of different currencies are never to be added up."""


def make_server(site: "Site", scopes: frozenset[str]) -> MCPServer:
    """Return a server for those who may do so much."""
    server = MCPServer("acflow", version=__version__, instructions=INSTRUCTIONS, log_level="WARNING")
    for function, changes in allowed(Tools(site, with_rows="rows" in scopes), scopes):
        hints = ToolAnnotations(read_only_hint=not changes, destructive_hint=False, open_world_hint=changes)
        server.add_tool(_in_words(function), annotations=hints)
    return server


NEXT_STEPS = {
    "connect": "Whoever operates acflow has to connect an account first.",
    "run": "It has to be loaded first: run_flow does that, where this token allows it.",
    "list_reports": "list_reports names them.",
}


def _words(error: AcflowError) -> str:
    """Return an error with its next step as an assistant can take it."""
    step = NEXT_STEPS.get(error.action.kind, "") if error.action else ""
    return f"{error} {step}".strip()


def _in_words(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """Return the tool with our errors as words for the assistant; others name their kind alone, as pages do."""

    @functools.wraps(function)
    def tool(*args: object, **kwargs: object) -> Answer:
        try:
            return function(*args, **kwargs)
        except WarehouseBusyError:
            raise ToolError("A run is writing. Ask again in a minute.") from None
        except AcflowError as error:
            raise ToolError(_words(error)) from None
        except Exception as error:
            raise ToolError(f"Something unexpected went wrong: {type(error).__name__}.") from error

    return tool
