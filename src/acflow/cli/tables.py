"""`acflow tables`: what stands in the warehouse, and what may go."""

import sys
from typing import Annotated

import typer

from acflow.cli import console, project, stdout
from acflow.cli.options import AccountOption, JsonOption
from acflow.errors import ConfigError

EXAMPLES = ("acflow tables", "acflow tables --json", "acflow tables --remove old_flow")


def tables(
    remove: Annotated[
        list[str] | None, typer.Option(metavar="TABLE", help="Drop this table of a flow that is gone; may be repeated.")
    ] = None,
    remove_orphans: Annotated[
        bool, typer.Option("--remove-orphans", help="Drop every table of a flow that is gone.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False,
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    """Tell what each table is and what it belongs to.

    A table whose flow acflow.yaml no longer has is an orphan: nothing computes it anew, and it can be removed.
    """
    from acflow.app import data
    from acflow.app.table_info import TableKind
    from acflow.app.tables import remove_tables

    opened = project.here(over="roll-ups", account=account)
    there = data.tables(opened)
    orphans = [info.name for info in there if info.kind is TableKind.ORPHAN]
    if remove or remove_orphans:
        names = [*(remove or ()), *(orphans if remove_orphans else ())]
        if names and not yes:
            _agree(names)
        for name in remove_tables(opened, names):
            console.say(f"Removed {name}.")
        return
    if json:
        stdout.write_json([info.as_dict() for info in there])
        return
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    shown = Table("table", "kind", "belongs to", "rows", box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for info in there:
        shown.add_row(info.name, info.kind.value, info.belongs_to or "", f"{info.rows or 0:,}")
    console.rich_console(stderr=False).print(shown)
    if orphans:
        console.say(
            f"{len(orphans)} tables belong to flows that are gone. `acflow tables --remove-orphans` drops them."
        )


def _agree(names: list[str]) -> None:
    if not sys.stdin.isatty():
        raise ConfigError("There is no terminal to ask on. Give --yes to remove the tables.")
    typer.confirm(f"Remove {', '.join(names)}?", abort=True, err=True)
