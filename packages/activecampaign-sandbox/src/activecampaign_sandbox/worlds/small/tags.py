"""The tags, and who has them since when."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.worlds.dice import Dice
from activecampaign_sandbox.worlds.small.people import DAY, MANY, RECIPES, TRADE_LISTS, TWICE, WEBINARS, Person

Given = dict[int, dict[str, Any]]
ASLEEP = 180 * DAY


@dataclass(frozen=True, slots=True)
class Tag:
    """Since when a person has it; None for never."""

    name: str
    since: Callable[[Dice, Person, datetime], datetime | None]
    description: str = ""


def _ordered(orders: int) -> Callable[[Dice, Person, datetime], datetime | None]:
    def since(random: Dice, person: Person, now: datetime) -> datetime | None:
        return _later(random, person, now) if person.orders >= orders else None

    return since


def _likes(taste: str) -> Callable[[Dice, Person, datetime], datetime | None]:
    return lambda _, person, __: person.created if taste in person.tastes else None


def _on(key: int) -> Callable[[Dice, Person, datetime], datetime | None]:
    return lambda _, person, __: person.lists[key].since if key in person.lists else None


def _firms(share: float) -> Callable[[Dice, Person, datetime], datetime | None]:
    return lambda random, person, now: _later(random, person, now) if person.firm and random.happens(share) else None


def _trades(_: Dice, person: Person, __: datetime) -> datetime | None:
    return min((person.lists[key].since for key in TRADE_LISTS if key in person.lists), default=None)


def _sleeps(_: Dice, person: Person, now: datetime) -> datetime | None:
    return person.opened + ASLEEP if person.opened and person.opened + ASLEEP < now else None


def _later(random: Dice, person: Person, now: datetime) -> datetime:
    return person.created + (now - person.created) * random.random() ** 2


TAGS = (
    Tag("customer", _ordered(1), "Has ordered at least once"),
    Tag("repeat-customer", _ordered(TWICE)),
    Tag("vip", _ordered(MANY), "Four orders or more"),
    Tag("wholesale", _trades),
    Tag("bought-list", lambda _, person, __: person.created if person.bought else None, "Do not mail again"),
    Tag("webinar", _on(WEBINARS)),
    Tag("recipes", _on(RECIPES)),
    Tag("likes-herbal", _likes("Herbal")),
    Tag("likes-green", _likes("Green")),
    Tag("clicked", lambda _, person, __: person.clicked),
    Tag("asleep", _sleeps),
    Tag("trade-fair-2025", _firms(0.2)),
    Tag("samples-sent", _firms(0.3)),
    Tag("do-not-call", lambda random, person, now: _later(random, person, now) if random.happens(0.01) else None),
    Tag("christmas-2023", lambda *_: None, "From the old shop; nobody has it any more"),
)


def given_tags(random: Dice, crowd: Sequence[Person], now: datetime) -> list[tuple[datetime, int, int]]:
    """Tag everybody; return when who got which, in order."""
    given: list[tuple[datetime, int, int]] = []
    for key, tag in enumerate(TAGS, start=1):
        for person in crowd:
            since = tag.since(random, person, now)
            if since and since < now:
                given.append((since.replace(microsecond=0), person.key, key))
                person.touched.append(given[-1][0])  # a tag moves the contact's udate
    return sorted(given)


def tag_rows(given: Sequence[tuple[datetime, int, int]], now: datetime) -> Given:
    """Return the tags; `updated_timestamp` is when one was last given to somebody."""
    counts = Counter(tag for _, _, tag in given)
    last = {tag: when for when, _, tag in given}
    made = now - 1480 * DAY
    return {
        key: {
            "tag": tag.name,
            "description": tag.description,
            "subscriber_count": str(counts[key]),
            "cdate": clock.stamp(made + key * DAY),
            "updated_timestamp": clock.digits(last.get(key, made + key * DAY)),
        }
        for key, tag in enumerate(TAGS, start=1)
    }


def contact_tag_rows(given: Sequence[tuple[datetime, int, int]]) -> Given:
    """Return who has which tag."""
    return {
        place: {"contact": str(who), "tag": str(tag), "cdate": clock.stamp(when)}
        for place, (when, who, tag) in enumerate(given, start=1)
    }


def by_person(given: Sequence[tuple[datetime, int, int]]) -> Mapping[int, Sequence[int]]:
    """Return the tags of each person."""
    found: dict[int, list[int]] = defaultdict(list)
    for _, who, tag in given:
        found[who].append(tag)
    return found
