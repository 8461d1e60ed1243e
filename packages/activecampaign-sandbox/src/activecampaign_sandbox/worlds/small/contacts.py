"""The rows of people: contacts, and their time on each list."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.endpoints import CONTACTS
from activecampaign_sandbox.filters import Item
from activecampaign_sandbox.rows import contact
from activecampaign_sandbox.worlds.dice import Dice
from activecampaign_sandbox.worlds.small.names import DOMAINS, FIRMS
from activecampaign_sandbox.worlds.small.people import DAY, UNCONFIRMED, UNSUBSCRIBED, Person, in_segments

Given = dict[int, dict[str, Any]]
REASONS = ("Too many mails", "I never signed up", "Not what I expected", "I moved to another shop")


def contact_items(
    random: Dice, crowd: Sequence[Person], tags: Mapping[int, Sequence[int]], now: datetime
) -> dict[int, Item]:
    """Return contacts by id, with the facts that the account can be asked for."""
    return {
        person.key: Item(
            contact(person.key, _contact(random, person, now)),
            {
                "lists": {str(key): stay.status for key, stay in person.lists.items()},
                "forms": [str(person.form)] if person.form else [],
                "segments": [str(key) for key in in_segments(person, now)],
                "tags": [str(tag) for tag in tags.get(person.key, ())],
            },
        )
        for person in crowd
    }


def _contact(random: Dice, person: Person, now: datetime) -> dict[str, Any]:
    named = random.happens(0.93)
    given: dict[str, Any] = {
        "email": f"{person.name}@{random.choice(DOMAINS)}",
        "firstName": person.first if named else "",
        "lastName": person.last if named and random.happens(0.95) else "",
        "phone": f"+1555{random.randint(0, 9_999_999):07d}" if random.happens(0.3) else "",
        "cdate": clock.stamp(person.created),
        "sentcnt": str(person.sent),
        "ip": f"192.0.2.{random.randint(1, 254)}" if person.form else "0",
    }
    if person.firm:
        given |= {"orgid": str(person.firm), "orgname": FIRMS[person.firm - 1]}
    given |= _reading(person, now)
    return {**given, **_written(random, person, given)}


def _reading(person: Person, now: datetime) -> dict[str, Any]:
    """Return what is known of opening and clicking; a picture fetched by a proxy makes nobody active."""
    seen = [when for when in (person.opened, person.clicked) if when]
    given: dict[str, Any] = {}
    if person.fetched:
        given |= {"mpp_tracking": "1", "last_mpp_open_date": clock.stamp(person.fetched)}
    if person.opened:
        given["last_open_date"] = clock.stamp(person.opened)
    if person.clicked:
        given["last_click_date"] = clock.stamp(person.clicked)
    if seen:
        given["adate"] = clock.stamp(max(seen))
    returned = person.soft - 1  # the first is forgotten when the next mail gets through
    if returned > 0:
        given["bounced_soft"] = str(returned)
    if person.bounced or returned > 0:
        given |= {"bounced_date": clock.stamp(person.bounced or now - 30 * DAY)[:10]}
    return {**given, **({"bounced_hard": "1"} if person.bounced else {})}


def _written(random: Dice, person: Person, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what later writes left behind: the date of the last, and zeros where there was nothing."""
    moved = [stay.changed or stay.since for stay in person.lists.values()]
    updated = max([*moved, *person.touched, person.created])
    if updated == person.created or random.happens(0.1):
        return {"udate": clock.stamp(updated)}
    zeros = {name: zero for name, zero in CONTACTS.flips.items() if given.get(name) is None}
    return {"udate": clock.stamp(updated), **zeros}


def membership_rows(random: Dice, crowd: Sequence[Person], mailed: Mapping[int, int]) -> Given:
    """Return everybody's time on each list, in the order of joining; `mailed` gives the campaign of each mailing."""
    stays = sorted((stay.since, person.key, key) for person in crowd for key, stay in person.lists.items())
    whose = {person.key: person for person in crowd}
    return {place: _membership(random, whose[who], key, mailed) for place, (_, who, key) in enumerate(stays, start=1)}


def _membership(random: Dice, person: Person, key: int, mailed: Mapping[int, int]) -> dict[str, Any]:
    stay = person.lists[key]
    given: dict[str, Any] = {
        "contact": str(person.key),
        "list": str(key),
        "sdate": clock.stamp(stay.since) if stay.status != UNCONFIRMED else None,
        "status": stay.status,
        "first_name": person.first,
        "last_name": person.last,
        "sourceid": "4" if stay.form else "6" if person.bought else "0",
    }
    if stay.form:
        given["form"] = str(stay.form)
    if stay.changed:
        given["udate"] = clock.stamp(stay.changed)
    if stay.campaign:
        given["campaign"] = str(mailed[stay.campaign])
    if stay.status == UNSUBSCRIBED:
        given["unsubreason"] = random.choice(REASONS) if random.happens(0.2) else ""
    return given
