"""The way of deals through stages once more, in plain Python over rows."""

from collections import defaultdict
from datetime import timedelta

from tests.reports.oracle_sales import stays
from tests.reports.plain import Result, middle
from tests.reports.random_world import World
from tests.reports.report_harness import NOW


def stage_conversion(world: World) -> Result:
    """Return how many deals entered each stage and how many went on."""
    places = {row["id"]: (row["group"], (row["order"], row["id"])) for row in world["dealStages"]}
    ways: dict[int, set[tuple[int, int]]] = defaultdict(set)
    deals = {row["id"]: row for row in world["deals"]}
    walked = stays(world)
    unknown = {stay["deal"]["id"] for stay in walked if stay["entered"] is None}
    for stay in walked:
        if stay["deal"]["id"] in unknown:
            continue
        group, order = places.get(stay["stage"], (None, (0, 0)))
        if group == stay["deal"]["group"]:
            ways[stay["deal"]["id"]].add(order)
    found: Result = {}
    for stage in world["dealStages"]:
        entered = advanced = waiting = 0
        here = (stage["order"], stage["id"])  # an order may repeat
        for key, orders in ways.items():
            if deals[key]["group"] == stage["group"]:
                reach = (99, 0) if deals[key]["status"] == 1 else max(orders)
                entered += min(orders) <= here <= reach
                advanced += min(orders) <= here < reach
                waiting += here == reach and deals[key]["status"] == 0
        left = entered - waiting
        known = (entered, waiting, advanced, advanced / left if left else None) if entered else (None,) * 4
        found[stage["title"],] = dict(zip(("entered", "still_there", "advanced", "conversion"), known, strict=True))
    return found


def time_in_stage(world: World) -> Result:
    """Return how long deals stayed in each stage."""
    found: Result = {}
    for stage in world["dealStages"]:
        mine = [stay for stay in stays(world) if stay["stage"] == stage["id"]]
        over = [
            (stay["left"] - stay["entered"]) / timedelta(days=1)
            for stay in mine
            if stay["left"] is not None and stay["entered"] is not None and stay["left"] >= stay["entered"]
        ]
        there = [stay for stay in mine if stay["left"] is None]
        waits = [(NOW - stay["entered"]) / timedelta(days=1) for stay in there if stay["entered"]]
        usual = middle(over)
        found[stage["title"],] = {
            "finished_stays": len(over) if stays(world) else None,
            "median_days": usual,
            "open_deals": len(there) if stays(world) else None,
            "open_median_days": middle(wait for wait in waits if wait >= 0),
            "stuck_deals": None if usual is None else sum(wait > 2 * usual for wait in waits),
        }
    return found
