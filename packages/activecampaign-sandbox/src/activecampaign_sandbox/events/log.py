"""The events of an account's campaigns, made when somebody asks for them and kept while nothing has moved."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from activecampaign_sandbox import clock
from activecampaign_sandbox.events.mailing import LONGEST, Mailing, mailing
from activecampaign_sandbox.rows.campaigns import COUNTERS

if TYPE_CHECKING:
    from activecampaign_sandbox.world import World

KEPT = 2_000_000  # mails in all; a campaign that went to many takes megabytes
SIGNED = (*COUNTERS, "verified_opens", "verified_unique_opens", "sdate", "ldate", "message_id", "numberOfMessages")


@dataclass(slots=True)
class MailLog:
    """Looks at campaigns; the caller holds the world.

    `lost` are contacts that a campaign counts and no list names, by its id: how many, of each kind of event.
    """

    world: "World"
    lost: dict[int, int] = field(default_factory=dict)
    _every: tuple[tuple[object, ...], list[Mailing]] = ((), [])
    _kept: dict[int, tuple[tuple[object, ...], Mailing]] = field(default_factory=dict)

    def forget(self) -> None:
        """Make everything anew."""
        self._kept.clear()
        self._every = (), []
        self.lost.clear()

    def of(self, key: int) -> Mailing | None:
        """Return what became of a campaign, None if there is none."""
        item = self.world.tables["campaigns"].get(key)
        if item is None:
            return None
        now = self.world.clock()
        sent = clock.read(item.row.get("sdate"))
        lost = self.lost.get(key, 0)
        signature = (lost, *(item.row.get(name) for name in SIGNED), now if sent and now - sent < LONGEST else None)
        if self._kept.get(key, ((), None))[0] != signature:
            made = mailing(item.row, item.facts, self.world.tables["contacts"].first_keys, now)
            self._kept.pop(key, None)
            while self._kept and len(made.sends) + sum(len(kept.sends) for _, kept in self._kept.values()) > KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = (signature, made.without(lost) if lost else made)
        return self._kept[key][1]

    def all(self) -> list[Mailing]:
        """Return every campaign's events, in the order of their ids."""
        signature = (self.world.changes, self.world.clock(), *self.lost.items())
        if self._every[0] != signature:
            self._every = signature, [made for key in self.world.ids("campaigns") if (made := self.of(key))]
        return self._every[1]
