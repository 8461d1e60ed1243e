"""What a refresh of a large account costs, and what history adds to it, in DuckDB.

`.venv/bin/python bench/refresh.py [CONTACTS]` reads an account of the sandbox (a million contacts) in full, then twice
more by its changes, once with nothing new and once with 500 contacts changed: all of it once without and once with the
history of contacts. It prints a table. Seconds are without waiting for the budget of requests.
"""

import json
import os
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from account import Account, account
from child import run
from envs import python_of
from model import Job

CONTACTS = 1_000_000
CHANGED = 500
BOUND = 3_600.0  # seconds
READ = ("contacts",)
BY_CHANGES = ("--incremental",)
RUNS: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("first, in full", 0, ()),
    ("nothing changed", 0, BY_CHANGES),
    (f"{CHANGED} changed", CHANGED, BY_CHANGES),
    (f"{CHANGED} changed again", CHANGED, BY_CHANGES),
    ("in full again", 0, ()),
)
KEPT = {"no history": "", "history of contacts": "contacts"}


def mutate(server: Account, step: Mapping[str, object]) -> bool:
    """Change the account; False if it has no such contact, for not every id is taken."""
    request = urllib.request.Request(f"{server.url}/_sandbox/mutate", json.dumps(step).encode(), method="POST")  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
            answer.read()
    except urllib.error.HTTPError:
        return False
    return True


def live(server: Account, changes: int, contacts: int) -> None:
    """Let two days pass, as far back as a refresh looks, and change contacts all over the account."""
    mutate(server, {"do": "advance", "by": {"hours": 50}})
    for key in range(1, contacts + 1, max(1, contacts // (2 * CHANGED))):
        step = {"do": "update", "entity": "contacts", "id": str(key), "row": {"lastName": f"After {changes}"}}
        if changes and mutate(server, step):
            changes -= 1


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
                for what, changes, options in RUNS:
                    live(server, changes, contacts)
                    cells = " | ".join(figures(server, folder, history, *options))
                    print(f"| {what} | {words} | {cells} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CONTACTS)
