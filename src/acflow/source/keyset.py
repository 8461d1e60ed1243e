"""Reading by key ranges, in parallel: `orders[id]=ASC&id_greater=…&id_less=…`.

A range is read in the order of its ids, so deletions and insertions cannot shift a row out of sight. It is read from
both ends until they meet, so that two requests at a time end in one page that is not full. When more may usefully be
out, or a range is done and others are far from it, the longest gives up its upper half. No recording shows a range in
falling order; where the account does not heed it, ranges are read from below alone.

At the end the newest id is asked for again: it shows what was added meanwhile, and that answer is the account's last
word on the total. Where the totals do not bear out what came, every range is followed to an empty page: a short page,
or the account's word on its newest id, is no proof then.
https://developers.activecampaign.com/reference/pagination
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from acflow.entities.model import Entity, Keyset
from acflow.source.protocol import LONGEST_ID, PAGE_SIZE, Page, Request, Row, list_request, row_ids
from acflow.source.read_stats import ReadStats

WORTH_SPLITTING = 3 * PAGE_SIZE  # rows: two pages are on their way, and a split may cost a third
ACCEPTED_WASTE = 0.02  # short pages per full one
HIGHEST = 10**LONGEST_ID - 1


UP, DOWN = "ASC", "DESC"


@dataclass(slots=True, eq=False)
class Range:
    """Ids above `low`, up to and with `high`; `out` are the directions in which a page of it is on its way."""

    low: int
    high: int
    out: set[str] = field(default_factory=set)
    ended: bool = False


class KeysetPlan:
    """The walk over contacts. `filters` narrow it: then one page may well be all, and is asked for alone."""

    def __init__(self, entity: Entity, paging: Keyset, filters: tuple[tuple[str, str], ...] = ()) -> None:
        self.entity, self.paging = entity, paging
        self.stats = ReadStats(entity, narrowed=bool(filters))
        self.done = False
        self._filters = filters
        self._newest_request = list_request(entity, (*filters, (f"orders[{paging.order}]", "DESC")), limit=1)
        first = (*filters, (f"orders[{paging.order}]", "ASC"), (paging.greater, "0"))
        self._first_request = list_request(entity, first)
        self._ready = deque([self._first_request] if filters else [self._newest_request, self._first_request])
        self._out: dict[Request, tuple[Range, str] | None] = {}  # None for what is not of a range
        self._ranges: list[Range] = []
        self._newest = 0  # the newest id, as last told
        self._top: int | None = None  # all ids up to this one are read, or stand in a range
        self._began = 0  # all ids above this one were added while the account was read
        self._floor: int | None = None  # last id of the first page
        self._page_size = PAGE_SIZE
        self._short_pages = 0
        self._directions = {UP, DOWN}
        self._closing = False
        self._rechecked = False
        self._disordered = False

    def next(self, width: int) -> Request | None:
        """Return a request to send now, or None if none is ready; `width` may usefully be out at once."""
        if self._ready:
            request = self._ready.popleft()
            self._out[request] = None
            return request
        going = [part for part in self._ranges if not part.ended]
        out = sum(len(part.out) for part in self._ranges)
        if out >= width:
            return None
        for part in sorted(going, key=lambda part: len(part.out)):
            free = self._directions - part.out
            if free and (not part.out or self._expected(part) > self._page_size):
                return self._ask(part, min(free))
        if upper := self._split(going, width):
            return self._ask(upper, UP)
        if out and not self._closing and self.stats.missing <= out * self._page_size:
            return self._close()  # the last pages are on their way: the slots behind them are free
        return None

    def _close(self) -> Request:
        self._closing = True
        self._out[self._newest_request] = None
        return self._newest_request

    def _ask(self, part: Range, direction: str) -> Request:
        paging = self.paging
        bounds = ((paging.greater, str(part.low)), (paging.less, str(part.high + 1)))
        request = list_request(self.entity, (*self._filters, (f"orders[{paging.order}]", direction), *bounds))
        part.out.add(direction)
        self._out[request] = part, direction
        return request

    def _expected(self, part: Range) -> float:
        """Return how many rows may stand in a range, were they spread evenly over all that is left."""
        left = sum(each.high - each.low for each in self._ranges if not each.ended)
        span = part.high - part.low
        return span if self.stats.last_total is None else min(span, self.stats.missing * span / left)

    def _split(self, going: Sequence[Range], width: int) -> Range | None:
        """Cut the longest range in two, if enough rows are to be expected in it. Return the upper half.

        Where ids stand in clusters, many a half is empty; once that has cost enough requests, it ends.
        """
        if self._rechecked or self._short_pages > width + self.stats.received / PAGE_SIZE * ACCEPTED_WASTE:
            return None
        longest = max(going, key=lambda part: part.high - part.low, default=None)
        if longest is None or self._expected(longest) < WORTH_SPLITTING:
            return None
        upper = Range(longest.high - (longest.high - longest.low) // 2, longest.high, longest.out & {DOWN})
        longest.high = upper.low
        longest.out.discard(DOWN)
        self._ranges.append(upper)
        for request, asked in self._out.items():
            if asked == (longest, DOWN):
                self._out[request] = upper, DOWN
        return upper

    def take(self, request: Request, page: Page) -> list[Row]:
        """Take a page and return its rows that are new."""
        asked = self._out.pop(request)
        rows: list[Row] = []
        if asked is not None:
            rows = self._take_range(*asked, page)
        elif request == self._first_request:
            rows = self._take_first(page)
        else:
            self._take_newest(page)
        if not self._out and not self._ready and all(part.ended for part in self._ranges):
            self._step()
        return rows

    def _take_first(self, page: Page) -> list[Row]:
        self.stats.promise(page)
        ids = self._in_order(page, above=0)
        self._floor = max(ids, default=0)
        self._page_size = min(PAGE_SIZE, max(1, len(ids)))  # a server may have a cap of its own
        if self._filters:
            if page.rows and len(page.rows) != page.total:
                self._ready.append(self._newest_request)
            else:
                self._top = self._floor
        self._open()
        return self.stats.take(page.rows, ids)

    def _take_newest(self, page: Page) -> None:
        self.stats.promise(page)
        self._newest = newest = max(row_ids(self.entity, page.rows), default=0)
        if self._top is None:
            self._top = newest
            self._open()
        elif newest > self._top:
            self.stats.moved = True
            self._ranges.append(Range(self._top, newest))
            self._top = newest

    def _open(self) -> None:
        """Start on the ids above the first page, once both opening answers are there."""
        if self._top is None or self._floor is None:
            return
        self._began = self._top = max(self._top, self._floor)
        if self._floor < self._top:
            self._ranges.append(Range(self._floor, self._top))

    def _in_order(self, page: Page, above: int) -> list[int]:
        """Return the ids of a page of a range, having looked whether the account keeps to what was asked for."""
        ids = row_ids(self.entity, page.rows)
        self._disordered |= ids != sorted(ids) or bool(ids and ids[0] <= above)
        return ids

    def _take_range(self, part: Range, direction: str, page: Page) -> list[Row]:
        """Move the bound that the page was read from; nothing new, or a page that is short, ends the range."""
        part.out.discard(direction)
        ids = self._in_order(page, part.low) if direction == UP else row_ids(self.entity, page.rows)
        if direction == DOWN and (ids != sorted(ids, reverse=True) or max(ids, default=0) > part.high):
            self._directions = {UP}  # such a page proves nothing, so what it was to bring is asked for from below
            return []
        within = [n for n, key in enumerate(ids) if part.low < key <= part.high]  # the other end came near, or a split
        short = len(ids) < self._page_size and self.stats.last_total is not None and not self._rechecked
        self._short_pages += len(ids) < self._page_size
        if direction == DOWN:
            part.high = min(part.high, min(ids, default=part.high + 1) - 1)
        else:
            part.low = max(part.low, max(ids, default=part.low))
            if part.high == HIGHEST:
                self._top = max(self._top or 0, part.low)
        part.ended = part.ended or short or not within or part.low >= part.high
        return self.stats.take([page.rows[n] for n in within], [ids[n] for n in within])

    @property
    def _counted(self) -> bool:
        """Whether as many came as the account counted at first, and those added since: then none has gone.

        Otherwise rows that were read and then deleted may stand in for others that did not come.
        """
        stats = self.stats
        added = stats.received - stats.ids.rank(self._began)
        return stats.last_total == stats.received and stats.first_total == stats.received - added

    def _step(self) -> None:
        """Everything asked for is read: look for newer rows, follow all ranges to their ends, or end."""
        if not self._closing and not self._ranges and self._counted:
            self.done = True  # it all stood on the first page
        elif not self._closing:
            self._ready.append(self._newest_request)
            self._closing = True
        elif not self._counted and not self._rechecked:
            self._rechecked, self._closing, self._directions = True, False, {UP}
            self._ranges.append(Range(self._top or 0, HIGHEST))
            for part in self._ranges:
                part.ended = part.low >= part.high
            if all(part.ended for part in self._ranges):  # the highest of all ids is there: nothing is left to ask
                self._end()
        else:
            self._end()

    def _end(self) -> None:
        self.done = True
        if self._disordered:
            self.stats.unproved.append(
                f"the account did not keep to the order of ids in which {self.entity.name} are read"
            )
