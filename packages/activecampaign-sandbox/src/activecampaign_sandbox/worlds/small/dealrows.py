"""The rows of deals, with their custom fields."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.filters import Item
from activecampaign_sandbox.limits import hidden
from activecampaign_sandbox.rows import deal
from activecampaign_sandbox.worlds.dice import Dice
from activecampaign_sandbox.worlds.small.deals import MINOR, OPEN, PACES, Deal
from activecampaign_sandbox.worlds.small.desk import Desk
from activecampaign_sandbox.worlds.small.people import DAY

Given = dict[int, dict[str, Any]]
CHANCES = (15, 30, 50, 70, 90)
FORECAST, DISCOUNT, COMPETITOR, SAMPLES, BUDGET, WANTS, TERMS = range(1, 8)
COMPETITORS = ("None known", "Brass Kettle", "Nordleaf", "Their own blend")
META = (
    ("Forecasted Close Date", "date", None),
    ("Discount in percent", "number", None),
    ("Competitor", "dropdown", COMPETITORS),
    ("Samples sent", "checkbox", ("Black", "Green", "Herbal")),
    ("Yearly budget", "currency", None),
    ("Wants", "multiselect", ("Training", "Cups", "Display", "Own label")),
    ("Payment terms", "text", None),
)


def deal_items(random: Dice, found: Sequence[Deal], desk: Mapping[int, Desk], now: datetime) -> dict[int, Item]:
    """Return deals by id; of limited ones the account keeps value and currency to itself."""
    items: dict[int, Item] = {}
    for one in found:
        given = _deal(random, one, desk[one.key], now)
        item = Item(deal(one.key, given))
        items[one.key] = hidden(item) if one.limited else item
    return items


def _deal(random: Dice, one: Deal, desk: Desk, now: datetime) -> dict[str, Any]:
    firm = str(one.firm)
    changed = max([one.moved, *(when for when in desk.times if when < now)])
    given = {
        "title": one.title,
        "group": str(one.pipeline + 1),
        "stage": str(one.stage),
        "owner": str(one.owner),
        "contact": str(one.buyer),
        "organization": firm,
        "account": firm,
        "description": "Asked at the trade fair." if random.happens(0.2) else "",
        "percent": str(CHANCES[one.path[-1][0]]) if random.happens(0.7) else "0",
        "value": str(one.value),
        "currency": one.currency,
        "status": one.status,
        "cdate": clock.stamp(one.created),
        "mdate": clock.stamp(changed),
        "activitycount": str(len(desk.times)),
    }
    return given | (_coming(random, one, desk, now) if one.status == OPEN else _ended(random, one))


def _ended(random: Dice, one: Deal) -> dict[str, Any]:
    closed = clock.digits(one.closed) if one.closed and random.happens(0.8) else clock.ZERO_TIME
    return {"edate": closed, "nexttaskid": "0", "nextTask": None}


def _coming(random: Dice, one: Deal, desk: Desk, now: datetime) -> dict[str, Any]:
    """Return what is expected of an open deal; three in ten have no date, and those that are stuck are overdue."""
    given: dict[str, Any] = {}
    if random.happens(0.7):
        given["edate"] = clock.digits(_noon(expected(random, one)))
    if desk.next_task:
        key, due = desk.next_task
        given |= {"nextdate": clock.stamp(due), "nexttaskid": str(key), "nextTask": str(key)}
    if random.happens(0.7):
        chance = min(95, max(5, round(random.gauss(CHANCES[one.path[-1][0]], 10))))
        given |= {"winProbability": chance, "winProbabilityMdate": clock.stamp(now - DAY)}
    return given


def expected(random: Dice, one: Deal) -> datetime:
    """Return when a deal should be won: the usual time of the stages left after its last step, more or less."""
    position, entered = one.path[-1]
    left = sum(days for days, _ in PACES[one.pipeline][position:])
    return entered + DAY * left * random.uniform(0.4, 1.5)


def _noon(moment: datetime) -> datetime:
    return moment.replace(hour=18, minute=0, second=0, microsecond=0)  # 12 o'clock or 13 of the account


def meta_rows(now: datetime) -> Given:
    """Return the custom fields of deals."""
    made = clock.utc_stamp(now - 800 * DAY)
    return {
        key: {
            "fieldLabel": label,
            "fieldType": kind,
            "fieldOptions": list(options) if options else None,
            "fieldDefaultCurrency": "usd" if kind == "currency" else None,
            "createdTimestamp": made,
            "updatedTimestamp": made,
            "isFormVisible": int(key == WANTS),
        }
        for key, (label, kind, options) in enumerate(META, start=1)
    }


def data_rows(random: Dice, found: Sequence[Deal]) -> Given:
    """Return the values of deals' custom fields; those of limited deals are as hidden as the deals."""
    rows: Given = {}
    for one in found:
        values = [] if one.limited else _values(random, one)
        for field, value, more in values:
            since = clock.utc_stamp(one.created + timedelta(hours=random.randint(0, 48)))
            stamps = {"createdTimestamp": since, "updatedTimestamp": since}
            ids = {"dealId": one.key, "customFieldId": field, "dealCustomFieldMetumId": field}
            rows[len(rows) + 1] = {**ids, "fieldValue": value, **more, **stamps}
    return rows


def _values(random: Dice, one: Deal) -> list[tuple[int, Any, dict[str, str]]]:
    found: list[tuple[int, Any, dict[str, str]]] = []
    if random.happens(0.45):
        found.append((FORECAST, f"{expected(random, one):%Y-%m-%d}", {}))
    if random.happens(0.3):
        found.append((DISCOUNT, random.choice((2.5, 5, 7.5, 10, 15)), {}))
    if random.happens(0.4):
        found.append((COMPETITOR, random.choices(COMPETITORS, (5, 4, 2, 1))[0], {}))
    if one.path[-1][0]:
        found.append((SAMPLES, [tea for tea in ("Black", "Green", "Herbal") if random.happens(0.6)], {}))
    if random.happens(0.35):
        budget = one.value * random.randint(2, 12) * 100 // MINOR[one.currency]
        found.append((BUDGET, budget * MINOR[one.currency] // 100, {"fieldCurrency": one.currency}))
    if random.happens(0.25):
        found.append((WANTS, random.sample(("Training", "Cups", "Display", "Own label"), 2), {}))
    if random.happens(0.15):
        found.append((TERMS, random.choice(("30 days net", "Prepaid", "14 days, 2 % off")), {}))
    return found
