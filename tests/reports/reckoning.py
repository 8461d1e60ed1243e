"""The measures of reports once more, in plain Python over rows: slow, short, and written without looking at the SQL.

Each function returns what the rows of a report must hold, by the columns that tell rows apart.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import Any

from random_world import World
from report_desk import NOW, Row

Result = dict[tuple[Any, ...], Row]
SINCE, RECENTLY, TODAY = NOW - timedelta(days=365), NOW - timedelta(days=30), NOW.date()
RUNNING = {"responder", "recurring", "reminder", "activerss"}


def ratio(top: float | Decimal | None, bottom: float | Decimal | None) -> float | None:
    """Return a ratio; none where either is unknown or the bottom is 0."""
    return None if top is None or not bottom else float(top) / float(bottom)


def total(values: Iterable[Any]) -> Any:  # noqa: ANN401 - numbers of any kind
    """Return the sum of what is known; none if nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def grouped(rows: Iterable[Row], key: Callable[[Row], tuple[Any, ...]]) -> Mapping[tuple[Any, ...], list[Row]]:
    """Return rows by a key."""
    found = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def month_of(moment: date | datetime | None) -> date | None:
    """Return the first day of a month."""
    return moment and date(moment.year, moment.month, 1)


def middle(values: Iterable[float]) -> float | None:
    """Return the median, none of nothing."""
    found = list(values)
    return float(median(found)) if found else None


# Mail


def measured(row: Row) -> Row:
    """Return the base quantities of a campaign's counters."""
    sent, planned = row["send_amt"], row["total_amt"]
    sends = sent or (planned if row["type"] == "responder" else 0)
    bounced = (row["hardbounces"] or 0) + (row["softbounces"] or 0)
    delivered = max(sends - bounced, 0)
    counts = sends > 0 and row["status"] not in {0, 7}
    opens, links = counts and row["trackreads"] is not False, counts and row["tracklinks"] != "none"
    people = row["uniquelinkclicks"] if row["subscriberclicks"] is None else row["subscriberclicks"]
    return {
        "id": row["id"],
        "counts": counts,
        "running": bool(row.get("seriesid")) or row["type"] in RUNNING,
        "month": month_of(row["ldate"] or row["sdate"]),
        "sends": sends,
        "delivered": delivered,
        "base": (delivered or None) if counts else None,
        "bounces": bounced,
        "opens": row["uniqueopens"] if opens else None,
        "verified": row["verified_unique_opens"] if opens else None,
        "clickers": people if links else None,
        "unsubscribes": row["unsubscribes"] if counts else None,
    }


def campaign_performance(world: World) -> Result:
    """Return the main rates of each campaign."""
    found: Result = {}
    for row in world["campaigns"]:
        each = measured(row)
        sends = each["sends"] if each["counts"] else None
        found[row["id"],] = {
            "sends": each["sends"],
            "base": each["base"],
            "open_rate": ratio(each["opens"], each["base"]),
            "verified_open_rate": ratio(each["verified"], each["base"]),
            "click_rate": ratio(each["clickers"], each["base"]),
            "ctor": ratio(each["clickers"], each["opens"]),
            "bounce_rate": ratio(each["bounces"], sends),
            "unsubscribe_rate": ratio(row["unsubscribes"], sends),
        }
    return found


def summed(rows: list[Row]) -> Row:
    """Return ratios of sums of measured campaigns, each with its sign where it has one."""

    def of(name: str, *known: str) -> Any:  # noqa: ANN401 - a number
        return total(
            None if row[name] is None else row.get("sign", 1) * row[name]
            for row in rows
            if all(row[other] is not None for other in known)
        )

    return {
        "campaigns": len({row["id"] for row in rows if row.get("sign", 1) == 1}),
        "sends": of("sends"),
        "open_rate": ratio(of("opens"), of("base", "opens")),
        "verified_open_rate": ratio(of("verified"), of("base", "verified")),
        "click_rate": ratio(of("clickers"), of("base", "clickers")),
        "ctor": ratio(of("clickers", "opens"), of("opens", "clickers")),
        "bounce_rate": ratio(of("bounces"), of("sends")),
        "unsubscribe_rate": ratio(of("unsubscribes"), of("sends")),
    }


def campaigns_by_type(world: World) -> Result:
    """Return the rates of each kind of campaign."""
    kinds = {row["id"]: row["type"] for row in world["campaigns"]}
    rows = [row for row in map(measured, world["campaigns"]) if row["counts"]]
    by_kind = grouped(rows, lambda row: (kinds[row["id"]], row["running"]))
    return {key: summed(rows) for key, rows in by_kind.items()}


