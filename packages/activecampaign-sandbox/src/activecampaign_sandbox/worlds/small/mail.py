"""The campaigns as the account keeps them, with their messages and the lists they went to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from activecampaign_sandbox.worlds.dice import Dice
from activecampaign_sandbox.worlds.small.automations import Sendings
from activecampaign_sandbox.worlds.small.people import CUSTOMERS, DAY, FORMS, TEST, Person
from activecampaign_sandbox.worlds.small.plan import Mailing
from activecampaign_sandbox.worlds.small.rates import Rates, Tally, Trace, drawn

RESPONDERS = ((5, "Recipe booklet"), (3, "Wholesale price list"), (6, "Event ticket"))  # by the form that starts it
DRAFTS = ("Spring catalogue", "Loyalty programme", "Untitled", "Copy of Chai")
FIRST_HIDDEN_SEGMENT = 12  # those of automations come after it
DELETED_SEGMENT, ASTRAY = 99, 2  # so many tests went to a segment that is no more


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign: fields with times as instants, messages, lists, and its place among the mailings if it has one."""

    made: datetime
    given: Mapping[str, Any]
    messages: int = 1
    lists: tuple[int, ...] = ()
    place: int = 0
    trace: Trace | None = None  # who got it and what they did, of a mailing that was sent once


def campaigns(
    random: Dice,
    now: datetime,
    crowd: Sequence[Person],
    sent: Sequence[tuple[Mailing, Tally]],
    sendings: Sequence[Sendings],
) -> dict[int, Campaign]:
    """Return every campaign by id, in the order in which they were made, with gaps."""
    tests = [place for place, (mailing, _) in enumerate(sent, start=1) if mailing.lists == (TEST,)]
    made = [
        *(_mailed(random, place, *one, astray=place in tests[:ASTRAY]) for place, one in enumerate(sent, start=1)),
        *(_automated(random, one) for one in sendings if one.times),
        *_regular(random, now, crowd),
        *_unsent(now),
    ]
    key = 0
    found: dict[int, Campaign] = {}
    for campaign in sorted(made, key=lambda one: (one.made, str(one.given["name"]))):
        key += 1 if not found or random.happens(0.9) else 2
        found[key] = campaign
    return found


def _mailed(random: Dice, place: int, mailing: Mailing, tally: Tally, *, astray: bool) -> Campaign:
    made = mailing.sent_at - timedelta(days=random.randint(1, 6), minutes=random.randint(0, 600))
    done = mailing.sent_at + timedelta(seconds=120 + tally.sent // 8)
    given = {
        **_sent(random, mailing.name, made, mailing.sent_at, done),
        "type": mailing.kind,
        "segmentid": str(DELETED_SEGMENT if astray else mailing.segment),
        "trackreads": "1" if mailing.opens_tracked else "0",
        "tracklinks": "all" if mailing.links_tracked else "none",
        **tally.counters(random),
    }
    if mailing.stopped:
        planned = {"total_amt": str(round(tally.sent / 0.4)), "statusToolTip": "This campaign has been stopped."}
        given |= {"status": "4", **planned}
    if mailing.kind != "split":
        return Campaign(made, given, 1, mailing.lists, place, tally.trace)
    split = {**given, "split_content": "1", "numberOfMessages": "2"}
    return Campaign(made, split, 2, mailing.lists, place, tally.trace)


def _sent(random: Dice, name: str, made: datetime, sent_at: datetime, done: datetime) -> dict[str, Any]:
    return {
        "name": name,
        "status": "5",
        "userid": str(random.choice((1, 1, 2))),
        "cdate": made,
        "mdate": max(made, sent_at - timedelta(minutes=random.randint(2, 90))),
        "sdate": sent_at,
        "ldate": done,
        "updated_timestamp": done + 3 * DAY,  # the counters' last move; mdate stays
        "statusToolTip": "This campaign has been sent.",
    }


def _automated(random: Dice, sendings: Sendings) -> Campaign:
    """Return a mail of an automation, which keeps status 1 for ever."""
    tally = drawn(random, len(sendings.times), sendings.mail.rates)
    first, last = min(sendings.times), max(sendings.times)
    given = {
        **_sent(random, sendings.mail.name, sendings.made, first, last),
        "status": "1",
        "seriesid": str(sendings.automation),
        "segmentid": str(FIRST_HIDDEN_SEGMENT + sendings.automation),
        "statusToolTip": "This campaign is sent when a contact gets to it in an automation.",
        **tally.counters(random),
    }
    return Campaign(sendings.made, given)


def _regular(random: Dice, now: datetime, crowd: Sequence[Person]) -> Iterator[Campaign]:
    """Yield what sends itself: responders, which count no sends, a digest, a birthday greeting."""
    for form, name in RESPONDERS:
        made = now - (650 - form) * DAY
        came = [person.created for person in crowd if person.form == form and person.created > made]
        tally = drawn(random, len(came), Rates(0.61, 0.3, proxied=0.25))
        regular = {**_sent(random, name, made, made, max(came, default=made)), "status": "1", "type": "responder"}
        counts = {**tally.counters(random), "send_amt": "0"}
        yield Campaign(made, {**regular, **counts, "formid": str(form)}, 1, (FORMS[form - 1][1],))
    buyers = [stay.since for person in crowd if (stay := person.lists.get(CUSTOMERS))]
    made = now - 720 * DAY
    months = [now - (9 + 30 * month) * DAY for month in range(24)]
    sums = sum(since < month for month in months for since in buyers)
    for kind, name, sends in (
        ("recurring", "Monthly catalogue", sums),
        ("reminder", "Birthday voucher", len(buyers) * 2 // 3),
    ):
        tally = drawn(random, sends, Rates(0.37, 0.12))
        given = {**_sent(random, name, made, made + 21 * DAY, months[0]), "type": kind, "status": "1", "willrecur": "1"}
        yield Campaign(made, {**given, **tally.counters(random)}, 1, (CUSTOMERS,))


def _unsent(now: datetime) -> Iterator[Campaign]:
    for number, name in enumerate(DRAFTS):
        made = now - timedelta(days=200 - 60 * number)
        yield Campaign(made, {"name": name, "cdate": made, "status": "0"})
    made = now - DAY
    coming = {"name": "Advent calendar: early birds", "cdate": made, "status": "1", "sdate": now + 3 * DAY}
    yield Campaign(made, coming, lists=(CUSTOMERS,))
