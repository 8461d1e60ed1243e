"""The rows of mail: campaigns, what each says, with which counters, and to which lists it goes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.rows.campaigns import COUNTERS
from activecampaign_sandbox.worlds.small.house import SEGMENTS, TEAM
from activecampaign_sandbox.worlds.small.mail import Campaign

Given = dict[int, dict[str, Any]]
BETTER_SUBJECT = 0.56  # share of a split test's opens and clicks that the better subject brought
EVEN = frozenset({"send_amt", "total_amt", "hardbounces", "softbounces"})


def campaign_rows(campaigns: Mapping[int, Campaign]) -> Given:
    """Return the fields of each campaign, with the message that it sends first."""
    found: Given = {}
    message = 0
    for key, campaign in campaigns.items():
        segment = int(campaign.given.get("segmentid", "0"))
        named = {"segmentname": SEGMENTS[segment - 1]} if 0 < segment <= len(SEGMENTS) else {}
        first = {"message_id": str(message + 1), "campaign_message_id": str(message + 1)}
        found[key] = {**_written(campaign.given), **named, **first}
        message += campaign.messages
    return found


def _written(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: clock.written(one, name) if isinstance(one, datetime) else one for name, one in given.items()}


def message_rows(campaigns: Mapping[int, Campaign]) -> Given:
    """Return what each campaign says; the two subjects of a split test are two messages."""
    found: Given = {}
    for campaign in campaigns.values():
        name, author = str(campaign.given["name"]), str(campaign.given.get("userid", "1"))
        first, _ = TEAM[int(author) - 1]
        for nth in range(campaign.messages):
            subject = f"{name}: would you like a cup?" if nth else name
            found[len(found) + 1] = {
                "name": name,
                "subject": subject,
                "preheader_text": "From our house to yours",
                "fromname": f"{first} at Larkspur Tea",
                "fromemail": "letters@larkspur.example.com",
                "userid": author,
                "cdate": clock.stamp(campaign.made),
                "text": f"{subject}\n\nUnsubscribe: %UNSUBSCRIBELINK%",
                "html": f"<html><body><h1>{subject}</h1></body></html>",
            }
    return found


def campaign_message_rows(campaigns: Mapping[int, Campaign]) -> Given:
    """Return the counters of each message; those of a split test add up to the campaign's."""
    found: Given = {}
    for key, campaign in campaigns.items():
        counts = {name: int(campaign.given.get(name, "0")) for name in COUNTERS}
        for part in _parts(counts, campaign.messages, better=key % 2):
            place = len(found) + 1
            share = str(100 // campaign.messages)
            found[place] = {
                "campaignid": str(key),
                "messageid": str(place),
                "percentage": share,
                "initial_split_percentage": share,
                "subject": campaign.given["name"],
                **{name: str(count) for name, count in part.items()},
            }
    return found


def _parts(counts: Mapping[str, int], messages: int, better: int) -> list[dict[str, int]]:
    if messages == 1:
        return [dict(counts)]
    one = {name: round(count * (0.5 if name in EVEN else BETTER_SUBJECT)) for name, count in counts.items()}
    other = {name: count - one[name] for name, count in counts.items()}
    return [one, other] if better else [other, one]


def campaign_list_rows(campaigns: Mapping[int, Campaign]) -> Given:
    """Return which campaign went to which list."""
    pairs = [(key, one) for key, campaign in campaigns.items() for one in campaign.lists]
    return {place: {"campaignid": str(key), "listid": str(one)} for place, (key, one) in enumerate(pairs, start=1)}
