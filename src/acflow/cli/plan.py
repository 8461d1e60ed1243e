"""`acflow plan`: what the next run reads, and what that costs."""

from typing import Annotated

import typer

from acflow.cli import console, project, stdout
from acflow.cli.options import AccountOption, JsonOption, complete_flow

EXAMPLES = ("acflow plan", "acflow plan pipeline_by_stage", "acflow plan --incremental", "acflow plan --json")


def plan(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Flows or entities; everything if none.", autocompletion=complete_flow),
    ] = None,
    incremental: Annotated[bool, typer.Option("--incremental", help="As `acflow run --incremental` would.")] = False,
    no_ask: Annotated[bool, typer.Option("--no-ask", help="Ask the account nothing.")] = False,
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    """Tell what the next run reads, why, and how long it takes.

    What was read before is measured by that run; of the rest the account is asked for its count, a request each.
    """
    from acflow.app.plan import plan_run

    project.quiet()
    planned = plan_run(project.here(account=account), names or (), incremental=incremental, probe=not no_ask)
    if json:
        stdout.write_json(planned.as_dict())
        return
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table("entity", "rows", "requests", "how", "why", box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for each in planned.entities:
        table.add_row(each.name, _number(each.rows), _number(each.requests), each.how, ", ".join(each.why))
    console.rich_console(stderr=False).print(table)
    minutes = "" if planned.minutes is None else f", {planned.minutes:g} minutes at the account's limit"
    console.say(f"{planned.requests:,} requests{minutes}.")
    if planned.unknown:
        console.say(f"Of {planned.unknown} entities nobody knows the cost before their first reading.")
    for offer in planned.offers:
        price = "cost unknown" if offer.requests is None else f"{offer.requests:,} requests"
        console.say(
            f"Not read: {offer.name} ({price}), for {', '.join(offer.reports)}. Add it to read: in acflow.yaml."
        )


def _number(value: int | None) -> str:
    return "?" if value is None else f"{value:,}"
