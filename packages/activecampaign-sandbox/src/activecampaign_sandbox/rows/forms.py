"""Forms: 29 keys in the list, some of them objects."""

from collections.abc import Mapping
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.wire import Row, relations


def form(key: int, given: Mapping[str, Any]) -> Row:
    """Return a form as the list shows it."""
    created = given.get("cdate") or clock.stamp(clock.NOW)
    row: Row = {
        "name": f"Form {key}",
        "action": "",
        "actiondata": {},
        "submit": "show-thank-you",
        "submitdata": {},
        "url": None,
        "layout": "inline-form",
        "title": None,
        "body": None,
        "button": "Submit",
        "thanks": "Thanks for signing up!",
        "style": {},
        "options": {},
        "cfields": [
            {"type": "header", "header": "Subscribe", "class": f"_x{key}"},
            {"header": "Email", "type": "email", "required": True, "default_text": "Your email", "id": "email"},
        ],
        "parentformid": "0",
        "userid": "1",
        "addressid": "0",
        "cdate": created,
        "udate": given.get("udate") or created,
        "source": "builder",
        "entries": 0,  # an int in the list, a string in the single answer
        "aid": None,
        "defaultscreenshot": "//img.example.com/default-form.gif",
        "recent": [],
        "contacts": 0,
        "deals": 0,
        "links": relations("forms", key, ("address",)),
        "id": str(key),
        "address": None,
    }
    return {**row, **given}
