"""`acflow flows`: the data flows of acflow.yaml."""

from typing import Annotated

import typer

from acflow.cli import console, flow_add, project, stdout
from acflow.cli.options import (
    AccountOption,
    Format,
    FormatOption,
    JsonOption,
    WarehouseOption,
    command_help,
    complete_flow,
    form,
)

LISTED = (
    "name",
    "source",
    "mode",
    "schedule",
    "next_run",
    "destinations",
    "last_run",
    "status",
    "rows",
    "verdict",
    "data_as_of",
)
SQL_EXAMPLES = ("acflow flows sql by_stage", "acflow flows sql by_stage --dialect postgres")
PREVIEW_EXAMPLES = ("acflow flows preview by_stage --rows 5",)
app = typer.Typer(
    rich_markup_mode=None,
    invoke_without_command=True,
    **command_help(
        "List the data flows of acflow.yaml.\n\nThe whole file is checked: every mistake in it is told.",
        ("acflow flows", SQL_EXAMPLES[0], *PREVIEW_EXAMPLES, "acflow flows add"),
    ),
)
FlowName = Annotated[str, typer.Argument(metavar="FLOW", help="Name of a flow.", autocompletion=complete_flow)]


@app.callback()
def flows(context: typer.Context, json: JsonOption = False, account: AccountOption = None) -> None:
    if context.invoked_subcommand is not None:
        return
    from acflow.app.flows import list_flows

    known = [flow.as_dict() for flow in list_flows(project.here(over="roll-ups", account=account))]
    if json:
        stdout.write_json(known)
        return
    from acflow.cli import rows

    shown = [{name: flow[name] for name in LISTED} for flow in known]
    shown = [{**flow, "destinations": ", ".join(flow["destinations"])} for flow in shown]
    rows.one_table(rows.objects(shown), Format.TABLE)


@app.command(**command_help("Print the SQL that computes a flow, as the warehouse is given it.", SQL_EXAMPLES))
def sql(
    name: FlowName,
    dialect: Annotated[
        str | None, typer.Option(metavar="NAME", help="SQL of another database, such as postgres or bigquery.")
    ] = None,
    account: AccountOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    from acflow.app.flows import flow_sql

    stdout.write(flow_sql(project.here(over="roll-ups", account=account, warehouse=warehouse), name, dialect))


@app.command(
    **command_help(
        "Compute a flow from what has landed and show its first rows, without keeping them.", PREVIEW_EXAMPLES
    )
)
def preview(  # noqa: PLR0913, PLR0917 - each is an option
    name: FlowName,
    rows: Annotated[int, typer.Option("--rows", "-n", min=1, help="How many rows.")] = 10,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
    json: JsonOption = False,
    account: AccountOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    from acflow.app.flows import preview_flow
    from acflow.cli import rows as printed

    with preview_flow(project.here(over="roll-ups", account=account, warehouse=warehouse), name, rows) as reader:
        printed.write(reader.schema, reader, form(format, json=json))
    console.say("Nothing was kept.")


app.command(**command_help(flow_add.add.__doc__ or "", flow_add.EXAMPLES))(flow_add.add)
