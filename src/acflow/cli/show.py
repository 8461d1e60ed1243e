"""`acflow show`: the rows of a table."""

import difflib
from typing import TYPE_CHECKING, Annotated

import typer

from acflow.cli import console, project
from acflow.cli.options import Format, FormatOption, JsonOption, WarehouseOption, form
from acflow.errors import ConfigError

if TYPE_CHECKING:
    from acflow.engine import Warehouse

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
    warehouse: WarehouseOption = None,
) -> None:
    """Print the rows of a table.

    They come by id. CSV and JSON hold all rows unless --rows says otherwise.
    """
    chosen = form(format, json=json)
    opened = project.warehouse(project.settings(warehouse=warehouse))
    if table is None:
        _list(opened, chosen)
        return
    name = known_table(opened, table)
    limit = None if everything else rows if rows is not None else A_FEW if chosen is Format.TABLE else None
    _print(opened, name, limit, chosen)


def known_table(warehouse: "Warehouse", name: str) -> str:
    """Return the table of that name in its own spelling, or say which one was probably meant."""
    tables = {table.lower(): table for table in warehouse.tables()}
    if name.lower() in tables:
        return tables[name.lower()]
    if not tables:
        raise ConfigError(f"There are no tables in {warehouse.url} yet. Run `acflow run` first.")
    near = difflib.get_close_matches(name.lower(), tables, n=1, cutoff=0.4)
    guess = f" Did you mean {tables[near[0]]}?" if near else ""
    raise ConfigError(f"There is no table {name!r}.{guess} Tables: {', '.join(tables.values())}.")


def _list(warehouse: "Warehouse", form: Format) -> None:
    from acflow.cli import rows
    from acflow.engine import count_rows

    found = [{"table": name, "rows": count_rows(warehouse, name)} for name in warehouse.tables()]
    if not found:
        raise ConfigError(f"There are no tables in {warehouse.url} yet. Run `acflow run` first.")
    rows.one_table(rows.objects(found), form)


def _print(warehouse: "Warehouse", table: str, limit: int | None, form: Format) -> None:
    from sqlglot import exp

    from acflow.cli import rows
    from acflow.engine import count_rows

    select = exp.select("*").from_(exp.table_(table, db=warehouse.dataset, quoted=True))
    if "id" in warehouse.columns(table):
        select = select.order_by(exp.column("id", quoted=True))
    if limit is not None:
        select = select.limit(limit)
    with warehouse.stream(select.sql(warehouse.dialect)) as reader:
        rows.write(reader.schema, reader, form)
    if form is Format.TABLE and limit is not None and (held := count_rows(warehouse, table) or 0) > limit:
        console.say(f"{limit:,} of {held:,} rows; --all or --rows shows more.")
