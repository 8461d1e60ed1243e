"""Reading by offset, where the API has nothing better, with a proof that nothing slipped between two pages.

Neighbouring pages overlap by one row. Each page is one answer, so its rows stood together at that moment; if two
neighbours share a row, no row between them that kept its place in the order can be missing, whatever was added or
deleted while they were read. If they share none, the list has shifted, and the place is read again until the pages hang
together. The price is one request in a hundred.

A row may also change its place: a deal that the key loses sight of has no date any more and comes first. So a walk of
several pages ends by reading the first one again: beside the last ones if nothing was seen to change, and after them if
something was. If the list has shifted, or the account's count is not that of the rows that came, or there is none, all
of it is read a second time. That pass is judged by its own rows: those that were read once and then deleted must not
make up for others that never came.
"""

from collections import deque
from dataclasses import dataclass

from pyroaring import BitMap64

from acflow.entities.model import Entity, Offset
from acflow.source.protocol import PAGE_SIZE, Page, Request, Row, list_request, row_ids
from acflow.source.read_stats import ReadStats

BRIDGES = 8  # how often one place is read again before it counts as unproved
PASSES = 2
FARTHEST = 100_000  # rows beyond twice the account's first count; a list that still goes on grows as it is read


@dataclass(slots=True, eq=False)
class PageWindow:
    """One page's place in the list; `ids` are None until it is read, and empty again once both sides hang together."""

    offset: int
    before: "PageWindow | None" = None
    after: "PageWindow | None" = None
    ids: frozenset[int] | None = None
    order: tuple[int, ...] = ()  # the same as they came
    size: int = 0
    news: bool = False  # whether it brought rows that its pass had not seen
    tries: int = 0
    joined_before: bool = False
    joined_after: bool = False
    closes: bool = False  # the first page, read again at the end
    cut_off: bool = False  # it was on its way when a page before it turned out to be the end

    def release(self) -> None:
        """Forget the ids that no neighbour needs any more."""
        if self.joined_before and self.joined_after:
            self.ids, self.order = frozenset(), ()


