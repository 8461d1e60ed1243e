"""Readers and writers of one DuckDB file within one process: they share an instance, or take turns."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from acflow.engine import Warehouse, open_warehouse
from acflow.errors import WarehouseBusyError
from tests.load.warehouse_harness import DATASET, Harness

RUNS = 10
PAUSE = 0.01  # seconds between two pages, in which the loading thread gets on
PAGE = "SELECT id, name FROM lists ORDER BY id LIMIT 100 OFFSET 100"


class Reader(threading.Thread):
    """Reads a page again and again until it is stopped; keeps what it saw and what went wrong."""

    def __init__(self, warehouse: Warehouse) -> None:
        super().__init__()
        self.warehouse = warehouse
        self.seconds: list[float] = []
        self.seen: list[set[str]] = []
        self.error: Exception | None = None
        self.stopped = threading.Event()

    def run(self) -> None:
        """Read."""
        try:
            while not self.stopped.is_set():
                begun = time.perf_counter()
                rows = self.warehouse.query(PAGE)
                self.seconds.append(time.perf_counter() - begun)
                self.seen.append(set(rows.column("name").to_pylist()) | {str(len(rows))})
                self.stopped.wait(PAUSE)
        except Exception as error:  # noqa: BLE001 - the test says it
            self.error = error


@contextmanager
def reading(*readers: Reader) -> Iterator[None]:
    """Let them read until the block ends."""
    for reader in readers:
        reader.start()
    try:
        yield
    finally:
        for reader in readers:
            reader.stopped.set()
            reader.join(60)


def test_pages_are_read_while_runs_load_into_the_same_file(tmp_path: Path) -> None:
    """Openers ask for different memory and threads; no read fails, and each shows one run's rows, whole."""
    harness = Harness("DuckDB", tmp_path)
    harness.land({"lists": rows(0)})
    readers = [Reader(open_warehouse(harness.url, DATASET, memory=64 * (n + 1), threads=n + 1)) for n in range(2)]
    with reading(*readers):
        for run in range(1, RUNS + 1):
            with harness.warehouse.held() if run % 2 else harness.loader.locked():
                harness.land({"lists": rows(run)})
            harness.warehouse.execute(["CREATE OR REPLACE TABLE activecampaign.copy AS FROM activecampaign.lists"])
    assert [reader.error for reader in readers] == [None, None]
    for reader in readers:
        assert all(seen == {f"run {run}", "100"} for seen, run in zip(reader.seen, order(reader), strict=True))
        assert order(reader) == sorted(order(reader))
        assert len(set(order(reader))) > 1
    spent = sorted(second for reader in readers for second in reader.seconds)
    print(f"{len(spent)} reads: p50 {at(spent, 0.5):.1f} ms, p95 {at(spent, 0.95):.1f} ms")  # noqa: T201 - with -s


def rows(run: int) -> list[dict[str, str]]:
    """Return the rows that a run brings."""
    return [{"id": str(number), "name": f"run {run}"} for number in range(1, 1001)]


def order(reader: Reader) -> list[int]:
    """Return the runs that a reader saw, one per read."""
    return [int(next(word for word in seen if word.startswith("run")).split()[1]) for seen in reader.seen]


def at(spent: list[float], share: float) -> float:
    """Return a quantile in milliseconds."""
    return spent[int(share * (len(spent) - 1))] * 1000


def test_a_writer_is_not_kept_waiting_by_readers_that_take_turns(tmp_path: Path) -> None:
    """Two threads whose reads overlap leave no moment without one, and the writer gets in all the same."""
    harness = Harness("DuckDB", tmp_path)
    harness.land({"lists": rows(0)})
    with reading(*(Reader(open_warehouse(harness.url, DATASET)) for _ in range(8))):
        patient = open_warehouse(harness.url, DATASET, patience=5.0)
        for number in range(5):
            patient.execute([f"CREATE OR REPLACE TABLE activecampaign.other AS SELECT {number} AS n"])
    assert harness.table("other").to_pylist() == [{"n": 4}]


def test_a_writer_waits_for_a_reader_and_says_so_when_patience_ends(tmp_path: Path) -> None:
    """A stream that is not read to its end holds the file; once it is closed, writing works."""
    harness = Harness("DuckDB", tmp_path)
    harness.land({"lists": rows(0)})
    writer = open_warehouse(harness.url, DATASET, patience=0.2)
    entered, leave = threading.Event(), threading.Event()

    def dawdle() -> None:
        with harness.warehouse.stream("SELECT * FROM lists"):
            entered.set()
            leave.wait(30)

    thread = threading.Thread(target=dawdle)
    thread.start()
    assert entered.wait(30)
    with pytest.raises(WarehouseBusyError, match="another part of this process"):
        writer.execute(["CREATE TABLE activecampaign.other AS SELECT 1 AS n"])
    leave.set()
    thread.join()
    writer.execute(["CREATE TABLE activecampaign.other AS SELECT 1 AS n"])
    assert harness.table("other").to_pylist() == [{"n": 1}]


def test_what_a_statement_may_not_reach_stays_out_of_reach_beside_readers(tmp_path: Path) -> None:
    """A reader that keeps the instance open neither opens the network to statements nor closes files to loads."""
    harness = Harness("DuckDB", tmp_path)
    harness.land({"lists": rows(0)})
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with reading(Reader(open_warehouse(harness.url, DATASET))):
        for run in range(1, 4):
            with pytest.raises(Exception, match=r"file system operations are disabled|disabled by configuration"):
                harness.warehouse.execute([f"CREATE TABLE activecampaign.x AS FROM read_csv('{tmp_path}/secret.csv')"])
            harness.land({"lists": rows(run)})


def test_a_file_that_is_held_to_compute_flows_opens_no_other(tmp_path: Path) -> None:
    """Statements of flows reach nothing else, and what comes after them may load from files again."""
    harness = Harness("DuckDB", tmp_path)
    harness.land({"lists": rows(0)})
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with harness.warehouse.held(sealed=True):
        harness.warehouse.execute(["CREATE TABLE activecampaign.y AS SELECT 1 AS a"])
        with pytest.raises(Exception, match=r"file system operations are disabled|disabled by configuration"):
            harness.warehouse.execute([f"CREATE TABLE activecampaign.x AS FROM read_csv('{tmp_path}/secret.csv')"])
    harness.land({"lists": rows(1)})
    assert {"y", "lists"} <= set(harness.warehouse.tables())


def test_rewriting_a_file_leaves_no_reader_with_the_old_one(tmp_path: Path) -> None:
    """The copy takes the place of the file while nobody has it open, so that what is written later is there."""
    harness = Harness("DuckDB", tmp_path)
    harness.land({"lists": rows(0)})
    with reading(Reader(open_warehouse(harness.url, DATASET))):
        for run in range(1, 4):
            assert harness.warehouse.rewrite(["lists"])
            harness.land({"lists": rows(run)})
    assert set(harness.table("lists").column("name").to_pylist()) == {"run 3"}
