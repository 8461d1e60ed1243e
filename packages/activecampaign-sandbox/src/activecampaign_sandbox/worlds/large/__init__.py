"""A very large account: rows are made when they are asked for, so it starts at once and takes no memory."""

from collections.abc import Iterator
from datetime import datetime

from activecampaign_sandbox.endpoints import DEAL_GROUPS, DEAL_STAGES, USERS
from activecampaign_sandbox.table import MemoryTable, Table
from activecampaign_sandbox.worlds.large import rest
from activecampaign_sandbox.worlds.large.contacts import Contacts
from activecampaign_sandbox.worlds.large.deals import Deals
from activecampaign_sandbox.worlds.large.table import GeneratedTable
from activecampaign_sandbox.worlds.small import house, sales


def large(seed: int, now: datetime, contacts: int, deals: int, campaigns: int) -> Iterator[Table]:
    """Make every table of the account."""
    crowd = Contacts(seed, now, contacts)
    yield GeneratedTable(crowd)
    yield GeneratedTable(Deals(seed, now, deals, crowd.ids))
    yield rest.campaigns(seed, now, campaigns)
    yield from rest.others(now, contacts)
    yield MemoryTable(USERS, house.users())
    yield MemoryTable(DEAL_GROUPS, sales.pipelines(now))
    yield MemoryTable(DEAL_STAGES, sales.stages())
