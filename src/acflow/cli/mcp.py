"""`acflow mcp`: the tools for assistants, on stdin and stdout."""

from typing import Annotated

import typer

from acflow.cli import console, project
from acflow.cli.options import AccountOption
from acflow.errors import ConfigError

EXAMPLES = (
    "acflow mcp",
    "acflow mcp --scope read",
    "acflow mcp --scope read --scope rows --scope run",
    "claude mcp add acflow -- acflow mcp",
)
BY_DEFAULT = ["read", "rows"]


def mcp(
    scope: Annotated[
        list[str],
        typer.Option(
            help="What the assistant may do: read (reports and totals, with addresses masked), rows (rows and SQL), "
            "run (start runs). Give it several times for several.",
        ),
    ] = BY_DEFAULT,
    account: AccountOption = None,
) -> None:
    """Let an assistant ask this project, by the Model Context Protocol on stdin and stdout.

    The assistant starts this command by itself, in the project's folder. Nothing can be changed by it unless the scope
    `run` is given. `acflow serve` answers assistants too, at /mcp, by tokens: see docs/mcp.md.
    """
    from acflow.app.outgoing import Sender
    from acflow.app.tokens import SCOPES
    from acflow.web.mcp.stdio import speak
    from acflow.web.service import Service, ServiceDependencies

    if unknown := [name for name in scope if name not in SCOPES]:
        raise ConfigError(f"There is no scope {unknown[0]!r}. Scopes: {', '.join(SCOPES)}.")
    here = project.here(account=account)
    sender = Sender(console.say)
    service = Service(ServiceDependencies(here.reopened, here.files, console.say, sender.put, keeps_schedules=False))
    speak(here, service, sender, frozenset(scope))
