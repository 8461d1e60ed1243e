"""The campaigns: two years of newsletters, tests, automations, and one that went wrong."""

from bisect import bisect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from acflow.sandbox import clock
from acflow.sandbox.filters import Item
from acflow.sandbox.rows import campaign
from acflow.sandbox.worlds.dice import Dice

WEEKS = 104
BAD_WEEK = 61  # a bought list was mailed
SKIPPED_WEEKS = 9  # every ninth week has no newsletter
SPLIT_WEEKS = 13
LAUNCH_WEEKS = 6
TOPICS = ("First flush", "Iced tea", "Oolong", "Chai", "Tea and books", "Herb garden", "Brewing guide", "Winter spices")
SEASON = {1: 1.04, 2: 1.02, 6: 0.95, 7: 0.88, 8: 0.9, 11: 1.06, 12: 0.97}  # how well mail is opened, by month
AUTOMATIONS = (
    *("Welcome 1: hello", "Welcome 2: how to brew", "Welcome 3: first order", "Abandoned basket", "Review request"),
    *("Refill reminder", "Win back 1", "Win back 2"),
)
RESPONDERS = ("Recipe booklet", "Wholesale price list", "Event ticket")
DRAFTS = ("Spring catalogue", "Loyalty programme", "Untitled", "Copy of Chai")


@dataclass(frozen=True, slots=True)
class Mailing:
    """How one mailing did."""

    sent: int
    open_rate: float = 0.38
    click_rate: float = 0.1  # of those who opened
    hard: float = 0.0012
    soft: float = 0.004
    leave: float = 0.0022


def counters(random: Dice, mailing: Mailing) -> dict[str, str]:
    """Return the counters of a mailing, consistent with each other."""
    hard, soft = round(mailing.sent * mailing.hard), round(mailing.sent * mailing.soft * random.uniform(0.5, 1.5))
    delivered = mailing.sent - hard - soft
    opened = round(delivered * min(0.9, mailing.open_rate * random.uniform(0.92, 1.08)))
    clicked = round(opened * mailing.click_rate * random.uniform(0.8, 1.2))
    verified = round(opened * random.uniform(0.55, 0.68))
    links = clicked + round(clicked * random.uniform(0.1, 0.4))
    replied, left = (
        round(delivered * 0.001 * random.random()),
        round(delivered * mailing.leave * random.uniform(0.6, 1.4)),
    )
    shared = round(delivered * 0.0008 * random.random())
    counts = {
        "send_amt": mailing.sent,
        "total_amt": mailing.sent,
        "hardbounces": hard,
        "softbounces": soft,
        "uniqueopens": opened,
        "opens": round(opened * random.uniform(1.3, 1.7)),
        "verified_unique_opens": max(verified, clicked),
        "verified_opens": max(round(verified * 1.4), clicked),
        "subscriberclicks": clicked,
        "uniquelinkclicks": links,
        "linkclicks": round(links * random.uniform(1.1, 1.4)),
        "unsubscribes": left,
        "unsubreasons": left // 5,
        "replies": replied,
        "uniquereplies": replied,
        "forwards": shared,
        "uniqueforwards": shared,
    }
    return {name: str(count) for name, count in counts.items()}


def campaigns(seed: int, now: datetime, crowd: Mapping[int, Item]) -> dict[int, Item]:
    """Return every campaign by id, in the order in which they were made."""
    random = Dice(f"campaigns {seed}")
    joined = sorted(
        when for item in crowd.values() if "1" in item.facts["lists"] and (when := clock.read(item.row["cdate"]))
    )
    made = [*_regular(random, now, joined), *_newsletters(random, now, joined), *_unsent(now)]
    made.sort(key=lambda given: str(clock.read(given["cdate"])))
    found: dict[int, Item] = {}
    key = 0
    for given in made:
        key += 1 if random.happens(0.9) else 2
        found[key] = Item(campaign(key, given))
    return found


def _readers(joined: list[datetime], when: datetime) -> int:
    """Return how many were on the newsletter then; some have left since."""
    return round(bisect(joined, when) * 0.95)


