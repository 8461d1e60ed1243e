"""The measures of lists and contacts once more, in plain Python over rows."""

from collections import Counter
from datetime import date, datetime, timedelta

from tests.reports.plain import RECENTLY, TODAY, Result, alive, grouped, ratio
from tests.reports.random_world import World
from tests.reports.report_harness import NOW, Row

TIERS = ("recent", "engaged", "disengaged", "inactive", "never", "unmailable")


def unreachable(row: Row) -> bool:
    """Whether a contact is marked as deleted, or gone from the account."""
    return bool(row["deleted"] or row["_deleted_at"])


def people(world: World) -> dict[int, Row]:
    """Return all contacts by id, those that were deleted too."""
    rows = [*world.get("contacts_deleted", []), *world["contacts"]]
    return {row["id"]: row for row in rows}


def members_of(world: World, of: int) -> list[Row]:
    """Return the memberships of a list that are by e-mail and of somebody with an address, with their end."""
    contacts = people(world)
    there = {row["id"] for row in world["contactLists"]}
    rows = [*world["contactLists"], *(row for row in world.get("contactLists_deleted", []) if row["id"] not in there)]
    found = []
    for row in rows:
        contact = contacts.get(row["contact"])
        if row["list"] != of or contact is None or contact["deleted"] or row["channel"] == "sms":
            continue
        if not (contact["email"] or "").strip():
            continue
        found.append({**row, "person": contact, "end": end_of(row, contact)})
    return found


def end_of(member: Row, contact: Row) -> datetime | None:
    """Return when a membership ended, none while it lasts."""
    joined: datetime | None = member["sdate"]
    end: datetime | None
    if member["status"] == 2:
        end = member["udate"] or joined
    elif member["status"] == 3:
        day = contact["bounced_date"]
        end = datetime(day.year, day.month, day.day, tzinfo=NOW.tzinfo) if day else joined
    else:
        end = min((at for at in (member["_deleted_at"], contact["_deleted_at"]) if at), default=None)
    return max(end, joined) if end and joined else end


KINDS = {1: "deleted", 2: "unsubscribed", 3: "bounced"}


def readings_of(world: World, of: int) -> dict[date, tuple[datetime, int]]:
    """Return the last reading of a list's counter on each day."""
    rows = [(row["_taken_at"], row["active_subscribers"]) for row in world.get("lists_daily", []) if row["id"] == of]
    rows += [(NOW, row["active_subscribers"]) for row in alive(world, "lists") if row["id"] == of]
    return {at.date(): (at, active) for at, active in sorted(row for row in rows if row[1] is not None)}


def days_of_list(world: World, of: int) -> dict[date, Row]:
    """Return a list day by day: from reading to reading forwards, and from the first one back."""
    read = readings_of(world, of)
    counts: dict[date, Counter[str]] = {day: Counter() for day in read}
    undated = 0
    for member in members_of(world, of):
        if member["status"] == 0:
            continue
        undated += member["sdate"] is None and (member["status"] == 1 or member["end"] is not None)
        for at, kind in ((member["sdate"], "new"), (member["end"], KINDS[member["status"]])):
            if at and at <= NOW:
                day = at.date()
                if day in read and at > read[day][0]:
                    day = min(day + timedelta(days=1), TODAY)
                counts.setdefault(day, Counter())[kind] += 1
    days = sorted(counts)
    nets = {day: counts[day]["new"] - sum(counts[day][kind] for kind in KINDS.values()) for day in days}
    first = min(read, default=None)
    active = read[first][1] - sum(net for day, net in nets.items() if day <= first) if first else undated
    found: dict[date, Row] = {}
    signed = undated
    for day in days:
        active += nets[day]
        signed += counts[day]["new"]
        beyond = read[day][1] - active if day in read else 0
        active += beyond
        found[day] = {
            "active": active if active >= 0 else None,
            "net": nets[day] + beyond,
            **counts[day],
            "new": counts[day]["new"] + max(beyond, 0),
            "deleted": counts[day]["deleted"] + max(-beyond, 0),
            "unsubscribed": counts[day]["unsubscribed"],
            "bounced": counts[day]["bounced"],
            "inferred": abs(beyond),
            "contact_growth": signed,
        }
    return found


