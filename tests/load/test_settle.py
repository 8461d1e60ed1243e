"""What an earlier load left behind is finished or dropped on purpose, and never stands in the way."""

from collections.abc import Callable
from pathlib import Path

import pytest

from acflow.app.ledger import Ledger
from acflow.engine import count_rows
from acflow.engine.duck import DuckDBWarehouse
from acflow.entities import entity
from acflow.errors import WarehouseError
from acflow.load.job import load_job_of
from acflow.load.loader import PENDING, Loader
from acflow.load.staging_files import StagingFiles
from acflow.settings import Settings
from acflow.source.certificate import Reading, certify
from acflow.source.client import Client
from activecampaign_sandbox import make_world, running
from tests.load.warehouse_harness import cut_off
from tests.run_harness import run

LISTS = entity("lists")
ROWS = len(make_world("small").rows("lists"))


@pytest.fixture
def warehouse(tmp_path: Path) -> DuckDBWarehouse:
    """Return a warehouse of this test's own."""
    return DuckDBWarehouse(f"duckdb:///{tmp_path / 'w.duckdb'}", "activecampaign", patience=1, memory=64)


def spooled(folder: Path) -> StagingFiles:
    """Return the lists of the small world, ready to land."""
    spool = StagingFiles(folder / "spool", "run").__enter__()
    spool.add(LISTS, make_world("small").rows("lists"))
    spool.of(LISTS).close()
    return spool


def test_a_load_that_is_not_whole_is_dropped(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    """It was cut off before all files were put aside; the table is untouched, and the next load is as usual."""
    job = load_job_of(spooled(tmp_path).of(LISTS))
    loader = Loader(warehouse, tmp_path / "load")
    cut_off(loader, job)
    (loader.folder / PENDING).unlink()
    assert "Dropped an unfinished load" in str(loader.recover_pending())
    assert count_rows(warehouse, "lists") is None
    assert loader.recover_pending() is None
    loader.land([job])
    assert count_rows(warehouse, "lists") == ROWS


def test_a_load_that_the_warehouse_refuses_is_dropped(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    """Somebody put a view in the table's place: nothing goes through it, and later runs do not fail for it."""
    job = load_job_of(spooled(tmp_path).of(LISTS))
    loader = Loader(warehouse, tmp_path / "load")
    loader.land([job])
    warehouse.execute(["DROP TABLE activecampaign.lists", "CREATE VIEW activecampaign.lists AS SELECT 1 AS id"])
    with pytest.raises(WarehouseError, match="lists is a view"):
        loader.land([job])
    assert loader.recover_pending() is None
    cut_off(loader, job)
    assert "the warehouse refuses" in str(loader.recover_pending())
    warehouse.execute(["DROP VIEW activecampaign.lists"])
    loader.land([job])
    assert count_rows(warehouse, "lists") == ROWS


@pytest.mark.parametrize("change", ["account", "warehouse", "dataset"])
def test_a_load_goes_nowhere_but_where_it_was_meant_for(tmp_path: Path, change: str) -> None:
    """The next run names another account, file or dataset: what was left of the load is dropped, and told."""
    url = f"duckdb:///{tmp_path / 'w.duckdb'}"
    loader = Loader(DuckDBWarehouse(url, "activecampaign", patience=1, memory=64), tmp_path / "load", "https://one")
    cut_off(loader, load_job_of(spooled(tmp_path).of(LISTS)))
    file = f"duckdb:///{tmp_path / 'other.duckdb'}" if change == "warehouse" else url
    other = DuckDBWarehouse(file, "mine" if change == "dataset" else "activecampaign", patience=1, memory=64)
    account = "https://two" if change == "account" else "https://one"
    assert "meant for https://one" in str(Loader(other, tmp_path / "load", account).recover_pending())
    assert count_rows(other, "lists") is None


@pytest.mark.parametrize("name", [PENDING, "lists.0.parquet"])
@pytest.mark.parametrize("length", [0, 40, None])
def test_files_that_a_crash_cut_short_are_dropped(
    warehouse: DuckDBWarehouse, tmp_path: Path, name: str, length: int | None
) -> None:
    """What is half there, or gone, is told and forgotten, and the next load is as usual."""
    spool = spooled(tmp_path)
    loader = Loader(warehouse, tmp_path / "load")
    cut_off(loader, load_job_of(spool.of(LISTS)))
    file = loader.folder / name
    content = file.read_bytes()
    file.unlink()  # it is one file with that of the spool
    if length is not None:
        file.write_bytes(content[:length])
    assert "Dropped" in str(loader.recover_pending())
    assert count_rows(warehouse, "lists") is None
    loader.land([load_job_of(spool.of(LISTS))])
    assert count_rows(warehouse, "lists") == ROWS


def test_nothing_of_a_load_stays_behind(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    """Rows that have landed are in the warehouse alone: who is deleted there is not kept elsewhere."""
    loader = Loader(warehouse, tmp_path / "load")
    loader.land([load_job_of(spooled(tmp_path).of(LISTS))])
    assert [path for path in loader.folder.rglob("*") if path.is_file()] == []


def test_a_load_that_is_finished_late_is_told_in_its_certificate(
    settings_of: Callable[..., Settings], tmp_path: Path
) -> None:
    """The run that read it was killed in mid-load; the next one finishes the load and says so in the ledger."""
    with running(make_world("small", contacts=0, deals=0)) as sandbox:
        settings = settings_of(sandbox)
        ledger = Ledger.at(settings.state)
        killed = ledger.start(settings.url)
        ledger.keep(killed, [certify(LISTS, Reading(received=ROWS, promised_first=ROWS, promised_last=ROWS), None)])
        warehouse = DuckDBWarehouse(settings.warehouse, settings.dataset, patience=1, memory=64)
        account = Client(settings.url, "", pace=0).url
        cut_off(Loader(warehouse, settings.state / "load", account), load_job_of(spooled(tmp_path).of(LISTS)))
        assert [each["landed"] for each in ledger.certificates(killed)] == [False]
        report = run(settings, [entity("forms")])
        assert any("Finished a load" in remark for remark in report.remarks)
        assert [each["landed"] for each in ledger.certificates(killed)] == [True]
        assert count_rows(warehouse, "lists") == ROWS
        ledger.close()
