"""`acflow run`: read, prove, land, compute, deliver."""

from typing import TYPE_CHECKING, Annotated

import typer

from acflow.cli import certificates, console, project, run_accounts, stdout
from acflow.cli.options import JsonOption, PaceOption, WarehouseOption, complete_account, complete_flow
from acflow.entities import entity
from acflow.errors import AcflowError, RunCancelledError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from acflow.app.model import RunRequest, RunResult
    from acflow.app.project import Project

EXAMPLES = (
    "acflow run",
    "acflow run deals contacts",
    "acflow run pipeline_by_stage --only-changed",
    "acflow run --incremental --keep-going",
    "acflow run --accept-shrink deals",
    "acflow run --account north --account south",
    "acflow run --json > report.json",
)
EVERYTHING = "all"


Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="NAME",
        help="Flows of acflow.yaml, with all that they need, or entities; everything if none is named.",
        autocompletion=complete_flow,
    ),
]
OnlyChanged = Annotated[
    bool, typer.Option("--only-changed", help="Leave flows alone if nothing that they are made of has changed.")
]
NoRead = Annotated[bool, typer.Option("--no-read", help="Compute and deliver flows from what has landed before.")]
KeepGoing = Annotated[
    bool,
    typer.Option("--keep-going", "-k", help="Read and compute also if a destination cannot be written; end with 7."),
]
AcceptShrink = Annotated[
    list[str] | None,
    typer.Option(metavar="ENTITY", help="Let this table lose most of its rows; 'all' for every table."),
]
Incremental = Annotated[
    bool, typer.Option("--incremental", help="Read of contacts and deals only what changed since the last time.")
]
Sweep = Annotated[bool, typer.Option("--sweep", help="Read them in full all the same, and mark rows that are gone.")]
RenamedFrom = Annotated[
    str, typer.Option(metavar="URL", help="Former address of this account, once, after it got another.")
]
Accounts = Annotated[
    list[str] | None,
    typer.Option(
        "--account", metavar="NAME", help="Only this account; may be repeated.", autocompletion=complete_account
    ),
]
Labels = Annotated[
    list[str] | None, typer.Option("--label", metavar="LABEL", help="Only accounts with this label; as --account.")
]
Notify = Annotated[
    bool, typer.Option("--notify/--no-notify", help="Tell those whom `notify:` of acflow.yaml names how it ended.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say only what went wrong.")]


def run(  # noqa: PLR0913, PLR0917 - each is an option
    names: Names = None,
    only_changed: OnlyChanged = False,
    no_read: NoRead = False,
    keep_going: KeepGoing = False,
    accept_shrink: AcceptShrink = None,
    incremental: Incremental = False,
    sweep: Sweep = False,
    renamed_from: RenamedFrom = "",
    accounts: Accounts = None,
    labels: Labels = None,
    pace: PaceOption = None,
    warehouse: WarehouseOption = None,
    notify: Notify = True,
    quiet: Quiet = False,
    json: JsonOption = False,
) -> None:
    """Read the account, prove that all of it came, land it; compute the data flows and deliver them.

    Each entity ends with a certificate; one that could not be proved keeps its old table. A flow that fails takes only
    those along that need it, and their old results stay.
    """
    from acflow.app.model import RunOptions, RunRequest

    changes = [EVERYTHING] if incremental or sweep else None
    options = RunOptions(_accepted(accept_shrink), _accepted(changes), sweep, renamed_from)
    opened, asked = project.here(over="yes", pace=pace, warehouse=warehouse), tuple(names or ())
    request = RunRequest(asked, only_changed=only_changed, read=not no_read, keep_going=keep_going, options=options)
    if opened.accounts or accounts or labels:
        chosen = accounts or ([opened.account] if opened.account and not labels else [])
        choice = run_accounts.Choice(chosen, labels or [])
        raise typer.Exit(run_accounts.run(opened, request, choice, notify=notify, quiet=quiet, json=json))
    result = _told(opened, request, quiet=quiet or json) if notify else execute(opened, request, quiet=quiet or json)
    if json:
        stdout.write_json(result.as_dict())
    certificates.tell(result, opened.settings, quiet=quiet or json)
    if notify:
        _tell(opened, result)
    raise typer.Exit(result.exit_code)


def _tell(opened: "Project", result: "RunResult") -> None:
    from acflow.app.telling import tell_of_run

    tell_of_run(opened, result, console.say)


def _told(opened: "Project", request: "RunRequest", *, quiet: bool) -> "RunResult":
    """Run, and tell those who want to know if nothing comes of it; a flow file with mistakes names nobody to tell."""
    from acflow.app.telling import tell_of_error
    from acflow.flows.problems import FlowFileError

    try:
        return execute(opened, request, quiet=quiet)
    except (RunCancelledError, FlowFileError):
        raise
    except AcflowError as error:
        tell_of_error(opened, error, request.names, console.say)
        raise


def _accepted(names: "Iterable[str] | None") -> frozenset[str]:
    return frozenset(name if name == EVERYTHING else entity(name).name for name in names or ())


def execute(opened: "Project", request: "RunRequest", *, quiet: bool) -> "RunResult":
    """Run and show how it goes; the first Ctrl-C or SIGTERM ends it where every table is whole."""
    from acflow.app.pipeline import run as carry_out
    from acflow.cli import progress
    from acflow.cli.signals import cancelled_by_signals

    with progress.following(quiet=quiet) as on_event, cancelled_by_signals() as cancel:
        return carry_out(opened, request, on_event, cancel)
