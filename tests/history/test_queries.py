"""The queries of docs/history.md, each run on a warehouse with history, in both databases."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from acflow.reports import Options, answer, report
from activecampaign_sandbox import World, clock
from tests.history.history_harness import KINDS, Project, seen

Make = Callable[..., Project]
HOUR = timedelta(hours=1)
PAGE = Path(__file__).parents[2] / "docs" / "history.md"


@pytest.mark.parametrize("kind", KINDS)
def test_the_queries_of_the_page_on_history_are_answered(project_of: Make, kind: str) -> None:
    """The pipeline as of now, subscribers per day, opens after sending, and members before the first run."""
    project = project_of(kind, contacts=20, deals=20)
    world = project.world
    project.run("deals", "lists", "contactLists")
    pipeline, subscribers, opens, members = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    sent = world.insert("campaigns", {"name": "Tea", "status": "5", "sdate": clock.stamp(world.clock()), "opens": "0"})
    for days, count in ((0.9, 10), (1, 15), (4, 20), (3, 30)):
        project.sleep(days)
        world.update("campaigns", sent, {"opens": str(count)})
        project.run("campaigns")
    now = world.clock().isoformat(sep=" ")
    open_now = project.rows(re.sub(r"2026-[^']+", now, pipeline))
    assert sum(row["deals"] for row in open_now) == len([d for d in world.rows("deals") if d["status"] == "0"])
    assert len(project.rows(subscribers)) == len(world.rows("lists"))
    [tea] = [row for row in project.rows(opens) if row["id"] == int(sent)]
    assert [tea[name] for name in ("opens_24h", "opens_48h", "opens_7d")] == [10, 15, 20]
    told = project.rows(members)
    assert {row["source"] for row in told} == {"reconstructed"}
    last = max(row["day"] for row in told)
    active = [
        row["list"] for row in world.rows("contactLists") if row["status"] == "1" and row["sdate"][:10] <= f"{last}"
    ]
    assert sum(row["members"] for row in told if row["day"] == last) >= len(active) > 0


def open_deals(world: World) -> dict[str, tuple[int, Decimal]]:
    """Return the open deals of each currency that the key may see, and their worth, by the account's own rows."""
    visible = [row for row in seen(world, "deals") if row["status"] == "0"]
    cents: Counter[str] = Counter()
    for row in visible:
        cents[row["currency"]] += int(row["value"]) * (100 if row["currency"] == "jpy" else 1)
    deals = Counter(row["currency"] for row in visible)
    return {code: (count, Decimal(cents[code]) / 100) for code, count in deals.items()}


def test_report_and_query_tell_the_pipeline_of_every_day_as_it_was(project_of: Make) -> None:
    """Deals are won, lost, reopened, deleted and added from day to day; each day is asked for when all are over."""
    project = project_of("DuckDB", contacts=10, deals=60)
    world = project.world
    project.run("deals", "users", "dealGroups", "dealStages")
    days = {world.clock() + HOUR: open_deals(world)}
    for day in range(6):
        project.sleep(1)
        held = [row["id"] for row in seen(world, "deals")]
        for number, key in enumerate(held[day::7]):
            if number % 4 == 3:
                world.delete("deals", key)
            else:
                world.update("deals", key, {"status": str(number % 3), "value": str(1000 * (number + day))})
        like = {name: value for name, value in seen(world, "deals")[-1].items() if name not in {"id", "cdate", "mdate"}}
        world.insert("deals", {**like, "status": "0", "value": "70000"})
        project.run("deals", sweep=True)
        days[world.clock() + HOUR] = open_deals(world)
    pipeline = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0]
    for moment, expected in days.items():
        told = answer(project.warehouse, report("pipeline"), Options(as_of=moment)).table.to_pylist()
        asked = project.rows(re.sub(r"2026-[^']+", moment.isoformat(sep=" "), pipeline))
        for rows in (told, asked):
            assert {
                code: (
                    sum(row["deals"] for row in rows if row["currency"] == code),
                    sum(row["amount"] for row in rows if row["currency"] == code),
                )
                for code in {row["currency"] for row in rows if row["deals"]}
            } == expected
    assert len(set(map(str, days.values()))) == len(days)
