"""`acflow fields`: what the columns mean."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

import typer

from acflow.cli import console, project, stdout
from acflow.cli.options import AccountOption, JsonOption, complete_entity
from acflow.entities import known_entities
from acflow.errors import AcflowError, ConfigError

EXAMPLES = ("acflow fields", "acflow fields deals", "acflow fields deals_wide", "acflow fields --json")


def fields(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="An entity, table or flow.", autocompletion=complete_entity),
    ] = None,
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    """Tell each column's type and meaning: of an entity, or of any other table or flow of this project.

    Without a name, tell which entities there are.
    """
    from acflow.app import entities

    _know_declared(account)
    if name is not None and name.lower() not in {entity.name.lower() for entity in known_entities()}:
        _of_table(name, account, json=json)
    elif json:
        stdout.write_json([field.as_dict() for field in entities.fields(name)])
    elif name is None:
        known = entities.list_entities()
        _table(
            ("entity", "columns", "read", "a refresh reads", "requests", "known", "holds"),
            [
                (info.name, str(info.columns), info.read, info.refresh, info.cost, info.known_from, info.description)
                for info in known
            ],
        )
        console.say("`acflow fields NAME` tells the columns.")
    else:
        rows = [(field.name, field.type, field.meaning) for field in entities.fields(name)]
        _table(("column", "type", "meaning"), rows)
        for quirk in entities.entity_info(name).quirks:
            console.say(f"- {quirk}")


def _know_declared(account: str | None) -> None:
    """Read the flow file, if there is one, for the lists that it declares; mistakes in it are no concern of this."""
    with suppress(AcflowError):
        opened = project.here(account=account)
        if opened.flow_path.exists():
            opened.file  # noqa: B018 - reading it makes them known


def _of_table(name: str, account: str | None, *, json: bool) -> None:
    """Tell the columns of what a run has made: flows, wide tables, histories, reports."""
    from acflow.app import data

    opened = project.here(account=account)
    try:
        columns = data.columns(opened, name)
    except ConfigError as error:
        raise ConfigError(f"{error} Entities: {', '.join(entity.name for entity in known_entities())}.") from None
    if json:
        stdout.write_json([{"table": name, **column.as_dict()} for column in columns])
    else:
        _table(("column", "type", "meaning"), [(column.name, column.type, column.meaning) for column in columns])


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
