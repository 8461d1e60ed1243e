"""`acflow preview`: the first rows of an entity, straight from the account."""

from typing import Annotated

import typer

from acflow.cli import console, project
from acflow.cli.options import EntityName, Format, FormatOption, JsonOption, form
from acflow.entities import entity
from acflow.entities.model import Each
from acflow.errors import ConfigError

EXAMPLES = ("acflow preview deals", "acflow preview contacts --rows 100 --format csv")


def preview(
    name: EntityName,
    rows: Annotated[int, typer.Option("--rows", "-n", min=1, max=100, help="How many rows.")] = 10,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
    json: JsonOption = False,
) -> None:
    """Show the first rows of an entity, without landing them."""
    chosen = entity(name)
    if isinstance(chosen.paging, Each):
        raise ConfigError(f"{name} has no list of its own, only one for each of {chosen.paging.owner.name}. Run it.")
    with project.client(project.settings()) as client:
        client.probe()  # tells a wrong key from a missing right, and a wrong address at once
        page = client.first_rows(chosen, rows)
    from acflow.cli import rows as printed
    from acflow.source.decode import decode_rows

    batch = decode_rows(chosen, page.rows)
    printed.one_table(batch.table, form(format, json=json))
    total = "" if page.total is None else f" of {page.total:,}"
    console.say(f"{len(page.rows):,}{total} {chosen.name}; nothing was landed.")
    for reject in batch.rejects.to_pylist():
        console.say(f"{reject['field']} of {chosen.name} {reject['id']} does not convert: {reject['raw']!r}")
