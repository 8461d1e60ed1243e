"""Account-wide lists of sends, links, opens and clicks, and bounces, which no reference shows and other readers read.

Opens and clicks stand in one list; the link of an open is called `open`. What Apple's proxy fetched has its own list.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from activecampaign_sandbox import clock
from activecampaign_sandbox.events.mailing import Event, Mailing
from activecampaign_sandbox.query import Params, read
from activecampaign_sandbox.wire import Reply, Row, encode

if TYPE_CHECKING:
    from activecampaign_sandbox.world import World

CONTACTS = 10**7  # an event's id is its link's times this, plus its contact
LINKS = 100  # a link's id is its campaign's times this, plus its number
PREFETCHED = 2


class Listing(NamedTuple):
    """A list: how many rows a campaign has in it, and those rows."""

    size: Callable[[Mailing], int]
    rows: Callable[["World", Mailing], Iterable[Row]]


def answer(world: "World", path: str, params: Params) -> Reply:
    """Answer with one page of a list."""
    query, listing = read(params, world.behaviour), LISTINGS[path]
    with world.held():
        every = list(world.mail.all())
        sizes = [listing.size(made) for made in every]
        page = list(_page(world, listing, list(zip(every, sizes, strict=True)), query.offset, query.limit))
    return Reply(200, encode({path: page, "meta": {"total": str(sum(sizes))}}), rows=len(page))


def _page(
    world: "World", listing: Listing, every: Sequence[tuple[Mailing, int]], offset: int, limit: int
) -> Iterator[Row]:
    for made, size in every:
        if offset < size and limit:
            page = list(islice(listing.rows(world, made), offset, offset + limit))
            yield from page
            offset, limit = 0, limit - len(page)
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


def _sends(_: "World", made: Mailing) -> Iterator[Row]:
    for event in made.sends:
        yield {**_base(made, event), "sendid": str(made.key), "successful": "1", "id": _id(made, event)}


def _seen(world: "World", made: Mailing) -> Iterator[Row]:
    written = {"text": ("0", "1"), "int": (0, 1), "bool": (False, True)}[world.behaviour.isread]
    for event in chain((event for event in made.opens if not event.prefetched), made.clicks):
        yield _touched(made, event, written[not event.link])


def _prefetched(_: "World", made: Mailing) -> Iterator[Row]:
    return (_touched(made, event, PREFETCHED) for event in made.opens if event.prefetched)


def _touched(made: Mailing, event: Event, isread: object) -> Row:
    return {
        **_base(made, event),
        "isread": isread,
        "times": str(event.times),
        "ip": "192.0.2.1",
        "ua": "Mozilla/5.0",
        "referer": "",
        "link": str(made.key * LINKS + event.link),
        "id": _id(made, event),
    }


def _links(_: "World", made: Mailing) -> Iterator[Row]:
    for link in range(made.links + 1):
        yield {
            "campaignid": str(made.key),
            "messageid": str(made.messages[0]),
            "link": made.address(link),
            "name": "",
            "tracked": "1",
            "id": str(made.key * LINKS + link),
            "campaign": str(made.key),
            "message": str(made.messages[0]),
        }


def _bounces(_: "World", made: Mailing) -> Iterator[Row]:
    for event in made.bounces:
        code = "5.1.1" if event.hard else "4.2.2"
        yield {**_base(made, event), "codeid": "48", "email": "", "source": "", "code": code, "id": _id(made, event)}


LISTINGS: Mapping[str, Listing] = {
    "logs": Listing(lambda made: len(made.sends), _sends),
    "linkData": Listing(lambda made: len(made.clicks) + made.verified, _seen),
    "mppLinkData": Listing(lambda made: len(made.opens) - made.verified, _prefetched),
    "links": Listing(lambda made: made.links + 1, _links),
    "bounceLogs": Listing(lambda made: len(made.bounces), _bounces),
}
