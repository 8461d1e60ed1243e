"""The people: three years of growth, with busy seasons, one bought list, and a list that nobody wants any more."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from activecampaign_sandbox.worlds.dice import Dice
from activecampaign_sandbox.worlds.small.names import FIRMS, FIRST, LAST, plain

ACTIVE, UNSUBSCRIBED, BOUNCED, UNCONFIRMED = "1", "2", "3", "0"
DAY = timedelta(days=1)
YEARS = 3 * 365 * DAY
HIGHEST_GAP = 40
BUSY = {5: 0.85, 7: 0.45, 8: 0.4, 11: 1.0, 12: 1.0}  # Mother's Day and Christmas bring people, summer does not
USUALLY = 0.6

NEWSLETTER, WHOLESALE, CUSTOMERS, MONTHLY, RECIPES, BLOG, EVENTS, WEBINARS, CAFES, EUROPE, SURVEYS, TEST, BOUGHT = (
    range(1, 14)
)
# Share of the people on each list, and of those who leave it other than by a link in a mail.
JOINS = {
    NEWSLETTER: 0.82,
    WHOLESALE: 0.05,
    CUSTOMERS: 0.34,
    MONTHLY: 0.16,
    RECIPES: 0.25,
    BLOG: 0.26,
    EVENTS: 0.08,
    WEBINARS: 0.07,
    CAFES: 0.04,
    EUROPE: 0.13,
    SURVEYS: 0.05,
    TEST: 0.004,
}
LEAVES = 0.05
BLOG_LEAVES = 0.58
BLOG_ENDED = 420 * DAY  # before now: since then nobody joins the blog's list and its readers go
BOUGHT_SHARE = 0.07
BOUGHT_AGO = 297 * DAY  # the day before the mailing that went wrong
# The list that each form subscribes to, how often it is used, and how many days ago it was made.
FORMS = (
    ("Newsletter footer", NEWSLETTER, 30, 1400),
    ("Homepage banner", NEWSLETTER, 24, 700),
    ("Wholesale enquiry", WHOLESALE, 7, 1400),
    ("Tea of the month sign-up", MONTHLY, 9, 900),
    ("Recipe download", RECIPES, 13, 800),
    ("Event registration", EVENTS, 6, 650),
    ("Café starter kit", CAFES, 5, 560),
    ("Contact us", 0, 4, 1400),
    ("Survey 2025", SURVEYS, 3, 480),
    ("Feedback", 0, 0, 30),
)
TRADE_FORMS = frozenset({3, 7})
TRADE_LISTS = frozenset({WHOLESALE, CAFES})
THROUGH_A_FORM = 0.6
TWICE, MANY = 2, 4  # orders
TASTES = ("Black", "Green", "Oolong", "Herbal", "Chai", "White")


@dataclass(slots=True)
class Membership:
    """One person's time on one list; `campaign` is the mailing in which they left."""

    since: datetime
    status: str = ACTIVE
    changed: datetime | None = None
    form: int = 0
    campaign: int = 0

    def end(self, status: str, when: datetime, campaign: int = 0) -> None:
        """Leave, or be taken off; what came first counts."""
        if self.changed is None or when < self.changed:
            self.status, self.changed, self.campaign = status, when, campaign


@dataclass(slots=True)
class Person:
    """One contact: who they are, what they like, and what mail has found out about them so far."""

    key: int
    created: datetime
    first: str
    last: str
    form: int = 0
    firm: int = 0  # place in FIRMS, from 1
    bought: bool = False
    keen: float = 0.3  # chance to open a mail in the first weeks
    proxied_since: datetime | None = None  # since then Apple fetches every picture
    orders: int = 0
    tastes: tuple[str, ...] = ()
    lists: dict[int, Membership] = field(default_factory=dict)
    sent: int = 0
    opened: datetime | None = None
    clicked: datetime | None = None
    fetched: datetime | None = None
    bounced: datetime | None = None
    soft: int = 0
    touched: list[datetime] = field(default_factory=list)  # what moved udate, besides the lists

    @property
    def name(self) -> str:
        """Return the local part of an address that nobody else has."""
        return f"{plain(self.first)}.{plain(self.last)}{self.key}"

    @property
    def mailable(self) -> bool:
        """Tell whether any list still has them."""
        return any(membership.status == ACTIVE for membership in self.lists.values())