class OffsetPlan:
    """The walk over a list that has no key range; `filters` narrow it."""

    def __init__(self, entity: Entity, paging: Offset, filters: tuple[tuple[str, str], ...] = ()) -> None:
        self.entity = entity
        self.stats = ReadStats(entity, narrowed=bool(filters))
        self.done = False
        order = ((f"orders[{paging.order}]", "ASC"),) if paging.order else ()
        self._params = (*filters, *order)
        self._page_size = PAGE_SIZE
        self._passes = 0
        self._out: dict[Request, PageWindow] = {}
        self._ready: deque[PageWindow] = deque()
        self._begin()

    def _begin(self) -> None:
        self._passes += 1
        self._closed = self._early = False
        self._beyond = False  # whether a place is known that lies past the last row
        self._restless = False  # whether rows came twice in this pass where a list that keeps its order has them once
        self._loose: list[str] = []  # the places where this pass does not hang together
        self._seen = BitMap64()  # the ids of this pass
        self._first = self._last = PageWindow(0, joined_before=True)
        self._ready.append(self._last)

    @property
    def _missing(self) -> int:
        """How many records the account says it holds beyond those of this pass; 0 where it says nothing."""
        return max(0, (self.stats.last_total or 0) - len(self._seen))

    @property
    def _counted(self) -> bool:
        """Whether this pass brought exactly as many records as the account says it holds."""
        return self.stats.last_total == len(self._seen)

    @property
    def _too_far(self) -> bool:
        return self._last.offset > FARTHEST + 2 * (self.stats.first_total or FARTHEST * FARTHEST)

    def next(self, width: int) -> Request | None:
        """Return a request to send now, or None if none is ready; `width` may usefully be out at once."""
        if len(self._out) >= width:
            return None
        if not self._ready and not self._extend() and not self._look_early():
            return None
        window = self._ready.popleft()
        request = list_request(self.entity, (*self._params, ("offset", str(window.offset))), limit=PAGE_SIZE)
        if request in self._out:  # the same place is on its way already
            self._ready.append(window)
            return None
        self._out[request] = window
        return request

    def _extend(self) -> bool:
        """Put the next page behind the last one, if the account says that there is more."""
        last, total = self._last, self.stats.last_total
        if self._beyond or total is None or last.offset + self._page_size >= total or self._too_far:
            return False
        self._append(last.offset + max(1, self._page_size - 1))
        return True

    def _look_early(self) -> bool:
        """Look at the front while the last pages are on their way, if the account seems to be at rest.

        Should it move after all, the front is looked at once more when they are there.
        """
        if self._closed or self.stats.moved or self.stats.last_total is None or not (self._out and self._last.before):
            return False
        self._early = True
        self._close()
        return True

    def _close(self) -> None:
        self._closed = True
        self._ready.append(PageWindow(0, joined_before=True, joined_after=True, closes=True))

    def _append(self, offset: int) -> None:
        self._closed = False
        behind = PageWindow(offset, before=self._last)
        self._last.after = behind
        self._last = behind
        self._ready.append(behind)

    def take(self, request: Request, page: Page) -> list[Row]:
        """Take a page and return its rows that are new."""
        window = self._out.pop(request)
        first_page = self.stats.first_total is None and window.offset == 0
        self.stats.promise(page)
        if first_page and page.total is not None and 0 < len(page.rows) < page.total:
            self._page_size = len(page.rows)  # a server with a cap of its own
        rows = self._count(window, page)
        if not page.rows and window.offset and not window.tries and not window.cut_off:
            self._stop_at(window)
        self._join(window.before, window)
        self._join(window, window.after)
        if not self._out and not self._ready and not self._extend():
            self._finish()
        return rows

    def _stop_at(self, window: PageWindow) -> None:
        """Take an empty page for the end, whatever the account counts: ask for none behind it."""
        self._beyond = True
        behind, window.after, self._last = window.after, None, window
        while behind is not None:
            following, behind.before, behind.after, behind.cut_off = behind.after, None, None, True
            if behind in self._ready:
                self._ready.remove(behind)
            behind = following

    def _count(self, window: PageWindow, page: Page) -> list[Row]:
        """Take note of a page's rows; return those that are new to the walk."""
        ids = row_ids(self.entity, page.rows)
        window.ids, window.order = frozenset(ids), tuple(ids)
        window.size = len(page.rows)
        known = len(self._seen)
        self._look_for_unrest(window)
        self._seen.update(window.ids)
        window.news = len(self._seen) > known
        if window.news and (window.closes or window.cut_off):
            self.stats.moved = self.stats.shifted = True
        whole = page.total is None and not window.news  # a list without pages is all there, whatever is asked for
        again = whole or window.closes or window.tries > 0 or self._passes > 1
        return self.stats.take(page.rows, ids, expected_repeats=len(page.rows) if again else int(window.offset > 0))

    def _look_for_unrest(self, window: PageWindow) -> None:
        """Notice rows that were seen elsewhere than on the neighbouring pages: the order is none."""
        if window.ids and not (window.closes or window.tries):
            near = [page.ids for page in (window.before, window.after) if page is not None and page.ids]
            again = [key for key in window.ids.difference(*near) if key in self._seen]
            self._restless = self._restless or bool(again)

    def _join(self, left: PageWindow | None, right: PageWindow | None) -> None:
        """Hold two neighbours against each other, and read between them if they do not hang together."""
        if left is None or right is None or left.ids is None or right.ids is None or left.joined_after:
            return
        shared = left.ids & right.ids
        if len(shared) > 1 and len({tuple(key for key in page.order if key in shared) for page in (left, right)}) > 1:
            self._restless = True
        past_the_end = not right.ids and left.size < self._page_size
        if past_the_end or shared or not right.offset:  # nothing stands before the first place
            self._joined(left, right)
            return
        self.stats.moved = self.stats.shifted = True
        if right.tries >= BRIDGES:
            self._loose.append(f"rows around position {right.offset} kept moving")
            self._joined(left, right)
            return
        self._bridge(left, right)

    @staticmethod
    def _joined(left: PageWindow, right: PageWindow) -> None:
        left.joined_after = right.joined_before = True
        left.release()
        right.release()

    def _bridge(self, left: PageWindow, right: PageWindow) -> None:
        """Read a page between two that do not hang together: first where the right one begins, then nearer the left."""
        tries = max(left.tries, right.tries) + 1
        reach = self._page_size - 1 if tries % 2 else self._page_size // 2
        bridge = PageWindow(max(0, right.offset - reach), left, right, tries=tries)
        left.after = right.before = bridge
        right.tries = left.tries = tries
        self._ready.append(bridge)

    def _finish(self) -> None:
        """Everything asked for is read and hangs together: go on, look at the front, read all again, or end."""
        last, stats = self._last, self.stats
        # Unless the count is that of the rows, which it may be by chance where some went, only a page without news is
        # the end; and if it is a short one, only with nothing behind it.
        more = (last.size >= self._page_size or stats.shifted or not self._counted) and not self._too_far
        if more and last.news:
            self._append(last.offset + max(1, last.size - 1))
        elif more and last.before and last.before.news and 0 < last.size < self._first.size:
            self._append(last.offset + last.size)
        elif (not self._closed or (self._early and stats.moved)) and (last.before or stats.last_total is None):
            self._early = False
            self._close()
        elif self._passes < PASSES and (stats.shifted or self._missing or not (self._counted or self._on_one_page)):
            stats.moved = stats.moved or stats.shifted or self._missing > 0
            self._begin()
        else:
            self._end()

    @property
    def _borne_out(self) -> bool:
        """Whether the account's count says that the last pass brought all, in whatever order; changes may join it."""
        if self.stats.narrowed and self.stats.last_total is not None:
            return not self._missing
        return self._counted and self.stats.received == len(self._seen)

    @property
    def _on_one_page(self) -> bool:
        return len(self._seen) <= self._first.size

    def _end(self) -> None:
        self.done = True
        last, stats, name = self._last, self.stats, self.entity.name
        stats.moved = stats.moved or stats.received > len(self._seen)  # the passes differ
        stats.unproved += self._loose
        if self._too_far:
            stats.unproved.append(f"the list of {name} grew faster than it could be read")
        if self._restless and not self._borne_out:
            stats.unproved.append(
                f"rows of {name} came again in other places, and the account's count does not bear out that all came"
            )
        full = last.size == self._page_size or (last.size == self._first.size and not self._on_one_page)
        if last.before and full and not last.news and not self._counted:
            # Past the end there is one row at most, and a list without pages gives all its rows.
            stats.unproved.append(f"the account gives the same {last.size} {name} again and again")
        if self._missing and not stats.missing:
            stats.unproved.append(
                f"{self._missing:,} of the {stats.last_total:,} {name} that the account counts "
                "did not come when all was read again"
            )
