"""The web page under a large account: how long each page takes for twenty people, three seconds between two clicks.

`.venv/bin/python bench/page.py` reads the small made-up company, multiplies its contacts and deals to a million
contacts, serves the project and clicks for two minutes; with `--quick`, thirty thousand contacts, five people, twenty
seconds. It prints the server's time for each page, to its last byte, and the memory that the serving process holds.
"""

import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import duckdb
import httpx2

from activecampaign_sandbox import Running, make_world, running

FLOWS = "flows: {contacts: {entity: contacts}, open_deals: {entity: deals, where: \"status_label = 'open'\"}}\n"
PAGES = {
    "overview": "/",
    "flows": "/flows",
    "tables": "/data",
    "contacts": "/data/contacts",
    "contacts, searched": "/data/contacts?q=tea",
    "deals, sorted": "/data/deals?sort=amount&dir=desc",
    "first rows of a flow": "/flows/open_deals/preview",
    "list of reports": "/reports/sales",
    "report": "/reports/sales/pipeline/answer",
}
PAUSE = 3.0  # seconds between two clicks
WARM = 240.0  # seconds that the answers of reports may take
COPIED = ("contacts", "deals")
COMMAND = [sys.executable, "-m", "acflow"]


def environment(account: Running) -> dict[str, str]:
    """Return the environment of the project's commands."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ACFLOW_", "ACTIVECAMPAIGN_"))}
    return kept | {"ACTIVECAMPAIGN_URL": account.url, "ACTIVECAMPAIGN_KEY": account.key, "ACFLOW_PACE": "0"}


def multiplied(path: Path, contacts: int) -> int:
    """Copy the rows of the large tables until there are so many contacts; return how many there are."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("set search_path = 'activecampaign'")
        (held,) = connection.execute("select count(*) from contacts").fetchone() or (0,)
        times = max(1, -(-contacts // held))
        for table in COPIED:
            connection.execute(
                f"insert into {table} select t.* replace (t.id + 1000000 * n as id) "  # noqa: S608 - our own names
                f"from {table} t, range(1, {times}) r(n)"
            )
        connection.execute("checkpoint")
    return int(held * times)


def click(url: str, until: float, seconds: Mapping[str, list[float]], seed: int) -> None:
    """Be one person: open pages in no order, and read each for a while."""
    choice = random.Random(seed)  # noqa: S311 - so that two runs click alike
    with httpx2.Client(base_url=url, headers={"Accept": "text/html"}, timeout=120, trust_env=False) as client:
        time.sleep(choice.uniform(0, PAUSE))
        while time.monotonic() < until:
            name = choice.choice(list(PAGES))
            begun = time.perf_counter()
            client.get(PAGES[name]).raise_for_status()
            seconds[name].append(time.perf_counter() - begun)
            time.sleep(choice.uniform(0.5, 1.5) * PAUSE)


def measure(folder: Path, env: Mapping[str, str], people: int, lasting: float) -> None:
    """Serve the project, click, and print."""
    begun = time.perf_counter()
    command = [*COMMAND, "serve", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, cwd=folder, env=env, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr  # noqa: S101 - it is a pipe
        url = next(found[1] for line in process.stderr if (found := re.search(r"Serving (http://[\d.:]+)", line)))
        httpx2.get(url, headers={"Accept": "text/html"}, timeout=60, trust_env=False)
        print(f"first page {time.perf_counter() - begun:.1f} s after the start")
        begun = time.perf_counter()
        while not list((folder / ".acflow" / "answers").glob("*/done")) and time.perf_counter() - begun < WARM:
            time.sleep(0.5)
        print(f"all reports answered {time.perf_counter() - begun:.1f} s later")
        seconds: Mapping[str, list[float]] = defaultdict(list)
        until = time.monotonic() + lasting
        threads = [threading.Thread(target=click, args=(url, until, seconds, seed)) for seed in range(people)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        held = int(Path(f"/proc/{process.pid}/statm").read_text(encoding="utf-8").split()[1]) * os.sysconf(
            "SC_PAGESIZE"
        )
        process.terminate()
    for name, taken in seconds.items():
        cuts = [value * 1000 for value in statistics.quantiles(taken * 2, n=20)]
        print(f"| {name:<20} | {len(taken):5} | {cuts[9]:7.0f} | {cuts[18]:7.0f} |")
    print(f"the serving process holds {held / 2**20:.0f} MB")


def main() -> None:
    """Make the project, and measure."""
    quick = "--quick" in sys.argv
    contacts, people, lasting = (30_000, 5, 20.0) if quick else (1_000_000, 20, 120.0)
    with tempfile.TemporaryDirectory() as name, running(make_world("small")) as account:
        folder, env = Path(name), environment(account)
        (folder / "acflow.yaml").write_text(FLOWS, encoding="utf-8")
        entities = ["contacts", "open_deals", "campaigns", "lists", "dealStages", "dealGroups", "users"]
        subprocess.run([*COMMAND, "run", *entities, "--quiet"], cwd=folder, env=env, check=True)
        held = multiplied(folder / "acflow.duckdb", contacts)
        print(f"{held:,} contacts, {people} people, {PAUSE:g} s between two clicks; milliseconds: pages, p50, p95")
        measure(folder, env, people, lasting)


if __name__ == "__main__":
    main()