def campaigns_by_month(world: World) -> Result:
    """Return the rates of each month: one-off mail by its month, the rest by what its counters gained."""
    now = {row["id"]: row for row in world["campaigns"]}
    rows = [row for row in map(measured, now.values()) if not row["running"] and row["month"]]
    readings = world.get("campaigns_daily", [])
    began = min((row["_taken_at"] for row in readings), default=None)
    for key, found in grouped(readings, lambda row: (row["id"],)).items():
        campaign = now[key[0]]
        if not measured(campaign)["running"]:
            continue
        days = sorted(found, key=lambda row: row["day"])
        before = days[0] if began and campaign["cdate"] < began else None
        for month, of_month in grouped(days, lambda row: (month_of(row["day"]),)).items():
            if before:
                rows.append({**measured({**campaign, **before}), "month": month[0], "sign": -1})
            before = max(of_month, key=lambda row: row["day"])
            rows.append({**measured({**campaign, **before}), "month": month[0]})
    by_month = grouped([row for row in rows if row["counts"]], lambda row: (row["month"],))
    return {key: summed(rows) for key, rows in by_month.items()}


# Contacts and lists


def unreachable(row: Row) -> bool:
    """Whether a contact is marked as deleted, or gone from the account."""
    return bool(row["deleted"] or row["_deleted_at"])


def left_on(member: Row, contacts: Mapping[int, Row]) -> Any:  # noqa: ANN401 - a day
    """Return the day on which a membership ended, none while it lasts."""
    contact = contacts.get(member["contact"])
    joined = member["sdate"] and member["sdate"].date()
    if member["status"] == 2:
        return member["udate"].date() if member["udate"] else joined
    if member["status"] == 3:
        return (contact and contact["bounced_date"]) or joined
    gone = contact and contact["_deleted_at"]
    return gone.date() if gone else None


def list_growth(world: World) -> Result:
    """Return the active subscribers of each list and day, counted anew for each day."""
    contacts = {row["id"]: row for row in world["contacts"]}
    read = {(row["id"], row["day"]): row["active_subscribers"] for row in world.get("lists_daily", [])}
    members = [row for row in world["contactLists"] if row["status"] != 0]
    known = {row["list"] for row in world["contactLists"]}
    days = {(row["list"], row["sdate"].date()) for row in members if row["sdate"]} | read.keys()
    days |= {(row["list"], day) for row in members if (day := left_on(row, contacts))}
    found: Result = {}
    for of, day in days:
        mine = [row for row in members if row["list"] == of]
        come = [row for row in mine if row["sdate"] is None or row["sdate"].date() <= day]
        left = [row for row in mine if (end := left_on(row, contacts)) and end <= day]
        active = read.get((of, day))
        new = [row for row in mine if row["sdate"] and row["sdate"].date() == day]
        found[of, day] = {
            "active": active if active is not None else len(come) - len(left),
            "active_source": "read" if active is not None else "reconstructed",
            "new": len(new) if of in known else None,
            "contact_growth": len(come) if of in known else None,
        }
    return {key: row for key, row in found.items() if key[1] <= TODAY}


def tier_of(row: Row, members: list[Row]) -> str:
    """Return how far a contact has gone silent."""
    if row["bounced_hard"] or row["deleted"] or (members and not any(on_list(each) for each in members)):
        return "unmailable"
    opened = row["last_open_date"] if row["last_open_date"] != row["last_mpp_open_date"] else None
    plain = [moment.replace(tzinfo=NOW.tzinfo) for moment in (opened, row["last_click_date"]) if moment]
    signs = [*plain, *([row["adate"]] if row["adate"] else [])]
    if not signs:
        return "never"
    silent = (NOW - max(signs)) / timedelta(days=1)
    bounds = ((7, "recent"), (28, "engaged"), (58, "disengaged"))
    return next((name for days, name in bounds if silent <= days), "inactive")


def on_list(member: Row) -> bool:
    """Whether a membership lasts, or ends only later."""
    return member["status"] == 1 or (
        member["status"] in {2, 3} and member["udate"] is not None and member["udate"] > NOW
    )


def engagement_tiers(world: World) -> Result:
    """Return how many contacts are in each tier."""
    members = grouped(world["contactLists"], lambda row: (row["contact"],))
    alive = [row for row in world["contacts"] if not row["_deleted_at"]]
    counted = Counter(tier_of(row, members.get((row["id"],), [])) for row in alive)
    names = ("recent", "engaged", "disengaged", "inactive", "never", "unmailable")
    return {(name,): {"contacts": counted[name], "share": ratio(counted[name], len(alive))} for name in names}


# Deals


def probability(row: Row, world: World) -> Decimal | None:
    """Return the chance of a deal."""
    if row["winProbability"] is not None:
        return Decimal(row["winProbability"]) / 100
    if row["percent"]:
        return Decimal(row["percent"]) / 100
    visits = {(each["id"], each["stage"]) for each in world.get("deals_history", [])}
    outcomes = [each["status"] for each in visible(world) if (each["id"], row["stage"]) in visits and each["status"]]
    return (Decimal(outcomes.count(1)) / len(outcomes)).quantize(Decimal("0.000001")) if outcomes else None


def visible(world: World) -> list[Row]:
    """Return the deals that count."""
    return [row for row in world["deals"] if not row["isDisabled"] and not row["_deleted_at"]]


def expected(row: Row, world: World) -> Any:  # noqa: ANN401 - a day
    """Return the day on which a deal should close."""
    custom = {each["id"]: each["forecasted_close_date"] for each in world["deals_custom"]}
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


