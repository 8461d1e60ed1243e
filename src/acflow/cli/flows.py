"""`acflow flows`: the data flows of acflow.yaml."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acflow.cli import console, flow_add, project, runs, stdout
from acflow.cli.options import (
    Format,
    FormatOption,
    JsonOption,
    WarehouseOption,
    command_help,
    complete_flow,
    form,
)
from acflow.errors import ConfigError

if TYPE_CHECKING:
    from acflow.app.prepare import PreparedRun
    from acflow.destinations import Target
    from acflow.flows.spec import Flow
    from acflow.settings import Settings

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
def flows(context: typer.Context, json: JsonOption = False) -> None:
    if context.invoked_subcommand is not None:
        return
    settings = project.settings()
    job = _job(settings)
    last = runs.last_flows(settings)
    found = [
        _listed(job.flow(name), name, job.targets[name], last.get(name, {}), job.file.timezone)
        for name in job.file.flows
    ]
    if json:
        stdout.write_json(found)
        return
    from acflow.cli import rows

    shown = [{**each, "destinations": ", ".join(each["destinations"])} for each in found]
    rows.one_table(rows.objects(shown), Format.TABLE)


@app.command(**command_help("Print the SQL that computes a flow, as the warehouse is given it.", SQL_EXAMPLES))
def sql(
    name: FlowName,
    dialect: Annotated[
        str | None, typer.Option(metavar="NAME", help="SQL of another database, such as postgres or bigquery.")
    ] = None,
    warehouse: WarehouseOption = None,
) -> None:
    from acflow.flows.render import DIALECTS

    if dialect is not None and dialect not in {*DIALECTS, *DIALECTS.values()}:
        raise ConfigError(f"{dialect} is no dialect that acflow writes. Dialects: {', '.join(sorted(DIALECTS))}.")
    job = _job(project.settings(warehouse=warehouse), name)
    written = job.materializer().sql(
        job.compiled[name].query, dialect=DIALECTS.get(dialect or "", dialect), pretty=True
    )
    stdout.write(written)


@app.command(
    **command_help(
        "Compute a flow from what has landed and show its first rows, without keeping them.", PREVIEW_EXAMPLES
    )
)
def preview(
    name: FlowName,
    rows: Annotated[int, typer.Option("--rows", "-n", min=1, help="How many rows.")] = 10,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
    json: JsonOption = False,
    warehouse: WarehouseOption = None,
) -> None:
    from acflow.cli import rows as printed
    from acflow.flows.preview import preview_sql

    job = _job(project.settings(warehouse=warehouse), name)
    with job.warehouse.stream(preview_sql(job.materializer(), job.plan, name, rows)) as reader:
        printed.write(reader.schema, reader, form(format, json=json))
    console.say("Nothing was kept.")


app.command(**command_help(flow_add.add.__doc__ or "", flow_add.EXAMPLES))(flow_add.add)


def _job(settings: "Settings", name: str | None = None) -> "PreparedRun":
    """Return the checked file; with a name, one that it must have."""
    project.own_flows()  # hides what must not be shown
    from acflow.app.prepare import prepare
    from acflow.flows.problems import suggest

    file = project.flow_file()
    if name is not None and name not in file.flows:
        raise ConfigError(f"There is no flow `{name}`. {suggest(name, file.flows, 'flows')}".strip())
    return prepare(settings, file, None if name is None else [name])


def _listed(flow: "Flow", name: str, targets: "tuple[Target, ...]", last: dict[str, Any], zone: str) -> dict[str, Any]:
    when = flow.schedule
    return {
        "name": name,
        "source": _source(flow),
        "mode": flow.mode,
        "schedule": (when.cron or f"every {when.every}") if when else None,
        "next_run": runs.instant(when.next_after(datetime.now(UTC), zone)) if when else None,
        "destinations": [console.redact(target.shown) for target in targets],
        "last_run": runs.instant(last.get("at")),
        "status": last.get("status"),
        "rows": last.get("rows"),
    }


def _source(flow: "Flow") -> str:
    if flow.join:
        return f"{flow.join.left} {flow.join.type} join {flow.join.right}"
    if flow.append:
        return f"append {', '.join(flow.append)}"
    return "sql" if flow.sql else f"{flow.source} {flow.entity or flow.from_}"
