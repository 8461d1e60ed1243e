"""Lists that live: what the reports say of each day is what happened to the account between two readings."""

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from acflow.engine import open_warehouse
from acflow.entities import entity
from acflow.reports import Options, report, run_report
from acflow.settings import load_settings
from activecampaign_sandbox import Life, World, make_world, running
from tests.run_harness import run

READ = [entity(name) for name in ("lists", "contacts", "contactLists")]
DAYS = 5
Members = dict[int, dict[int, str]]  # by list and membership, its status


def members(world: World) -> Members:
    """Return the memberships of each list as the account has them."""
    found: Members = {int(row["id"]): {} for row in world.rows("lists")}
    for row in world.rows("contactLists"):
        found[int(row["list"])][int(row["id"])] = row["status"]
    return found


def change(before: dict[int, str], after: dict[int, str]) -> dict[str, int]:
    """Return what happened to the active members of a list between two readings."""
    was, now = ({key for key, status in some.items() if status == "1"} for some in (before, after))
    lost = was - now
    return {"active": len(now), "new": len(now - was), "lost": len(lost), "deleted": len(lost - after.keys())}


def test_every_day_of_every_list_adds_up_to_what_happened(tmp_path: Path) -> None:
    """People come, leave, come back and are deleted; a membership of now remembers the last of it alone."""
    world = make_world("small", contacts=150, deals=10)
    life, then = Life(world, pace=0.6), dict[date, Members]()
    with running(world) as account:
        settings = load_settings(
            url=account.url,
            key=account.key,
            pace=0.0,
            warehouse=f"duckdb:///{tmp_path / 'life.duckdb'}",
            state=tmp_path / ".acflow",
        )
        for _ in range(DAYS):
            assert run(settings, READ).exit_code == 0
            then[world.clock().date()] = members(world)
            life.day()
    warehouse = open_warehouse(settings.warehouse, settings.dataset, patience=5.0, memory=256)
    rows = run_report(warehouse, report("list_growth"), Options(zone="UTC")).to_pylist()
    reported: dict[tuple[int, date], dict[str, Any]] = {(row["list_id"], row["day"]): row for row in rows}
    days, deleted = sorted(then), 0
    for yesterday, today in pairwise(days):
        for of, after in then[today].items():
            truth, row = change(then[yesterday].get(of, {}), after), reported[of, today]
            assert (row["active"], row["active_source"]) == (truth["active"], "read")
            assert row["net"] == truth["new"] - truth["lost"]
            assert row["new"] - row["net"] == row["unsubscribed"] + row["bounced"] + row["deleted"]
            assert row["new"] >= truth["new"], "some came and went between two readings"
            assert row["deleted"] >= truth["deleted"]
            deleted += truth["deleted"]
    assert deleted > 0, "somebody was deleted"
    health = {
        row["list_id"]: row
        for row in run_report(warehouse, report("list_health"), Options(zone="UTC", recent_days=DAYS - 1)).to_pylist()
    }
    for of, after in then[days[-1]].items():
        truth, row = change(then[days[0]][of], after), health[of]
        first = change({}, then[days[0]][of])["active"]
        assert (row["active_at_start"], row["active"]) == (first, truth["active"])
        rate = pytest.approx((truth["active"] - first) / first) if first else None
        assert row["list_growth_rate"] == rate
