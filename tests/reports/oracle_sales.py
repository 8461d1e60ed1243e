"""The measures of deals once more, in plain Python over rows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from tests.reports.plain import (
    RECENTLY,
    SINCE,
    SINCE_MONTH,
    THIS_MONTH,
    TODAY,
    Result,
    alive,
    grouped,
    middle,
    month_of,
    ratio,
    total,
)
from tests.reports.random_world import World
from tests.reports.report_harness import NOW, Row

PIPELINES = {1: "Wholesale", 2: "europe", None: "none"}
OWNERS = {1: "Üte", 2: "user2", 3: "user3", None: "none"}
ENOUGH = 10  # closed deals for a rate of the past
BANDS = ((25, "0 to 24 %"), (50, "25 to 49 %"), (75, "50 to 74 %"))


def pipeline_of(row: Row) -> str:
    """Return the name of a deal's pipeline."""
    return PIPELINES[row["group"]]


def owner_of(row: Row) -> str:
    """Return the name of whom a deal belongs to, or the number where nobody has it."""
    return OWNERS.get(row["owner"], f"User {row['owner']}")


def chance(row: Row) -> Decimal | None:
    """Return the chance that stands on a deal or a version of it; one outside 0 to 100 is none."""
    if row["winProbability"] is not None and 0 <= row["winProbability"] <= 100:
        return Decimal(row["winProbability"]) / 100
    return Decimal(row["percent"]) / 100 if row["percent"] and 0 < row["percent"] <= 100 else None


def probability(row: Row, world: World) -> Decimal | None:
    """Return the probability of a deal: how it ended, its own, or how deals of its stage or pipeline ended."""
    if row["status"]:
        return Decimal(row["status"] == 1)
    own = chance(row)
    if own is not None:
        return own
    ways = grouped(stays(world), lambda stay: (stay["deal"]["id"],))
    known = [way for way in ways.values() if all(stay["entered"] is not None for stay in way)]
    of_stage = [
        way[0]["deal"]["status"]
        for way in known
        if way[0]["deal"]["status"] and row["stage"] in {stay["stage"] for stay in way}
    ]
    of_pipeline = [each["status"] for each in visible(world) if each["status"] and each["group"] == row["group"]]
    outcomes = next((some for some in (of_stage, of_pipeline) if len(some) >= ENOUGH), [])
    return (Decimal(outcomes.count(1)) / len(outcomes)).quantize(Decimal("0.000001")) if outcomes else None


def stays(world: World) -> list[Row]:
    """Return each deal's way through stages: by the log of activities, and by the change log from where that ends."""
    log, versions = alive(world, "dealActivities"), world.get("deals_history", [])
    began = min((row["_valid_from"] for row in versions), default=NOW)
    ended = max((row["cdate"] for row in log), default=None)
    found: list[Row] = []
    for row in visible(world):
        moves = [each for each in log if each["deal"] == row["id"] and each["dataType"] == "d_stageid"]
        mine = sorted((each for each in versions if each["id"] == row["id"]), key=lambda each: each["_valid_from"])
        later = [
            (old["stage"], new["stage"], new["_valid_from"])
            for old, new in pairwise(mine)
            if new["stage"] != old["stage"] and (ended is None or new["_valid_from"] > ended)
        ]
        way: list[tuple[int, datetime | None]] = []
        if moves:
            way = [(int(moves[0]["dataOldval"]), row["cdate"])]
            way += [(int(each["dataAction"]), each["cdate"]) for each in moves]
            later = later[1:] if later and later[0][1] == way[-1][0] else later
        elif log:
            way = [(later[0][0] if later else row["stage"], row["cdate"])]
        elif mine:
            way = [(mine[0]["stage"], row["cdate"] if row["cdate"] >= began else None)]
        way += [(stage, moment) for _, stage, moment in later]
        end = closed_at(row, world) if row["status"] else None
        for (stage, entered), leaves in zip(way, [*(moment for _, moment in way[1:]), end], strict=bool(way)):
            found.append({"deal": row, "stage": stage, "entered": entered, "left": leaves})
    return found


def visible(world: World) -> list[Row]:
    """Return the deals that count."""
    return [row for row in world["deals"] if not row["isDisabled"] and not row["_deleted_at"]]


