"""The deals: how each went through its pipeline, and what is left of that in its row.

Tasting in the wholesale pipeline is stuck since spring, hospitality loses most of its deals, Japan pays in yen, and the
four who sell are not equally good at it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import log

from activecampaign_sandbox.worlds.dice import Dice
from activecampaign_sandbox.worlds.small.names import FIRMS
from activecampaign_sandbox.worlds.small.people import DAY, TRADE_FORMS, Person
from activecampaign_sandbox.worlds.small.sales import PIPELINES, stage_key

YEARS = 730 * DAY
# For each stage of each pipeline: the usual days in it, and the share of deals that get on to the next.
PACES = (
    ((6, 0.86), (19, 0.82), (21, 0.8), (14, 0.8), (21, 0.92)),
    ((8, 0.72), (16, 0.62), (38, 0.5), (13, 0.6)),
    ((8, 0.84), (24, 0.8), (40, 0.74), (16, 0.8), (26, 0.9)),
    ((9, 0.85), (28, 0.85), (45, 0.8), (21, 0.9)),
)
OFTEN = (60, 30, 22, 7)
STUCK_PIPELINE, STUCK_POSITION, STUCK_FOR = 0, 2, 165 * DAY
# Who sells: how often each gets a deal, how good they are, how slow. The last left the company long ago.
SELLERS = {2: (4, 1.7, 0.8), 3: (3, 1.0, 1.0), 4: (2, 0.85, 1.1), 5: (2, 0.5, 1.5)}
LEFT_SELLER = 9  # no user of that id is there any more
THROUGH_A_FORM = 0.55  # of those who ask by a form for shops, those who get a deal at once
ORPHANS = 3  # of the oldest deals, so many still belong to that seller, and so many more to a contact deleted since
SKIPS, RETURNS = 0.05, 0.03
LOSING = 1.4  # a deal that is lost in a stage was in it so much longer
PRODUCTS = (
    "autumn assortment",
    "house blend",
    "tea bar",
    "gift boxes",
    "monthly supply",
    "tasting set",
    "herbal range",
)
VALUES = ((7.7, 0.8), (6.9, 0.7), (8.2, 0.7), (12.6, 0.6))  # of the logarithm, in major units
MINOR = {"usd": 100, "eur": 100, "jpy": 1}
ROUNDED = {"usd": 10, "eur": 10, "jpy": 1_000}
WHALES = 0.015
OPEN, WON, LOST = "0", "1", "2"
LIMITED_SHARE = 0.03


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal: when it got into which stage, by position, and how it ended."""

    key: int
    created: datetime
    pipeline: int
    path: tuple[tuple[int, datetime], ...]
    status: str
    closed: datetime | None
    owner: int
    buyer: int
    firm: int
    value: int  # in minor units
    title: str
    limited: bool
    form: int = 0  # that made it

    @property
    def stage(self) -> int:
        """Return the id of the stage in which it stands, or stood at its end."""
        return stage_key(self.pipeline, self.path[-1][0])

    @property
    def currency(self) -> str:
        """Return that of its pipeline."""
        return PIPELINES[self.pipeline][1]

    @property
    def moved(self) -> datetime:
        """Return when it last went on or ended."""
        return self.closed or self.path[-1][1]


def deals(seed: int, now: datetime, crowd: Sequence[Person], count: int) -> list[Deal]:
    """Return two years of deals in the order of their ids, which have gaps."""
    random = Dice(f"deals {seed}")
    created = sorted((now - YEARS * (1 - random.random() ** 0.65)).replace(microsecond=0) for _ in range(count))
    buyers = _buyers(random, crowd, created)
    found: list[Deal] = []
    key = 0
    for when, (buyer, form) in zip(created, buyers, strict=True):
        key += 1 if random.happens(0.93) else random.randint(2, 9)
        found.append(replace(_deal(random, key, when, buyer, now), form=form))
    return _orphaned(found, crowd)


def _buyers(
    random: Dice,
    crowd: Sequence[Person],
    created: Sequence[datetime],
) -> Iterator[tuple[Person | None, int]]:
    """Give each deal a contact who was there already: one who just asked, by a form, or somebody of a firm."""
    asking = [person for person in crowd if person.form in TRADE_FORMS and random.happens(THROUGH_A_FORM)]
    firms = [person for person in crowd if person.firm and not person.bought] or list(crowd)
    asked: set[int] = set()
    for when in created:
        fresh = [one for one in asking if one.key not in asked and timedelta() < when - one.created < 20 * DAY]
        known = [one for one in firms if one.created < when] or firms
        if fresh:
            asked.add(fresh[0].key)
            yield fresh[0], fresh[0].form
        else:
            yield random.choice(known) if known else None, 0


def _deal(random: Dice, key: int, created: datetime, buyer: Person | None, now: datetime) -> Deal:
    pipeline = random.choices(range(len(PIPELINES)), OFTEN)[0]
    owner = random.choices(list(SELLERS), [often for often, _, _ in SELLERS.values()])[0]
    path, status, closed = _path(random, pipeline, owner, created, now)
    firm = buyer.firm if buyer else 0
    product = random.choice(PRODUCTS)
    return Deal(
        key,
        created,
        pipeline,
        tuple(path),
        status,
        closed,
        owner,
        buyer.key if buyer else 0,
        firm,
        _value(random, pipeline),
        f"{FIRMS[firm - 1]}, {product}" if firm else product,
        random.happens(LIMITED_SHARE),
    )


def _path(
    random: Dice,
    pipeline: int,
    owner: int,
    created: datetime,
    now: datetime,
) -> tuple[list[tuple[int, datetime]], str, datetime | None]:
    """Return the stages with the dates of entry, the status, and the end if there was one."""
    _, skill, slowness = SELLERS[owner]
    last = len(PACES[pipeline]) - 1
    path, at = [(0, created)], created
    while True:
        position = path[-1][0]
        days, passes = PACES[pipeline][position]
        passed = random.happens(passes ** (1 / skill))
        stay = DAY * random.lognormvariate(log(days), 0.55) * slowness * (1 if passed else LOSING)
        stuck = (pipeline, position) == (STUCK_PIPELINE, STUCK_POSITION) and at > now - STUCK_FOR
        at = (at + stay).replace(microsecond=0)
        if stuck or at >= now:
            return path, OPEN, None
        if not passed:
            return path, LOST, at
        if position == last:
            return path, WON, at
        path.append((_next(random, position, last), at))


def _next(random: Dice, position: int, last: int) -> int:
    if position and random.happens(RETURNS):
        return position - 1
    return min(last, position + 2 if random.happens(SKIPS) else position + 1)


def _value(random: Dice, pipeline: int) -> int:
    currency = PIPELINES[pipeline][1]
    middle, spread = VALUES[pipeline]
    major = random.lognormvariate(middle, spread) * (9 if random.happens(WHALES) else 1)
    step = ROUNDED[currency]
    return max(step, round(major / step) * step) * MINOR[currency]


def _orphaned(found: Sequence[Deal], crowd: Sequence[Person]) -> list[Deal]:
    """Leave some of the oldest deals, of those that can be seen, with a seller or a contact that is gone."""
    keys = {person.key for person in crowd}
    gone = next((key for key in range(1, max(keys, default=0)) if key not in keys), 0)
    seen = [one.key for one in found if not one.limited]
    sellers, contacts = seen[:ORPHANS], seen[ORPHANS : 2 * ORPHANS] if gone else ()
    return [
        replace(
            one,
            owner=LEFT_SELLER if one.key in sellers else one.owner,
            buyer=gone if one.key in contacts else one.buyer,
        )
        for one in found
    ]
