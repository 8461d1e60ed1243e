"""The small world, read into each kind of warehouse: the same account gives the same reports."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from typing import Any

import pytest

from acflow.engine import Warehouse, open_warehouse
from acflow.entities import ENTITIES, entity
from acflow.reports import REPORTS, Options, Report, answer, report, run_report
from acflow.settings import load_settings
from activecampaign_sandbox import Behaviour, make_world, running
from tests.load.warehouse_harness import DATASET, MAKERS
from tests.reports.report_harness import near
from tests.run_harness import run

HELPERS = (
    *("dealGroups", "dealStages", "users", "accounts", "contactLists"),
    "formContacts",
    *("campaignLists", "campaignMessages", "dealActivities", "campaignOpens", "campaignClicks", "campaignBounces"),
)
AS_OF = Options(as_of=datetime(2026, 10, 30, 19, tzinfo=UTC))  # the world's own day, after both readings
ROUNDED = 9  # digits; instants of readings differ between the two runs by fractions of a second


@pytest.fixture(scope="module")
def warehouses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Warehouse]]:
    """Yield a warehouse of each kind that holds the whole world."""
    opened = []
    with running(make_world("small"), Behaviour(campaign_reports=True)) as account:
        for kind, url_in in MAKERS.items():
            folder = tmp_path_factory.mktemp(kind)
            url = url_in(folder)
            given = {"url": account.url, "key": account.key, "pace": 0.0, "state": folder / ".acflow"}
            report = run(load_settings(warehouse=url, **given), [*ENTITIES, *map(entity, HELPERS)])
            assert report.exit_code == 0
            opened.append(open_warehouse(url, DATASET, patience=5.0, memory=256))
    with ExitStack() as held:
        for warehouse in opened:
            held.enter_context(warehouse.held(reading=True))
        yield opened


@pytest.mark.parametrize("one", REPORTS, ids=lambda one: one.name)
def test_the_small_world_gives_the_same_reports_in_every_warehouse(one: Report, warehouses: list[Warehouse]) -> None:
    """Whatever the loader and the dialect made of it."""
    first, *others = [run_report(warehouse, one, AS_OF).to_pylist() for warehouse in warehouses]
    assert first or one.name in {"same_age", "tier_movement"}, "both need readings of several days"
    for other in others:
        assert [near(row, ROUNDED) for row in other] == [near(row, ROUNDED) for row in first]


def test_the_small_world_is_worth_a_report(warehouses: list[Warehouse]) -> None:
    """What a reader should find stands in the rows: a season, mail that went wrong, a shrinking list, a stuck stage."""

    def rows(name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = run_report(warehouses[0], report(name), AS_OF).to_pylist()
        return found

    sends = {row["month"]: row["sends"] for row in rows("campaigns_by_month")}
    for year in (2024, 2025):
        december = sends[date(year, 12, 1)]
        assert december > 1.2 * max(sends[date(year, 11, 1)], sends[date(year + 1, 1, 1)]), "tea is a winter drink"
    mail = [row for row in rows("campaign_performance") if row["rank"]]
    assert [row["campaign"] for row in mail if row["bounce_rate"] > 0.05] == ["Partner offer: kettles"]
    assert max(mail, key=lambda row: float(row["unsubscribe_rate"]))["campaign"] == "Partner offer: kettles"
    assert [row["sends_source"] for row in mail if row["type"] == "responder"] == ["total_amt"]
    shrinking = [row["list"] for row in rows("list_health") if (row["list_growth_rate"] or 0) < 0]
    assert shrinking == ["Blog updates"]
    stuck = max(rows("time_in_stage"), key=lambda row: row["stuck_deals"] or 0)
    assert (stuck["pipeline"], stuck["stage"]) == ("Wholesale", "Tasting")
    assert stuck["stuck_deals"] > stuck["open_deals"] / 2
    assert {row["currency"] for row in rows("pipeline")} == {"usd", "eur", "jpy"}
    assert any(row["significantly_better"] for row in rows("split_tests"))
    funnel = {row["form"]: row for row in rows("form_funnel") if row["currency"] is None}
    assert all(row["matched_contacts"] == row["contacts"] for row in funnel.values())
    contact_us = funnel["Contact us"]  # it puts nobody on a list, so no membership names it
    assert (contact_us["matched_contacts"], contact_us["contact_deals"], contact_us["won_deals"]) == (72, 7, 2)
    (limited,) = answer(warehouses[0], report("pipeline"), AS_OF).left_out
    assert "limited deals are left out" in limited
