"""A file or a table that is there whole or not at all."""

import csv
import os
import random
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from acflow.destinations import DESTINATIONS, Source, deliver, parse_target
from acflow.destinations.atomic_file import working_folder
from acflow.errors import DeliveryError
from tests.depth import deep, moments, times
from tests.destinations.deliver_harness import BrokenError, Reader, breaking, deals, source

FILES = [kind.name for kind in DESTINATIONS if kind.endings]
KILLS = times(3, 12)
ROWS = 3_000
DELIVER = """
import sys
import pyarrow as pa
from acflow.destinations import Source, deliver, parse_target
to, generation, rows = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
table = pa.table({"id": range(rows), "generation": pa.repeat(generation, rows)})
target = parse_target({"to": to}, name="deals")
print("ready", flush=True)
deliver(Source("deals", table.schema, rows, table.to_batches(max_chunksize=100)), target)
"""


def start(to: str, generation: int) -> subprocess.Popen[str]:
    """Return a process that is about to deliver."""
    command = [sys.executable, "-c", DELIVER, to, str(generation), str(ROWS)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def finish(process: subprocess.Popen[str]) -> int:
    """Wait for the end of a process."""
    process.communicate(timeout=60)
    return process.returncode


def in_csv(path: Path) -> list[int]:
    with path.open(newline="", encoding="utf-8") as file:
        return [int(row["generation"]) for row in csv.DictReader(file)]


def in_excel(path: Path) -> list[int]:
    rows = load_workbook(path)["deals"].iter_rows(min_row=2, values_only=True)
    return [int(str(generation)) for _, generation in rows]


def in_parquet(path: Path) -> list[int]:
    found: list[int] = pq.read_table(path).column("generation").to_pylist()
    return found


def in_database(kind: str) -> Callable[[Path], list[int]]:
    return lambda path: [row[0] for row in Reader(kind, path.parent).do("SELECT generation FROM deals")]


@deep
@pytest.mark.parametrize(
    ("to", "read"),
    [
        ("deals.csv", in_csv),
        ("deals.xlsx", in_excel),
        ("deals.parquet", in_parquet),
        ("sqlite:///bi.sqlite", in_database("sqlite")),
        ("duckdb:///bi.duckdb", in_database("duckdb")),
    ],
)
def test_a_killed_delivery_leaves_the_old_or_the_new(
    tmp_path: Path, to: str, read: Callable[[Path], list[int]]
) -> None:
    """Killed at random moments; the next delivery just works."""
    path = tmp_path / to.rpartition("/")[2]
    chance = random.Random(to)
    process = start(to, 0)
    began = time.monotonic()
    assert finish(process) == 0
    length = time.monotonic() - began
    last = 0
    for generation, moment in moments(chance, length, KILLS):
        process = start(to, generation)
        time.sleep(moment)
        process.kill()
        finish(process)
        found = read(path)
        assert len(found) == ROWS
        assert set(found) in ({last}, {generation})
        last = found[0]
    assert finish(start(to, 99)) == 0
    assert set(read(path)) == {99}


@pytest.mark.parametrize("ending", FILES)
def test_a_result_that_breaks_off_leaves_the_old_file(tmp_path: Path, ending: str) -> None:
    """Nothing else stays in the folder either."""
    path = tmp_path / f"deals.{ending}"
    target = parse_target({"to": str(path)}, name="deals")
    deliver(source(deals()), target)
    before = path.read_bytes()
    with pytest.raises(BrokenError):
        deliver(breaking(deals()), target)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("ending", FILES)
def test_rows_that_went_missing_on_the_way_are_noticed(tmp_path: Path, ending: str) -> None:
    """A result is as long as it was counted, or it is not delivered."""
    short = Source("deals", deals().schema, 5, deals().to_batches())
    with pytest.raises(DeliveryError, match="gave 4 rows where 5 were counted"):
        deliver(short, parse_target({"to": f"deals.{ending}"}, name="deals"))
    assert list(tmp_path.iterdir()) == []


def test_the_rights_of_a_file_stay(tmp_path: Path) -> None:
    """Who was allowed to read yesterday's file is allowed to read today's; a link stays a link."""
    path, link = tmp_path / "deals.csv", tmp_path / "latest.csv"
    target = parse_target({"to": "latest.csv"}, name="deals")
    path.touch(mode=0o640)
    link.symlink_to(path)
    deliver(source(deals()), target)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert path.stat().st_size


def test_what_a_kill_left_is_removed_a_day_later(tmp_path: Path) -> None:
    """Not before: somebody may be writing it."""
    old, new = tmp_path / ".deals.csv.0a1b2c3d.part", tmp_path / ".deals.csv.4e5f6a7b.part"
    for part in (old, new):
        part.touch()
    os.utime(old, (time.time() - 2 * 86_400,) * 2)
    deliver(source(deals()), parse_target({"to": "deals.csv"}, name="deals"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [new.name, "deals.csv"]


def test_copies_of_rows_do_not_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They hold what people told the account: nobody else may read them, and those of a killed run go a day later."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, new = tmp_path / "acflow-deliver-old", tmp_path / "acflow-deliver-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "0.arrow").touch()
    os.utime(old, (time.time() - 2 * 86_400,) * 2)
    with working_folder() as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(tmp_path.iterdir()) == [new]


@pytest.mark.parametrize("to", ["deals.csv", "deals.jsonl", "deals.parquet", "deals.xlsx", "duckdb:///bi.duckdb"])
def test_a_full_disk_is_told(tmp_path: Path, to: str) -> None:
    """The old file is whole, and the message says what to do. A bound on the size of files stands for the disk."""
    path = tmp_path / to.rpartition("/")[2]
    assert finish(start(to, 0)) == 0
    before = path.read_bytes()
    limited = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({min(len(before), 8_000)},) * 2)"
    )
    command = [sys.executable, "-c", DELIVER.replace('print("ready"', f'{limited}; print("ready"')]
    failed = subprocess.run([*command, to, "1", str(ROWS * 10)], capture_output=True, text=True, check=False)
    assert "DiskFullError: No space left" in failed.stderr, failed.stderr[-2000:]
    assert "Exception ignored" not in failed.stderr
    assert path.read_bytes() == before
    assert [left.name for left in tmp_path.iterdir()] == [path.name]
