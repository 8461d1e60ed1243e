"""`acflow runs`: what earlier runs did."""

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acflow.cli import console, project, stdout
from acflow.cli.options import JsonOption, command_help
from acflow.errors import ConfigError

if TYPE_CHECKING:
    from acflow.app.ledger import Ledger
    from acflow.settings import Settings

EXAMPLES = ("acflow runs show", "acflow runs show 20261030T060000-1a2b3c --json")
LAST = "last"
app = typer.Typer(
    rich_markup_mode=None,
    invoke_without_command=True,
    **command_help(
        "List the last runs.\n\nThe newest comes first; `acflow runs show` tells one in full.",
        ("acflow runs", "acflow runs --limit 100 --json", *EXAMPLES),
    ),
)
LEDGER = "ledger.sqlite"
LOCK = "lock"
RUNNING = "running"
CUT_OFF = "cut off"  # a flow whose run was killed while it was computed; its old table is whole
ALL_OF_THEM = 1_000_000


@app.callback()
def runs(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many runs.")] = 20,
    json: JsonOption = False,
) -> None:
    if context.invoked_subcommand is not None:
        return
    found = [_told(row) for row in open_ledger(project.settings()).runs(limit)]
    if json:
        stdout.write_json(found)
    else:
        _table([{name: row[name] for name in ("id", "started_at", "seconds", "status", "message")} for row in found])


@app.command(**command_help("Tell what a run did to each entity and each flow.", EXAMPLES))
def show(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Id of a run, or its beginning.")] = LAST,
    json: JsonOption = False,
) -> None:
    ledger = open_ledger(project.settings())
    row = _told(_find(ledger.runs(ALL_OF_THEM), run))
    certificates = ledger.certificates(row["id"])
    flows = [_ended(flow, row["status"]) for flow in ledger.flows(row["id"])]
    if json:
        stdout.write_json(row | {"certificates": certificates, "flows": flows})
        return
    shown = ("entity", "verdict", "received", "promised_last", "requests", "retries", "limited", "rejects", "seconds")
    console.say(f"Run {row['id']}: {row['status']}" + (f". {row['message']}" if row["message"] else ""))
    _table([{name: each[name] for name in (*shown, "landed")} for each in certificates])
    for each in certificates:
        for said in [*each["notes"], *([each["reason"]] if each["reason"] else [])]:
            console.say(f"{each['entity']}: {said}")
    _tell_flows(flows)


def _tell_flows(flows: list[dict[str, Any]]) -> None:
    _table(
        [
            {word: each.get(word) for word in ("name", "status", "rows", "seconds")} | {"delivered": _delivered(each)}
            for each in flows
        ]
    )
    for each in flows:
        lost = [f"not delivered to {to['to']}. {to['error']}" for to in each.get("deliveries", ()) if to["error"]]
        for said in [*each.get("warnings", ()), *([each["reason"]] if each.get("reason") else []), *lost]:
            console.say(f"{each['name']}: {said}")


def _delivered(flow: dict[str, Any]) -> str:
    return ", ".join(str(to["to"]) for to in flow.get("deliveries", ()) if not to["error"])


def last_flows(settings: "Settings") -> dict[str, dict[str, Any]]:
    """Return the last result of each flow; none if nothing was ever run here."""
    if not (settings.state / LEDGER).exists():
        return {}
    ledger = open_ledger(settings)
    runs = {row["id"]: row["status"] for row in ledger.runs(ALL_OF_THEM)}
    return {name: _ended(flow, runs.get(flow["run"])) for name, flow in ledger.last_flows().items()}


def open_ledger(settings: "Settings") -> "Ledger":
    if not (settings.state / LEDGER).exists():
        raise ConfigError(f"No run has been made here yet ({settings.state} holds no ledger). Run `acflow run`.")
    from acflow.app.ledger import Ledger

    ledger = Ledger.at(settings.state)
    if any(row["status"] == RUNNING for row in ledger.runs(ALL_OF_THEM)):
        _close_abandoned(ledger, settings)
    return ledger


def _close_abandoned(ledger: "Ledger", settings: "Settings") -> None:
    """Call a run killed that says it runs while nobody holds the project's lock."""
    from filelock import FileLock

    with suppress(OSError), FileLock(settings.state / LOCK, timeout=0):  # held, or a folder that is not ours to write
        ledger.close_abandoned()


def _ended(flow: dict[str, Any], run: str | None) -> dict[str, Any]:
    """Return the result of a flow; one that says it runs in a run that has ended was cut off."""
    return flow | {"status": CUT_OFF} if flow["status"] == RUNNING and run != RUNNING else flow


def _find(rows: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    found = rows[:1] if wanted == LAST else [row for row in rows if row["id"].startswith(wanted)]
    if len(found) != 1:
        raise ConfigError(f"{len(found) or 'No'} runs begin with {wanted!r}. `acflow runs` lists them.")
    return found[0]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """Return a run with its instants as text, and how long it took."""
    start, end = row["started_at"], row["ended_at"]
    seconds = round((end - start).total_seconds(), 1) if start and end else None
    return row | {"started_at": instant(start), "ended_at": instant(end), "seconds": seconds}


def instant(moment: datetime | None) -> str | None:
    """Return an instant of the ledger, which is in UTC even where a database forgets that."""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z" if moment else None


def _table(records: list[dict[str, Any]]) -> None:
    from acflow.cli import rows
    from acflow.cli.options import Format

    if records:
        rows.one_table(rows.objects(records), Format.TABLE)
