"""`acflow preview`: the first rows of an entity, straight from the account."""

from typing import Annotated

import typer

from acflow.cli import console, project
from acflow.cli.options import AccountOption, EntityName, Format, FormatOption, JsonOption, form

EXAMPLES = ("acflow preview deals", "acflow preview contacts --rows 100 --format csv")


def preview(
    name: EntityName,
    rows: Annotated[int, typer.Option("--rows", "-n", min=1, max=100, help="How many rows.")] = 10,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    """Show the first rows of an entity, without landing them."""
    from acflow.app.account import first_rows
    from acflow.cli import rows as printed

    first = first_rows(project.here(account=account), name, rows)
    printed.one_table(first.table, form(format, json=json))
    total = "" if first.total is None else f" of {first.total:,}"
    console.say(f"{first.table.num_rows:,}{total} {first.entity}; nothing was landed.")
    for reject in first.rejects:
        console.say(f"{reject['field']} of {first.entity} {reject['id']} does not convert: {reject['raw']!r}")
