"""`acflow fields`: what the columns mean."""

from collections.abc import Sequence
from typing import Annotated

import typer

from acflow.cli import console, stdout
from acflow.cli.options import ENTITY_HELP, JsonOption, complete_entity

EXAMPLES = ("acflow fields", "acflow fields deals", "acflow fields --json")


def fields(
    name: Annotated[
        str | None,
        typer.Argument(metavar="ENTITY", help=ENTITY_HELP, autocompletion=complete_entity),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Tell each column's type and meaning.

    Without ENTITY, tell which entities there are.
    """
    from acflow.app import entities

    if json:
        stdout.write_json([field.as_dict() for field in entities.fields(name)])
    elif name is None:
        known = entities.list_entities()
        _table(
            ("entity", "columns", "read", "a refresh reads", "holds"),
            [(info.name, str(info.columns), info.read, info.refresh, info.description) for info in known],
        )
        console.say("`acflow fields ENTITY` tells the columns.")
    else:
        rows = [(field.name, field.type, field.meaning) for field in entities.fields(name)]
        _table(("column", "type", "meaning"), rows)
        for quirk in entities.entity_info(name).quirks:
            console.say(f"- {quirk}")


def _table(head: tuple[str, ...], rows: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(*head, box=SIMPLE_HEAD, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False)
    for row in rows:
        table.add_row(*row)
    out = console.rich_console(stderr=False)
    with out.capture() as drawn:
        out.print(table)
    stdout.write(drawn.get().rstrip("\n"))
