"""Segments of the first kind: eleven keys, no conditions."""

from collections.abc import Mapping
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.wire import Row


def segment(key: int, given: Mapping[str, Any]) -> Row:
    """Return a segment; its `links` are an empty list, never an object."""
    created = given.get("created_timestamp") or clock.digits(clock.NOW)
    row: Row = {
        "name": f"Segment {key}",
        "logic": "and",
        "hidden": "0",
        "seriesid": "0",
        "segmentid_v2": None,
        "created_by": None,
        "updated_by": None,
        "created_timestamp": created,
        "updated_timestamp": given.get("updated_timestamp") or created,
        "links": [],
        "id": str(key),
    }
    return {**row, **given}
