"""The small world, read into each kind of warehouse: the same account gives the same reports."""

from datetime import UTC, datetime

import pytest
from report_desk import near
from warehouse_desk import DATASET, MAKERS

from acflow.entities import ENTITIES, entity
from acflow.reports import REPORTS, Options, Report, run_report
from acflow.run import run
from acflow.sandbox import make_world, running
from acflow.settings import load_settings
from acflow.warehouse import Warehouse, open_warehouse

HELPERS = (
    *("dealGroups", "dealStages", "users", "accounts", "contactLists"),
    *("campaignLists", "campaignMessages", "dealActivities"),
)
AS_OF = Options(as_of=datetime(2026, 10, 30, 18, tzinfo=UTC))  # the world's own day
ROUNDED = 9  # digits; instants of readings differ between the two runs by fractions of a second


@pytest.fixture(scope="module")
def warehouses(tmp_path_factory: pytest.TempPathFactory) -> list[Warehouse]:
    """Return a warehouse of each kind that holds the whole world."""
    opened = []
    with running(make_world("small")) as account:
        for kind, url_in in MAKERS.items():
            folder = tmp_path_factory.mktemp(kind)
            url = url_in(folder)
            given = {"url": account.url, "key": account.key, "pace": 0.0, "state": folder / ".acflow"}
            report = run(load_settings(warehouse=url, **given), [*ENTITIES, *map(entity, HELPERS)])
            assert report.exit_code == 0
            opened.append(open_warehouse(url, DATASET, patience=5.0, memory=256))
    return opened


@pytest.mark.parametrize("one", REPORTS, ids=lambda one: one.name)
def test_the_small_world_gives_the_same_reports_in_every_warehouse(one: Report, warehouses: list[Warehouse]) -> None:
    """Whatever the loader and the dialect made of it."""
    first, *others = [run_report(warehouse, one, AS_OF).to_pylist() for warehouse in warehouses]
    assert first or one.name in {"same_age", "tier_movement"}, "both need readings of several days"
    for other in others:
        assert [near(row, ROUNDED) for row in other] == [near(row, ROUNDED) for row in first]
