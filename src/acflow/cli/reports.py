"""`acflow reports`: ready questions and their answers."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated

import typer

from acflow.cli import project, stdout, talk
from acflow.cli.options import Format, FormatOption, JsonOption, WarehouseOption, command_help, form
from acflow.errors import ConfigError

if TYPE_CHECKING:
    from acflow.reports import Basis

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
BasisOption = Annotated[str, typer.Option("--basis", help="E-mail rates by delivered, sends or total_amt.")]
Zone = Annotated[str, typer.Option("--zone", metavar="NAME", help="Time zone of days and months, as Europe/Berlin.")]
Days = Annotated[int, typer.Option("--days", min=1, help="How far back decided deals count.")]
RecentDays = Annotated[int, typer.Option("--recent-days", min=1, help="Period of growth, movements and slips.")]
MinimumSends = Annotated[int, typer.Option("--minimum-sends", min=0, help="Fewest sends for a place.")]
Tiers = Annotated[str, typer.Option("--tiers", metavar="D,D,D", help="Days of silence that part the tiers.")]
Rates = Annotated[
    list[str] | None, typer.Option("--rate", metavar="CODE=RATE", help="Worth of one unit in the currency of --into.")
]
Into = Annotated[str, typer.Option("--into", metavar="CODE", help="Currency into which --rate turns amounts.")]
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
    basis: BasisOption = "delivered",
    zone: Zone = "UTC",
    days: Days = 365,
    recent_days: RecentDays = 30,
    minimum_sends: MinimumSends = 100,
    tiers: Tiers = "7,28,58",
    rate: Rates = None,
    into: Into = "",
    target: Targets = None,
    warehouse: WarehouseOption = None,
) -> None:
    from acflow.cli import rows
    from acflow.reports import Options, answer, report

    options = Options(
        as_of=instant_of(as_of, zone),
        basis=basis_of(basis),
        zone=zone,
        days=days,
        recent_days=recent_days,
        minimum_sends=minimum_sends,
        tiers=_tiers(tiers),
        rates=amounts_of(rate, "--rate"),
        into=into,
        targets=amounts_of(target, "--target"),
    )
    one = report(name)
    found = answer(project.warehouse(project.settings(warehouse=warehouse)), one, options)
    rows.one_table(found.table, form(format, json=json))
    talk.say(f"{one.question} As of {found.as_of:%Y-%m-%d %H:%M} UTC.")
    for note in found.notes:
        talk.say(note)


@app.command(**command_help("Print the SQL that answers a report, as the warehouse is given it.", EXAMPLES[3:4]))
def sql(
    name: ReportName,
    dialect: Annotated[str | None, typer.Option(metavar="NAME", help="SQL of another database: postgres.")] = None,
    as_of: AsOf = None,
    warehouse: WarehouseOption = None,
) -> None:
    from acflow.flows.render import DIALECTS
    from acflow.reports import Options, report, sql_of

    if dialect is not None and dialect not in {*DIALECTS, *DIALECTS.values()}:
        raise ConfigError(f"{dialect} is no dialect that acflow writes. Dialects: {', '.join(sorted(DIALECTS))}.")
    opened = project.warehouse(project.settings(warehouse=warehouse))
    chosen = Options(as_of=instant_of(as_of, "UTC"))
    stdout.write(f"{sql_of(opened, report(name), chosen, DIALECTS.get(dialect or '', dialect))}\n")


@app.command(**command_help("Keep reports as tables named report_…, where BI tools find them.", EXAMPLES[4:]))
def land(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="REPORT", help="Which reports; all if none.", autocompletion=complete_report),
    ] = None,
    warehouse: WarehouseOption = None,
) -> None:
    from acflow.cli import rows
    from acflow.reports import REPORTS, Sitting, report

    chosen = [report(name) for name in names] if names else REPORTS
    sitting = Sitting.begun(project.warehouse(project.settings(warehouse=warehouse)))
    kept = [{"table": each.table, "rows": sitting.land(each)} for each in chosen]
    rows.one_table(rows.objects(kept), Format.TABLE)


def instant_of(given: datetime | None, zone: str) -> datetime | None:
    """Return the instant; a day without time means its beginning in the zone."""
    from zoneinfo import ZoneInfo

    from acflow.reports import Options

    Options(zone=zone)  # says so if there is no such zone
    return given.replace(tzinfo=ZoneInfo(zone)) if given is not None and given.tzinfo is None else given


def basis_of(text: str) -> "Basis":
    from acflow.reports import Basis

    try:
        return Basis(text.lower())
    except ValueError:
        raise ConfigError(f"--basis takes {', '.join(Basis)}; not {text!r}.") from None


def _tiers(text: str) -> tuple[int, int, int]:
    try:
        recent, engaged, disengaged = (int(part) for part in text.split(","))
    except ValueError:
        raise ConfigError(f"--tiers takes three numbers of days, as in 7,28,58; not {text!r}.") from None
    return recent, engaged, disengaged


def amounts_of(given: list[str] | None, option: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for each in given or []:
        code, _, amount = each.partition("=")
        try:
            found[code.strip().lower()] = Decimal(amount)
        except InvalidOperation:
            raise ConfigError(f"{option} takes a currency and a number, as in usd=0.9; not {each!r}.") from None
    return found
