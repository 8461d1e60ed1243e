"""What a walk over an entity's pages saw."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pyroaring import BitMap64

from acflow.entities.model import Entity
from acflow.source.protocol import Page, Row


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A campaign of which fewer contacts came than it counts."""

    campaign: int
    promised: int
    came: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Events held against the campaigns' own counters.

    `source` is where they come from; `campaigns` were asked, `others` were not as they have nothing new. They count
    `promised` contacts, `came` came; `short` campaigns count more than came, `unproved` more than twice as many, and
    `worst` are some of them. `left` campaigns were to be asked and were not, since an error `stopped` the reading, or
    since it had no more requests.
    """

    source: str
    campaigns: int
    others: int
    promised: int
    came: int
    short: int = 0
    unproved: int = 0
    worst: tuple[Shortfall, ...] = ()
    left: int = 0
    stopped: str | None = None

    @property
    def unfinished(self) -> bool:
        """Whether campaigns are left for the next reading."""
        return bool(self.left or self.stopped)


@dataclass(slots=True)
class ReadStats:
    """The account's own count first and last, distinct ids, repeats, and what could not be proved.

    `moved` is set when the account was seen to change while it was read, `shifted` when that may have put rows out of
    sight; `unproved` says in words which part of the walk has no proof. Where only what changed is asked for, it is
    `narrowed`: records that are changed meanwhile join the list, and it is the next reading that owes them. `counted`
    holds events against the counters of campaigns.
    """

    entity: Entity
    narrowed: bool = False
    first_total: int | None = None
    last_total: int | None = None
    moved: bool = False
    shifted: bool = False
    unproved: list[str] = field(default_factory=list)
    ids: BitMap64 = field(default_factory=BitMap64)
    repeats: int = 0
    counted: Counted | None = None

    @property
    def received(self) -> int:
        """Distinct records received."""
        return len(self.ids)

    @property
    def duplicates(self) -> int:
        """How many rows came twice without being asked for twice."""
        return max(0, self.repeats)

    @property
    def missing(self) -> int:
        """How many records the account says it holds beyond those received; 0 where it says nothing."""
        return max(0, (self.last_total or 0) - self.received)

    def promise(self, page: Page) -> None:
        """Take note of what the account says it holds."""
        if page.total is None:
            return
        if self.first_total is None:
            self.first_total = page.total
        before = page.total if self.last_total is None else self.last_total
        self.shifted = self.shifted or page.total < before  # rows went, and those behind them moved up
        self.last_total = min(page.total, before) if self.narrowed else page.total
        self.moved = self.moved or page.total != self.first_total

    def take(self, rows: Sequence[Row], ids: Sequence[int], *, expected_repeats: int = 0) -> list[Row]:
        """Return the rows whose id was not seen before, and remember them.

        `ids` are those of the rows, in the same order. `expected_repeats` rows were asked for twice on purpose and are
        not counted as duplicates.
        """
        fresh: list[Row] = []
        for row, key in zip(rows, ids, strict=True):
            if key not in self.ids:
                self.ids.add(key)
                fresh.append(row)
        self.repeats += len(rows) - len(fresh) - expected_repeats
        return fresh
