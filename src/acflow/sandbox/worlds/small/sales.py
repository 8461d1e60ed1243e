"""The deals: three pipelines, two currencies, and a few deals that the key's user may not see."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from acflow.sandbox import clock
from acflow.sandbox.filters import Item
from acflow.sandbox.rows import deal, deal_group, deal_stage
from acflow.sandbox.worlds.dice import Dice
from acflow.sandbox.worlds.small.names import FIRMS

PIPELINES = (
    ("Wholesale", "usd", ("Enquiry", "Samples sent", "Tasting", "Quote", "Contract")),
    ("Hospitality", "usd", ("Enquiry", "Visit", "Trial month", "Quote")),
    ("Europe", "eur", ("Enquiry", "Samples sent", "Distributor check", "Quote", "Contract")),
)
CHANCES = (15, 30, 50, 70, 90)
PRODUCTS = (
    "autumn assortment",
    "house blend",
    "tea bar",
    "gift boxes",
    "monthly supply",
    "tasting set",
    "herbal range",
)
OPEN, WON, LOST = "0", "1", "2"
LIMITED_SHARE = 0.03
FUTURE_CLOCK = timedelta(hours=5)  # pipelines and stages write a UTC clock with the account's offset


def stage_key(pipeline: int, position: int) -> int:
    """Return the id of a stage."""
    return 1 + position + sum(len(stages) for _, _, stages in PIPELINES[:pipeline])


def pipelines(now: datetime) -> dict[int, Item]:
    """Return the pipelines; their `udate` lies in the future, as recorded."""
    created = clock.stamp(now - timedelta(days=1000))
    return {
        key: Item(
            deal_group(
                key,
                {
                    "title": title,
                    "currency": currency,
                    "cdate": created,
                    "udate": clock.stamp(now + FUTURE_CLOCK - timedelta(minutes=3)),
                    "stages": [str(stage_key(key - 1, position)) for position in range(len(stages))],
                },
            ),
        )
        for key, (title, currency, stages) in enumerate(PIPELINES, start=1)
    }


def stages() -> dict[int, Item]:
    """Return the stages of all pipelines."""
    found: dict[int, Item] = {}
    for pipeline, (_, _, titles) in enumerate(PIPELINES):
        for position, title in enumerate(titles):
            key = stage_key(pipeline, position)
            given = {"title": title, "order": str(position + 1), "group": str(pipeline + 1)}
            found[key] = Item(deal_stage(key, given))
    return found


def deals(seed: int, now: datetime, crowd: Mapping[int, Item], count: int) -> dict[int, Item]:
    """Return two years of deals by id, with gaps."""
    random = Dice(f"deals {seed}")
    buyers = [key for key, item in crowd.items() if item.row["orgid"] != "0"] or list(crowd)
    created = sorted(now - timedelta(days=730) * (1 - random.random() ** 0.8) for _ in range(count))
    found: dict[int, Item] = {}
    key = 0
    for when in created:
        key += 1 if random.happens(0.93) else random.randint(2, 9)
        buyer = random.choice(buyers) if buyers else 0
        organization = crowd[buyer].row["orgid"] if buyer else "0"
        given = _deal(random, when.replace(microsecond=0), now)
        given |= {"contact": str(buyer), "organization": organization, "account": organization}
        product = random.choice(PRODUCTS)
        given["title"] = product if organization == "0" else f"{FIRMS[int(organization) - 1]}, {product}"
        if random.happens(LIMITED_SHARE):
            hidden = {"value": given["value"], "currency": given["currency"]}
            found[key] = Item(deal(key, {**given, "isDisabled": True}), hidden)
        else:
            found[key] = Item(deal(key, given))
    return found


def _deal(random: Dice, created: datetime, now: datetime) -> dict[str, Any]:
    pipeline = random.choices((0, 1, 2), weights=(6, 3, 2))[0]
    _, currency, titles = PIPELINES[pipeline]
    cycle = timedelta(days=min(240.0, random.lognormvariate(4.3, 0.6)))
    closed = created + cycle
    status = OPEN if closed > now else WON if random.happens(0.36) else LOST
    position = len(titles) - 1 if status == WON else random.randrange(len(titles))
    cents = round(random.lognormvariate(7.6, 0.9)) * 100
    return {
        "group": str(pipeline + 1),
        "stage": str(stage_key(pipeline, position)),
        "owner": str(random.choices((2, 3, 4, 5), weights=(4, 3, 2, 2))[0]),
        "description": "Asked at the trade fair." if random.happens(0.2) else "",
        "percent": str(CHANCES[position]) if random.happens(0.7) else "0",
        "value": str(cents),
        "currency": currency,
        "status": status,
        "cdate": clock.stamp(created),
        "activitycount": str(random.randint(0, 3 + 2 * position)),
        **_dates(random, created, closed, now, status),
    }


def _dates(random: Dice, created: datetime, closed: datetime, now: datetime, status: str) -> dict[str, Any]:
    """Return the dates that a deal's life has set, and the chance the machine gives it."""
    if status != OPEN:
        closed_on = clock.digits(closed) if random.happens(0.8) else clock.ZERO_TIME
        return {"mdate": clock.stamp(closed), "edate": closed_on, "nexttaskid": "0", "nextTask": None}
    changed = created + (now - created) * random.random()
    given: dict[str, Any] = {"mdate": clock.stamp(changed)}
    if random.happens(0.7):
        expected = now + timedelta(days=random.gauss(25, 30))
        given["edate"] = clock.digits(expected.replace(hour=12, minute=0, second=0, microsecond=0))
    if random.happens(0.5):
        task, due = str(random.randint(1, 900)), now + timedelta(days=random.gauss(4, 8))
        given |= {"nextdate": clock.stamp(due), "nexttaskid": task, "nextTask": task}
    if random.happens(0.7):
        given |= {"winProbability": random.randint(5, 95), "winProbabilityMdate": clock.stamp(now - timedelta(days=1))}
    return given
