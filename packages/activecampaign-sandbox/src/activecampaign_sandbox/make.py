"""The worlds by name."""

from datetime import datetime
from typing import Literal, get_args

from activecampaign_sandbox import clock
from activecampaign_sandbox.endpoints import USERS
from activecampaign_sandbox.table import MemoryTable
from activecampaign_sandbox.world import World
from activecampaign_sandbox.worlds.hostile import TOTALS, hostile
from activecampaign_sandbox.worlds.large import large
from activecampaign_sandbox.worlds.small import house, small

Name = Literal["small", "large", "hostile", "empty"]
WORLDS: tuple[Name, ...] = get_args(Name)


def make_world(  # noqa: PLR0913 - the size of a world has several sides
    name: Name = "small",
    *,
    seed: int = 1,
    contacts: int | None = None,
    deals: int | None = None,
    campaigns: int | None = None,
    now: datetime = clock.NOW,
    offset: str = "",
) -> World:
    """Return an account's contents; the same arguments give the same contents.

    `small` is a believable company, `large` a million contacts made as they are asked for, `hostile` everything that is
    known to break readers, `empty` an account in which nobody did anything. The figures say how many rows `small` and
    `large` have. The account writes times with `offset`, such as +10:30, or as in US Central.
    """
    zone = clock.offset_of(offset)
    if name == "small":
        return World(name, lambda: small(seed, now, _or(contacts, 3_000), _or(deals, 400)), now, offset=zone)
    if name == "large":
        sizes = _or(contacts, 1_000_000), _or(deals, 200_000), _or(campaigns, 2_000)
        return World(name, lambda: large(seed, now, *sizes), now, offset=zone)
    if name == "hostile":
        return World(name, lambda: hostile(seed, now), now, TOTALS, offset=zone)
    if name == "empty":
        return World(
            name, lambda: [MemoryTable(USERS, house.users(1))], now, offset=zone
        )  # a key always belongs to someone
    raise ValueError(f"There is no world {name!r}. There are: {', '.join(WORLDS)}")


def _or(given: int | None, default: int) -> int:
    return default if given is None else given
