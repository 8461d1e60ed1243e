"""Reading what contacts did with campaigns, one campaign after the other.

The campaigns are listed first, with their own counters. Asked for are those that count something and were sent not long
ago, or count otherwise than when they were last read; the others have nothing new. A campaign's report is read to its
end, and the contacts that came are held against its counters. These may rightly count more: deleted contacts, the
prefetches of Apple's mail and robots are in some and not in others. So a gap is told. Only where less than half came is
the report read again, and if that changes nothing, or pages repeat, the campaign is not proved.

The newest campaigns come first. If the reading stops early, be it by an error or since it was given so many requests,
those that were read to their end are kept, and the next reading goes on with the others.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pyroaring import BitMap64

from acflow.entities.model import CampaignEvents, Entity, EventSource
from acflow.errors import ContractError
from acflow.source.campaign_reports import contact_rows, page_size, report_request
from acflow.source.protocol import Page, Request, Row, joined_key, row_ids
from acflow.source.read_stats import Counted, ReadStats, Shortfall

if TYPE_CHECKING:
    from acflow.source.paging import Plan

Filters = tuple[tuple[str, str], ...]
LINKS, CONTACTS = 10**3, 10**9  # room within a campaign's keys for its links, and within these for contacts
AT_ONCE = 24  # campaigns being read
WORST = 5  # campaigns that are told by name
CONTACT = ("subscriberid", "contact", "contactId", "contactid")
SENT = ("ldate", "sdate")


@dataclass(frozen=True, slots=True)
class EventScope:
    """Which campaigns are asked, and by which reports.

    Those that were sent in the `days` before `now`, and those whose counters are not as `known` from the last reading;
    of a first reading `known` is None. None that was sent before `since` is asked unless it is known. `path` is the
    template of version 3's reports. After so many `requests` no further campaign is begun; 0 is for no limit.
    """

    source: EventSource = EventSource.LEGACY
    path: str = ""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    days: int = 30
    since: datetime | None = None
    known: Mapping[int, tuple[int, ...]] | None = None
    requests: int = 0

    def asks(self, events: CampaignEvents, campaign: int, row: Row) -> bool:
        """Whether a campaign that is listed so is to be asked."""
        counters, sent = counters_of(events, row), _sent(row)
        known = (self.known or {}).get(campaign)
        if not any(counters) and not any(known or ()):
            return False
        if known is None:
            return self.since is None or sent is None or sent >= self.since
        return known != counters or (sent is not None and sent >= self.now - timedelta(days=self.days))


@dataclass(slots=True, eq=False)
class CampaignPart:
    """The walk over one campaign's report. It counts `promised` contacts, of which `least` are beyond doubt."""

    campaign: int
    counters: tuple[int, ...]
    promised: int
    least: int
    sent: datetime | None = None
    contacts: BitMap64 = field(default_factory=BitMap64)
    passes: int = 1
    asked: int = 0
    out: int = 0
    last: int | None = None  # the page after which there is nothing
    first_page: int | None = None  # a hash of it, as an account may give it again and again
    repeats: int = 0
    stuck: bool = False  # whether it was given again
    done: bool = False

    def next_page(self, size: int, *, ahead: bool) -> int | None:
        """Return the number of the page to ask for now, None if none; a counter may tell them `ahead`."""
        if self.done or self.last is not None or (self.out and self.first_page is None):
            return None
        if self.out and not (ahead and self.asked < math.ceil(self.promised / size)):
            return None
        self.asked += 1
        self.out += 1
        return self.asked

    def take(self, number: int, rows: int, contents: int, size: int) -> None:
        """Take note of a page that came."""
        self.out -= 1
        repeated = number > 1 and rows > 0 and contents == self.first_page
        self.stuck |= repeated
        if number == 1:
            self.first_page = contents
        if rows < size or repeated:
            self.last = min(self.last or number, number)
        if self.last is None or self.out:
            return
        if self.passes == 1 and (self.unproved or (self.repeats and len(self.contacts) < self.promised)):
            self.passes, self.asked, self.last, self.first_page = 2, 0, None, None
        else:
            self.done = True

    @property
    def unproved(self) -> bool:
        """Whether too little came to be explained by those who are counted and not told."""
        if self.stuck:
            return len(self.contacts) < self.promised
        return bool(self.promised) and 2 * len(self.contacts) < max(1, min(self.least or self.promised, self.promised))


