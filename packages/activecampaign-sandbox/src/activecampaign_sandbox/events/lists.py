"""Account-wide lists of sends, links, opens and clicks, and bounces, which no reference shows and other readers read.

Opens and clicks stand in one list; the link of an open is called `open`. What Apple's proxy fetched has its own list.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from activecampaign_sandbox import clock
from activecampaign_sandbox.clock import NOW
from activecampaign_sandbox.events.mailing import Event, Mailing
from activecampaign_sandbox.query import Params, read
from activecampaign_sandbox.wire import Reply, Row, encode

if TYPE_CHECKING:
    from activecampaign_sandbox.world import World

CONTACTS = 10**7  # an event's id is its link's times this, plus its contact
LINKS = 100  # a link's id is its campaign's times this, plus its number
PREFETCHED = 2


class Listing(NamedTuple):
    """A list: how many rows a campaign has in it, of which events, and how one is written."""

    size: Callable[[Mailing], int]
    events: Callable[[Mailing], Sequence[Event]]
    row: Callable[["World", Mailing, Event], Row]


def answer(world: "World", path: str, params: Params) -> Reply:
    """Answer with one page of a list."""
    query, listing = read(params, world.behaviour), LISTINGS[path]
    with world.held():
        every = world.mail.all()
        page = list(_page(world, listing, every, query.offset, query.limit))
        total = sum(map(listing.size, every))
    return Reply(200, encode({path: page, "meta": {"total": str(total)}}), rows=len(page))


def _page(world: "World", listing: Listing, every: Sequence[Mailing], offset: int, limit: int) -> Iterator[Row]:
    for made in every:
        size = listing.size(made)
        if offset < size and limit:
            events = listing.events(made)[offset : offset + limit]
            yield from (listing.row(world, made, event) for event in events)
            offset, limit = 0, limit - len(events)
        else:
            offset = max(0, offset - size)


def _base(made: Mailing, event: Event) -> Row:
    contact, campaign, message = str(event.contact), str(made.key), str(made.message(event.contact))
    return {
        "subscriberid": contact,
        "campaignid": campaign,
        "messageid": message,
        "tstamp": clock.stamp(event.at),
        "links": {},
        "contact": contact,
        "campaign": campaign,
        "message": message,
    }


def _id(made: Mailing, event: Event) -> str:
    return str((made.key * LINKS + event.link) * CONTACTS + event.contact)


def _sent(_: "World", made: Mailing, event: Event) -> Row:
    return {**_base(made, event), "sendid": str(made.key), "successful": "1", "id": _id(made, event)}


def _seen(world: "World", made: Mailing, event: Event) -> Row:
    read = {"text": ("0", "1"), "int": (0, 1), "bool": (False, True)}[world.behaviour.isread][not event.link]
    return {
        **_base(made, event),
        "isread": PREFETCHED if event.prefetched else read,
        "times": str(event.times),
        "ip": "192.0.2.1",
        "ua": "Mozilla/5.0",
        "referer": "",
        "link": str(made.key * LINKS + event.link),
        "id": _id(made, event),
    }


def _link(_: "World", made: Mailing, event: Event) -> Row:
    campaign, message = str(made.key), str(made.messages[0])
    return {
        "campaignid": campaign,
        "messageid": message,
        "link": made.address(event.link),
        "name": "",
        "tracked": "1",
        "id": str(made.key * LINKS + event.link),
        "campaign": campaign,
        "message": message,
    }


def _bounced(_: "World", made: Mailing, event: Event) -> Row:
    code = "5.1.1" if event.hard else "4.2.2"
    return {**_base(made, event), "codeid": "48", "email": "", "source": "", "code": code, "id": _id(made, event)}


def _links(made: Mailing) -> list[Event]:
    return [Event(0, NOW, link=link) for link in range(made.links + 1)]


LISTINGS: Mapping[str, Listing] = {
    "logs": Listing(lambda made: len(made.sends), lambda made: made.sends, _sent),
    "linkData": Listing(
        lambda made: len(made.clicks) + made.verified,
        lambda made: [*(event for event in made.opens if not event.prefetched), *made.clicks],
        _seen,
    ),
    "mppLinkData": Listing(
        lambda made: len(made.opens) - made.verified,
        lambda made: [event for event in made.opens if event.prefetched],
        _seen,
    ),
    "links": Listing(lambda made: made.links + 1, _links, _link),
    "bounceLogs": Listing(lambda made: len(made.bounces), lambda made: made.bounces, _bounced),
}
