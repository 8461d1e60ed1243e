"""Events out of account-wide lists: sends, which nothing else tells, and all others where no reports answer.

A list is read as any other, with its own proof. What it holds of each campaign is then held against its counters.
"""

from collections import defaultdict
from typing import TYPE_CHECKING

from pyroaring import BitMap64

from acflow.entities.model import CampaignEvents, Entity, EventSource
from acflow.errors import ContractError
from acflow.source.events_plan import CampaignPart, compared, contact_of, number_of, part_of
from acflow.source.protocol import Page, Request, Row, row_ids
from acflow.source.read_stats import ReadStats

if TYPE_CHECKING:
    from collections.abc import Callable

    from acflow.source.paging import Plan

Filters = tuple[tuple[str, str], ...]
OPEN = "open"  # what the link of an open is called
CAMPAIGN = ("campaignid", "campaign")
KINDS = 2  # lists whose rows share a table, so that their keys must differ
NEVER = frozenset({None, "", "0", 0})


class ListedEventsPlan:
    """The walk over campaigns, links and lists, one after the other; `make` makes the plans of which it consists."""

    def __init__(self, entity: Entity, paging: CampaignEvents, make: "Callable[[Entity, Filters], Plan]") -> None:
        self.entity, self.paging = entity, paging
        self.stats = ReadStats(entity)
        self.done = False
        self._campaigns = make(paging.owner, ())
        self._links = make(paging.links, ()) if paging.links else None
        self._lists = [make(listed, ()) for listed in paging.listed]
        self._plans = [self._campaigns, *([self._links] if self._links else []), *self._lists]
        self._opens: set[str] = set()  # links that count opens
        self._links_seen: set[str] = set()
        self._parts: dict[int, CampaignPart] = {}
        self._contacts: defaultdict[int, BitMap64] = defaultdict(BitMap64)
        self._contradicted = 0  # rows whose link and flag disagree

    def next(self, width: int) -> Request | None:
        """Return a request to send now, or None if none is ready; `width` may usefully be out at once."""
        plan = self._current
        return plan.next(width) if plan else None

    @property
    def _current(self) -> "Plan | None":
        return next((plan for plan in self._plans if not plan.done), None)

    def take(self, request: Request, page: Page) -> list[Row]:
        """Take a page and return its rows that are new."""
        plan = next(plan for plan in self._plans if plan.entity.path == request.path)
        came, rows = plan.take(request, page), list[Row]()
        if plan is self._campaigns:
            self._take_campaigns(came)
        elif plan is self._links:
            self._links_seen |= {str(row.get("id")) for row in came}
            self._opens |= {str(row.get("id")) for row in came if row.get("link") == OPEN}
        else:
            rows = self._rows(plan, came)
            self.stats.first_total = self.stats.last_total = sum(each.stats.last_total or 0 for each in self._lists)
        if self._current is None:
            self._end()
        return rows

    def _take_campaigns(self, came: list[Row]) -> None:
        for key, row in zip(row_ids(self.paging.owner, came), came, strict=True):
            self._parts[key] = part_of(self.paging, key, row)

    def _rows(self, plan: "Plan", came: list[Row]) -> list[Row]:
        """Return the rows of the table that a list has brought."""
        nth, rows, keys = self._lists.index(plan), list[Row](), list[int]()
        prefetched = {"prefetched": str(nth)} if len(self._lists) > 1 else {}
        for key, row in zip(row_ids(plan.entity, came), came, strict=True):
            campaign = next((number_of(row[name]) for name in CAMPAIGN if row.get(name) not in NEVER), 0)
            if not campaign or not self._belongs(row):
                continue
            contact = contact_of(row, self.entity)
            keys.append(key * KINDS + nth)
            own = {"campaign": str(campaign), "contact": str(contact), "source": EventSource.LISTS.value}
            rows.append({**row, **own, **prefetched, "id": str(keys[-1])})
            self._contacts[campaign].add(contact)
        return self.stats.take(rows, keys)

    def _belongs(self, row: Row) -> bool:
        """Whether a row of a list is an event of this kind."""
        if any(str(row.get(name)) != value for name, value in self.paging.chosen.items()):
            return False
        if self._links is None:
            return True
        link, read = str(row.get("link")), row.get("isread")
        flagged = str(read).lower() in {"1", "2", "true"}
        opened = link in self._opens if link in self._links_seen else flagged
        self._contradicted += opened is not flagged
        return opened is not self.paging.by_link

    def _end(self) -> None:
        self.done = True
        for key, contacts in self._contacts.items():
            self._parts.setdefault(key, CampaignPart(key, (), 0, 0)).contacts = contacts
        parts = [part for part in self._parts.values() if part.promised or part.contacts]
        self.stats.counted = compared(EventSource.LISTS, parts, len(self._parts) - len(parts))
        for plan in self._plans:
            self.stats.moved |= plan.stats.moved
            if plan.stats.unproved or plan.stats.missing:
                self.stats.unproved.append(f"{plan.entity.name} could not be proved complete")
        if self._contradicted and self.stats.received and 2 * self._contradicted > self.stats.received:
            raise ContractError(
                f"Most rows of {self._lists[0].entity.name} say by isread what their links deny, so opens and clicks "
                "cannot be told apart. Report this; nothing was changed."
            )
