"""What was mailed, to whom and when: a weekly letter, letters to each list, and what the seasons ask for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from activecampaign_sandbox.worlds.small import people as lists
from activecampaign_sandbox.worlds.small.people import BOUGHT_AGO, DAY

WEEKS = 104
SKIPPED_WEEKS = 9  # every ninth week has no newsletter
SPLIT_WEEKS = 13
UNTRACKED_WEEK, WITHOUT_LINKS_WEEK, STOPPED_WEEK = 30, 47, 77
TOPICS = ("First flush", "Iced tea", "Oolong", "Chai", "Tea and books", "Herb garden", "Brewing guide", "Winter spices")
SEASON = {1: 1.04, 2: 1.02, 6: 0.95, 7: 0.86, 8: 0.88, 11: 1.06, 12: 0.97}  # how well mail is opened, by month
HERBAL, GREEN, GIFTS, VIP = 6, 7, 9, 12  # segments that are mailed
LETTERS = (
    # name, lists, segment, weeks between two, appeal, share of readers who click
    ("For shops: {topic}, {month}", (lists.WHOLESALE, lists.CAFES), 0, 6, 1.3, 0.16),
    ("Recipe: {topic}, {month}", (lists.RECIPES,), 0, 4, 1.1, 0.2),
    ("Blog digest, {date}", (lists.BLOG,), 0, 4, 0.55, 0.05),
    ("Tea of the month, {date}", (lists.MONTHLY,), 0, 4, 1.35, 0.14),
    ("Open house, {month}", (lists.EVENTS,), 0, 13, 1.2, 0.22),
    ("Brewing webinar, {month}", (lists.WEBINARS,), 0, 9, 1.1, 0.25),
    ("From our Lisbon shop, {month}", (lists.EUROPE,), 0, 8, 1.0, 0.09),
    ("Two questions, {month}", (lists.SURVEYS,), 0, 26, 0.9, 0.35),
    ("Herbs, {month}", (lists.NEWSLETTER,), HERBAL, 17, 1.25, 0.13),
    ("Green tea harvest, {month}", (lists.NEWSLETTER,), GREEN, 26, 1.3, 0.15),
    ("Tasting for our best customers, {month}", (lists.NEWSLETTER, lists.CUSTOMERS), VIP, 13, 1.5, 0.28),
    ("Test, please ignore", (lists.TEST,), 0, 20, 2.0, 0.3),
)
CHRISTMAS = (  # month, day, name, appeal, clicks
    (11, 14, "Gift guide {year}", 1.1, 0.17),
    (11, 27, "Black tea Friday {year}", 1.2, 0.24),
    (12, 5, "Advent calendar {year}: the first doors", 1.15, 0.19),
    (12, 14, "Last orders before Christmas {year}", 1.25, 0.26),
)
MOTHERS_DAY = ((16, "For Mother's Day {year}", 1.1, 0.18), (9, "Flowers fade, tea stays {year}", 1.15, 0.2))
LAST_CALL = (4, "Mother's Day {year}: ships today", 1.2, 0.23)


@dataclass(frozen=True, slots=True)
class Mailing:
    """One campaign that is sent once."""

    name: str
    sent_at: datetime
    lists: tuple[int, ...]
    kind: str = "single"
    segment: int = 0
    appeal: float = 1.0  # times the person's own keenness
    clicks: float = 0.1
    leaves: float = 0.006  # of those who opened
    opens_tracked: bool = True
    links_tracked: bool = True
    stopped: bool = False


def mailings(now: datetime) -> list[Mailing]:
    """Return two years of mailings in the order in which they were sent."""
    found = [*_newsletters(now), *_letters(now), *_seasonal(now)]
    return sorted(
        (one for one in found if now - timedelta(weeks=WEEKS + 1) < one.sent_at < now - DAY),
        key=lambda one: (one.sent_at, one.name),
    )


def _newsletters(now: datetime) -> Iterator[Mailing]:
    latest = _at(now - timedelta(days=(now.weekday() - 1) % 7), 15)  # Tuesday
    bad = now - BOUGHT_AGO
    for week in range(WEEKS):
        sent_at = latest - timedelta(weeks=WEEKS - 1 - week)
        name = f"{TOPICS[week % len(TOPICS)]}, {sent_at:%d %b %Y}"
        appeal = SEASON.get(sent_at.month, 1.0)
        to = (lists.NEWSLETTER,)
        if bad < sent_at < bad + 7 * DAY:
            everyone = (lists.NEWSLETTER, lists.BOUGHT)
            yield Mailing("Partner offer: kettles", sent_at, everyone, appeal=0.4, clicks=0.04, leaves=0.28)
        elif week % SPLIT_WEEKS == 0:
            yield Mailing(f"Subject test {week // SPLIT_WEEKS + 1}", sent_at, to, "split", appeal=appeal * 1.05)
        elif week == UNTRACKED_WEEK:
            yield Mailing("A letter in plain text", sent_at, to, appeal=appeal, opens_tracked=False)
        elif week == WITHOUT_LINKS_WEEK:
            yield Mailing("We are moving house", sent_at, to, appeal=appeal, links_tracked=False)
        elif week == STOPPED_WEEK:
            yield Mailing("Iced tea, with the wrong price", sent_at, to, appeal=appeal, stopped=True)
        elif week % SKIPPED_WEEKS:
            yield Mailing(name, sent_at, to, appeal=appeal, clicks=0.13 if sent_at.month in {11, 12} else 0.1)


def _letters(now: datetime) -> Iterator[Mailing]:
    for place, (name, to, segment, every, appeal, clicks) in enumerate(LETTERS):
        newest = _at(now - timedelta(days=(now.weekday() - 3) % 7 + 7 + 7 * (place % 4)), 9 + place % 5)
        for nth in range(WEEKS // every):
            sent_at = newest - timedelta(weeks=every * nth)
            topic = TOPICS[(nth * 3 + place) % len(TOPICS)]
            said = name.format(topic=topic, date=f"{sent_at:%d %b %Y}", month=f"{sent_at:%b %Y}")
            season = SEASON.get(sent_at.month, 1.0)
            yield Mailing(said, sent_at, to, segment=segment, appeal=appeal * season, clicks=clicks)


def _seasonal(now: datetime) -> Iterator[Mailing]:
    to = (lists.NEWSLETTER, lists.CUSTOMERS)
    for year in range(now.year - 2, now.year + 1):
        for month, day, name, appeal, clicks in CHRISTMAS:
            sent_at = datetime(year, month, day, 8, 30, tzinfo=UTC)
            yield Mailing(name.format(year=year), sent_at, to, appeal=appeal, clicks=clicks)
        sunday = mothers_day(year)
        for days, name, appeal, clicks in MOTHERS_DAY:
            sent_at = sunday - days * DAY + timedelta(hours=8)
            yield Mailing(name.format(year=year), sent_at, to, appeal=appeal, clicks=clicks)
        days, name, appeal, clicks = LAST_CALL
        sent_at = sunday - days * DAY + timedelta(hours=14)
        yield Mailing(name.format(year=year), sent_at, to, segment=GIFTS, appeal=appeal, clicks=clicks)


def mothers_day(year: int) -> datetime:
    """Return the second Sunday of May."""
    first = datetime(year, 5, 1, tzinfo=UTC)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7)


def _at(day: datetime, hour: int) -> datetime:
    return day.replace(hour=hour, minute=5, second=0, microsecond=0)
