"""A warehouse that is short of memory gets more, and the load goes on where it stopped."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from acflow.engine import count_rows
from acflow.engine.duck import DuckDBWarehouse
from acflow.entities import entity
from acflow.errors import MemoryLimitError
from acflow.load.job import load_job_of
from acflow.load.loader import Loader
from acflow.load.staging_files import StagingFiles
from activecampaign_sandbox import make_world

TOO_LITTLE = 6  # megabytes


def land(warehouse: DuckDBWarehouse, folder: Path) -> None:
    """Land the contacts of the small world."""
    with StagingFiles(folder / "spool", "run") as spool:
        spool.add(entity("contacts"), make_world("small").rows("contacts"))
        spool.of(entity("contacts")).close()
        Loader(warehouse, folder / "load").land([load_job_of(spool.of(entity("contacts")))])


@pytest.fixture
def warehouse(tmp_path: Path) -> DuckDBWarehouse:
    """Return a warehouse with too little memory for this load."""
    return DuckDBWarehouse(f"duckdb:///{tmp_path / 'w.duckdb'}", "activecampaign", patience=1, memory=TOO_LITTLE)


def test_the_loader_need_not_write_files_anew(tmp_path: Path) -> None:
    """Their columns are in the order of the hints, and null where these allow it; else each file is written twice."""
    with StagingFiles(tmp_path / "spool", "run") as spool:
        spool.add(entity("contacts"), make_world("small").rows("contacts"))
        kept = spool.of(entity("contacts"))
        kept.close()
        written = [(field.name, field.nullable) for file in kept.files for field in pq.read_schema(file)]
        assert written == [(name, hint["nullable"]) for name, hint in load_job_of(kept).columns.items()]


def test_a_load_goes_on_with_more_memory(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    """The bound is raised step by step, and every row lands once."""
    land(warehouse, tmp_path)
    assert warehouse.memory > TOO_LITTLE
    assert count_rows(warehouse, "contacts") == 3000


def test_where_the_bound_ends_the_error_names_the_setting(
    warehouse: DuckDBWarehouse,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A load that may not have more says what it needs, and the next one with enough memory finishes it."""
    monkeypatch.setattr("acflow.engine.duck.MOST_MEMORY", TOO_LITTLE)
    with pytest.raises(MemoryLimitError, match="ACFLOW_MEMORY"):
        land(warehouse, tmp_path)
    warehouse.memory = 64
    assert "Finished" in str(Loader(warehouse, tmp_path / "load").recover_pending())
    assert count_rows(warehouse, "contacts") == 3000
