"""Reading a list below each record of another: the blocks of each automation, by `automations/7/blocks`.

The owners are read first, then each owner's list as a list of its own is. A list that tells no total and is shorter
than the page that the API gives unasked came whole: such lists have no pages.
https://developers.activecampaign.com/reference/pagination
"""

from typing import TYPE_CHECKING

from acflow.entities.model import Entity, Nested
from acflow.errors import NotFoundError
from acflow.source.protocol import Page, Request, Row, joined_key, row_ids
from acflow.source.read_stats import ReadStats

if TYPE_CHECKING:
    from collections.abc import Callable

    from acflow.source.paging import Plan
    from acflow.source.per_parent import Filters

SHORTEST_PAGE = 20  # rows of a page for which no limit is asked; no account was seen to give fewer
MOST_OPEN = 32  # owners whose lists are read at the same time


class NestedPlan:
    """The walk over the lists of all owners; `make` makes the plans of which it consists."""

    def __init__(self, entity: Entity, paging: Nested, make: "Callable[[Entity, Filters], Plan]") -> None:
        self.entity, self.paging = entity, paging
        self.stats = ReadStats(entity, narrowed=True)
        self.done = False
        self._make = make
        self._owners = make(paging.owner, ())
        self._waiting: list[tuple[int, Entity]] = []  # owners whose lists were not asked for yet, the next one last
        self._open: dict[int, Plan] = {}
        self._out: dict[Request, int] = {}
        self._counted = self._promised = self._answered = 0
        self._lacking: NotFoundError | None = None

    def next(self, width: int) -> Request | None:
        """Return a request to send now, or None if none is ready; `width` may usefully be out at once."""
        if not self._owners.done:
            return self._owners.next(width)
        if len(self._out) >= width:
            return None
        while self._waiting and len(self._open) < min(width, MOST_OPEN):
            key, listed = self._waiting.pop()
            self._open[key] = self._make(listed, ())
        for key, plan in self._open.items():
            if request := plan.next(max(1, width // len(self._open))):
                self._out[request] = key
                return request
        return None

    def take(self, request: Request, page: Page) -> list[Row]:
        """Take a page and return its rows that are new."""
        if not self._owners.done:
            self._take_owners(request, page)
            return []
        self._answered += 1
        key = self._out.pop(request)
        plan = self._open[key]
        rows = self._owned(key, plan.take(request, page))
        whole = page.total is None and ("offset", "0") in request.params and len(page.rows) < SHORTEST_PAGE
        if plan.done or whole:
            self._close(key)
        return rows

    def lack(self, request: Request, error: NotFoundError) -> NotFoundError | None:
        """Take note that an owner's list is not there: it went, or it has none; an error if no owner has one."""
        if not self._owners.done or request not in self._out:
            return error
        self._lacking = error
        self._close(self._out.pop(request), lacking=True)
        return error if self.done and not self._answered else None

    def _take_owners(self, request: Request, page: Page) -> None:
        rows = self._owners.take(request, page)
        for key, row in zip(row_ids(self.paging.owner, rows), rows, strict=True):
            text = row.get(self.paging.owner.text_column) if self.paging.owner.text_column else key
            self._waiting.append((key, self.entity.below(str(text))))
        if self._owners.done:
            self._waiting.reverse()
            self._end_if_over()

    def _owned(self, owner: int, rows: list[Row]) -> list[Row]:
        """Return the rows with their owner's key; where owners share ids, with a key made of both."""
        keys = row_ids(self.entity, rows)
        if self.paging.inner and rows:
            for row in rows:
                row[self.paging.inner] = row[self.entity.key]
            keys = [joined_key(owner, key) for key in keys]
        for row, key in zip(rows, keys, strict=True):
            row[self.paging.column], row[self.entity.key] = str(owner), str(key)
        return self.stats.take(rows, keys)

    def _close(self, key: int, *, lacking: bool = False) -> None:
        """Add up what an owner's list came to, now that it is read."""
        stats = self._open.pop(key).stats
        self._counted += not lacking and stats.first_total is not None
        self._promised += stats.last_total if stats.last_total is not None else stats.received
        self.stats.repeats += stats.repeats
        self.stats.moved |= stats.moved
        self.stats.unproved += [f"of {self.paging.owner.name} {key}, {doubt}" for doubt in stats.unproved]
        self._end_if_over()

    def _end_if_over(self) -> None:
        if self._waiting or self._open:
            return
        self.done = True
        owners = self._owners.stats
        if self._counted:
            self.stats.first_total = self.stats.last_total = self._promised
        self.stats.moved |= owners.moved
        if owners.unproved or owners.missing:
            self.stats.unproved.append(f"{self.paging.owner.name} themselves could not be proved complete")
