"""`acflow reports`: ready questions and their answers."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from acflow.cli import compare, console, project, stdout
from acflow.cli.options import AccountOption, Format, FormatOption, JsonOption, WarehouseOption, command_help, form

if TYPE_CHECKING:
    from acflow.app.project import Project
    from acflow.reports import Options

EXAMPLES = (
    "acflow reports",
    "acflow reports show campaign_performance --basis sends",
    "acflow reports show forecast --target usd=50000 --format csv > forecast.csv",
    "acflow reports sql pipeline --dialect postgres",
    "acflow reports land",
)
app = typer.Typer(
    rich_markup_mode=None,
    invoke_without_command=True,
    **command_help("List the reports: ready questions by role.\n\nDefinitions: docs/kpis.md.", EXAMPLES),
)


def complete_report(incomplete: str) -> list[str]:
    """Return the reports that begin so, for the shell."""
    from acflow.app.reports import list_reports

    return [report.name for report in list_reports() if report.name.startswith(incomplete)]


ReportName = Annotated[str, typer.Argument(metavar="REPORT", help="Name of a report.", autocompletion=complete_report)]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d"],
        metavar="INSTANT",
        help="As 2026-10-30 or 2026-10-30T17:00:00+00:00; the newest reading if none.",
    ),
]
BasisOption = Annotated[
    str | None, typer.Option("--basis", help="E-mail rates by delivered (if none is named), sends or total_amt.")
]
Zone = Annotated[
    str | None,
    typer.Option(
        "--zone",
        metavar="NAME",
        help="Time zone of days and months, as Europe/Berlin; else that of the account's first user.",
    ),
]
Days = Annotated[int | None, typer.Option("--days", min=1, help="How far back closed deals count; else 365.")]
RecentDays = Annotated[
    int | None, typer.Option("--recent-days", min=1, help="Period of growth, movements and slips; else 30.")
]
MinimumSends = Annotated[int | None, typer.Option("--minimum-sends", min=0, help="Fewest sends for a place; else 100.")]
Tiers = Annotated[
    str | None,
    typer.Option("--tiers", metavar="D,D,D", help="Days of inactivity that separate the tiers; else 7,28,58."),
]
Rates = Annotated[
    list[str] | None, typer.Option("--rate", metavar="CODE=RATE", help="Value of one unit in the currency of --into.")
]
Into = Annotated[str | None, typer.Option("--into", metavar="CODE", help="Currency into which --rate turns amounts.")]
Targets = Annotated[
    list[str] | None, typer.Option("--target", metavar="CODE=AMOUNT", help="What is to be won in a month.")
]


@app.callback()
def reports(context: typer.Context, json: JsonOption = False) -> None:
    if context.invoked_subcommand is not None:
        return
    from acflow.app.reports import as_dict, list_reports

    known = [as_dict(report) for report in list_reports()]
    if json:
        stdout.write_json(known)
        return
    from acflow.cli import rows

    rows.one_table(rows.objects(known), Format.TABLE)


@app.command(**command_help("Answer a report from what has landed.", EXAMPLES[1:3]))
def show(  # noqa: PLR0913, PLR0917 - each is an option
    name: ReportName,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
    json: JsonOption = False,
    as_of: AsOf = None,
    basis: BasisOption = None,
    zone: Zone = None,
    days: Days = None,
    recent_days: RecentDays = None,
    minimum_sends: MinimumSends = None,
    tiers: Tiers = None,
    rate: Rates = None,
    into: Into = None,
    target: Targets = None,
    account: AccountOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    from acflow.app.reports import answer
    from acflow.cli import rows
    from acflow.reports import report

    opened = project.here(account=account, warehouse=warehouse)
    options = options_for(
        opened,
        as_of,
        basis=basis,
        zone=zone,
        days=days,
        recent_days=recent_days,
        minimum_sends=minimum_sends,
        tiers=tiers,
        rates=rate,
        into=into,
        targets=target,
    )
    answered = answer(opened, name, options)
    rows.one_table(answered.table, form(format, json=json))
    clock = answered.options.clock
    said = f"{report(name).question} As of {answered.as_of.astimezone(clock):%Y-%m-%d %H:%M}"
    if answered.data_as_of and answered.data_as_of < answered.as_of:
        said += f", data as of {answered.data_as_of.astimezone(clock):%Y-%m-%d %H:%M}"
    console.say(f"{said} ({clock.key}).")
    for note in answered.notes:
        console.say(note)


@app.command(**command_help("Print the SQL that answers a report, as the warehouse is given it.", EXAMPLES[3:4]))
def sql(
    name: ReportName,
    dialect: Annotated[str | None, typer.Option(metavar="NAME", help="SQL of another database: postgres.")] = None,
    as_of: AsOf = None,
    account: AccountOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    from acflow.app.reports import report_sql

    opened = project.here(account=account, warehouse=warehouse)
    stdout.write(f"{report_sql(opened, name, options_for(opened, as_of), dialect)}\n")


@app.command(**command_help("Keep reports as tables named report_…, where BI tools find them.", EXAMPLES[4:]))
def land(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="REPORT", help="Which reports; all if none.", autocompletion=complete_report),
    ] = None,
    account: AccountOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    from acflow.app.reports import keep_as_tables
    from acflow.cli import rows

    kept = keep_as_tables(project.here(account=account, warehouse=warehouse), names or ())
    rows.one_table(rows.objects([{"table": report.table, "rows": report.rows} for report in kept]), Format.TABLE)


app.command(**command_help(compare.compare.__doc__ or "", compare.EXAMPLES))(compare.compare)


def options_for(  # noqa: PLR0913 - each is an option
    opened: "Project",
    as_of: datetime | None = None,
    *,
    basis: str | None = None,
    tiers: str | None = None,
    rates: list[str] | None = None,
    targets: list[str] | None = None,
    **given: object,
) -> "Options":
    """Return the report options of the settings; what is given goes before. A day begins in the report's zone."""
    from acflow.app.reports import report_options
    from acflow.reports import option_parsing

    return report_options(
        opened,
        as_of,
        basis=None if basis is None else option_parsing.basis("--basis", basis),
        tiers=None if tiers is None else option_parsing.tiers("--tiers", tiers),
        rates=dict(option_parsing.amount("--rate", rate) for rate in rates) if rates else None,
        targets=dict(option_parsing.amount("--target", target) for target in targets) if targets else None,
        **given,
    )
