"""What became of one campaign, contact by contact.

A campaign's counters are what an account knows for sure, so the rows are made from them, and agree with them at every
moment: as the counters grow, contacts are added. Where a world knows who it was, they come first.
"""

import math
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from math import gcd
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.query import whole_number
from activecampaign_sandbox.wire import Row
from activecampaign_sandbox.worlds.small.rates import Trace

LEFT_EACH_DAY = 0.55  # of what is still to come: how opens and clicks fade
LONGEST = timedelta(days=60)  # after which nothing more comes
DAY = timedelta(days=1)
PREFETCH = 600  # seconds within which a proxy fetches a picture
LEAVES_AFTER = timedelta(hours=3)
PAGES = ("shop", "recipes", "events", "about", "sale", "news")
GOLDEN = 0.618
MOST = 10**8  # of a counter


@dataclass(frozen=True, slots=True)
class Event:
    """What a contact did, or had done to them; `link` counts from 1, and 0 is no link."""

    contact: int
    at: datetime
    times: int = 1
    link: int = 0
    prefetched: bool = False
    hard: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Mailing:
    """A campaign with all its events, each kind in the order of time."""

    key: int
    messages: tuple[int, ...]
    links: int
    sends: Sequence[Event]
    opens: Sequence[Event]
    clicks: Sequence[Event]
    bounces: Sequence[Event]
    unsubscribes: Sequence[Event]
    forwards: Sequence[Event]
    verified: int = 0  # who opened it by themselves

    def message(self, contact: int) -> int:
        """Return which of the campaign's messages a contact got."""
        return self.messages[contact % len(self.messages)]

    def without(self, lost: int) -> "Mailing":
        """Return the same without the last few events of each kind, which are counted all the same."""
        kinds = ("sends", "opens", "clicks", "bounces", "unsubscribes", "forwards")
        kept = {kind: (events := getattr(self, kind))[: max(0, len(events) - lost)] for kind in kinds}
        return replace(self, **kept, verified=sum(not event.prefetched for event in kept["opens"]))

    def address(self, link: int) -> str:
        """Return where a link leads; the one that counts opens is called `open`."""
        return f"https://shop.example.com/{PAGES[link - 1]}" if link else "open"


def count(row: Row, name: str) -> int:
    """Return a counter; 0 where it says no number, or one that no account reaches and that only breaks readers."""
    number = whole_number(str(row.get(name, "0")))
    return number if 0 < number <= MOST else 0


def mailing(row: Row, facts: Mapping[str, Any], people: Sequence[int], now: datetime) -> Mailing:
    """Make the events of a campaign; `people` are the ids of the contacts with whom the account began."""
    return _Making(row, facts.get("trace") or Trace(), people, now).made()