def _newsletters(random: Dice, now: datetime, joined: list[datetime]) -> Iterator[dict[str, Any]]:
    latest = now - timedelta(days=(now.weekday() - 1) % 7 + 7)  # Tuesday of last week
    for week in range(WEEKS):
        sent_at = (latest - timedelta(weeks=WEEKS - 1 - week)).replace(hour=15, minute=5)
        season = SEASON.get(sent_at.month, 1.0)
        readers = _readers(joined, sent_at)
        mailing = Mailing(readers, 0.38 * season)
        if week == BAD_WEEK:
            bad = Mailing(round(readers * 1.4), open_rate=0.13, click_rate=0.04, hard=0.061, soft=0.03, leave=0.021)
            yield _sent(random, "Partner offer: kettles", "single", sent_at, bad)
        elif week % SPLIT_WEEKS == 0:
            yield _sent(random, f"Subject test {week // SPLIT_WEEKS + 1}", "split", sent_at, mailing)
        elif week % SKIPPED_WEEKS:
            name = f"{TOPICS[week % len(TOPICS)]}, {sent_at:%d %b %Y}"
            yield _sent(random, name, "single", sent_at, mailing)
        if week % LAUNCH_WEEKS == 0:
            few = Mailing(max(1, readers // 6), 0.47 * season, 0.16)
            yield _sent(random, f"For shops: {TOPICS[week % 7]}", "single", sent_at + timedelta(days=2), few)


def _sent(random: Dice, name: str, kind: str, sent_at: datetime, mailing: Mailing) -> dict[str, Any]:
    made = sent_at - timedelta(days=random.randint(1, 6), minutes=random.randint(0, 600))
    done = sent_at + timedelta(seconds=120 + mailing.sent // 8)
    return {
        "name": name,
        "type": kind,
        "status": "5",
        "userid": str(random.choice((1, 1, 2))),
        "cdate": clock.stamp(made),
        "mdate": clock.stamp(sent_at - timedelta(minutes=random.randint(2, 90))),
        "sdate": clock.stamp(sent_at),
        "ldate": clock.stamp(done),
        "updated_timestamp": clock.digits(done + timedelta(days=3)),  # the counters' last move; mdate stays
        "split_content": "1" if kind == "split" else "0",
        "numberOfMessages": "2" if kind == "split" else "1",
        "statusToolTip": "This campaign has been sent.",
        **counters(random, mailing),
    }


def _regular(random: Dice, now: datetime, joined: list[datetime]) -> Iterator[dict[str, Any]]:
    """Yield what sends itself: automations' mails, responders, a digest, a birthday greeting."""
    for number, name in enumerate(AUTOMATIONS, start=1):
        total = len(joined) * random.randint(10, 60) // 100
        given = _sent(random, name, "single", now - timedelta(days=700 - 30 * number), Mailing(total, 0.52, 0.18))
        tip = "This campaign is sent when a contact gets to it in an automation."
        automation = {"status": "1", "seriesid": str(number), "segmentid": str(12 + number), "statusToolTip": tip}
        yield {**given, **automation, "ldate": clock.stamp(now - timedelta(hours=number * 5))}
    for number, name in enumerate(RESPONDERS):
        given = _sent(
            random, name, "responder", now - timedelta(days=650 - number), Mailing(180 + 70 * number, 0.6, 0.3)
        )
        yield {**given, "send_amt": "0", "status": "1", "ldate": clock.stamp(now - timedelta(hours=9 + number))}
    for kind, name, total in (("recurring", "Monthly catalogue", 14_200), ("reminder", "Birthday voucher", 1_130)):
        given = _sent(random, name, kind, now - timedelta(days=720), Mailing(total, 0.34))
        yield {**given, "status": "1", "willrecur": "1", "ldate": clock.stamp(now - timedelta(days=9))}


def _unsent(now: datetime) -> Iterator[dict[str, Any]]:
    for number, name in enumerate(DRAFTS):
        yield {"name": name, "cdate": clock.stamp(now - timedelta(days=200 - 60 * number)), "status": "0"}
    soon = {"sdate": clock.stamp(now + timedelta(days=3)), "status": "1"}
    yield {"name": "Advent calendar", "cdate": clock.stamp(now - timedelta(days=1)), **soon}
