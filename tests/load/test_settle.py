"""What an earlier load left behind is finished or dropped on purpose, and never stands in the way."""

from pathlib import Path

import duckdb
import pytest

from acflow.entities import entity
from acflow.errors import WarehouseError
from acflow.load.landing import Lander, _resource, landing_of
from acflow.load.spool import Spool
from acflow.sandbox import make_world
from acflow.warehouse import count_rows
from acflow.warehouse.duck import DuckDBWarehouse

LISTS = entity("lists")


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
    assert "Dropped an unfinished load" in (lander.settle() or "")
    assert count_rows(warehouse, "lists") is None
    assert lander.settle() is None
    lander.land([landing])
    assert count_rows(warehouse, "lists") == 12


def test_a_package_that_the_warehouse_refuses_is_dropped(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    """Somebody put a view in the table's place: the load fails, and does not fail all runs after it."""
    landing = landing_of(spooled(tmp_path).of(LISTS))
    lander = Lander(warehouse, tmp_path / "dlt")
    lander.land([landing])
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute("DROP TABLE activecampaign.lists; CREATE VIEW activecampaign.lists AS SELECT 1 AS id")
    with pytest.raises(WarehouseError):
        lander.land([landing])
    assert "the warehouse refuses" in (lander.settle() or "")
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute("DROP VIEW activecampaign.lists")
    lander.land([landing])
    assert count_rows(warehouse, "lists") == 12
