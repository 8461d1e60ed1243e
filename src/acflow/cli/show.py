"""`acflow show`: the rows of a table."""

from typing import TYPE_CHECKING, Annotated

import typer

from acflow.cli import console, project
from acflow.cli.options import AccountOption, Format, FormatOption, JsonOption, WarehouseOption, form
from acflow.errors import ConfigError

if TYPE_CHECKING:
    from acflow.app.project import Project

EXAMPLES = (
    "acflow show",
    "acflow show campaigns --rows 5",
    "acflow show deals --format csv > deals.csv",
)
A_FEW = 20


def show(  # noqa: PLR0913, PLR0917 - each is an option
    table: Annotated[str | None, typer.Argument(metavar="TABLE", help="Which table; none lists them.")] = None,
    rows: Annotated[
        int | None, typer.Option("--rows", "-n", min=0, help=f"How many rows; {A_FEW} in a table, all elsewhere.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All rows, in a table too.")] = False,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
    json: JsonOption = False,
    account: AccountOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Print the rows of a table.

    They come by id, in a narrow window with the columns that people look for. CSV and JSON hold all rows unless
    --rows says otherwise.
    """
    chosen, opened = form(format, json=json), project.here(over="roll-ups", account=account, warehouse=warehouse)
    if table is None:
        _list(opened, chosen)
        return
    limit = None if everything else rows if rows is not None else A_FEW if chosen is Format.TABLE else None
    _print(opened, table, limit, chosen)


def _list(project: "Project", form: Format) -> None:
    from acflow.app import data
    from acflow.cli import rows

    known = [{"table": table.name, "rows": table.rows} for table in data.tables(project)]
    if not known:
        raise ConfigError(f"There are no tables in {project.reader().url} yet. Run `acflow run` first.")
    rows.one_table(rows.objects(known), form)


def _print(project: "Project", table: str, limit: int | None, form: Format) -> None:
    from acflow.app import data
    from acflow.cli import rows

    with data.stream(project, table, limit=limit) as reader:
        rows.write(reader.schema, reader, form, interest=data.interest(table))
    if form is Format.TABLE and limit is not None and (held := data.count(project, table)) > limit:
        console.say(f"{limit:,} of {held:,} rows; --all or --rows shows more.")
