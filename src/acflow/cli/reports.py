"""`acflow reports`: ready questions and their answers."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from acflow.cli import console, project, stdout
from acflow.cli.options import Format, FormatOption, JsonOption, WarehouseOption, command_help, form
from acflow.errors import ConfigError

if TYPE_CHECKING:
    from acflow.reports import Options
    from acflow.settings import Settings

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
    from acflow.reports import REPORTS

    return [each.name for each in REPORTS if each.name.startswith(incomplete)]


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
    str | None, typer.Option("--zone", metavar="NAME", help="Time zone of days and months, as Europe/Berlin; else UTC.")
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
    from acflow.reports import REPORTS

    found = [{"report": each.name, "role": each.role.value, "question": each.question} for each in REPORTS]
    if json:
        stdout.write_json(found)
        return
    from acflow.cli import rows

    rows.one_table(rows.objects(found), Format.TABLE)


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
    warehouse: WarehouseOption = None,
) -> None:
    from acflow.cli import rows
    from acflow.reports import answer, report

    one, settings = report(name), project.settings(warehouse=warehouse)
    options = options_for(
        settings,
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
    found = answer(project.warehouse(settings), one, options)
    rows.one_table(found.table, form(format, json=json))
    console.say(f"{one.question} As of {found.as_of:%Y-%m-%d %H:%M} UTC.")
    for note in found.notes:
        console.say(note)


@app.command(**command_help("Print the SQL that answers a report, as the warehouse is given it.", EXAMPLES[3:4]))
def sql(
    name: ReportName,
    dialect: Annotated[str | None, typer.Option(metavar="NAME", help="SQL of another database: postgres.")] = None,
    as_of: AsOf = None,
    warehouse: WarehouseOption = None,
) -> None:
    from acflow.flows.render import DIALECTS
    from acflow.reports import report, sql_of

    if dialect is not None and dialect not in {*DIALECTS, *DIALECTS.values()}:
        raise ConfigError(f"{dialect} is no dialect that acflow writes. Dialects: {', '.join(sorted(DIALECTS))}.")
    settings = project.settings(warehouse=warehouse)
    chosen = options_for(settings, as_of)
    written = sql_of(project.warehouse(settings), report(name), chosen, DIALECTS.get(dialect or "", dialect))
    stdout.write(f"{written}\n")


@app.command(**command_help("Keep reports as tables named report_…, where BI tools find them.", EXAMPLES[4:]))
def land(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="REPORT", help="Which reports; all if none.", autocompletion=complete_report),
    ] = None,
    warehouse: WarehouseOption = None,
) -> None:
    from acflow.cli import rows
    from acflow.reports import REPORTS, ReportSession, report

    chosen = [report(name) for name in names] if names else REPORTS
    settings = project.settings(warehouse=warehouse)
    session = ReportSession.open(project.warehouse(settings), options_for(settings))
    kept = [{"table": each.table, "rows": session.land(each)} for each in chosen]
    rows.one_table(rows.objects(kept), Format.TABLE)


def options_for(  # noqa: PLR0913 - each is an option
    settings: "Settings",
    as_of: datetime | None = None,
    *,
    basis: str | None = None,
    tiers: str | None = None,
    rates: list[str] | None = None,
    targets: list[str] | None = None,
    **given: object,
) -> "Options":
    """Return what the settings wish of reports; what is given goes before. A day without time begins in the zone."""
    from dataclasses import replace
    from zoneinfo import ZoneInfo

    from acflow.reports import option_parsing

    options = option_parsing.options_of(
        settings.report_options,
        basis=None if basis is None else option_parsing.basis("--basis", basis),
        tiers=None if tiers is None else option_parsing.tiers("--tiers", tiers),
        rates=dict(option_parsing.amount("--rate", each) for each in rates) if rates else None,
        targets=dict(option_parsing.amount("--target", each) for each in targets) if targets else None,
        **given,
    )
    if as_of is not None and as_of.tzinfo is None:
        as_of = as_of.replace(tzinfo=ZoneInfo(options.zone))
    return replace(options, as_of=as_of)
