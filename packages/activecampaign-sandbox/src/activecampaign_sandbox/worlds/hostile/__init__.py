"""An account in which everything happens that is known to break readers.

`ODDITIES` names each, by entity; the numbers in the comments of its parts are those of the API's known surprises.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import cycle, islice

from activecampaign_sandbox import clock
from activecampaign_sandbox.endpoints import (
    DEAL_GROUPS,
    DEAL_STAGES,
    ENDPOINTS,
    FIELD_OPTIONS,
    FIELD_RELS,
    USERS,
    Endpoint,
    Total,
)
from activecampaign_sandbox.filters import Item
from activecampaign_sandbox.rows import NEW_ROW
from activecampaign_sandbox.table import MemoryTable, Table
from activecampaign_sandbox.wire import Row
from activecampaign_sandbox.worlds.dice import Dice
from activecampaign_sandbox.worlds.hostile import crm, mail, people, setup
from activecampaign_sandbox.worlds.hostile.helpers import COUNT, HELPERS, OPTIONS, belonging
from activecampaign_sandbox.worlds.hostile.oddity import Oddity, bent, cases_of
from activecampaign_sandbox.worlds.small import house, sales

ODDITIES: Mapping[str, tuple[Oddity, ...]] = {
    "contacts": people.CONTACTS,
    "deals": crm.DEALS,
    "campaigns": mail.CAMPAIGNS,
    "lists": mail.LISTS,
    "segments": setup.SEGMENTS,
    "forms": setup.FORMS,
    **HELPERS,
}
COUNTS = {
    **{path: max(COUNT, sum(1 for _ in cases_of(oddities))) for path, oddities in HELPERS.items()},
    "contacts": 1500,
    "deals": 450,
    "campaigns": 260,
    "lists": 130,
    "segments": 210,
    "forms": 140,
}
TOTALS: Mapping[str, Total] = {
    "contacts": "int",
    "deals": "string",
    "campaigns": "absent",
    "segments": "int",
    "forms": "absent",
}
# Ids: dense, then sparse, then a far cluster, then one beyond 32 bits.
CLUSTERS = ((1, 1, 0.4), (5_000, 17, 0.3), (2_000_000, 1, 0.29), (4_294_967_301, 100_003, 1.0))


def hostile(seed: int, now: datetime) -> Iterator[Table]:
    """Make every table of the account."""
    for endpoint in ENDPOINTS:
        if endpoint.path in ODDITIES:
            yield MemoryTable(endpoint, _odd(endpoint, seed, now))
    yield MemoryTable(USERS, house.users())
    yield MemoryTable(DEAL_GROUPS, sales.pipelines(now))
    yield MemoryTable(DEAL_STAGES, sales.stages())
    options = {key: Item(NEW_ROW["fieldOptions"](key, {"field": "1"})) for key in range(1, OPTIONS + 1)}
    yield MemoryTable(FIELD_OPTIONS, options)
    yield MemoryTable(FIELD_RELS, {key: Item(NEW_ROW["fieldRels"](key, {"field": str(key)})) for key in range(1, 31)})


def _odd(endpoint: Endpoint, seed: int, now: datetime) -> dict[int, Item]:
    count, random = COUNTS[endpoint.path], Dice(f"hostile {endpoint.path} {seed}")
    cases = islice(cycle(cases_of(ODDITIES[endpoint.path])), count)
    items: dict[int, Item] = {}
    for key, (name, case) in zip(_keys(count), cases, strict=True):
        plain = _plain(endpoint, key, random, now)
        items[key] = Item(bent(plain, case), {"oddity": name, **_hidden(endpoint, key)})
    return items


def _hidden(endpoint: Endpoint, key: int) -> Row:
    """Return what an account knows of a record and does not send: by which forms a contact came, up to two of them."""
    return {"forms": sorted({str(key % 9), str(key % 5)} - {"0"})} if endpoint.path == "contacts" else {}


def _keys(count: int) -> Iterator[int]:
    left = count
    for start, step, share in CLUSTERS:
        size = min(left, round(count * share))
        yield from range(start, start + step * size, step)
        left -= size


def _plain(endpoint: Endpoint, key: int, random: Dice, now: datetime) -> Row:
    created = now - timedelta(minutes=random.randint(1, 2_000_000))
    dated = (
        {}
        if endpoint.created is None
        else {endpoint.created: clock.written(created, endpoint.created, utc=endpoint.utc)}
    )
    return NEW_ROW[endpoint.path](key, {**dated, **belonging(endpoint.path, key)})
