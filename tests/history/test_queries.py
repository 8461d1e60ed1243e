"""The queries of docs/history.md, each run on a warehouse with history, in both databases."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from activecampaign_sandbox import clock
from tests.history.history_harness import KINDS, Project

Make = Callable[..., Project]
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