def expected(row: Row, world: World) -> Any:  # noqa: ANN401 - a day
    """Return the day on which a deal should close."""
    custom = {each["id"]: each["forecasted_close_date"] for each in world.get("deals_custom", [])}
    moment = custom.get(row["id"]) or row["edate"]
    return moment and moment.date()


def closed_at(row: Row, world: World) -> Any:  # noqa: ANN401 - an instant
    """Return when a deal was won or lost."""
    versions = sorted(
        (each for each in world.get("deals_history", []) if each["id"] == row["id"]),
        key=lambda each: each["_valid_from"],
    )
    seen = [new["_valid_from"] for old, new in pairwise(versions) if new["status"] == row["status"] != old["status"]]
    logged = [
        each["cdate"]
        for each in world.get("dealActivities", [])
        if each["deal"] == row["id"] and each["dataType"] == "status" and each["dataAction"] == str(row["status"])
    ]
    edate = row["edate"] and row["edate"].replace(tzinfo=NOW.tzinfo)
    dated = edate if edate and edate <= NOW else row["mdate"]
    return max(seen) if seen else max(logged) if logged else dated


def closed_in_period(world: World, status: int) -> list[Row]:
    """Return the deals won or lost within a year."""
    found = [{**row, "closed": closed_at(row, world)} for row in visible(world) if row["status"] == status]
    return [row for row in found if SINCE <= row["closed"] <= NOW]


def won_by_month(world: World) -> Any:  # noqa: ANN401 - rows by month and currency
    """Return the won deals of whole months, the first of which holds the first day of the period."""
    rows = [{**row, "closed": closed_at(row, world)} for row in visible(world) if row["status"] == 1]
    rows = [row for row in rows if row["closed"].date() >= SINCE_MONTH and row["closed"] <= NOW]
    return grouped(rows, lambda row: (month_of(row["closed"]), row["currency"].lower()))


def amount_of(rows: Iterable[Row]) -> Decimal:
    """Return the sum of amounts."""
    return sum((Decimal(row["amount"] or 0) for row in rows), start=Decimal(0))


def forecast(world: World) -> Result:
    """Return what each month, or no month, holds."""
    found: Result = defaultdict(
        lambda: {"open_amount": Decimal(0), "weighted_amount": Decimal(0), "won_amount": Decimal(0)}
    )
    for row in visible(world):
        if row["status"] == 0:
            day = expected(row, world)
            bucket = "undated" if day is None else "overdue" if day < TODAY else "month"
            line = found[bucket, month_of(day) if bucket == "month" else None, row["currency"].lower()]
            line["open_amount"] += row["amount"] or 0
            line["weighted_amount"] += (row["amount"] or 0) * (probability(row, world) or 0)
    for (month, currency), rows in won_by_month(world).items():
        found["month", month, currency]["won_amount"] += amount_of(rows)
    for key, line in found.items():
        line["partial"] = None if key[1] is None else key[1] == THIS_MONTH
    return dict(found)


def open_ones(world: World) -> list[Row]:
    """Return the open deals that count."""
    return [row for row in visible(world) if row["status"] == 0]


def pipeline(world: World) -> Result:
    """Return what is open, by pipeline, stage, owner, band and currency."""

    def key(row: Row) -> tuple[Any, ...]:
        chance = probability(row, world)
        band = next((name for top, name in BANDS if 100 * (chance or 0) < top), "75 % and more")
        band = "unknown" if chance is None else band
        return pipeline_of(row), f"Stage {row['stage']}", owner_of(row), band, row["currency"].lower()

    found: Result = {}
    for each, rows in grouped(open_ones(world), key).items():
        weights = [(row["amount"], probability(row, world)) for row in rows]
        known = [amount * chance for amount, chance in weights if amount is not None and chance is not None]
        amounts = [row["amount"] for row in rows]
        unknown = amount_of(row for row in rows if probability(row, world) is None)
        found[each] = {
            "deals": len(rows),
            "amount": total(amounts),
            "weighted_amount": total(known),
            "amount_without_probability": unknown,
        }
    return found


