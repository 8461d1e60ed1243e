"""Reading a list once for each record of another: the contacts of each form, by `contacts?formid=…`.

The owners are read first. Then the whole list is counted and the first page of each owner is asked for; nothing else
goes out until all of these have come, as they show whether the account heeds the parameter. What is left is read owner
by owner as the list itself is, each with its own proof; who joins one meanwhile is owed by the next reading.
https://developers.activecampaign.com/reference/list-all-contacts
"""

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acflow.entities.model import Each, Entity
from acflow.source.protocol import Page, Request, Row, joined_key, list_request, row_ids
from acflow.source.read_stats import ReadStats

if TYPE_CHECKING:
    from collections.abc import Callable

    from acflow.source.paging import Plan

Filters = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One owner: its id, what its own counter says (None if it says no number), and the walk over what it owns."""

    owner: int
    counter: int | None
    plan: "Plan"


class PerParentPlan:
    """The walk over all parts; `make` makes the plans of which it consists."""

    def __init__(self, entity: Entity, paging: Each, make: "Callable[[Entity, Filters], Plan]") -> None:
        self.entity, self.paging = entity, paging
        self.stats = ReadStats(entity, narrowed=True)
        self.done = False
        self._make = make
        self._owners = make(paging.owner, ())
        self._whole_request = list_request(paging.listed, limit=1)
        self._whole: int | None = None  # the account's own count of the whole list
        self._parts: list[Part] = []
        self._out: dict[Request, Part | None] = {}  # None for what is of no owner
        self._opening: deque[tuple[Request, Part | None]] = deque()
        self._opened = False

    def next(self, width: int) -> Request | None:
        """Return a request to send now, or None if none is ready; `width` may usefully be out at once."""
        if not self._owners.done:
            return self._owners.next(width)
        if self._opening:
            opening, part = self._opening.popleft()
            self._out[opening] = part
            return opening
        if len(self._out) >= width or not self._opened:
            return None
        going = [part for part in self._parts if not part.plan.done]
        for part in going:
            if request := part.plan.next(max(2, width // len(going))):  # each cut of a part costs a page
                self._out[request] = part
                return request
        return None

    def take(self, request: Request, page: Page) -> list[Row]:
        """Take a page and return its rows that are new."""
        if not self._owners.done:
            self._take_owners(request, page)
            return []
        part, rows = self._out.pop(request), []
        if part is None:
            self._whole = page.total
        else:
            rows = self._pairs(part, part.plan.take(request, page))
        if not self._opening and not self._out:
            self._step()
        return rows

    def _take_owners(self, request: Request, page: Page) -> None:
        owner, listed, parameter = self.paging.owner, self.paging.listed, self.paging.parameter
        rows = self._owners.take(request, page)
        for key, row in zip(row_ids(owner, rows), rows, strict=True):
            plan = self._make(listed, ((parameter, str(key)),))
            self._parts.append(Part(key, _number(row.get(self.paging.counter)), plan))
        if self._owners.done:
            asked = ((part.plan.next(1), part) for part in self._parts)
            self._opening.extend((request, part) for request, part in asked if request)
            if self._opening:
                self._opening.append((self._whole_request, None))
            else:
                self._end()

    def _pairs(self, part: Part, rows: list[Row]) -> list[Row]:
        """Return the rows of the table: a key, the owner and what is owned."""
        ids = row_ids(self.paging.listed, rows)
        keys = [joined_key(part.owner, key) for key in ids]
        names = self.paging.columns
        pairs = zip(keys, ids, strict=True)
        return self.stats.take(
            [{"id": str(key), names[0]: str(part.owner), names[1]: str(owned)} for key, owned in pairs], keys
        )

    def _step(self) -> None:
        """Everything asked for is here: look at the first pages, go on, or end."""
        if not self._heeded:
            self.stats.unproved.append(
                f"the account does not heed {self.paging.parameter}: it gives all {self._whole:,} "
                f"{self.paging.listed.name} for each of the {self.paging.owner.name}, also where it counts fewer"
            )
            self.done = True
            return
        self._opened = True
        self._sum_up()
        if all(part.plan.done for part in self._parts):
            self._end()

    @property
    def _heeded(self) -> bool:
        """Whether the account tells the owners apart; one that does not gives each of them the whole list."""
        totals = [part.plan.stats.first_total for part in self._parts]
        if not self._whole or any(total is None or total < self._whole for total in totals):
            return True
        return all(part.counter is None or part.counter >= self._whole for part in self._parts)

    def _sum_up(self) -> None:
        """Add up what the account promised; what one part has too many must not make up for what another lacks."""
        tallies = [part.plan.stats for part in self._parts]
        if all(stats.first_total is not None for stats in tallies):
            self.stats.first_total = sum(stats.first_total or 0 for stats in tallies)
            self.stats.last_total = self.stats.received + sum(stats.missing for stats in tallies)

    def _end(self) -> None:
        self.done = True
        self._sum_up()
        name, owners = self.paging.owner.name, self._owners.stats
        for part in self._parts:
            stats = part.plan.stats
            self.stats.repeats += stats.repeats
            self.stats.moved |= stats.moved or stats.last_total not in {None, stats.received}
            self.stats.unproved += [f"of {name} {part.owner}, {each}" for each in stats.unproved]
        self.stats.moved |= owners.moved
        if owners.unproved or owners.missing:
            self.stats.unproved.append(f"{name} themselves could not be proved complete")


def _number(told: object) -> int | None:
    return int(told) if isinstance(told, int) or (isinstance(told, str) and told.isdecimal()) else None