def people(seed: int, now: datetime, count: int) -> list[Person]:
    """Return everyone by id; ids and dates grow together, with gaps where contacts were deleted."""
    random = Dice(f"people {seed}")
    bought = round(count * BOUGHT_SHARE)
    arrivals = [(created, False) for created in _arrivals(random, now, count - bought)]
    imported = now - BOUGHT_AGO
    arrivals += [(imported + timedelta(seconds=nth // 40), True) for nth in range(bought)]
    key = 0
    crowd: list[Person] = []
    for created, from_list in sorted(arrivals):
        key += 1 if random.happens(0.97) else random.randint(2, HIGHEST_GAP)
        person = Person(key, created, random.choice(FIRST), random.choice(LAST), bought=from_list)
        _character(random, person, now)
        _join(random, person, now)
        crowd.append(person)
    return crowd


def _arrivals(random: Dice, now: datetime, count: int) -> Iterator[datetime]:
    left = count
    while left > 0:
        created = now - YEARS * (1 - random.random() ** 0.7)
        if random.happens(BUSY.get(created.month, USUALLY)):
            left -= 1
            yield created.replace(microsecond=0)


def _character(random: Dice, person: Person, now: datetime) -> None:
    age = (now - person.created) / DAY
    person.keen = 0.06 if person.bought else 0.01 if random.happens(0.12) else random.betavariate(1.7, 2.6)
    if random.happens(0.5):  # has an Apple device; the proxy spread from year to year
        person.proxied_since = max(person.created, now - YEARS * random.random() ** 1.3 + 120 * DAY)
    person.tastes = tuple(taste for taste in TASTES if random.happens(0.3))
    if not person.bought and random.happens(0.42):
        person.orders = 1 + int(random.expovariate(1 / (0.4 + age / 400)))
    if not person.bought and random.happens(THROUGH_A_FORM):
        person.form = _form(random, age)
    if person.form in TRADE_FORMS or random.happens(0.16):
        person.firm = random.randrange(len(FIRMS)) + 1


def _form(random: Dice, age: float) -> int:
    weights = [weight if made > age else 0 for _, _, weight, made in FORMS]
    return random.choices(range(1, len(FORMS) + 1), weights)[0] if any(weights) else 0


def _join(random: Dice, person: Person, now: datetime) -> None:
    if person.bought:
        person.lists[BOUGHT] = Membership(person.created)
        return
    age = now - person.created
    target = FORMS[person.form - 1][1] if person.form else 0
    if target:
        person.lists[target] = Membership(person.created, form=person.form)
    for key, share in JOINS.items():
        wanted = 0.6 if key in TRADE_LISTS and person.firm else share
        if key in person.lists or not random.happens(wanted):
            continue
        since = person.created + age * random.random() ** 4
        if key == BLOG and since > now - BLOG_ENDED:
            continue
        person.lists[key] = Membership(since.replace(microsecond=0))
    for key, membership in person.lists.items():
        _fate(random, membership, now, LEAVES if key != BLOG else BLOG_LEAVES)


def _fate(random: Dice, membership: Membership, now: datetime, leaves: float) -> None:
    if random.happens(leaves):
        earliest = max(membership.since, now - BLOG_ENDED) if leaves == BLOG_LEAVES else membership.since
        left = earliest + (now - earliest) * random.random() ** 0.6
        membership.end(UNSUBSCRIBED, left.replace(microsecond=0))
    elif random.happens(0.015):
        membership.status = UNCONFIRMED


def in_segments(person: Person, now: datetime) -> list[int]:
    """Return the segments a person is in now, in the order of `house.SEGMENTS`."""
    seen = max((when for when in (person.opened, person.clicked) if when), default=None)
    rules = (
        seen is not None and now - seen < 30 * DAY,
        seen is not None and now - seen > 180 * DAY,
        person.orders == TWICE,
        person.orders == 1,
        WHOLESALE in person.lists and not person.orders,
        "Herbal" in person.tastes,
        "Green" in person.tastes,
        EUROPE in person.lists,
        person.orders >= TWICE and CUSTOMERS in person.lists,
        person.clicked is not None and not person.orders,
        bool(person.orders) and (seen is None or now - seen > 365 * DAY),
        person.orders >= MANY,
    )
    return [key for key, holds in enumerate(rules, start=1) if holds]
