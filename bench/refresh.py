"""What a refresh of a large account costs, and what history adds to it, in DuckDB.

`.venv/bin/python bench/refresh.py [CONTACTS]` reads an account of the sandbox (a million contacts) in full, then twice
more by its changes, once with nothing new and once with 500 contacts changed: all of it once without and once with the
history of contacts. It prints a table. Seconds are without waiting for the budget of requests.
"""

import json
import os
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from account import Account, account
from child import run
from envs import python_of
from model import Job

CONTACTS = 1_000_000
CHANGED = 500
BOUND = 3_600.0  # seconds
READ = ("contacts",)
KEPT = {"no history": "", "history of contacts": "contacts"}


def mutate(server: Account, steps: Sequence[dict[str, object]]) -> None:
    """Change the account."""
    for step in steps:
        request = urllib.request.Request(f"{server.url}/_sandbox/mutate", json.dumps(step).encode(), method="POST")  # noqa: S310 - loopback
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
            answer.read()


def edits(day: int, contacts: int) -> list[dict[str, object]]:
    """Return the steps that change some contacts, all over the account, three days later."""
    chosen = range(1, contacts + 1, max(1, contacts // CHANGED))[:CHANGED]
    later: dict[str, object] = {"do": "advance", "by": {"days": 3}}
    change: dict[str, object] = {"do": "update", "entity": "contacts", "row": {"lastName": f"Day {day}"}}
    return [later, *({**change, "id": str(key)} for key in chosen)]


def figures(server: Account, folder: Path, history: str, *more: str) -> Iterator[str]:
    """Yield what one run cost."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ACFLOW_", "ACTIVECAMPAIGN_"))}
    settings = {"ACFLOW_PACE": "0", "ACFLOW_HISTORY": history}
    account_of = {"ACTIVECAMPAIGN_URL": server.url, "ACTIVECAMPAIGN_KEY": server.key}
    command: list[str | Path] = [python_of("acflow").parent / "acflow", "run", *READ, "--json", *more]
    ran = run(command, folder, kept | settings | account_of, BOUND)
    if ran.code:
        raise SystemExit((folder / "stderr").read_text())
    certificates = {each["entity"]: each for each in json.loads((folder / "stdout").read_text())["certificates"]}
    contacts = certificates["contacts"]
    yield f"{contacts['received']:,}"
    yield f"{contacts['requests']:,}"
    yield f"{sum(each['requests'] for each in certificates.values()):,}"
    yield f"{ran.seconds:.1f}"
    yield f"{ran.cpu:.1f}"
    yield f"{ran.peak_mb:,.0f}"
    yield f"{(folder / 'acflow.duckdb').stat().st_size / 1_000_000:,.0f}"


def main(contacts: int) -> None:
    """Print the table."""
    print(
        "| run | history | contacts that came | requests for contacts | all requests | s | CPU s | peak MB | file MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    for words, history in KEPT.items():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with account(Job("refresh", "acflow", "contacts", contacts, latency=0.0, rate=None), folder) as server:
                runs: dict[str, tuple[list[dict[str, object]], tuple[str, ...]]] = {
                    "first, in full": ([], ()),
                    "nothing changed": ([{"do": "advance", "by": {"days": 3}}], ("--incremental",)),
                    f"{CHANGED} changed": (edits(1, contacts), ("--incremental",)),
                    f"{CHANGED} changed again": (edits(2, contacts), ("--incremental",)),
                    "in full again": ([], ()),
                }
                for what, (steps, options) in runs.items():
                    mutate(server, steps)
                    cells = " | ".join(figures(server, folder, history, *options))
                    print(f"| {what} | {words} | {cells} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CONTACTS)