class _Making:
    """The steps in which one campaign's events are made."""

    def __init__(self, row: Row, trace: Trace, people: Sequence[int], now: datetime) -> None:
        self.row, self.trace, self.people, self.now = row, trace, people, now
        self.key = int(row["id"])
        self.start = clock.read(row.get("sdate")) or now
        self.span = max(timedelta(), (clock.read(row.get("ldate")) or self.start) - self.start)
        self.sent = count(row, "send_amt")
        self.hard, self.soft = count(row, "hardbounces"), count(row, "softbounces")
        self.opened = count(row, "uniqueopens")

    def made(self) -> Mailing:
        recipients = self._recipients(max(self.sent, self.opened + self.hard + self.soft))
        opens = self._opens(recipients)
        readers = [event.contact for event in opens if not event.prefetched]
        seen = {event.contact for event in opens}
        bounces = self._bounces([contact for contact in reversed(recipients) if contact not in seen])
        first = max(1, whole_number(str(self.row.get("message_id"))))
        links = 3 + self.key % 4
        return Mailing(
            self.key,
            tuple(range(first, first + max(1, count(self.row, "numberOfMessages")))),
            links,
            [Event(contact, self._sent_at(place)) for place, contact in enumerate(recipients[: self.sent])],
            sorted(opens, key=_when),
            sorted(self._clicks(readers, links), key=_when),
            sorted(bounces, key=_when),
            sorted(self._leaves([event.contact for event in opens]), key=_when),
            sorted(self._forwards(readers or list(seen)), key=_when),
            len(readers),
        )

    def _recipients(self, wanted: int) -> list[int]:
        return filled(self.trace.sent, wanted, drawn(self.people, self.key, wanted + len(self.trace.sent)))

    def _sent_at(self, place: int) -> datetime:
        return self.start + self.span * (place / max(1, self.sent))

    def _opens(self, recipients: Sequence[int]) -> list[Event]:
        """Return who opened, how often; who did it themselves comes before those whose proxy did."""
        verified = min(self.opened, count(self.row, "verified_unique_opens"))
        bounced = {*self.trace.hard, *self.trace.soft}
        times = {contact: when for when, contact in (*self.trace.read, *self.trace.fetched)}
        known = [contact for _, contact in sorted(self.trace.fetched)]
        readers = filled([contact for _, contact in sorted(self.trace.read)], verified, [*known, *recipients], bounced)
        taken = set(readers)
        proxied = filled(
            [contact for contact in known if contact not in taken],
            self.opened - verified,
            recipients,
            {*bounced, *readers},
        )
        shares = spread(count(self.row, "opens"), self.opened)
        return [
            Event(contact, times.get(contact) or self._read_at(place, verified), shares[place])
            for place, contact in enumerate(readers)
        ] + [
            Event(contact, times.get(contact) or self._fetched_at(contact), shares[verified + place], prefetched=True)
            for place, contact in enumerate(proxied)
        ]

    def _read_at(self, place: int, of: int) -> datetime:
        """Return when the so many-th of all who did something until now did it.

        It does not change as more follow, since what is still to come fades as `LEFT_EACH_DAY` says.
        """
        if self.span > DAY:  # it goes out for months, to one after the other
            return min(
                self.now, self.start + self.span * (place / of) + timedelta(seconds=self._chance(place) * 72_000)
            )
        days = max(0.01, min(self.now - self.start, LONGEST) / DAY)
        in_all = of / (1 - LEFT_EACH_DAY**days)
        return self.start + timedelta(days=math.log(1 - (place + 0.5) / in_all) / math.log(LEFT_EACH_DAY))

    def _fetched_at(self, contact: int) -> datetime:
        return min(self.now, self.start + timedelta(seconds=int(PREFETCH * self._chance(contact))))

    def _chance(self, place: int) -> float:
        return zlib.crc32(b"%d %d" % (self.key, place)) / 2**32

    def _clicks(self, readers: Sequence[int], links: int) -> Iterator[Event]:
        """Yield who clicked which link how often: everybody one, and some a second or third."""
        people = count(self.row, "subscriberclicks")
        times = {contact: when for when, contact in self.trace.clicked}
        known = [contact for _, contact in sorted(self.trace.clicked)]
        clickers = filled(known, people, readers)
        pairs = min(max(count(self.row, "uniquelinkclicks"), len(clickers)), len(clickers) * links)
        shares = spread(count(self.row, "linkclicks"), pairs)
        for place in range(pairs):
            nth, contact = place // len(clickers), clickers[place % len(clickers)]
            when = times.get(contact) or self._read_at(place % len(clickers), len(clickers))
            yield Event(
                contact, min(self.now, when + nth * timedelta(seconds=40)), shares[place], 1 + (contact + nth) % links
            )

    def _bounces(self, others: Sequence[int]) -> list[Event]:
        hard = filled(self.trace.hard, self.hard, others, set(self.trace.soft))
        soft = filled(self.trace.soft, self.soft, others, set(hard))
        when = self.start + timedelta(minutes=5)
        return [Event(contact, when, hard=True) for contact in hard] + [Event(contact, when) for contact in soft]

    def _leaves(self, openers: Sequence[int]) -> Iterator[Event]:
        reasons = count(self.row, "unsubreasons")
        times = {contact: when for when, contact in self.trace.left}
        leavers = filled([contact for _, contact in sorted(self.trace.left)], count(self.row, "unsubscribes"), openers)
        for place, contact in enumerate(leavers):
            when = times.get(contact) or min(self.now, self.start + LEAVES_AFTER + timedelta(minutes=place))
            yield Event(contact, when, reason="too many mails" if place < reasons else "")

    def _forwards(self, readers: Sequence[int]) -> Iterator[Event]:
        people = min(count(self.row, "uniqueforwards"), len(readers))
        shares = spread(count(self.row, "forwards"), people)
        for place, contact in enumerate(readers[:people]):
            yield Event(contact, min(self.now, self.start + timedelta(hours=1, minutes=place)), shares[place])


def _when(event: Event) -> tuple[datetime, int, int]:
    return event.at, event.contact, event.link


def spread(total: int, people: int) -> list[int]:
    """Return how often each of some people did something that was done so often in all; at least once each."""
    each, more = divmod(max(total, people), people) if people else (0, 0)
    return [each + (place < more) for place in range(people)]


def filled(known: Sequence[int], wanted: int, others: Iterable[int], without: "set[int] | None" = None) -> list[int]:
    """Return so many contacts: those that are known, then others that are not among them."""
    taken = {*known, *(without or ())}
    more = (contact for contact in others if contact not in taken)
    return [*known[:wanted], *islice(more, max(0, wanted - len(known)))]


def drawn(people: Sequence[int], key: int, wanted: int) -> Iterator[int]:
    """Yield contacts in an order that is the campaign's own; once all are through, ids of contacts that are gone."""
    size = len(people)
    if size:
        stride = max(1, int(size * GOLDEN))
        while gcd(stride, size) > 1:
            stride += 1
        start = zlib.crc32(b"%d" % key) % size
        for place in range(min(wanted, size)):
            yield people[(start + stride * place) % size]
    top = people[-1] if size else 0
    yield from range(top + 1, top + 1 + max(0, wanted - size))
