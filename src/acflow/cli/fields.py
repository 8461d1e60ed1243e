"""`acflow fields`: what the columns mean."""

from collections.abc import Sequence
from typing import Annotated

import typer

from acflow.cli import console, stdout
from acflow.cli.options import ENTITY_HELP, JsonOption, complete_entity
from acflow.entities import ALL, entity

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
    from acflow.entities.document import columns, refreshed, when_read

    chosen = ALL if name is None else (entity(name),)
    if json:
        stdout.write_json([{"entity": each.name} | column._asdict() for each in chosen for column in columns(each)])
    elif name is None:
        rows = [(each.name, str(len(each.columns)), when_read(each), refreshed(each), each.description) for each in ALL]
        _table(("entity", "columns", "read", "a refresh reads", "holds"), rows)
        console.say("`acflow fields ENTITY` tells the columns.")
    else:
        _table(("column", "type", "meaning"), [(each.name, each.type, each.meaning) for each in columns(chosen[0])])
        for quirk in chosen[0].quirks:
            console.say(f"- {quirk}")


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(*head, box=SIMPLE_HEAD, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False)
    for row in rows:
        table.add_row(*row)
    out = console.rich_console(stderr=False)
    with out.capture() as drawn:
        out.print(table)
    stdout.write(drawn.get().rstrip("\n"))
