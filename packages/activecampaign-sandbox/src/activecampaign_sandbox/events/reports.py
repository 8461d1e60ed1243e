"""The campaign reports of version 3: their rules are documented, their paths and rows are guessed.

https://developers.activecampaign.com/reference/list-the-opens-of-a-campaign
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from activecampaign_sandbox import clock
from activecampaign_sandbox.events.legacy import by_link, chosen
from activecampaign_sandbox.events.mailing import Event, Mailing
from activecampaign_sandbox.query import Params, whole_number
from activecampaign_sandbox.wire import Reply, Row, encode, message

if TYPE_CHECKING:
    from activecampaign_sandbox.world import World


class Report(NamedTuple):
    """One report: the most rows of a page, whether it tells how many there are, and its rows."""

    most: int
    total: bool
    rows: Callable[[Mailing, Sequence[Event]], list[Row]]
    events: Callable[[Mailing], Sequence[Event]]


def answer(world: "World", campaign: str, name: str, params: Params) -> Reply:
    """Answer a GET of campaigns/{id}/reports/{name}."""
    report, given = REPORTS.get(name), dict(params)
    limit, offset = given.get("limit", "20"), given.get("offset", "0")
    if report is None:
        return message(404, "Not Found")
    if not (limit.isdecimal() and 1 <= int(limit) <= report.most and offset.isdecimal()):
        problem = {"title": f"limit is a number from 1 to {report.most}", "source": {"parameter": "limit"}}
        return Reply(422, encode({"errors": [problem]}))
    with world.held():
        made = world.mail.of(whole_number(campaign))
        if made is None:
            return message(404, f"No Result found for Campaign with id {whole_number(campaign)}")
        events = chosen(made, report.events(made), whole_number(given.get("messageid", "0")))
        every = report.events(made) if name == "linkClicks" and world.behaviour.nested_clicks == "all" else events
        if name == "linkClicks":
            rows = report.rows(made, every)
            page = rows[int(offset) : int(offset) + int(limit)]
            total = len(rows)
        else:
            page = report.rows(made, events[int(offset) : int(offset) + int(limit)])
            total = len(events)
    meta = {"meta": {"total": str(total)}} if report.total else {}
    return Reply(200, encode({name: page, **meta}), rows=len(page))


def _plain(made: Mailing, events: Sequence[Event]) -> list[Row]:
    return [
        {
            "contact": str(event.contact),
            "message": str(made.message(event.contact)),
            "times": event.times,
            "tstamp": clock.stamp(event.at),
        }
        for event in events
    ]


def _bounces(made: Mailing, events: Sequence[Event]) -> list[Row]:
    return [
        {
            "contact": str(event.contact),
            "message": str(made.message(event.contact)),
            "bounceDate": clock.stamp(event.at),
            "type": "hard" if event.hard else "soft",
            "code": "5.1.1" if event.hard else "4.2.2",
        }
        for event in events
    ]


def _leaves(made: Mailing, events: Sequence[Event]) -> list[Row]:
    return [{**row, "reason": event.reason} for row, event in zip(_plain(made, events), events, strict=True)]


def _links(made: Mailing, events: Sequence[Event]) -> list[Row]:
    clicks = by_link(events)
    return [
        {
            "id": str(made.key * 100 + link),
            "link": made.address(link),
            "uniqueClicks": len(clicks.get(link, [])),
            "totalClicks": sum(event.times for event in clicks.get(link, [])),
            "contacts": _plain(made, clicks.get(link, [])),
        }
        for link in range(1, made.links + 1)
    ]


REPORTS: Mapping[str, Report] = {
    "opens": Report(1000, total=False, rows=_plain, events=lambda made: made.opens),
    "linkClicks": Report(1000, total=False, rows=_links, events=lambda made: made.clicks),
    "bounces": Report(100, total=True, rows=_bounces, events=lambda made: made.bounces),
    "unsubscribes": Report(100, total=False, rows=_leaves, events=lambda made: made.unsubscribes),
    "forwards": Report(100, total=False, rows=_plain, events=lambda made: made.forwards),
}