class EventsPlan:
    """The walk over all campaigns; `make` makes the plan of their list."""

    def __init__(
        self,
        entity: Entity,
        paging: CampaignEvents,
        scope: EventScope,
        make: "Callable[[Entity, Filters], Plan]",
    ) -> None:
        self.entity, self.paging, self.scope = entity, paging, scope
        self.stats = ReadStats(entity)
        self.done = False
        self.gone: list[int] = []  # campaigns that are known and not there any more
        self.parts: list[CampaignPart] = []
        self._campaigns = make(paging.owner, ())
        self._listed: set[int] = set()
        self._size = page_size(paging, scope.source)
        self._out: dict[Request, tuple[CampaignPart, int]] = {}
        self._going: list[CampaignPart] = []
        self._waiting: list[CampaignPart] = []  # the newest last
        self._asked = 0

    def next(self, width: int) -> Request | None:
        """Return a request to send now, or None if none is ready; `width` may usefully be out at once."""
        if not self._campaigns.done:
            return self._campaigns.next(width)
        if len(self._out) >= width:
            return None
        for part in self._going:
            if number := part.next_page(self._size, ahead=not self.paging.by_link):
                return self._request(part, number)
        if not self._waiting or len(self._going) == AT_ONCE or self._spent:
            return None
        self._going.append(self._waiting.pop())
        return self.next(width)

    def _request(self, part: CampaignPart, number: int) -> Request:
        request = report_request(self.paging, self.scope.source, self.scope.path, part.campaign, number)
        self._out[request] = part, number
        self._asked += 1
        return request

    @property
    def _spent(self) -> bool:
        return 0 < self.scope.requests <= self._asked

    def take(self, request: Request, page: Page) -> list[Row]:
        """Take a page and return its rows that are new."""
        if not self._campaigns.done:
            self._take_campaigns(request, page)
            return []
        part, number = self._out.pop(request)
        came = contact_rows(self.paging, page.rows)
        keys = [contact_of(row, self.entity) for row in came]
        rows = self._rows(part, came, keys)
        part.take(number, len(page.rows), hash(tuple(keys)), self._size)
        if part.done:
            self._going.remove(part)
            if not self._going and (not self._waiting or self._spent):
                self.close()
        return rows

    def _take_campaigns(self, request: Request, page: Page) -> None:
        owner = self.paging.owner
        rows = self._campaigns.take(request, page)
        for key, row in zip(row_ids(owner, rows), rows, strict=True):
            self._listed.add(key)
            if self.scope.asks(self.paging, key, row):
                self.parts.append(part_of(self.paging, key, row))
        if self._campaigns.done:
            self.gone = sorted((self.scope.known or {}).keys() - self._listed)
            self._waiting = sorted(self.parts, key=lambda part: part.sent.timestamp() if part.sent else 0.0)
            self.stats.first_total = self.stats.last_total = sum(part.promised for part in self.parts)
            if not self.parts:
                self.close()

    def _rows(self, part: CampaignPart, came: list[Row], contacts: list[int]) -> list[Row]:
        """Return the rows of the table: a key, the campaign, the source, and what came."""
        keys = [
            joined_key(joined_key(part.campaign, row.get("place", 0), LINKS), key, CONTACTS)
            for row, key in zip(came, contacts, strict=True)
        ]
        own = {"campaign": str(part.campaign), "source": self.scope.source.value}
        before = self.stats.repeats
        rows = self.stats.take(
            [{**row, **own, "id": str(key)} for row, key in zip(came, keys, strict=True)],
            keys,
            expected_repeats=len(came) if part.passes > 1 else 0,
        )
        part.repeats += max(0, self.stats.repeats - before)
        part.contacts |= BitMap64(contacts)
        return rows

    def close(self, stopped: str | None = None) -> None:
        """End the walk, be it that all is read or that something has `stopped` it; what is read of campaigns counts."""
        self.done = True
        read = [part for part in self.parts if part.done]
        self.stats.repeats = sum(part.repeats for part in self.parts)
        counted = compared(self.scope.source, read, len(self._listed) - len(self.parts))
        self.stats.counted = replace(counted, left=len(self.parts) - len(read), stopped=stopped)
        listed = self._campaigns.stats
        self.stats.moved = listed.moved
        if listed.unproved or listed.missing:
            self.stats.unproved.append(f"{self.paging.owner.name} themselves could not be proved complete")

    @property
    def proved(self) -> dict[int, tuple[int, ...]]:
        """The counters of the campaigns that have been read as far as can be."""
        return {part.campaign: part.counters for part in self.parts if part.done and not part.unproved}


def counters_of(events: CampaignEvents, row: Row) -> tuple[int, ...]:
    """Return the counters of a campaign that move when there is something new."""
    return tuple(number_of(row.get(name)) for name in events.moving)


def part_of(events: CampaignEvents, campaign: int, row: Row) -> CampaignPart:
    """Return the walk over the report of a campaign that is listed so."""
    promised = sum(number_of(row.get(name)) for name in events.counters)
    least = number_of(row.get(events.least)) if events.least else 0
    return CampaignPart(campaign, counters_of(events, row), promised, least, _sent(row))


def compared(source: EventSource, parts: Sequence[CampaignPart], others: int) -> Counted:
    """Return how the contacts that came compare with what campaigns count; `others` are those not asked."""
    short = sorted(
        (part for part in parts if len(part.contacts) < part.promised),
        key=lambda part: (not part.unproved, len(part.contacts) - part.promised),
    )
    return Counted(
        source=source.value,
        campaigns=len(parts),
        others=others,
        promised=sum(part.promised for part in parts),
        came=sum(len(part.contacts) for part in parts),
        short=len(short),
        unproved=sum(part.unproved for part in short),
        worst=tuple(Shortfall(part.campaign, part.promised, len(part.contacts)) for part in short[:WORST]),
    )


def contact_of(row: Row, entity: Entity) -> int:
    contact = next((row[name] for name in CONTACT if row.get(name) not in {None, ""}), None)
    if isinstance(contact, str) and contact.isdecimal():
        return int(contact)
    if isinstance(contact, int) and not isinstance(contact, bool) and contact >= 0:
        return contact
    raise ContractError(f"A row of {entity.name} names no contact: {sorted(row)}. Report this; nothing was changed.")


def number_of(value: Any) -> int:  # noqa: ANN401 - whatever JSON holds
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()) else 0


def _sent(row: Row) -> datetime | None:
    """Return when a campaign was sent last; nothing of one whose date cannot be read."""
    for name in SENT:
        try:
            sent = datetime.fromisoformat(str(row.get(name)))
        except ValueError:
            continue
        return sent if sent.tzinfo else sent.replace(tzinfo=UTC)
    return None
