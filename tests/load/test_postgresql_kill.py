"""Kills while a table is replaced in PostgreSQL: it is entirely old or entirely new, and the next run just works."""

import random
import subprocess
import sys
import time
from pathlib import Path

from tests.depth import deep, moments, times
from tests.load.warehouse_harness import DATASET, Harness

KILLS = times(4, 12)
ROWS = 2000
LAND = """
import sys
from pathlib import Path
from acflow.entities import entity
from acflow.load.job import load_job_of
from acflow.load.loader import Loader
from acflow.load.staging_files import StagingFiles
from acflow.engine import open_warehouse
url, dataset, folder, generation = sys.argv[1:]
loader = Loader(open_warehouse(url, dataset), Path(folder) / "load")
loader.recover_pending()
with StagingFiles(Path(folder) / "spool", generation) as spool:
    spool.add(entity("contacts"), [{"id": str(key), "lastName": generation} for key in range(2000)])
    kept = spool.of(entity("contacts"))
    kept.close()
    print("landing", flush=True)
    loader.land([load_job_of(kept)])
"""


def start(harness: Harness, generation: int) -> subprocess.Popen[str]:
    """Start landing in a process of its own, and return when it begins to load."""
    command = [sys.executable, "-c", LAND, harness.url, DATASET, str(harness.folder), str(generation)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    process.stdout.readline()
    return process


def finished(process: subprocess.Popen[str]) -> int:
    """Wait for its end, and return the exit code."""
    process.communicate(timeout=60)
    return process.returncode


def held(harness: Harness) -> dict[str, int]:
    """Return how many rows of each generation the table holds."""
    table = harness.warehouse.query('SELECT "lastName" AS name, count(*) AS rows FROM contacts GROUP BY 1')
    return {row["name"]: row["rows"] for row in table.to_pylist()}


@deep
def test_a_killed_load_leaves_the_table_old_or_new(tmp_path: Path) -> None:
    """At random moments of a load; nothing stays locked or half done."""
    harness, chance = Harness("PostgreSQL", tmp_path), random.Random("postgresql")
    process = start(harness, 0)
    began = time.monotonic()
    assert finished(process) == 0
    length = time.monotonic() - began
    for generation, moment in moments(chance, length, KILLS):
        before = held(harness)
        process = start(harness, generation)
        time.sleep(moment)
        process.kill()
        finished(process)
        found = held(harness)
        assert list(found.values()) == [ROWS], found
        # What the run before had left whole may have been finished first.
        assert found == before or set(found) <= {str(generation - 1), str(generation)}
    assert finished(start(harness, 99)) == 0
    assert held(harness) == {"99": ROWS}
