"""Pages of a table read in a loop while runs load into the same DuckDB file, all in one process.

`.venv/bin/python bench/pages.py [ROWS]` loads contacts (twenty thousand) ten times over, reads pages of them in a
thread meanwhile and once more with nothing else going on, and prints how long a page takes.
"""

import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from postgresql import spooled

from acflow.engine import Warehouse, open_warehouse
from acflow.load.job import load_job_of
from acflow.load.loader import Loader

ROWS = 20_000
RUNS = 10
ALONE = 5.0  # seconds
PAGE = "SELECT * FROM contacts ORDER BY id LIMIT 100 OFFSET 1000"


def read_pages(warehouse: Warehouse, stopped: threading.Event, seconds: list[float]) -> None:
    """Read a page again and again, each time opening the file anew; an error ends the thread and is printed."""
    while not stopped.is_set():
        begun = time.perf_counter()
        warehouse.query(PAGE)
        seconds.append(time.perf_counter() - begun)
        stopped.wait(0.01)


def line(label: str, seconds: list[float]) -> str:
    """Return how long a page takes."""
    cuts = [value * 1000 for value in statistics.quantiles(seconds, n=20)]
    return f"{label:<22} {len(seconds):6,} pages   p50 {cuts[9]:6.1f} ms   p95 {cuts[18]:6.1f} ms"


def main() -> None:
    """Measure."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"duckdb:///{folder / 'acflow.duckdb'}"
        job = load_job_of(spooled(folder / "spool", rows))
        loader = Loader(open_warehouse(url, "activecampaign"), folder / "load")
        loader.land([job])
        for label in ("while runs load", "with nothing going on"):
            stopped, seconds = threading.Event(), list[float]()
            thread = threading.Thread(
                target=read_pages, args=(open_warehouse(url, "activecampaign", memory=256), stopped, seconds)
            )
            thread.start()
            if label == "while runs load":
                for _ in range(RUNS):
                    loader.land([job])
            else:
                time.sleep(ALONE)
            if not thread.is_alive():
                sys.exit("A read failed.")
            stopped.set()
            thread.join()
            print(line(label, seconds))


if __name__ == "__main__":
    main()