def decided_in_period(world: World, status: int) -> list[Row]:
    """Return the deals won or lost within a year."""
    found = [{**row, "closed": closed_at(row, world)} for row in visible(world) if row["status"] == status]
    return [row for row in found if SINCE < row["closed"] <= NOW]


def amount_of(rows: Iterable[Row]) -> Decimal | None:
    """Return the sum of amounts."""
    found: Decimal | None = total(None if row["amount"] is None else Decimal(row["amount"]) for row in rows)
    return found


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
    for row in decided_in_period(world, 1):
        found["month", month_of(row["closed"]), row["currency"].lower()]["won_amount"] += row["amount"] or 0
    return dict(found)


def velocity(world: World) -> Result:
    """Return the four parts of velocity and itself, over all deals of a currency."""
    found: Result = {}
    for currency in {row["currency"].lower() for row in world["deals"]}:

        def mine(rows: list[Row], currency: str = currency) -> list[Row]:
            return [row for row in rows if row["currency"].lower() == currency]

        open_deals = mine([row for row in visible(world) if row["status"] == 0])
        won, lost = mine(decided_in_period(world, 1)), mine(decided_in_period(world, 2))
        days = [(row["closed"] - row["cdate"]) / timedelta(days=1) for row in won]
        size, rate = ratio(amount_of(won) or 0, len(won)), ratio(len(won), len(won) + len(lost))
        cycle = middle(day for day in days if day >= 0)
        known = size is not None and rate is not None and bool(cycle)
        if open_deals or won or lost:
            found["all", "all", currency] = {
                "open_deals": len(open_deals),
                "average_deal": size,
                "win_rate": rate,
                "cycle_days": cycle,
                "velocity": len(open_deals) * (size or 0) * (rate or 0) / (cycle or 1) if known else None,
            }
    return found


def stays(world: World) -> list[Row]:
    """Return each deal's way through stages, by the log of activities or else by the change log."""
    log, versions = world.get("dealActivities", []), world.get("deals_history", [])
    began = min((row["_valid_from"] for row in versions), default=NOW)
    found: list[Row] = []
    for row in visible(world):
        way: list[tuple[int, datetime | None]] = []
        moves = [each for each in log if each["deal"] == row["id"] and each["dataType"] == "d_stageid"]
        mine = sorted((each for each in versions if each["id"] == row["id"]), key=lambda each: each["_valid_from"])
        if moves:
            way = [(int(moves[0]["dataOldval"]), row["cdate"])]
            way += [(int(each["dataAction"]), each["cdate"]) for each in moves]
        elif log:
            way = [(row["stage"], row["cdate"])]
        elif mine:
            way = [(mine[0]["stage"], row["cdate"] if row["cdate"] >= began else None)]
            for old, new in pairwise(mine):
                way += [(new["stage"], new["_valid_from"])] if new["stage"] != old["stage"] else []
        end = closed_at(row, world) if row["status"] else None
        for (stage, entered), leaves in zip(way, [*(moment for _, moment in way[1:]), end], strict=bool(way)):
            found.append({"deal": row, "stage": stage, "entered": entered, "left": leaves})
    return found


def stage_conversion(world: World) -> Result:
    """Return how many deals entered each stage and how many went on."""
    places = {row["id"]: (row["group"], (row["order"], row["id"])) for row in world["dealStages"]}
    ways: dict[int, set[tuple[int, int]]] = defaultdict(set)
    deals = {row["id"]: row for row in world["deals"]}
    for stay in stays(world):
        group, order = places.get(stay["stage"], (None, (0, 0)))
        if group == stay["deal"]["group"]:
            ways[stay["deal"]["id"]].add(order)
    found: Result = {}
    for stage in world["dealStages"]:
        entered = advanced = 0
        here = (stage["order"], stage["id"])  # an order may repeat
        for key, orders in ways.items():
            if deals[key]["group"] == stage["group"]:
                reach = (99, 0) if deals[key]["status"] == 1 else max(orders)
                entered += min(orders) <= here <= reach
                advanced += min(orders) <= here < reach
        known = (entered, advanced, advanced / entered) if entered else (None, None, None)
        found[stage["title"],] = dict(zip(("entered", "advanced", "conversion"), known, strict=True))
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


def activity_gaps(world: World) -> Result:
    """Return the open deals that nobody looks after."""
    names = {1: "Üte", 2: "user2", 3: "user3", None: "none"}
    of = grouped(
        [row for row in visible(world) if row["status"] == 0],
        lambda row: (names.get(row["owner"], f"User {row['owner']}"), row["currency"].lower()),
    )

    def gap(row: Row) -> bool:
        return row["nextdate"] is None or row["nextdate"] < NOW or row["activitycount"] == 0

    return {
        key: {
            "deals": len(rows),
            "gap_deals": sum(map(gap, rows)),
            "gap_amount": amount_of(filter(gap, rows)) or Decimal(0),
            "gap_share": ratio(sum(map(gap, rows)), len(rows)),
        }
        for key, rows in of.items()
    }
