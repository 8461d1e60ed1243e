"""What an earlier load left behind is finished or dropped on purpose, and never stands in the way."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from acflow.certificate import Reading, certify
from acflow.entities import entity
from acflow.errors import WarehouseError
from acflow.ledger import Ledger
from acflow.load.landing import Lander, _resource, landing_of
from acflow.load.spool import Spool
from acflow.run import run
from acflow.sandbox import make_world, running
from acflow.settings import Settings
from acflow.warehouse import count_rows
from acflow.warehouse.duck import DuckDBWarehouse

LISTS = entity("lists")
HELD = len(make_world("small").rows("lists"))


@pytest.fixture
def warehouse(tmp_path: Path) -> DuckDBWarehouse:
    """Return a warehouse of this test's own."""
    return DuckDBWarehouse(f"duckdb:///{tmp_path / 'w.duckdb'}", "activecampaign", patience=1, memory=64)


def spooled(folder: Path) -> Spool:
    """Return the lists of the small world, ready to land."""
    spool = Spool(folder / "spool", "run").__enter__()
    spool.add(LISTS, make_world("small").rows("lists"))
    spool.of(LISTS).close()
    return spool


def test_a_package_that_is_not_whole_is_dropped(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    """It was cut off before it could be loaded; the table is untouched, and the next load is as usual."""
    landing = landing_of(spooled(tmp_path).of(LISTS))
    lander = Lander(warehouse, tmp_path / "dlt")
    with lander._pipeline() as pipeline:
        pipeline.extract(_resource(landing, as_files=True), loader_file_format="parquet")
    assert "Dropped an unfinished load" in str(lander.settle())
    assert count_rows(warehouse, "lists") is None
    assert lander.settle() is None
    lander.land([landing])
    assert count_rows(warehouse, "lists") == HELD


def test_a_package_that_the_warehouse_refuses_is_dropped(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    """Somebody put a view in the table's place: the load fails, and does not fail all runs after it."""
    landing = landing_of(spooled(tmp_path).of(LISTS))
    lander = Lander(warehouse, tmp_path / "dlt")
    lander.land([landing])
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute("DROP TABLE activecampaign.lists; CREATE VIEW activecampaign.lists AS SELECT 1 AS id")
    with pytest.raises(WarehouseError):
        lander.land([landing])
    assert "the warehouse refuses" in str(lander.settle())
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute("DROP VIEW activecampaign.lists")
    lander.land([landing])
    assert count_rows(warehouse, "lists") == HELD


def test_a_load_that_is_finished_late_is_told_in_its_certificate(
    settings_of: Callable[..., Settings], tmp_path: Path
) -> None:
    """The run that read it was killed in mid-load; the next one finishes the load and says so in the ledger."""
    with running(make_world("small", contacts=0, deals=0)) as sandbox:
        settings = settings_of(sandbox)
        ledger = Ledger.at(settings.state)
        killed = ledger.start(settings.url)
        ledger.keep(killed, [certify(LISTS, Reading(received=HELD, promised_first=HELD, promised_last=HELD), None)])
        warehouse = DuckDBWarehouse(settings.warehouse, settings.dataset, patience=1, memory=64)
        with Lander(warehouse, settings.state / "dlt")._pipeline() as pipeline:
            pipeline.extract(_resource(landing_of(spooled(tmp_path).of(LISTS)), as_files=True))
            pipeline.normalize()
        assert [each["landed"] for each in ledger.certificates(killed)] == [False]
        report = run(settings, [entity("forms")])
        assert any("Finished a load" in remark for remark in report.remarks)
        assert [each["landed"] for each in ledger.certificates(killed)] == [True]
        assert count_rows(warehouse, "lists") == HELD
        ledger.close()
