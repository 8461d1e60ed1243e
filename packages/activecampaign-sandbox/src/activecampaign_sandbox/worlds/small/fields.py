"""The custom fields of contacts, and what people filled in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.worlds.dice import Dice
from activecampaign_sandbox.worlds.small.people import CAFES, DAY, TASTES, WHOLESALE, Person

Given = dict[int, dict[str, Any]]
TOWNS = ("Fairhaven", "Lisbon", "Millbrook", "Old Harbour", "Port Ansel", "Ravensby", "Tarn", "Westquay")
HEARD = ("A friend", "A café", "Search", "A fair", "Social media")
KINDS = ("Private", "Shop", "Café", "Hotel")
NOTES = ("Likes it strong,\nno milk.", "Sends gifts to three sisters", "Allergic to hibiscus", "Only loose leaf")
BIRTHDAY, FAVOURITES, KIND, CONSENT, SOURCE, TOWN, REMARKS, VISIT, SHOP, PHONE = range(1, 11)


@dataclass(frozen=True, slots=True)
class Field:
    """A custom field of contacts, of one of the documented types."""

    title: str
    type: str
    options: tuple[str, ...] = ()


FIELDS = (
    Field("Birthday", "date"),
    Field("Favourite teas", "listbox", TASTES),
    Field("Customer type", "dropdown", KINDS),
    Field("May we write or call?", "checkbox", ("Post", "Phone")),
    Field("How did you hear of us?", "radio", HEARD),
    Field("Town", "text"),
    Field("Remarks", "textarea"),
    Field("Last visit", "datetime"),
    Field("Shop customer number", "hidden"),
    Field("Phone", "text"),  # of the shop; contacts have a field of that name already
)


def field_rows(now: datetime) -> Given:
    """Return the fields; the ids of their options are counted through all of them."""
    found: Given = {}
    option = 0
    for key, one in enumerate(FIELDS, start=1):
        made = clock.stamp(now - (1400 - 10 * key) * DAY)
        options = [str(option + nth) for nth in range(1, len(one.options) + 1)]
        option += len(options)
        found[key] = {"title": one.title, "type": one.type, "cdate": made, "options": options, "relations": [str(key)]}
    return found


def option_rows(now: datetime) -> Given:
    """Return the choices of fields that offer some."""
    choices = [(key, nth, word) for key, one in enumerate(FIELDS, start=1) for nth, word in enumerate(one.options, 1)]
    made = clock.stamp(now - 1380 * DAY)
    return {
        place: {"field": str(key), "orderid": str(nth), "value": word, "cdate": made}
        for place, (key, nth, word) in enumerate(choices, start=1)
    }


def relation_rows() -> Given:
    """Return that every field belongs to all lists."""
    return {key: {"field": str(key), "relid": "0", "dorder": str(key)} for key in range(1, len(FIELDS) + 1)}


def value_rows(random: Dice, crowd: Sequence[Person], now: datetime) -> Given:
    """Return what is filled in, in the order in which people came; some values were cleared again."""
    found: Given = {}
    for person in crowd:
        for key, value in _values(random, person, now):
            since = person.created + timedelta(seconds=random.randint(0, 5)) if person.form else person.created
            given = {"contact": str(person.key), "field": str(key), "value": value, "cdate": clock.stamp(since)}
            if random.happens(0.05):
                given["udate"] = clock.stamp(since + (now - since) * random.random())
                given["value"] = "" if random.happens(0.1) else value
            found[len(found) + 1] = given
    return found


def _values(random: Dice, person: Person, now: datetime) -> Iterator[tuple[int, str]]:
    yield from _character(random, person, now)
    if person.form and random.happens(0.7):
        yield SOURCE, random.choices(HEARD, (5, 3, 6, 1, 4))[0]
    if random.happens(0.3):
        yield TOWN, random.choice(TOWNS)
    if random.happens(0.04):
        yield REMARKS, random.choice(NOTES)
    if person.orders and random.happens(0.3):
        yield VISIT, f"{now - (now - person.created) * random.random():%Y-%m-%d %H:%M:00}"
    if person.orders:
        yield SHOP, f"{100_000 + person.key:06d}"
    if person.firm and random.happens(0.5):
        yield PHONE, f"+1555{random.randint(0, 9_999_999):07d}"


def _character(random: Dice, person: Person, now: datetime) -> Iterator[tuple[int, str]]:
    if random.happens(0.25):
        born = now - timedelta(days=random.randint(20 * 365, 78 * 365))
        yield BIRTHDAY, f"{born:%Y-%m-%d}"
    if person.tastes and not person.bought:
        yield FAVOURITES, _several(person.tastes)
    if person.firm or random.happens(0.3):
        yield KIND, _kind(random, person)
    if random.happens(0.2):
        yield CONSENT, _several(("Post", "Phone")[: random.randint(1, 2)])


def _kind(random: Dice, person: Person) -> str:
    if not person.firm:
        return "Private"
    return "Shop" if WHOLESALE in person.lists and CAFES not in person.lists else random.choice(KINDS[1:])


def _several(words: Sequence[str]) -> str:
    return f"||{'||'.join(words)}||"
