"""Options that several commands have, each declared once."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from acflow.entities import ALIASES, ALL, ENTITIES


class Format(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def complete_entity(incomplete: str) -> list[str]:
    """Return the entities that begin so, for the shell."""
    return [name for name in KNOWN if name.startswith(incomplete)]


def complete_flow(incomplete: str) -> list[str]:
    """Return the flows of this folder and the entities that begin so, for the shell."""
    from acflow.app.project import Project

    try:
        file = Project.open().own_flows
    except Exception:  # noqa: BLE001 - the shell is no place for an error
        file = None
    names = list(file.flows) if file else []
    return [name for name in dict.fromkeys([*names, *KNOWN]) if name.startswith(incomplete)]


def complete_account(incomplete: str) -> list[str]:
    """Return the accounts of this folder that begin so, for the shell."""
    from acflow.app.project import Project

    try:
        return [name for name in Project.open().accounts if name.startswith(incomplete)]
    except Exception:  # noqa: BLE001 - the shell is no place for an error
        return []


ENTITY_NAMES = ", ".join(each.name for each in ENTITIES) + " or a helper such as dealStages"
KNOWN = (*(each.name for each in ALL), *ALIASES)
ENTITY_HELP = "An entity, such as contacts; `acflow fields` lists them all."

EntityName = Annotated[str, typer.Argument(metavar="ENTITY", help=ENTITY_HELP, autocompletion=complete_entity)]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print the rows.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
WarehouseOption = Annotated[
    str | None, typer.Option("--warehouse", metavar="URL", help="Database to use instead of the project's.")
]
AccountOption = Annotated[
    str | None,
    typer.Option("--account", metavar="NAME", help="Which of the project's accounts.", autocompletion=complete_account),
]
PaceOption = Annotated[
    float | None, typer.Option("--pace", min=0, help="Requests per second; an account allows 5, a sandbox any (0).")
]


def form(chosen: Format, *, json: bool) -> Format:
    """Return the format, for which --json is another word."""
    return Format.JSON if json else chosen


def command_help(text: str, examples: Sequence[str]) -> dict[str, Any]:
    """Return Typer's words for a command's help and its examples, which keep their lines."""
    lines = "\n".join(f"  {example}" for example in examples)
    return {"help": text, "epilog": f"\b\nExamples:\n{lines}"}
