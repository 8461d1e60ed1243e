"""Measure the lake: a million contacts of 53 columns published, then 500 changed rows, each by a process of its own.

    python bench/lake.py [rows]

Prints seconds, seconds of CPU and the most memory of each publish; everything lies in a temporary folder.
"""

import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import duckdb

COLUMNS = 50
NEWEST = "id > (select max(id) - 500 from activecampaign.contacts)"
SCATTERED = "id % (select max(id) // 500 from activecampaign.contacts) = 0"
CHANGES = {
    "all of it": "",
    "nothing": "",
    "500 rows next to each other": f"update activecampaign.contacts set f0 = 'x' where {NEWEST}",  # noqa: S608
    "500 rows anywhere": f"update activecampaign.contacts set f5 = 'y' where {SCATTERED}",  # noqa: S608
}


def made(path: Path, rows: int) -> None:
    """Make a warehouse with one table of contacts."""
    texts = ("'text ' || (i * {n}) % 1009", "'t' || (i * {n}) % 5000", "'word ' || i % {n}")
    kinds = (*texts, "timestamptz '2024-01-01' + to_seconds(i * {n} % 9999999)", "(i * {n}) % 5000")
    more = [f"{kinds[n % len(kinds)].format(n=n + 3)} as f{n}" for n in range(COLUMNS - 2)]
    more += [f"((i * {n}) % 100000 / 7)::decimal(28,4) as amount{n}" for n in (3, 4)]
    names = "i + 1 as id, 'p' || i || '@example.com' as email, 'Name ' || i as name"
    with duckdb.connect(str(path)) as connection:
        connection.execute("set TimeZone = 'UTC'; create schema activecampaign")
        query = f"select {names}, {', '.join(more)} from range({rows}) t(i)"  # noqa: S608 - our own numbers
        connection.execute(f"create table activecampaign.contacts as {query}")


def most_memory() -> float:
    """Return the most megabytes that this process has had; `ru_maxrss` would count what started it too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def publish(folder: Path) -> None:
    """Publish once, and say what it took."""
    from acflow.engine.duck import DuckDBWarehouse
    from acflow.lake.notes import Notes
    from acflow.lake.place import Lake
    from acflow.lake.publish import Job, publish_table

    lake = Lake(str(folder / "lake"))
    source = DuckDBWarehouse(f"duckdb:///{folder / 'w.duckdb'}", "activecampaign", patience=5, memory=128, threads=2)
    began = time.monotonic()
    with source.held(reading=True):
        done = publish_table(Job(lake, "bench", source, Notes(folder, lake.url), timedelta(days=7)), "contacts")
    took, used = time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF)
    print(
        f"{took:6.1f} s  {used.ru_utime + used.ru_stime:6.1f} CPU s  {most_memory():6.0f} MB  "
        f"{done.parts_written} parts of {done.rows:,} rows"
    )


def main() -> None:
    """Make the warehouse, and let processes of their own publish it."""
    if len(sys.argv) > 2:  # noqa: PLR2004
        publish(Path(sys.argv[2]))
        return
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        made(folder / "w.duckdb", int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
        for what, sql in CHANGES.items():
            with duckdb.connect(str(folder / "w.duckdb")) as connection:
                connection.execute(sql or "select 1")
            print(f"{what:<40}", end="", flush=True)
            subprocess.run([sys.executable, __file__, "publish", str(folder)], check=True)


if __name__ == "__main__":
    main()
