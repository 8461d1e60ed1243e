"""Published generations: what readers see while runs write, and that nothing is ever replayed onto a copy."""

import threading
from pathlib import Path

import duckdb
import pytest

from acflow.app.query import query
from acflow.engine import open_warehouse
from acflow.engine.duck import DuckDBWarehouse
from acflow.engine.published import KEPT, STABLE, Generation, PublishedWarehouse, current, publish, withdraw
from acflow.errors import ConfigError, WarehouseError

DATASET = "activecampaign"


@pytest.fixture
def warehouse(tmp_path: Path) -> DuckDBWarehouse:
    opened = open_warehouse(f"duckdb:///{tmp_path}/acflow.duckdb", DATASET)
    assert isinstance(opened, DuckDBWarehouse)
    return opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "published"


def fill(warehouse: DuckDBWarehouse, rows: int) -> None:
    """Replace the only table by one of so many rows."""
    warehouse.execute(
        [
            f"CREATE SCHEMA IF NOT EXISTS {DATASET}",
            f"CREATE OR REPLACE TABLE {DATASET}.numbers AS SELECT range AS n FROM range({rows})",  # noqa: S608
        ]
    )


def published(warehouse: DuckDBWarehouse, folder: Path, run: str, rows: int) -> Generation:
    fill(warehouse, rows)
    generation = publish(warehouse, folder, run)
    assert generation is not None
    return generation


def rows_of(generation: Generation) -> int:
    counted = PublishedWarehouse(generation, DATASET).query("SELECT count(*) AS n FROM numbers")
    return int(counted.column("n")[0].as_py())


def test_readers_keep_their_generation_while_the_next_is_made(warehouse: DuckDBWarehouse, folder: Path) -> None:
    """A query that began before a run ends with the rows that it began with, and a new one sees the new rows."""
    first = published(warehouse, folder, "r1", 10_000)
    with PublishedWarehouse(first, DATASET).stream("SELECT n FROM numbers") as reader:
        seen = reader.read_next_batch().num_rows
        second = published(warehouse, folder, "r2", 5)
        seen += sum(batch.num_rows for batch in reader)
    assert (seen, rows_of(second)) == (10_000, 5)
    assert current(folder) == second


def test_a_reader_never_waits_for_the_writer(warehouse: DuckDBWarehouse, folder: Path) -> None:
    """The warehouse itself is held open by a load; the published copy answers all the same."""
    generation = published(warehouse, folder, "r1", 7)
    with warehouse.held():
        assert rows_of(generation) == 7


def test_threads_of_one_process_share_a_generation(warehouse: DuckDBWarehouse, folder: Path) -> None:
    generation = published(warehouse, folder, "r1", 1000)
    counts: list[int] = []
    readers = [threading.Thread(target=lambda: counts.append(rows_of(generation))) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert counts == [1000] * 8


def test_a_copy_cannot_be_written_to(warehouse: DuckDBWarehouse, folder: Path) -> None:
    reader = PublishedWarehouse(published(warehouse, folder, "r1", 3), DATASET)
    with pytest.raises(WarehouseError, match="only read"):
        reader.execute(["DROP TABLE numbers"])
    with reader.connect() as connection, pytest.raises(duckdb.Error, match="read-only"):
        connection.execute(f"DROP TABLE {DATASET}.numbers")
    with pytest.raises(WarehouseError, match="disabled"):
        reader.query("SELECT * FROM read_text('/etc/hostname')")


def test_old_copies_go_and_their_names_never_come_back(warehouse: DuckDBWarehouse, folder: Path) -> None:
    """A `.wal` of an old copy would be replayed onto a new one of its name."""
    made = [published(warehouse, folder, "r1", rows) for rows in range(1, 6)]
    assert len({generation.path for generation in made}) == 5
    left = {path for path in folder.glob("*.duckdb") if path.name != STABLE}
    assert left == {generation.path for generation in made[-KEPT:]}


def test_bi_tools_have_one_name_that_follows(warehouse: DuckDBWarehouse, folder: Path) -> None:
    for run, rows in (("r1", 3), ("r2", 4)):
        published(warehouse, folder, run, rows)
        with duckdb.connect(str(folder / STABLE), read_only=True) as reader:
            assert reader.execute(f"SELECT count(*) FROM {DATASET}.numbers").fetchone() == (rows,)  # noqa: S608


def test_a_stable_copy_that_somebody_writes_to_is_left_alone(warehouse: DuckDBWarehouse, folder: Path) -> None:
    """Their `.wal` would be replayed onto the new file; the generation says that the stable name is behind."""
    published(warehouse, folder, "r1", 3)
    beside = folder / f"{STABLE}.wal"
    beside.write_bytes(b"theirs")
    second = published(warehouse, folder, "r2", 4)
    assert second.stable_is_behind
    assert rows_of(second) == 4
    beside.unlink()
    assert not published(warehouse, folder, "r3", 5).stable_is_behind


def test_without_a_warehouse_there_is_nothing_to_publish(warehouse: DuckDBWarehouse, folder: Path) -> None:
    assert publish(warehouse, folder, "r1") is None
    assert current(folder) is None


def test_a_copy_that_cannot_be_written_leaves_readers_what_they_had(warehouse: DuckDBWarehouse, folder: Path) -> None:
    first = published(warehouse, folder, "r1", 3)
    (folder / "current.duckdb").unlink()
    (folder / "current.duckdb").mkdir()  # what the stable name must take the place of
    fill(warehouse, 9)
    with pytest.raises(WarehouseError, match="state before this run"):
        publish(warehouse, folder, "r2")
    assert current(folder) == first
    assert rows_of(first) == 3


def test_what_is_withdrawn_is_nowhere(warehouse: DuckDBWarehouse, folder: Path) -> None:
    published(warehouse, folder, "r1", 3)
    withdraw(folder)
    assert current(folder) is None
    assert list(folder.glob("*.duckdb")) == []


def test_a_typed_question_is_answered_from_a_copy(warehouse: DuckDBWarehouse, folder: Path) -> None:
    """The process that answers it closes the copy off as it does the warehouse: not even a file to make room."""
    copy = PublishedWarehouse(published(warehouse, folder, "r1", 7), DATASET)
    assert query(copy, "SELECT count(*) AS n FROM numbers").table.to_pylist() == [{"n": 7}]
    setting = query(copy, "SELECT current_setting('temp_directory') AS folder").table.to_pylist()
    assert setting == [{"folder": ""}]
    with pytest.raises(ConfigError):
        query(copy, "SELECT * FROM read_text('/etc/hostname')")
