"""Version 1 of the API, as far as its reports go: /admin/api.php?api_action=…, where everything is 200.

A list of twenty rows is an object whose keys are "0", "1" and so on; there is no count, and the page after the last one
says that nothing is returned.
https://www.activecampaign.com/api/example.php?call=campaign_report_link_list
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from activecampaign_sandbox import clock
from activecampaign_sandbox.events.mailing import Event, Mailing
from activecampaign_sandbox.query import Params, whole_number
from activecampaign_sandbox.wire import Reply, Row, encode

if TYPE_CHECKING:
    from activecampaign_sandbox.world import World

PATH = "/admin/api.php"
PAGE = 20
AHEAD = timedelta(hours=1)  # by which the times without an offset differ from those that have one
REFUSED = (
    b'<?xml version="1.0" encoding="utf-8"?><not_allowed><error>You are not authorized to access this file</error>'
)
NOTHING, SOMETHING = "Failed: Nothing is returned", "Success: Something is returned"


def answer(world: "World", params: Params) -> Reply:
    """Answer a GET with a key that is right."""
    given = dict(params)
    if given.get("api_output") != "json":
        return Reply(200, b"<?xml version='1.0'?><campaign_report/>", content_type="text/xml")
    if world.behaviour.legacy == "refused":
        return refused()
    action = ACTIONS.get(given.get("api_action", ""))
    if action is None:
        return _envelope([], "You did not specify a valid API action")
    with world.held():
        made = world.mail.of(whole_number(given.get("campaignid", "")))
        if made is None:
            return _page(world, [])
        events = chosen(made, action.events(made), whole_number(given.get("messageid", "")))
        if given.get("sort_direction", "").upper() != "DESC":
            events = sorted(events, key=lambda event: event.contact)
        page = 1 if world.behaviour.legacy_repeats else max(1, whole_number(given.get("page", "1")))
        window = slice((page - 1) * PAGE, page * PAGE)
        if action.links:
            return _page(world, _links(world, made, events)[window])
        return _page(world, [action.row(made, event) for event in events[window]])


def refused() -> Reply:
    """Return what a request without a right to it gets: XML, whatever was asked for."""
    return Reply(200, REFUSED + b"</not_allowed>", content_type="text/xml")


def key_of(params: Params, header: bytes | None, accepted: str) -> bytes | None:
    """Return the key that a request shows where this account looks for it."""
    in_query = dict(params).get("api_key")
    if accepted == "query" or (accepted == "either" and header is None):
        return in_query.encode() if in_query else None
    return header


def _page(world: "World", rows: Sequence[Row]) -> Reply:
    if not rows:
        return Reply(200, b"") if world.behaviour.legacy_nothing == "empty" else _envelope([], NOTHING)
    return _envelope(rows, SOMETHING)


def _envelope(rows: Sequence[Row], said: str) -> Reply:
    numbered = {str(place): row for place, row in enumerate(rows)}
    body = {**numbered, "result_code": int(bool(rows)), "result_message": said, "result_output": "json"}
    return Reply(200, encode(body), rows=len(rows))


def times(at: datetime, name: str = "tstamp") -> Row:
    """Return an instant in both of its spellings; the one without an offset is of another clock."""
    return {name: clock.digits(at + AHEAD), f"{name}_iso": clock.stamp(at)}


def _who(contact: int) -> Row:
    return {"subscriberid": str(contact), "email": f"contact{contact}@example.com"}


def chosen(made: Mailing, events: Sequence[Event], message: int) -> Sequence[Event]:
    """Return the events of one message, of all if none is named, newest first."""
    if not message:
        return events[::-1]
    return [event for event in reversed(events) if not message or made.message(event.contact) == message]


def _seen(_: Mailing, event: Event) -> Row:
    return {**_who(event.contact), **times(event.at), "times": str(event.times)}


def _links(world: "World", made: Mailing, events: Sequence[Event]) -> list[Row]:
    """Return the links with who clicked them, who may be more than were counted."""
    nested = by_link(made.clicks if world.behaviour.nested_clicks == "all" else events)
    counted = by_link(events)
    return [
        {
            "id": str(made.key * 100 + link),
            "name": "",
            "link": made.address(link),
            "tracked": "1",
            "a_unique": str(len(counted.get(link, []))),
            "a_total": str(sum(event.times for event in counted.get(link, []))),
            "info": [_seen(made, event) for event in nested.get(link, [])],
        }
        for link in range(1, made.links + 1)
    ]


def by_link(events: Sequence[Event]) -> dict[int, list[Event]]:
    """Return the clicks of each link."""
    return {
        link: list(same)
        for link, same in groupby(sorted(events, key=lambda event: event.link), key=lambda event: event.link)
    }


def _bounced(made: Mailing, event: Event) -> Row:
    return {
        "id": str(event.contact),
        **_who(event.contact),
        "listid": "0",
        "campaignid": str(made.key),
        "messageid": str(made.message(event.contact)),
        **times(event.at),
        "type": "hard" if event.hard else "soft",
        "code": "5.1.1" if event.hard else "4.2.2",
        "counted": "1",
        "reason": "user_unknown" if event.hard else "mailbox_full",
        "descript": "",
    }


def _left(_: Mailing, event: Event) -> Row:
    return {**_who(event.contact), **times(event.at), **times(event.at, "udate"), "unsubreason": event.reason}


class Action(NamedTuple):
    """A list: its events, and its rows, which for links are those of the links."""

    events: Callable[[Mailing], Sequence[Event]]
    row: Callable[[Mailing, Event], Row]
    links: bool = False


ACTIONS: Mapping[str, Action] = {
    "campaign_report_open_list": Action(lambda made: made.opens, _seen),
    "campaign_report_link_list": Action(lambda made: made.clicks, _seen, links=True),
    "campaign_report_bounce_list": Action(lambda made: made.bounces, _bounced),
    "campaign_report_unsubscription_list": Action(lambda made: made.unsubscribes, _left),
    "campaign_report_forward_list": Action(lambda made: made.forwards, _seen),
}
