"""`acflow run`: read, prove, land, compute, deliver."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from acflow.cli import certificates, console, progress, project, stdout
from acflow.cli.options import JsonOption, PaceOption, WarehouseOption, complete_flow
from acflow.entities import HELPERS, entity
from acflow.entities.choice import by_default
from acflow.errors import ConfigError

if TYPE_CHECKING:
    from acflow.app import Listener, Report, RunOptions
    from acflow.app.project import Project
    from acflow.entities.model import Entity
    from acflow.settings import Settings

EXAMPLES = (
    "acflow run",
    "acflow run deals contacts",
    "acflow run pipeline_by_stage --only-changed",
    "acflow run --incremental",
    "acflow run --accept-shrink deals",
    "acflow run --json > report.json",
)
EVERYTHING = "all"


def run(  # noqa: PLR0913, PLR0917 - each is an option
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME",
            help="Flows of acflow.yaml, with all that they need, or entities; everything if none is named.",
            autocompletion=complete_flow,
        ),
    ] = None,
    only_changed: Annotated[
        bool, typer.Option("--only-changed", help="Leave flows alone if nothing that they are made of has changed.")
    ] = False,
    no_read: Annotated[
        bool, typer.Option("--no-read", help="Compute and deliver flows from what has landed before.")
    ] = False,
    accept_shrink: Annotated[
        list[str] | None,
        typer.Option(metavar="ENTITY", help="Let this table lose most of its rows; 'all' for every table."),
    ] = None,
    incremental: Annotated[
        bool, typer.Option("--incremental", help="Read of contacts and deals only what changed since the last time.")
    ] = False,
    sweep: Annotated[
        bool, typer.Option("--sweep", help="Read them in full all the same, and mark rows that are gone.")
    ] = False,
    renamed_from: Annotated[
        str, typer.Option(metavar="URL", help="Former address of this account, once, after it got another.")
    ] = "",
    pace: PaceOption = None,
    warehouse: WarehouseOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only what went wrong.")] = False,
    json: JsonOption = False,
) -> None:
    """Read the account, prove that all of it came, land it; compute the data flows and deliver them.

    Each entity ends with a certificate; one that could not be proved keeps its old table. A flow that fails takes only
    those along that need it, and their old results stay.
    """
    from acflow.app.model import RunOptions

    everything = frozenset({EVERYTHING}) if incremental or sweep else frozenset[str]()
    options = RunOptions(_accepted(accept_shrink or []), everything, sweep, renamed_from)
    opened = project.here(pace=pace, warehouse=warehouse)
    settings = opened.settings
    job = _flows(opened, names, options, only_changed=only_changed, read=not no_read)
    if job is None:
        if only_changed or no_read:
            raise ConfigError("There are no flows here to compute. Write some into acflow.yaml: see docs/flows.md.")
        chosen = tuple(entity(name) for name in dict.fromkeys(names or []))
        every = opened.flow_file.read if opened.flow_path.exists() else None
        default = by_default(settings.custom_fields) if every is None else tuple(map(entity, every))
        wanted, optional = (chosen, ()) if chosen else (default, HELPERS)
        job = landing(settings, wanted, options, optional=optional)
    report = execute(job, quiet=quiet or json)
    if json:
        stdout.write_json(certificates.as_json(report))
    certificates.tell(report, settings, quiet=quiet or json)
    raise typer.Exit(report.exit_code)


def _accepted(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name if name == EVERYTHING else entity(name).name for name in names)


def landing(
    settings: "Settings",
    entities: "Iterable[Entity]",
    options: "RunOptions",
    *,
    optional: "Iterable[Entity]" = (),
) -> "Callable[[Listener], Report]":
    """Return a run that lands entities and computes nothing; see `acflow.app.run`."""
    settings.require_account()

    def start(listener: "Listener") -> "Report":
        from acflow.app import run as run_all

        lacking = frozenset(each.name for each in optional)
        return run_all(settings, tuple(entities), optional=lacking, options=options, listener=listener)

    return start


def _flows(
    opened: "Project", names: list[str] | None, options: "RunOptions", *, only_changed: bool, read: bool
) -> "Callable[[Listener], Report] | None":
    """Return a run of the flows that the project's file has; None if it has none of its own."""
    settings, file = opened.settings, opened.own_flows
    if file is None:
        return None

    def start(listener: "Listener") -> "Report":
        from acflow.app import run_flows

        return run_flows(
            settings,
            file,
            names or None,
            only_changed=only_changed,
            read=read,
            options=options,
            listener=listener,
        )

    return start


def execute(job: "Callable[[Listener], Report]", *, quiet: bool) -> "Report":
    """Run and show how it goes; whoever interrupts is told what stays whole."""
    project.quiet()
    try:
        with progress.following(quiet=quiet) as listener:
            return job(listener)
    except KeyboardInterrupt:
        console.say("Every table is whole: as it was before this run, or entirely new. Run again when you like.")
        raise
