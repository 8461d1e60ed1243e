"""A believable company: Larkspur Tea sells to people by newsletter, and to shops, hotels and cafés by deals."""

from collections.abc import Iterator
from datetime import datetime

from acflow.sandbox.endpoints import CAMPAIGNS, CONTACTS, DEAL_GROUPS, DEAL_STAGES, DEALS, FORMS, LISTS, SEGMENTS, USERS
from acflow.sandbox.table import MemoryTable, Table
from acflow.sandbox.worlds.small import house, mail, people, sales


def small(seed: int, now: datetime, contacts: int = 3000, deals: int = 400) -> Iterator[Table]:
    """Make every table of the company."""
    crowd = people.contacts(seed, now, contacts)
    yield MemoryTable(CONTACTS, crowd)
    yield MemoryTable(LISTS, house.lists(now, crowd))
    yield MemoryTable(SEGMENTS, house.segments(seed, now))
    yield MemoryTable(FORMS, house.forms(now, crowd))
    yield MemoryTable(USERS, house.users())
    yield MemoryTable(DEALS, sales.deals(seed, now, crowd, deals))
    yield MemoryTable(DEAL_GROUPS, sales.pipelines(now))
    yield MemoryTable(DEAL_STAGES, sales.stages())
    yield MemoryTable(CAMPAIGNS, mail.campaigns(seed, now, crowd))
