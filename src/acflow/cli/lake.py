"""`acflow lake`: the Delta tables that other engines read."""

from typing import Annotated

import typer

from acflow.cli import console, project, stdout
from acflow.cli.options import AccountOption, Format, JsonOption, command_help
from acflow.errors import OK

PUBLISH_EXAMPLES = ("acflow lake publish", "acflow lake publish --again")
app = typer.Typer(
    rich_markup_mode=None,
    invoke_without_command=True,
    **command_help(
        "List the tables of the lake: version, rows, files, and when each was published last.\n\n"
        "`lake:` in acflow.yaml says where it is; every run publishes what it has changed.",
        ("acflow lake", "acflow lake --json", PUBLISH_EXAMPLES[0]),
    ),
)


@app.callback()
def lake(context: typer.Context, json: JsonOption = False) -> None:
    if context.invoked_subcommand is not None:
        return
    from acflow.app.lake import list_lake
    from acflow.cli import rows

    tables = [table.as_dict() for table in list_lake(project.here(over="yes"))]
    if json:
        stdout.write_json(tables)
        return
    shown = [{**table, "accounts": ", ".join(table["accounts"])} for table in tables]
    rows.one_table(rows.objects(shown), Format.TABLE)


@app.command(
    **command_help(
        "Publish what differs from the warehouse now, of all accounts, without a run.",
        PUBLISH_EXAMPLES,
    )
)
def publish(
    again: Annotated[bool, typer.Option("--again", help="Write every table anew, whatever was published.")] = False,
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    from acflow.app.lake import publish_now

    results = publish_now(project.here(over="yes", account=account), again=again)
    if json:
        stdout.write_json([result.as_dict() for result in results])
    for result in results:
        for table in result.tables:
            console.say(f"{result.account}: {table.name}, version {table.version}, {table.rows:,} rows")
        for remark in result.remarks:
            console.say(remark)
        if not result.tables and not result.error:
            console.say(f"{result.account}: nothing has changed since it was published.")
    raise typer.Exit(next((result.code for result in results if result.code), OK))