def forecast_coverage(world: World) -> Result:
    """Return how much of what is open has a date ahead, one that has passed, none, or no chance."""
    found: Result = {}
    for key, rows in grouped(open_ones(world), lambda row: (row["currency"].lower(),)).items():
        days = [(row, expected(row, world)) for row in rows]
        parts = {
            "dated": [row for row, day in days if day and day >= TODAY],
            "overdue": [row for row, day in days if day and day < TODAY],
            "undated": [row for row, day in days if not day],
        }
        blind = amount_of(row for row in rows if probability(row, world) is None)
        found[key] = {"deals": len(rows), "amount_without_probability": blind}
        for name, part in parts.items():
            found[key] |= {f"{name}_amount": amount_of(part)}
            found[key] |= {f"{name}_share": ratio(amount_of(part), amount_of(rows))}
    return found


def forecast_accuracy(world: World) -> Result:
    """Return what was expected when each month began and what was won, for months that are over."""
    won = {key: rows for key, rows in won_by_month(world).items() if key[0] < THIS_MONTH}
    dated = [row for row in world.get("deals_history", []) if row["edate"] and not row["isDisabled"]]
    open_then = [row for row in dated if row["status"] == 0 and held_when_month_began(row)]
    expected_rows = grouped(open_then, lambda row: (month_of(row["edate"]), row["currency"].lower()))
    wanted = {key: rows for key, rows in expected_rows.items() if SINCE_MONTH <= key[0] < THIS_MONTH}
    found: Result = {}
    for key in won.keys() | wanted.keys():
        weights = [(row["amount"], chance(row)) for row in wanted.get(key, [])]
        forecast = total(amount * share for amount, share in weights if amount is not None and share is not None)
        actual = total(row["amount"] for row in won[key]) if key in won else Decimal(0)
        both = forecast is not None and actual is not None
        missed = ratio(abs(forecast - actual), actual) if both else None
        found[key] = {
            "expected_deals": len(weights) or None,
            "forecast": forecast,
            "actual": actual,
            "forecast_error": forecast - actual if both else None,
            "accuracy": None if missed is None else 1 - missed,
        }
    return found


def held_when_month_began(version: Row) -> bool:
    """Whether a version of a deal held when the month began in which it was expected."""
    begins = datetime(version["edate"].year, version["edate"].month, 1, tzinfo=NOW.tzinfo)
    return version["_valid_from"] <= begins and (version["_valid_to"] is None or version["_valid_to"] > begins)


def dimensions(world: World) -> Iterator[tuple[tuple[str, str, str | None], list[Row], list[Row], list[Row]]]:
    """Yield open, won and lost deals by currency and, where there are several, over all of them without amounts."""
    rows = [(0, row) for row in open_ones(world)]
    rows += [(status, row) for status in (1, 2) for row in closed_in_period(world, status)]
    by: dict[tuple[str, str, str | None], list[tuple[int, Row]]] = defaultdict(list)
    for status, row in rows:
        for dimension, name in (("all", "all"), ("pipeline", pipeline_of(row)), ("owner", owner_of(row))):
            by[dimension, name, row["currency"].lower()].append((status, row))
    for (dimension, name), some in grouped([{"key": key} for key in by], lambda row: row["key"][:2]).items():
        if len(some) > 1:
            by[dimension, name, None] = [
                (status, {**row, "amount": None}) for key in some for status, row in by[key["key"]]
            ]
    for key, mine in by.items():
        parts = [[row for status, row in mine if status == wanted] for wanted in (0, 1, 2)]
        yield key, parts[0], parts[1], parts[2]


def days_of(won: list[Row]) -> list[float]:
    """Return how long each deal took to be won, where it is known; less than nothing is a fault."""
    return [(row["closed"] - row["cdate"]) / timedelta(days=1) for row in won]


def win_rate(world: World) -> Result:
    """Return how many were won of what was closed."""
    return {
        key: {
            "won": len(won),
            "lost": len(lost),
            "win_rate": ratio(len(won), len(won) + len(lost)),
            "low_sample": len(won) + len(lost) < 10,
            "won_amount": None if key[2] is None else amount_of(won),
            "win_rate_by_amount": ratio(amount_of(won), amount_of(won) + amount_of(lost)),
        }
        for key, _, won, lost in dimensions(world)
        if won or lost
    }


