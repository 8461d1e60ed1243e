"""What campaigns consist of: messages, and which message and which lists a campaign has."""

from collections.abc import Mapping
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.rows.campaigns import COUNTERS
from activecampaign_sandbox.wire import Row, relations


def message(key: int, given: Mapping[str, Any]) -> Row:
    """Return a mail as it was written: 28 keys."""
    created = given.get("cdate") or clock.stamp(clock.NOW)
    author = given.get("userid", "1")
    row: Row = {
        "userid": author,
        "ed_instanceid": "0",
        "ed_version": "3",
        "cdate": created,
        "mdate": given.get("mdate") or created,
        "name": "",
        "fromname": "Sandbox",
        "fromemail": "news@example.com",
        "reply2": "",
        "priority": "3",
        "charset": "utf-8",
        "encoding": "quoted-printable",
        "format": "mime",
        "subject": f"Message {key}",
        "preheader_text": "",
        "text": "",
        "html": "<!DOCTYPE html><html><body></body></html>",
        "htmlfetch": "now",
        "textfetch": "now",
        "hidden": "0",
        "preview_mime": "",
        "preview_data": None,
        "source": "web",
        "language_code": None,
        "has_predictive_content": "0",
        "links": relations("messages", key, ("user",)),
        "id": str(key),
        "user": author,
    }
    return {**row, **given}


def campaign_message(key: int, given: Mapping[str, Any]) -> Row:
    """Return which message a campaign sends, with that message's own counters."""
    campaign = given.get("campaignid") or given.get("campaign") or "1"
    text = given.get("messageid") or given.get("message") or "0"
    row: Row = {
        "campaignid": campaign,
        "messageid": text,
        "percentage": "100",
        "sourcesize": "0",
        **dict.fromkeys(COUNTERS, "0"),
        "spamcheck_score": "0",
        "spamcheck_max": "5",
        "initial_split_percentage": "100",
        "screenshot": f"//sandbox.example.com/_screenshot_/message-{text}.jpg",
        "subject": f"Message {text}",
        "links": relations("campaignMessages", key, ("campaign", "message")),
        "id": str(key),
        "campaign": campaign,
        "message": None if text == "0" else text,
    }
    return {**row, **given}


def campaign_list(key: int, given: Mapping[str, Any]) -> Row:
    """Return that a campaign goes to a list, with what is known of the list."""
    created = given.get("cdate") or clock.stamp(clock.NOW)
    campaign = given.get("campaignid") or given.get("campaign") or "1"
    audience = given.get("listid") or given.get("list") or "1"
    row: Row = {
        "campaignid": campaign,
        "listid": audience,
        "userid": "1",
        "list_amt": "0",
        "cdate": created,
        "udate": None,
        "name": f"List {audience}",
        "links": relations("campaignLists", key, ("campaign", "list")),
        "id": str(key),
        "campaign": campaign,
        "list": audience,
        "user": "1",
    }
    return {**row, **given}
