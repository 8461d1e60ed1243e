"""`acflow reports compare`: who is best, and who moved."""

from typing import TYPE_CHECKING, Annotated

import typer

from acflow.cli import console, project, stdout
from acflow.cli.options import Format, FormatOption, JsonOption, complete_account, form

if TYPE_CHECKING:
    from acflow.app.comparison import Comparison

EXAMPLES = (
    "acflow reports compare",
    "acflow reports compare --role sales --days 90 --label uk",
    "acflow reports compare --format csv > accounts.csv",
)


def compare(  # noqa: PLR0913, PLR0917 - each is an option
    accounts: Annotated[
        list[str] | None,
        typer.Option(
            "--account", metavar="NAME", help="Only this account; may be repeated.", autocompletion=complete_account
        ),
    ] = None,
    labels: Annotated[list[str] | None, typer.Option("--label", help="Only accounts with this label.")] = None,
    role: Annotated[str | None, typer.Option(help="marketing or sales; both if none.")] = None,
    days: Annotated[int | None, typer.Option("--days", min=1, help="How far back closed deals count.")] = None,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
    json: JsonOption = False,
) -> None:
    """Hold accounts against each other: per headline figure their rank, and the change since before.

    Figures of mail and growth are of the last whole month, against the month before; those of deals are of the last
    --days, against the days before. Amounts are ranked within a currency, and not ranked where few deals are behind.
    """
    from acflow.app.accounts import choose
    from acflow.app.comparison import compare_accounts
    from acflow.app.reports import report_options
    from acflow.cli import rows
    from acflow.errors import ConfigError
    from acflow.reports import Role

    if role not in {None, "marketing", "sales"}:
        raise ConfigError(f"Accounts are compared in marketing or sales, not in {role!r}.")
    opened = project.here(over="yes")
    roles = (Role(role),) if role else (Role.MARKETING, Role.SALES)
    chosen = choose(opened, accounts or (), labels or ())
    compared = compare_accounts(opened, chosen, lambda view: report_options(view, days=days), roles)
    wanted = form(format, json=json)
    if wanted is Format.JSON:
        stdout.write_json(compared.as_dict())
    elif wanted is Format.CSV:
        rows.one_table(rows.objects([standing.as_dict() for standing in compared.standings]), wanted)
    else:
        _print(compared)
    for text in compared.findings if wanted is Format.TABLE else ():
        console.say(text)
    for name, reason in compared.lacking.items():
        console.say(f"{name}: not compared. {reason}")


def _print(compared: "Comparison") -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from acflow.reports.comparison import KPIS, change_shown, shown

    kpis = {kpi.column: kpi for kpi in KPIS}
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for title in ("figure", "rank", "account", "value", "before", "change"):
        table.add_column(title, justify="left" if title in {"figure", "account"} else "right")
    last = ""
    for standing in compared.standings:
        kpi, currency = kpis[standing.kpi], standing.currency
        figure = f"{kpi.title}, {currency.upper()}" if currency else kpi.title
        table.add_row(
            "" if figure == last else figure,
            "few deals" if standing.low_sample else str(standing.rank or ""),
            standing.account,
            shown(kpi, standing.value, currency),
            shown(kpi, standing.before, currency),
            change_shown(kpi, standing.change, currency),
        )
        last = figure
    console.rich_console(stderr=False).print(table)
