"""What else a very large account has: few enough rows to be kept."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from activecampaign_sandbox import clock
from activecampaign_sandbox.endpoints import (
    ACCOUNTS,
    AUTOMATIONS,
    CAMPAIGNS,
    FORMS,
    LISTS,
    SCORES,
    SEGMENTS,
    TAGS,
)
from activecampaign_sandbox.filters import Item
from activecampaign_sandbox.rows import NEW_ROW, campaign, form, mailing_list, segment
from activecampaign_sandbox.table import MemoryTable
from activecampaign_sandbox.worlds.dice import Dice
from activecampaign_sandbox.worlds.small.rates import Rates, drawn

LISTS_IN_ALL, SEGMENTS_IN_ALL, FORMS_IN_ALL = 60, 250, 40
# Helpers that stand for nothing but their number. Those that grow with the contacts are left empty, and so are custom
# fields: a field without any value would only make readers ask for values.
HELPERS = ((TAGS, 300), (AUTOMATIONS, 120), (SCORES, 8), (ACCOUNTS, 1_000))


def campaigns(seed: int, now: datetime, count: int) -> MemoryTable:
    """Return campaigns sent at even distances over five years."""
    random = Dice(f"large campaigns {seed}")
    items: dict[int, Item] = {}
    for index in range(count):
        sent = now - timedelta(days=5 * 365) * (1 - index / max(1, count))
        given = {
            "name": f"Campaign {index + 1}",
            "status": "5",
            "cdate": clock.stamp(sent - timedelta(days=2)),
            "mdate": clock.stamp(sent - timedelta(hours=1)),
            "sdate": clock.stamp(sent),
            "ldate": clock.stamp(sent + timedelta(hours=2)),
            **drawn(random, random.randint(1_000, 400_000), Rates()).counters(random),
        }
        key = 1 + index + index // 40
        items[key] = Item(campaign(key, given))
    return MemoryTable(CAMPAIGNS, items)


def others(now: datetime, contacts: int) -> Iterator[MemoryTable]:
    """Yield lists, segments, forms and helpers."""
    share = str(contacts // 10)
    created = {"cdate": clock.stamp(now - timedelta(days=1900))}
    on_list = {**created, "non_deleted_subscribers": share, "active_subscribers": share}
    yield MemoryTable(LISTS, {key: Item(mailing_list(key, on_list)) for key in range(1, LISTS_IN_ALL + 1)})
    yield MemoryTable(SEGMENTS, {key: Item(segment(key, {})) for key in range(1, SEGMENTS_IN_ALL + 1)})
    yield MemoryTable(FORMS, {key: Item(form(key, created)) for key in range(1, FORMS_IN_ALL + 1)})
    for endpoint, count in HELPERS:
        yield MemoryTable(endpoint, {key: Item(NEW_ROW[endpoint.path](key, {})) for key in range(1, count + 1)})