def deal_size(world: World) -> Result:
    """Return the mean and the median of what was won."""
    return {
        key: {
            "won_amount": amount_of(won),
            "average_deal": ratio(amount_of(won), len(won)),
            "median_deal": middle(row["amount"] for row in won if row["amount"] is not None),
            "low_sample": len(won) < ENOUGH,
        }
        for key, _, won, _ in dimensions(world)
        if won and key[2] is not None
    }


def sales_cycle(world: World) -> Result:
    """Return the median of the days to winning."""
    return {
        key: {
            "cycle_days": middle(day for day in days_of(won) if day >= 0),
            "impossible_cycles": sum(day < 0 for day in days_of(won)),
            "low_sample": len(won) < ENOUGH,
        }
        for key, _, won, _ in dimensions(world)
        if won
    }


def velocity(world: World) -> Result:
    """Return the four parts of velocity and itself."""
    found: Result = {}
    for key, open_deals, won, lost in dimensions(world):
        size = None if key[2] is None else ratio(amount_of(won), len(won))
        rate = ratio(len(won), len(won) + len(lost))
        cycle = middle(day for day in days_of(won) if day >= 0)
        known = size is not None and rate is not None and bool(cycle)
        found[key] = {
            "open_deals": len(open_deals),
            "average_deal": size,
            "win_rate": rate,
            "cycle_days": cycle,
            "won_deals_per_day": len(open_deals) * rate / cycle if rate is not None and cycle else None,
            "low_sample": len(won) + len(lost) < ENOUGH,
            "velocity": len(open_deals) * (size or 0) * (rate or 0) / (cycle or 1) if known else None,
        }
    return found


def slippage(world: World) -> Result:
    """Return how much of what is open was put off in thirty days."""
    found: Result = {}
    versions = grouped(world.get("deals_history", []), lambda each: (each["id"],))
    for key, rows in grouped(open_ones(world), lambda row: (pipeline_of(row), row["currency"].lower())).items():
        slipped, later, known = [], [], False
        for row in rows:
            mine = [one for one in versions.get((row["id"],), []) if one["status"] == 0]
            mine = [one for one in mine if one["_valid_to"] is None or one["_valid_to"] > RECENTLY]
            then = min(mine, key=lambda one: one["_valid_from"], default=None)
            known = known or then is not None
            if then and then["edate"] and row["edate"] and row["edate"].date() > then["edate"].date():
                slipped.append(row)
                later.append((row["edate"].date() - then["edate"].date()).days)
        amounts = total(row["amount"] for row in rows)
        found[key] = {
            "deals": len(rows),
            "slipped_deals": len(slipped) if known else None,
            "slippage": ratio(amount_of(slipped), amounts) if known else None,
            "median_days_later": middle(later),
        }
    return found


def activity_gaps(world: World) -> Result:
    """Return the open deals that nobody looks after."""
    of = grouped(open_ones(world), lambda row: (owner_of(row), row["currency"].lower()))

    def gap(row: Row) -> bool:
        return row["nextdate"] is None or row["nextdate"] < NOW or row["activitycount"] == 0

    return {
        key: {
            "deals": len(rows),
            "gap_deals": sum(map(gap, rows)),
            "gap_amount": amount_of(filter(gap, rows)),
            "gap_share": ratio(sum(map(gap, rows)), len(rows)),
        }
        for key, rows in of.items()
    }


def deals_with_contacts(world: World) -> Result:
    """Return what is known of each deal and of whom it is with."""
    contacts = {row["id"]: row for row in world["contacts"]}
    found: Result = {}
    for row in visible(world):
        contact, share = contacts.get(row["contact"]), probability(row, world)
        gone = contact and (contact["deleted"] or contact["_deleted_at"])
        lacking = "no contact" if row["contact"] is None else "contact not found"
        found[row["id"],] = {
            "status": ("open", "won", "lost")[row["status"]],
            "probability": share,
            "forecast_date": expected(row, world),
            "closed_at": closed_at(row, world) if row["status"] else None,
            "contact_id": row["contact"],
            "contact_issue": lacking if contact is None else "contact deleted" if gone else None,
        }
    return found