MOVES = ("new", "unsubscribed", "bounced", "deleted", "inferred")


def list_growth(world: World) -> Result:
    """Return each list day by day; without any membership only what the counter says."""
    lists = {row["list"] for row in (*world["contactLists"], *world.get("contactLists_deleted", []))}
    found: Result = {}
    for of in lists | {row["id"] for row in (*world["lists"], *world.get("lists_daily", []))}:
        known = bool(world["contactLists"])
        for day, row in days_of_list(world, of).items():
            found[of, day] = row if known else {**row, **dict.fromkeys((*MOVES, "contact_growth"))}
    return found


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
    addressed = bool((row["email"] or "").strip())
    if (
        row["bounced_hard"]
        or row["deleted"]
        or not addressed
        or (members and not any(on_list(each, at) for each in members))
    ):
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


def by_mail(world: World) -> list[Row]:
    """Return the memberships of lists that mail goes to."""
    return [row for row in alive(world, "contactLists") if row["channel"] != "sms"]


def engagement_tiers(world: World) -> Result:
    """Return how many contacts are in each tier."""
    members = grouped(by_mail(world), lambda row: (row["contact"],))
    contacts = alive(world, "contacts")
    counted = Counter(tier_of(row, members.get((row["id"],), [])) for row in contacts)
    return {(name,): {"contacts": counted[name], "share": ratio(counted[name], len(contacts))} for name in TIERS}


def tier_movement(world: World) -> Result:
    """Return how many contacts went from which tier to which in thirty days."""
    members = grouped(by_mail(world), lambda row: (row["contact"],))
    then = {
        row["id"]: tier_of(row, members.get((row["id"],), []), RECENTLY)
        for row in world.get("contacts_history", [])
        if row["_valid_from"] <= RECENTLY and (row["_valid_to"] is None or row["_valid_to"] > RECENTLY)
    }
    now = {row["id"]: tier_of(row, members.get((row["id"],), [])) for row in alive(world, "contacts")}
    ways = Counter(
        (then.get(key, "new"), now.get(key, "deleted")) for key in (then.keys() | now.keys() if then else ())
    )
    return {way: {"contacts": count} for way, count in ways.items()}


def list_health(world: World) -> Result:
    """Return how many each list has, and how that came about in thirty days."""
    found: Result = {}
    for row in alive(world, "lists"):
        members = members_of(world, row["id"])
        mine = [each for each in members if not each["_deleted_at"] and not each["person"]["_deleted_at"]]
        known = bool(world["contactLists"])
        active = row["active_subscribers"]
        if active is None and known:
            active = sum(each["status"] == 1 for each in mine)
        days = days_of_list(world, row["id"])
        recent = [each for day, each in days.items() if day > RECENTLY.date()]
        end = days[max(days)]["active"] if days else 0 if known else None
        reaches_back = known or any(day <= RECENTLY.date() for day in days)
        start = end - sum(each["net"] for each in recent) if end is not None and reaches_back else None
        moves = {name: sum(each[name] for each in recent) for name in MOVES} if known else None
        lost = moves["unsubscribed"] + moves["bounced"] + moves["deleted"] if moves else None
        found[row["id"],] = {
            "members": len(mine) if known else None,
            "reach": sum(each["status"] == 1 and not each["person"]["bounced_hard"] for each in mine)
            if known
            else None,
            "active": active,
            "active_at_start": start,
            "new": moves and moves["new"],
            "left_since": moves and moves["unsubscribed"],
            "bounced_since": moves and moves["bounced"],
            "deleted_since": moves and moves["deleted"],
            "inferred_since": moves and moves["inferred"],
            "list_growth_rate": None if start is None or end is None else ratio(end - start, start),
            "net_growth_of_total": ratio(moves["new"] - moves["unsubscribed"], active) if moves else None,
            "churn_rate": ratio(lost, start),
        }
    return found
