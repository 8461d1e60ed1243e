"""What became of each mailing, person by person: who got it, opened it, clicked, left or bounced."""

from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from activecampaign_sandbox.worlds.dice import Dice
from activecampaign_sandbox.worlds.small.people import BOUNCED, DAY, UNCONFIRMED, UNSUBSCRIBED, Person, in_segments
from activecampaign_sandbox.worlds.small.plan import Mailing
from activecampaign_sandbox.worlds.small.rates import Tally

FETCHED = 0.8  # of the mails that a proxy could fetch, those that it does
SOFT = 0.004
HARD_A_YEAR, HARD_BOUGHT = 0.012, 0.45
STOPPED_AT = 0.4  # of the readers
LEAVES_AFTER = timedelta(hours=3)


@dataclass(slots=True)
class Audience:
    """The mailings that went to the same people: their times, and their places among all mailings."""

    lists: tuple[int, ...]
    segment: int
    times: list[datetime] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    def due(self, person: Person, segments: Sequence[int]) -> Iterable[int]:
        """Return the places of the mailings that a person got, or would have got but for what mail did to them."""
        if self.segment and self.segment not in segments:
            return
        for one in self.lists:
            stay = person.lists.get(one)
            if stay and stay.status != UNCONFIRMED:
                end = bisect(self.times, stay.changed) if stay.changed else len(self.times)
                yield from self.places[bisect(self.times, stay.since) : end]


def audiences(mailings: Sequence[Mailing]) -> list[Audience]:
    """Put mailings to the same people together."""
    found: dict[tuple[tuple[int, ...], int], Audience] = {}
    for place, mailing in enumerate(mailings):
        audience = found.setdefault((mailing.lists, mailing.segment), Audience(mailing.lists, mailing.segment))
        audience.times.append(mailing.sent_at)
        audience.places.append(place)
    return list(found.values())


def read_mail(random: Dice, crowd: Iterable[Person], mailings: Sequence[Mailing], now: datetime) -> list[Tally]:
    """Let everybody live through two years of mail, and return how each mailing did."""
    post = Post(random, mailings, [Tally() for _ in mailings], now)
    groups = audiences(mailings)
    began = mailings[0].sent_at if mailings else now
    for person in crowd:
        segments = in_segments(person, now)  # those that are mailed look at what does not change
        due = sorted({place for group in groups for place in group.due(person, segments)})
        breaks = max(person.created, began) + DAY * random.expovariate(HARD_A_YEAR / 365)
        while due:
            due = post.reach(person, due, breaks)
    return post.tallies


@dataclass(frozen=True, slots=True)
class Post:
    """The mailings on their way, and what became of each so far."""

    random: Dice
    mailings: Sequence[Mailing]
    tallies: list[Tally]
    now: datetime

    def reach(self, person: Person, due: Sequence[int], breaks: datetime) -> list[int]:
        """Send a person what is due until they leave a list or bounce; return what is still to come then."""
        chance = self.random.random
        for at, place in enumerate(due):
            mailing, tally = self.mailings[place], self.tallies[place]
            if mailing.stopped and chance() > STOPPED_AT:
                continue
            tally.sent += 1
            tally.trace.sent.append(person.key)
            person.sent += 1
            if mailing.sent_at > breaks or (person.bought and chance() < HARD_BOUGHT):
                tally.hard += 1
                tally.trace.hard.append(person.key)
                _bounce(person, mailing.sent_at)
                return []
            if chance() < SOFT:
                tally.soft += 1
                tally.trace.soft.append(person.key)
                person.soft += 1
            elif self._seen(person, mailing, tally):
                _leave(person, mailing, place)
                return [later for later in due[at + 1 :] if _still(person, self.mailings[later])]
        return []

    def _seen(self, person: Person, mailing: Mailing, tally: Tally) -> bool:
        """Let a mail lie in a person's box; return whether they had enough of it."""
        chance, since = self.random.random, person.proxied_since
        fetched = since is not None and since < mailing.sent_at and chance() < FETCHED and mailing.opens_tracked
        fade = max(0.35, 1.25 - (mailing.sent_at - person.created).days / 900)
        read = chance() < person.keen * mailing.appeal * fade
        if fetched:
            person.fetched = mailing.sent_at + timedelta(seconds=int(600 * chance()))
        if mailing.opens_tracked:
            tally.opened += read or fetched
            tally.read += read
            if fetched and not read and person.fetched:
                tally.trace.fetched.append((person.fetched, person.key))
        return read and self._read(person, mailing, tally)

    def _read(self, person: Person, mailing: Mailing, tally: Tally) -> bool:
        """Let a person open a mail, and perhaps click; return whether they unsubscribe by it."""
        random = self.random
        when = min(self.now, mailing.sent_at + timedelta(seconds=int(random.expovariate(1 / 40_000))))
        clicked = random.random() < mailing.clicks and mailing.links_tracked
        if clicked:
            tally.clicked += 1
            tally.trace.clicked.append((when, person.key))
            person.clicked = max(person.clicked or when, when)
        if clicked and not mailing.opens_tracked:  # who clicks has opened, picture or not
            tally.opened += 1
            tally.read += 1
        if clicked or mailing.opens_tracked:
            person.opened = max(person.opened or when, when)
            tally.trace.read.append((when, person.key))
        left = random.random() < mailing.leaves
        tally.left += left
        if left:
            tally.trace.left.append((mailing.sent_at + LEAVES_AFTER, person.key))
        return left


def _leave(person: Person, mailing: Mailing, place: int) -> None:
    for one in mailing.lists:
        stay = person.lists.get(one)
        if stay and stay.since < mailing.sent_at:
            stay.end(UNSUBSCRIBED, mailing.sent_at + LEAVES_AFTER, place + 1)


def _bounce(person: Person, when: datetime) -> None:
    person.bounced = when
    person.lists = {one: stay for one, stay in person.lists.items() if stay.since <= when}  # joined none after that
    for stay in person.lists.values():
        stay.end(BOUNCED, when)


def _still(person: Person, mailing: Mailing) -> bool:
    """Tell whether a person who left a list still gets a mailing, by another one."""
    stays = (person.lists.get(one) for one in mailing.lists)
    return any(
        stay and stay.since < mailing.sent_at and (stay.changed is None or mailing.sent_at < stay.changed)
        for stay in stays
    )
