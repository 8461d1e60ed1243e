"""`acflow runs`: what earlier runs did."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from acflow.cli import console, project, stdout
from acflow.cli.options import AccountOption, Format, JsonOption, command_help

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acflow.app.runs import FlowRun, RunDetail

EXAMPLES = ("acflow runs show", "acflow runs show 20261030T060000-1a2b3c --json")
app = typer.Typer(
    rich_markup_mode=None,
    invoke_without_command=True,
    **command_help(
        "List the last runs.\n\nThe newest comes first; `acflow runs show` tells one in full.",
        ("acflow runs", "acflow runs --limit 100 --json", *EXAMPLES),
    ),
)
LISTED = ("id", "started_at", "seconds", "status", "message")
PROVED = ("entity", "verdict", "received", "promised_last", "requests", "retries", "limited", "rejects", "seconds")


@app.callback()
def runs(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many runs.")] = 20,
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    if context.invoked_subcommand is not None:
        return
    from acflow.app.runs import history

    known = [run.as_dict() for run in history(project.here(over="roll-ups", account=account), limit)]
    if json:
        stdout.write_json(known)
    else:
        _table([{name: run[name] for name in LISTED} for run in known])


@app.command(**command_help("Tell what a run did to each entity and each flow.", EXAMPLES))
def show(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Id of a run, or its beginning.")] = "last",
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    from acflow.app.runs import detail

    shown = detail(project.here(over="roll-ups", account=account), run)
    if json:
        stdout.write_json(shown.as_dict())
    else:
        _print(shown)


def _print(shown: "RunDetail") -> None:
    run = shown.run
    console.say(f"Run {run.id}: {run.status}" + (f". {run.message}" if run.message else ""))
    _table([{name: certificate[name] for name in (*PROVED, "landed")} for certificate in shown.certificates])
    for certificate in shown.certificates:
        for note in [*certificate["notes"], *([certificate["reason"]] if certificate["reason"] else [])]:
            console.say(f"{certificate['entity']}: {note}")
    _print_flows(shown.flows)


def _print_flows(flows: "Sequence[FlowRun]") -> None:
    _table(
        [
            {
                "name": flow.name,
                "status": flow.status,
                "rows": flow.rows,
                "seconds": flow.seconds,
                "delivered": ", ".join(delivery.to for delivery in flow.deliveries if not delivery.error),
            }
            for flow in flows
        ]
    )
    for flow in flows:
        lost = [f"not delivered to {delivery.to}. {delivery.error}" for delivery in flow.deliveries if delivery.error]
        for note in [*flow.warnings, *([flow.reason] if flow.reason else []), *lost]:
            console.say(f"{flow.name}: {note}")


def _table(records: list[dict[str, Any]]) -> None:
    from acflow.cli import rows

    if records:
        rows.one_table(rows.objects(records), Format.TABLE)
