"""Custom fields of contacts: the fields, their options, the lists they belong to, and the values."""

import re
from collections.abc import Mapping
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.wire import Row, relations


def field(key: int, given: Mapping[str, Any]) -> Row:
    """Return a custom field; `options` and `relations` are ids of what is sideloaded before the fields."""
    created = given.get("cdate") or clock.stamp(clock.NOW)
    title = given.get("title", f"Field {key}")
    row: Row = {
        "title": title,
        "descript": "",
        "type": "text",
        "isrequired": "0",
        "perstag": re.sub(r"\W+", "_", title.upper()).strip("_"),
        "defval": "",
        "show_in_list": "0",
        "rows": "0",
        "cols": "0",
        "visible": "1",
        "service": "",
        "ordernum": str(key),
        "cdate": created,
        "udate": given.get("udate") or created,
        "created_timestamp": clock.without_zone(created),
        "updated_timestamp": clock.without_zone(given.get("udate") or created),
        "created_by": "1",
        "updated_by": "1",
        "options": [],
        "relations": [],
        "links": relations("fields", key, ("options", "relations")),
        "id": str(key),
    }
    return {**row, **given}


def field_option(key: int, given: Mapping[str, Any]) -> Row:
    """Return one choice of a field that offers choices."""
    created = given.get("cdate") or clock.stamp(clock.NOW)
    row: Row = {
        "field": "1",
        "orderid": str(key),
        "value": f"option {key}",
        "label": given.get("value", f"option {key}"),
        "isdefault": "0",
        "cdate": created,
        "udate": given.get("udate") or created,
        "links": relations("fieldOptions", key, ("field",)),
        "id": str(key),
    }
    return {**row, **given}


def field_rel(key: int, given: Mapping[str, Any]) -> Row:
    """Return that a field belongs to a list, or with `relid` 0 to all; its `links` are an empty list."""
    row: Row = {
        "field": "1",
        "relid": "0",
        "dorder": "0",
        "cdate": clock.stamp(clock.NOW),
        "links": [],
        "id": str(key),
    }
    return {**row, **given}


def field_value(key: int, given: Mapping[str, Any]) -> Row:
    """Return a contact's value of a field; several choices are written `||a||b||`."""
    created = given.get("cdate") or clock.stamp(clock.NOW)
    contact = given.get("contact", "1")
    row: Row = {
        "contact": contact,
        "field": "1",
        "value": "",
        "cdate": created,
        "udate": given.get("udate") or created,
        "created_by": "0",
        "updated_by": "0",
        "links": relations("fieldValues", key, ("owner", "field")),
        "id": str(key),
        "owner": contact,
    }
    return {**row, **given}
