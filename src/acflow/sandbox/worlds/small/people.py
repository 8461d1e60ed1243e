"""The contacts: three years of growth, with busy winters, bounces, and people who stopped reading."""

import unicodedata
from datetime import datetime, timedelta
from typing import Any

from acflow.sandbox import clock
from acflow.sandbox.endpoints import CONTACTS
from acflow.sandbox.filters import Item
from acflow.sandbox.rows import contact
from acflow.sandbox.worlds.dice import Dice
from acflow.sandbox.worlds.small.names import DOMAINS, FIRMS, FIRST, LAST

YEARS = timedelta(days=3 * 365)
BUSY_MONTHS = frozenset({11, 12})
QUIET_MONTHS = frozenset({7, 8})
HIGHEST_GAP = 40

# Share of the contacts on each list, by its id; list 6 lost most of its readers.
JOINS = {1: 0.82, 2: 0.11, 3: 0.34, 4: 0.16, 5: 0.27, 6: 0.22, 7: 0.09, 8: 0.07, 9: 0.08, 10: 0.13, 11: 0.05, 12: 0.004}
LEAVES = {6: 0.58}
USUALLY_LEAVES = 0.06
ACTIVE, UNSUBSCRIBED, BOUNCED, UNCONFIRMED = "1", "2", "3", "0"


def contacts(seed: int, now: datetime, count: int) -> dict[int, Item]:
    """Return contacts by id; ids and creation dates grow together, with gaps where rows were deleted."""
    random = Dice(f"contacts {seed}")
    items: dict[int, Item] = {}
    key = 0
    for created in _creation_dates(random, now, count):
        key += 1 if random.happens(0.97) else random.randint(2, HIGHEST_GAP)
        items[key] = _contact(random, key, created, now)
    return items


def _creation_dates(random: Dice, now: datetime, count: int) -> list[datetime]:
    dates: list[datetime] = []
    while len(dates) < count:
        created = now - YEARS * (1 - random.random() ** 0.7)
        chance = 1.0 if created.month in BUSY_MONTHS else 0.45 if created.month in QUIET_MONTHS else 0.65
        if random.happens(chance):
            dates.append(created.replace(microsecond=0))
    return sorted(dates)


def _contact(random: Dice, key: int, created: datetime, now: datetime) -> Item:
    first, last = random.choice(FIRST), random.choice(LAST)
    named = random.happens(0.93)
    age = now - created
    bounced = random.happens(0.025)
    given: dict[str, Any] = {
        "email": f"{_plain(first)}.{_plain(last)}{key}@{random.choice(DOMAINS)}",
        "firstName": first if named else "",
        "lastName": last if named and random.happens(0.95) else "",
        "phone": f"+1555{random.randint(0, 9_999_999):07d}" if random.happens(0.3) else "",
        "cdate": clock.stamp(created),
        "sentcnt": str(int(age.days / 7 * random.uniform(0.5, 1.2))),
        "ip": f"192.0.2.{random.randint(1, 254)}" if random.happens(0.4) else "0",
    }
    if random.happens(0.3):
        firm = random.randrange(len(FIRMS))
        given |= {"orgid": str(firm + 1), "orgname": FIRMS[firm]}
    given |= _reading(random, created, now, bounced=bounced)
    given |= _written(random, created, now, given)
    return Item(contact(key, given), _memberships(random, bounced=bounced))


def _reading(random: Dice, created: datetime, now: datetime, *, bounced: bool) -> dict[str, Any]:
    """Return what is known of opening and clicking; half of the contacts were seen lately."""
    age = now - created
    given: dict[str, Any] = {}
    if bounced:
        given |= {"bounced_hard": "1", "bounced_date": clock.stamp(created + age * random.random())[:10]}
    elif random.happens(0.04):
        given |= {"bounced_soft": str(random.randint(1, 3)), "bounced_date": clock.stamp(now - age * 0.2)[:10]}
    if random.happens(0.35) and not bounced:
        given |= {"mpp_tracking": "1", "last_mpp_open_date": clock.stamp(now - age * random.random() * 0.1)}
    if bounced or random.happens(0.22):
        return given
    opened = now - min(age, timedelta(days=random.expovariate(1 / 60)))
    given |= {"last_open_date": clock.stamp(opened), "adate": clock.stamp(opened)}
    if random.happens(0.4):
        given["last_click_date"] = clock.stamp(opened - (opened - created) * random.random() * 0.3)
    return given


def _written(random: Dice, created: datetime, now: datetime, given: dict[str, Any]) -> dict[str, Any]:
    """Return the changes that a later write leaves behind: its date, and zeros where there was nothing."""
    if random.happens(0.4):
        return {}
    updated = created + (now - created) * random.random() ** 0.5
    zeros = {name: zero for name, zero in CONTACTS.flips.items() if given.get(name) is None}
    return {"udate": clock.stamp(updated), **zeros}


def _memberships(random: Dice, *, bounced: bool) -> dict[str, Any]:
    lists: dict[str, str] = {}
    for key, share in JOINS.items():
        if not random.happens(share):
            continue
        left = random.happens(LEAVES.get(key, USUALLY_LEAVES))
        status = BOUNCED if bounced else UNSUBSCRIBED if left else UNCONFIRMED if random.happens(0.02) else ACTIVE
        lists[str(key)] = status
    forms = [str(random.randint(1, 10))] if random.happens(0.55) else []
    segments = [str(key) for key in range(1, 13) if random.happens(0.5 / key)]
    return {"lists": lists, "forms": forms, "segments": segments}


def _plain(name: str) -> str:
    ascii_name = unicodedata.normalize("NFKD", name.replace("Ł", "L")).encode("ascii", "ignore").decode()
    return ascii_name.lower().replace("'", "").replace(" ", "")
