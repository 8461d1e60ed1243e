"""The measures of lists and contacts once more, in plain Python over rows."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from tests.reports.plain import RECENTLY, TODAY, Result, alive, grouped, ratio
from tests.reports.random_world import World
from tests.reports.report_harness import NOW, Row

TIERS = ("recent", "engaged", "disengaged", "inactive", "never", "unmailable")


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
    members = [row for row in alive(world, "contactLists") if row["status"] != 0]
    known = {row["list"] for row in alive(world, "contactLists")}
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


def account_growth(world: World) -> Result:
    """Return who came in each month and how many there are by then."""
    made = [row["cdate"] for row in world["contacts"] if not unreachable(row) and row["cdate"] <= NOW]
    months = {(moment.year, moment.month) for moment in made}
    return {
        (date(*month, 1),): {
            "new_contacts": sum((moment.year, moment.month) == month for moment in made),
            "contacts": sum((moment.year, moment.month) <= month for moment in made),
        }
        for month in months
    }


def tier_of(row: Row, members: list[Row], at: datetime = NOW) -> str:
    """Return how far a contact has gone silent at an instant."""
    if row["bounced_hard"] or row["deleted"] or (members and not any(on_list(each, at) for each in members)):
        return "unmailable"
    opened = row["last_open_date"] if row["last_open_date"] != row["last_mpp_open_date"] else None
    plain = [moment.replace(tzinfo=NOW.tzinfo) for moment in (opened, row["last_click_date"]) if moment]
    signs = [*plain, *([row["adate"]] if row["adate"] else [])]
    if not signs:
        return "never"
    silent = (at - max(signs)) / timedelta(days=1)
    bounds = ((7, "recent"), (28, "engaged"), (58, "disengaged"))
    return next((name for days, name in bounds if silent <= days), "inactive")


def on_list(member: Row, at: datetime) -> bool:
    """Whether a membership lasts, or ends only later."""
    return member["status"] == 1 or (
        member["status"] in {2, 3} and member["udate"] is not None and member["udate"] > at
    )


def engagement_tiers(world: World) -> Result:
    """Return how many contacts are in each tier."""
    members = grouped(alive(world, "contactLists"), lambda row: (row["contact"],))
    contacts = alive(world, "contacts")
    counted = Counter(tier_of(row, members.get((row["id"],), [])) for row in contacts)
    return {(name,): {"contacts": counted[name], "share": ratio(counted[name], len(contacts))} for name in TIERS}


def tier_movement(world: World) -> Result:
    """Return how many contacts went from which tier to which in thirty days."""
    members = grouped(alive(world, "contactLists"), lambda row: (row["contact"],))
    then = {
        row["id"]: tier_of(row, members.get((row["id"],), []), RECENTLY)
        for row in world.get("contacts_history", [])
        if row["_valid_from"] <= RECENTLY and (row["_valid_to"] is None or row["_valid_to"] > RECENTLY)
    }
    now = {row["id"]: tier_of(row, members.get((row["id"],), [])) for row in alive(world, "contacts")}
    ways = Counter((then.get(key, "new"), now.get(key, "gone")) for key in (then.keys() | now.keys() if then else ()))
    return {way: {"contacts": count} for way, count in ways.items()}


def list_health(world: World) -> Result:
    """Return how many each list has, and how that came about in thirty days."""
    contacts = {row["id"]: row for row in world["contacts"]}
    known = {row["list"] for row in alive(world, "contactLists")}
    readings = [row for row in world.get("lists_daily", []) if row["day"] <= RECENTLY.date()]
    found: Result = {}
    for row in alive(world, "lists"):
        mine = [each for each in alive(world, "contactLists") if each["list"] == row["id"]]
        moved = row["id"] in known
        counts: Row = _movements(mine, contacts) if moved else dict.fromkeys(MOVEMENTS)
        read = [each for each in readings if each["id"] == row["id"]]
        start = max(read, key=lambda each: each["day"])["active_subscribers"] if read else counts["start"]
        active = counts["on"] if row["active_subscribers"] is None else row["active_subscribers"]
        new, left = counts["new"], counts["left_since"]
        lost = moved and left + counts["bounced_since"] + counts["deleted_since"]
        found[row["id"],] = {
            **{
                name: counts[name]
                for name in ("members", "reach", "new", "left_since", "bounced_since", "deleted_since")
            },
            "active": active,
            "active_at_start": start,
            "list_growth_rate": ratio(new - lost, start) if moved else None,
            "net_growth_of_total": ratio(new - left, active) if moved else None,
            "churn_rate": ratio(lost, start) if moved else None,
        }
    return found


MOVEMENTS = ("members", "on", "reach", "new", "left_since", "bounced_since", "deleted_since", "start")


def _movements(members: list[Row], contacts: Mapping[int, Row]) -> Row:
    begins = RECENTLY.date()
    counts = dict.fromkeys(MOVEMENTS, 0)
    for member in members:
        contact = contacts.get(member["contact"])
        bounced = bool(contact and contact["bounced_hard"])
        joined, left = member["sdate"] and member["sdate"].date(), left_on(member, contacts)
        state = member["status"]
        counts["members"] += 1
        counts["on"] += state == 1
        counts["reach"] += state == 1 and contact is not None and not bounced and not unreachable(contact)
        counts["new"] += state != 0 and _within(joined)
        counts["left_since"] += state == 2 and _within(left)
        refused = left if state == 3 else contact["bounced_date"] if contact and bounced else None
        counts["bounced_since"] += state in {1, 3} and _within(refused)
        counts["deleted_since"] += state == 1 and not bounced and _within(left)
        was_there = joined is None or joined <= begins
        counts["start"] += state != 0 and was_there and (left is None or left > begins)
    return counts


def _within(day: date | None) -> bool:
    return day is not None and RECENTLY.date() < day <= TODAY
