"""Many accounts read at once: how long beside one alone, and what each has of its own budget.

`.venv/bin/python bench/accounts.py --accounts 20` serves as many accounts of a thousand contacts, each with five
requests a second and 0.2 seconds of latency, reads the six entities of one of them and then of all, and prints time,
CPU, memory, refusals, and the least and the mean share of a budget that an account's reading used.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from child import run
from model import Ran

HERE = Path(__file__).parent
RATE = 5  # requests a second
BOUND = 1800.0  # seconds for one run
ENTITIES = ("campaigns", "contacts", "lists", "deals", "segments", "forms")


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a run cost, and what the accounts saw of it."""

    ran: Ran
    complete: int
    refused: int
    shares: Sequence[float]

    def row(self, name: str) -> str:
        """Return a line of the table."""
        ran, shares = self.ran, self.shares
        share = f"{min(shares):.0%} | {statistics.fmean(shares):.0%}"
        cells = (name, f"{self.complete}", f"{ran.seconds:.1f}", f"{ran.cpu:.1f}", f"{ran.peak_mb:.0f}", share)
        return f"| {' | '.join(cells)} | {self.refused} |"


class Accounts:
    """Accounts that are served by a process of their own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.urls: list[str] = []
        answer = self._answer()
        self.urls, self.key = answer["urls"], answer["key"]

    def seen(self) -> list[dict[str, float]]:
        """Return what each account has seen since this was asked last."""
        assert self._process.stdin  # noqa: S101 - asked for
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        found: list[dict[str, float]] = self._answer()
        return found

    def _answer(self) -> Any:  # noqa: ANN401 - JSON
        assert self._process.stdout  # noqa: S101 - asked for
        return json.loads(self._process.stdout.readline())


@contextmanager
def served(accounts: int, contacts: int) -> Iterator[Accounts]:
    """Serve accounts for as long as the block lasts."""
    command = [sys.executable, str(HERE / "serve_accounts.py"), str(accounts), str(contacts)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Accounts(process)
        finally:
            process.kill()


def project(folder: Path, accounts: Accounts) -> list[str]:
    """Write a project of these accounts; return their names."""
    names = [f"a{number:03}" for number in range(1, len(accounts.urls) + 1)]
    lines = [
        f'  {name}: {{url: "{url}", key: "${{BENCH_KEY}}"}}' for name, url in zip(names, accounts.urls, strict=True)
    ]
    text = "\n".join(["accounts:", *lines, f"read: [{', '.join(ENTITIES)}]", ""])
    (folder / "acflow.yaml").write_text(text, encoding="utf-8")
    return names


def measured(folder: Path, accounts: Accounts, names: Sequence[str]) -> Measurement:
    """Run these accounts and ask what they saw."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ACFLOW_", "ACTIVECAMPAIGN_"))}
    env = kept | {"BENCH_KEY": accounts.key}
    accounts.seen()
    chosen = [part for name in names for part in ("--account", name)]
    ran = run([sys.executable, "-m", "acflow", "run", "--json", *chosen], folder, env, BOUND)
    seen = [found for found in accounts.seen() if found["requests"] > 1]
    shares = [(found["requests"] - 1) / found["seconds"] / RATE for found in seen]
    told = json.loads((folder / "stdout").read_text(encoding="utf-8"))
    complete = sum(account["status"] == "ok" for account in told["accounts"])
    return Measurement(ran, complete, sum(int(found["refused"]) for found in seen), shares)


def compare(accounts: int, contacts: int) -> tuple[Measurement, Measurement]:
    """Measure one account alone, and then all of them at once."""
    with tempfile.TemporaryDirectory() as folder, served(accounts, contacts) as there:
        names = project(Path(folder), there)
        return measured(Path(folder), there, names[:1]), measured(Path(folder), there, names)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=20)
    parser.add_argument("--contacts", type=int, default=1000)
    given = parser.parse_args()
    alone, together = compare(given.accounts, given.contacts)
    print("| accounts | complete | seconds | CPU seconds | MB | least share | mean share | 429s |")
    print("|---|---|---|---|---|---|---|---|")
    print(alone.row("1"))
    print(together.row(str(given.accounts)))


if __name__ == "__main__":
    main()
