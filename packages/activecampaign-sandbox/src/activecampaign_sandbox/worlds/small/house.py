"""Users, lists, segments and forms: what the company set up once."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from activecampaign_sandbox import clock
from activecampaign_sandbox.filters import Item
from activecampaign_sandbox.rows import form, mailing_list, segment, user
from activecampaign_sandbox.worlds.dice import Dice
from activecampaign_sandbox.worlds.small.automations import AUTOMATIONS
from activecampaign_sandbox.worlds.small.people import ACTIVE, DAY, FORMS, TRADE_FORMS, Person

TEAM = (("Odile", "Marlow"), ("Theo", "Varga"), ("Yara", "Fenwick"), ("Kofi", "Linden"), ("Signe", "Quill"))
LISTS = (
    *("Newsletter", "Wholesale partners", "Customers", "Tea of the month", "Recipes", "Blog updates"),
    *("Events", "Brewing webinars", "Café owners", "Europe", "Surveys", "Internal test", "Kettle partner, bought"),
)
PRIVATE = frozenset({"Internal test", "Surveys", "Kettle partner, bought"})
SEGMENTS = (
    *("Opened in 30 days", "Asleep for 180 days", "Bought twice", "First order", "Wholesale, no order yet", "Herbal"),
    *("Green tea", "Subscribers in Europe", "Gift buyers", "Clicked but did not buy", "Lapsed", "VIP"),
)
SENDER = {
    "sender_name": "Larkspur Tea",
    "sender_addr1": "12 Harbour Row",
    "sender_city": "Fairhaven",
    "sender_state": "IL",
    "sender_zip": "60600",
    "sender_country": "US",
    "fulladdress": "12 Harbour Row, Fairhaven, IL 60600, US",
}


def users(count: int = len(TEAM)) -> dict[int, Item]:
    """Return those who work with the account; the key belongs to the first."""
    return {
        key: Item(
            user(
                key,
                {
                    "username": first.lower(),
                    "firstName": first,
                    "lastName": last,
                    "email": f"{first.lower()}@larkspur.example.com",
                },
            ),
        )
        for key, (first, last) in enumerate(TEAM[:count], start=1)
    }


def lists(now: datetime, crowd: Sequence[Person]) -> dict[int, Item]:
    """Return the lists with their counters as the memberships have them."""
    everyone = Counter(key for person in crowd for key in person.lists)
    active = Counter(key for person in crowd for key, stay in person.lists.items() if stay.status == ACTIVE)
    found: dict[int, Item] = {}
    for key, name in enumerate(LISTS, start=1):
        created = now - timedelta(days=1500 - 30 * key if key < len(LISTS) else 298)
        given: dict[str, Any] = {
            "name": name,
            "cdate": clock.stamp(created),
            "userid": str(1 + key % 3),
            "private": "1" if name in PRIVATE else "0",
            "non_deleted_subscribers": str(everyone[key]),
            "active_subscribers": str(active[key]),
            "sender_url": "https://larkspur.example.com",
            "sender_reminder": "You asked for mail from Larkspur Tea.",
            **SENDER,
        }
        if key % 3:  # the others were never edited
            edited = {"udate": clock.stamp(created + timedelta(days=40)), "facebook_session": "", "updated_by": "1"}
            given |= {**edited, "analytics_domains": "", "created_by": "0"}
        found[key] = Item(mailing_list(key, given))
    return found


def segments(seed: int, now: datetime) -> dict[int, Item]:
    """Return the segments people made, and the technical ones behind automations."""
    random = Dice(f"segments {seed}")
    found: dict[int, Item] = {}
    names = [(name, "0") for name in SEGMENTS]
    names += [(f"Segment of Automation {n}", str(n)) for n in range(1, len(AUTOMATIONS) + 1)]
    for key, (name, series) in enumerate(names, start=1):
        created = now - timedelta(days=900 - 25 * key, minutes=random.randint(0, 1440))
        hidden = series != "0"
        given = {
            "name": name,
            "logic": "or" if key % 4 == 0 else "and",
            "hidden": "1" if hidden else "0",
            "seriesid": series,
            "segmentid_v2": None if hidden else str(UUID(int=random.getrandbits(128), version=4)),
            "created_by": None if hidden else "1",
            "created_timestamp": clock.digits(created),
            "updated_timestamp": clock.digits(created + timedelta(days=random.randint(0, 90))),
        }
        found[key] = Item(segment(key, given))
    return found


def forms(now: datetime, crowd: Sequence[Person], sold: Sequence[int]) -> dict[int, Item]:
    """Return the forms; their counters agree with who came through them, and with the deals that they made: `sold`."""
    through = Counter(person.form for person in crowd)
    deals, random = Counter(sold), Dice("forms")
    found: dict[int, Item] = {}
    for key, (name, target, _, age) in enumerate(FORMS, start=1):
        created = now - age * DAY
        subscribe = {"type": "subscribe-to-list", "email": "", "list": str(target)}
        sell = {"type": "add-to-deal", "email": "", "pipeline": "1"}
        actions = [subscribe] * bool(target) + [sell] * (key in TRADE_FORMS)
        given = {
            "name": name,
            "actiondata": {"actions": actions} if actions else {},
            "layout": "floating-bar" if "banner" in name else "inline-form",
            "style": {"background": "FFFFFF", "padding": 10, "button": {"padding": 8}} if key % 3 else {},
            "cdate": clock.stamp(created),
            "udate": clock.stamp(created + timedelta(days=key)),
            "userid": str(1 + key % 3),
            "entries": round(through[key] * random.uniform(1.02, 1.25)),  # some people send a form twice
            "contacts": through[key],
            "deals": deals[key],
        }
        found[key] = Item(form(key, given))
    return found
