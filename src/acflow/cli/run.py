"""`acflow run`: read, prove, land."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from acflow.cli import certificates, progress, project, stdout, talk
from acflow.cli.options import ENTITY_NAMES, JsonOption, PaceOption, WarehouseOption, complete_entity
from acflow.entities import ENTITIES, entity

if TYPE_CHECKING:
    from acflow.entities.model import Entity
    from acflow.run import Report
    from acflow.settings import Settings

EXAMPLES = (
    "acflow run",
    "acflow run deals contacts",
    "acflow run --accept-shrink deals",
    "acflow run --json > certificates.json",
)
EVERYTHING = "all"


def run(  # noqa: PLR0913, PLR0917 - each is an option
    entities: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ENTITY",
            help=f"Any of {ENTITY_NAMES}; all of them if none is named.",
            autocompletion=complete_entity,
        ),
    ] = None,
    accept_shrink: Annotated[
        list[str] | None,
        typer.Option(metavar="ENTITY", help="Let this table lose most of its rows; 'all' for every table."),
    ] = None,
    pace: PaceOption = None,
    warehouse: WarehouseOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only what went wrong.")] = False,
    json: JsonOption = False,
) -> None:
    """Read the account, prove that all of it came, and land it.

    Each entity ends with a certificate; one that could not be proved keeps its old table.
    """
    chosen = _chosen(entities or [])
    accepted = _accepted(accept_shrink or [])
    settings = project.settings(pace=pace, warehouse=warehouse)
    report = execute(settings, chosen, accepted, quiet=quiet or json)
    if json:
        stdout.write_json(certificates.as_json(report))
    certificates.tell(report, settings, quiet=quiet or json)
    raise typer.Exit(report.exit_code)


def _chosen(names: Iterable[str]) -> tuple["Entity", ...]:
    return tuple(entity(name) for name in dict.fromkeys(names)) or ENTITIES


def _accepted(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name if name == EVERYTHING else entity(name).name for name in names)


def execute(
    settings: "Settings", entities: Sequence["Entity"], accept_shrink: frozenset[str], *, quiet: bool
) -> "Report":
    """Run and show how it goes; whoever interrupts is told what stays whole."""
    settings.require_account()
    project.quiet()
    from acflow.run import run as run_all

    try:
        with progress.following(settings, quiet=quiet) as listener:
            return run_all(settings, entities, accept_shrink=accept_shrink, listener=listener)
    except KeyboardInterrupt:
        talk.say("Every table is whole: as it was before this run, or entirely new. Run again when you like.")
        raise
