"""Accounts made by dice: every table that reports read, with gaps, faults and history."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.reports.random_events import events
from tests.reports.report_harness import NOW, Row

World = Mapping[str, list[Row]]
CURRENCIES = ("usd", "eur", "jpy")
TYPES = ("single", "single", "split", "responder", "recurring")


def maybe(random: Random, share: float, value: Callable[[], Any]) -> Any:  # noqa: ANN401 - a value of any column
    """Return a value, or nothing in the rest of the cases."""
    return value() if random.random() < share else None


def before(random: Random, days: float) -> datetime:
    """Return an instant of the last days, in whole seconds."""
    return NOW - timedelta(seconds=random.randrange(int(days * 86400)))


def naive(moment: datetime | None) -> datetime | None:
    """Return the same moment without zone, as the API writes it in places."""
    return moment and moment.replace(tzinfo=None)


def counters(random: Random) -> Row:
    """Return the counters of a mailing, which need not make sense."""
    sent = random.choice((0, 0, random.randrange(1, 40), random.randrange(100, 5000)))
    opened = random.randrange(int(sent * 1.1) + 1)
    clicked = random.randrange(opened + 1)
    return {
        "send_amt": sent,
        "total_amt": random.choice((sent, sent + random.randrange(50), 0)),
        "uniqueopens": opened,
        "opens": opened + random.randrange(20),
        "verified_unique_opens": maybe(random, 0.8, lambda: opened // 2),
        "subscriberclicks": maybe(random, 0.8, lambda: clicked),
        "uniquelinkclicks": clicked + random.randrange(5),
        "linkclicks": clicked * 2,
        "hardbounces": random.randrange(sent // 20 + 1),
        "softbounces": maybe(random, 0.9, lambda: random.randrange(sent // 20 + 1)),
        "unsubscribes": random.randrange(5),
        "forwards": random.randrange(3),
        "replies": random.randrange(3),
    }


def campaign(random: Random, key: int) -> Row:
    """Return one campaign."""
    made = before(random, 200)
    return {
        "id": key,
        "name": f"Campaign {key}",
        "type": random.choice(TYPES),
        "status": random.choice((0, 1, 2, 5, 5, 5, 5, 7, None)),
        "seriesid": maybe(random, 0.2, lambda: 1),
        "_deleted_at": maybe(random, 0.05, lambda: before(random, 30)),
        "segmentid": maybe(random, 0.4, lambda: random.randrange(1, 7)),
        "userid": random.randrange(1, 5),
        "cdate": made,
        "sdate": maybe(random, 0.9, lambda: made + timedelta(hours=3)),
        "ldate": maybe(random, 0.7, lambda: made + timedelta(hours=random.randrange(3, 200))),
        "trackreads": random.random() < 0.9,
        "tracklinks": random.choice(("all", "all", "all", "none", None)),
        **counters(random),
    }


def message(random: Random) -> Row:
    """Return the counters of a message, which tells no verified opens."""
    return {name: value for name, value in counters(random).items() if name != "verified_unique_opens"}


def days_of(random: Random, found: list[Row]) -> list[Row]:
    """Return readings of the last days, in which counters rise to what they are now."""
    rows = []
    for each in found:
        for back in range(70, -1, -random.randrange(1, 4)):
            taken = NOW - timedelta(days=back, hours=random.randrange(5))
            if each["cdate"] > taken:
                continue
            share = 1 - back / 100
            risen = {name: value and int(value * share) for name, value in counters_of(each).items()}
            rows.append({"day": taken.date(), "_taken_at": taken, "id": each["id"], **risen})
    unique = {(row["day"], row["id"]): row for row in rows}
    return list(unique.values())


def counters_of(row: Row) -> Row:
    """Return the counters of a campaign alone."""
    return {name: row[name] for name in counters(Random(0))}


def contact(random: Random, key: int) -> Row:
    """Return one contact."""
    opened = maybe(random, 0.5, lambda: naive(before(random, 150)))
    return {
        "id": key,
        "email": random.choice((f"c{key}@example.com", f"C{key // 3}@example.com ", "", None)),
        "firstName": maybe(random, 0.7, lambda: random.choice(("Ada", "Émile", "bo"))),
        "lastName": maybe(random, 0.5, lambda: "Byron"),
        "orgid": maybe(random, 0.3, lambda: random.randrange(1, 4)),
        "cdate": before(random, 300),
        "udate": before(random, 50),
        "adate": maybe(random, 0.2, lambda: before(random, 100)),
        "last_open_date": opened,
        "last_mpp_open_date": random.choice((opened, None)),
        "last_click_date": maybe(random, 0.3, lambda: naive(before(random, 90))),
        "mpp_tracking": random.choice((True, False, None)),
        "bounced_hard": random.random() < 0.1,
        "bounced_date": maybe(random, 0.1, lambda: before(random, 60).date()),
        "deleted": random.random() < 0.05,
        "_deleted_at": maybe(random, 0.05, lambda: before(random, 60)),
    }


def membership(random: Random, key: int, contacts: int) -> Row:
    """Return one membership, now and then of somebody or something that is not there."""
    joined = before(random, 120)
    status = random.choice((0, 1, 1, 1, 2, 3))
    return {
        "id": key,
        "contact": random.randrange(1, contacts + 3),
        "list": random.randrange(1, 5),
        "status": status,
        "sdate": maybe(random, 0.9, lambda: joined),
        "udate": maybe(random, 0.9, lambda: joined + timedelta(days=random.randrange(20))) if status == 2 else None,
        "form": maybe(random, 0.4, lambda: random.randrange(1, 4)),
        "channel": random.choice((None, "email", "email", "sms")),
        "_deleted_at": maybe(random, 0.05, lambda: before(random, 30)),
    }


def deleted(random: Random, row: Row) -> Row:
    """Return a row that is gone from the account."""
    return {**row, "_deleted_at": before(random, 60)}


def deal(random: Random, key: int, contacts: int) -> Row:
    """Return one deal."""
    made = before(random, 500)
    pipeline = random.randrange(1, 3)
    amount = random.randrange(100, 100_000)
    return {
        "id": key,
        "title": f"Deal {key}",
        "isDisabled": random.random() < 0.05,
        "_deleted_at": maybe(random, 0.05, lambda: before(random, 30)),
        "status": random.choice((0, 0, 1, 2)),
        "currency": random.choice(CURRENCIES).upper() if key % 7 == 0 else random.choice(CURRENCIES),
        "value": amount * 100,
        "amount": maybe(random, 0.95, lambda: amount),
        "group": pipeline,
        "stage": random.choice((1, 2, 3) if pipeline == 1 else (4, 5, 9)),
        "owner": maybe(random, 0.9, lambda: random.randrange(1, 5)),
        "contact": maybe(random, 0.9, lambda: random.randrange(1, contacts + 5)),
        "account": maybe(random, 0.5, lambda: random.randrange(1, 4)),
        "percent": random.choice((0, 0, 20, 50, 90, 120, -5, None)),
        "winProbability": maybe(random, 0.4, lambda: random.randrange(-3, 104)),
        "cdate": made,
        "mdate": made + timedelta(days=random.randrange(30)),
        "edate": maybe(random, 0.7, lambda: naive(NOW + timedelta(days=random.randrange(-200, 90)))),
        "nextdate": maybe(random, 0.5, lambda: NOW + timedelta(days=random.randrange(-9, 20))),
        "activitycount": random.randrange(4),
    }


def history_of(random: Random, found: list[Row], versions: int) -> list[Row]:
    """Return versions of deals, the last of which is the row itself."""
    began, rows = NOW - timedelta(days=100), []
    for row in found:
        start = max(began, row["cdate"])
        moments = sorted({start, *(before(random, 95) for _ in range(random.randrange(versions)))} - {None})
        moments = [moment for moment in moments if moment >= start]
        for place, moment in enumerate(moments):
            last = place == len(moments) - 1
            older = {
                "status": 0,
                "stage": random.choice((1, 2, 3) if row["group"] == 1 else (4, 5)),
                "edate": maybe(random, 0.7, lambda: naive(NOW + timedelta(days=random.randrange(-100, 60)))),
            }
            ends = row["_deleted_at"] if last else moments[place + 1]
            rows.append({**row, **({} if last else older), "_valid_from": moment, "_valid_to": ends})
    return [{name: value for name, value in row.items() if name != "_deleted_at"} for row in rows]


def activities_of(random: Random, found: list[Row]) -> list[Row]:
    """Return the log of some deals: moves between stages, and their end."""
    rows: list[Row] = []
    for row in found:
        if random.random() < 0.4:
            continue
        moment, stage = row["cdate"], random.randrange(1, 4)
        for _ in range(random.randrange(4)):
            moment += timedelta(days=random.randrange(1, 20))
            new = random.randrange(1, 4)
            step = {"dataType": "d_stageid", "dataAction": str(new), "dataOldval": str(stage), "stage": new}
            rows.append({"deal": row["id"], "cdate": moment, **step})
            stage = new
        if row["status"]:
            end = {"dataType": "status", "dataAction": str(row["status"]), "dataOldval": "0"}
            rows.append({"deal": row["id"], "cdate": moment + timedelta(days=2), **end})
    return [{"id": place, **row} for place, row in enumerate(rows, start=1)]


def make(seed: int, *, size: int = 30, history: bool = True, log: bool = True) -> World:
    """Return a world of that many contacts, deals and campaigns."""
    random = Random(seed)
    contacts = [contact(random, key) for key in range(1, size + 1)]
    campaigns = [campaign(random, key) for key in range(1, size + 1)]
    deals = [deal(random, key, size) for key in range(1, size + 1)]
    stages = [(1, 1, 1), (2, 1, 2), (3, 1, 3), (4, 2, 1), (5, 2, 1)]
    world: dict[str, list[Row]] = {
        "contacts": contacts,
        "campaigns": campaigns,
        "deals": deals,
        "lists": [{"id": key, "name": f"List {key}", "active_subscribers": (None, 9, 0)[key - 1]} for key in (1, 2, 3)],
        "segments": [{"id": key, "name": f"Segment {key}", "hidden": key == 3} for key in (1, 2, 3, 4)],
        "forms": [{"id": key, "name": f"Form {key}", "entries": 9, "contacts": key, "deals": key} for key in (1, 2)],
        "users": [{"id": key, "username": f"user{key}", "firstName": "Üte" if key == 1 else ""} for key in (1, 2, 3)],
        "accounts": [{"id": key, "name": f"Firm {key}"} for key in (1, 2)],
        "dealGroups": [{"id": 1, "title": "Wholesale"}, {"id": 2, "title": "europe"}],
        "dealStages": [{"id": key, "title": f"Stage {key}", "group": of, "order": order} for key, of, order in stages],
        "contactLists": [membership(random, key, size) for key in range(1, 2 * size + 1)],
        "contactLists_deleted": [
            deleted(random, membership(random, 1000 + key, size + size // 5)) for key in range(size // 2)
        ],
        "contacts_deleted": [deleted(random, contact(random, size + key)) for key in range(1, size // 5)],
        "_readings": [
            {"entity": name, "read_at": NOW - timedelta(hours=random.choice((0, 1, 30)))}
            for name in ("contacts", "deals", "users", "dealGroups", "segments")
        ],
        "campaignLists": [
            {"id": key, "campaign": random.randrange(1, size + 1), "list": random.randrange(1, 5)}
            for key in range(1, size + 1)
        ],
        "campaignMessages": [
            {"id": key, "campaign": 1 + key % (size + 1), "message": key, "percentage": 50, **message(random)}
            for key in range(1, 2 * size + 1)
        ],
        "deals_custom": [
            {"id": each["id"], "forecasted_close_date": naive(NOW + timedelta(days=random.randrange(-20, 90)))}
            for each in deals
            if random.random() < 0.2
        ],
        "_rejects": [{"entity": "deals", "id": 3, "field": "value", "raw": "?", "run": "r"}],
    }
    if history:
        world["deals_history"] = history_of(random, deals, 4)
        world["campaigns_daily"] = days_of(random, campaigns)
        world["lists_daily"] = [
            {
                "day": (NOW - timedelta(days=back)).date(),
                "_taken_at": NOW - timedelta(days=back),
                "id": key,
                "active_subscribers": random.randrange(20),
            }
            for key in (1, 2)
            for back in range(0, 50, 3)
        ]
        world["contacts_history"] = [
            {
                **{name: value for name, value in contact(random, each["id"]).items() if name != "_deleted_at"},
                "_valid_from": each["cdate"],
                "_valid_to": None,
            }
            for each in contacts
        ]
    if log:
        world["dealActivities"] = activities_of(random, deals)
        brought = {(random.randrange(1, 4), random.randrange(1, size + 5)) for _ in range(size)}
        world["formContacts"] = [{"id": f * 10**12 + c, "form": f, "contact": c} for f, c in sorted(brought)]
    return world | events(seed, contacts, campaigns)
