"""Deals, limited deals, and the pipelines and stages they stand in."""

from collections.abc import Mapping
from typing import Any
from zlib import crc32

from activecampaign_sandbox import clock
from activecampaign_sandbox.wire import Row, relations

RELATIONS = (
    *("dealActivities", "contact", "contactDeals", "group", "nextTask", "notes", "account", "customerAccount"),
    *("organization", "owner", "scoreValues", "stage", "tasks", "dealCustomFieldData"),
)


def deal(key: int, given: Mapping[str, Any]) -> Row:
    """Return an open deal; with `isDisabled` true, the few keys that a limited user gets."""
    if given.get("isDisabled") is True:
        return limited_deal(key, given)
    created = given.get("cdate") or clock.stamp(clock.NOW)
    account = given.get("account")
    row: Row = {
        "hash": f"{crc32(b'deal %d' % key):08x}",
        "owner": "1",
        "contact": "0",
        "organization": None,
        "group": "1",
        "stage": "1",
        "title": f"Deal {key}",
        "description": "",
        "percent": "0",
        "cdate": created,
        "mdate": created,
        "nextdate": None,
        "nexttaskid": None,
        "value": "0",
        "currency": "usd",
        "winProbability": None,
        "winProbabilityMdate": None,
        "status": "0",
        "activitycount": "0",
        "nextdealid": str(key),
        "edate": None,
        "links": relations("deals", key, RELATIONS),
        "id": str(key),
        "isDisabled": False,
        "account": account,
        "customerAccount": account,
    }
    return {**row, **given}


def limited_deal(key: int, given: Mapping[str, Any]) -> Row:
    """Return the stub that stands for a deal which the key's user may not see."""
    return {
        "title": given.get("title", f"Deal {key}"),
        "status": given.get("status", "0"),
        "id": str(key),
        "isDisabled": True,
    }


def deal_group(key: int, given: Mapping[str, Any]) -> Row:
    """Return a pipeline."""
    created = given.get("cdate") or clock.stamp(clock.NOW)
    row: Row = {
        "title": f"Pipeline {key}",
        "currency": "usd",
        "allgroups": "1",
        "allusers": "1",
        "autoassign": "0",
        "count": "0",
        "source": "",
        "cdate": created,
        "udate": given.get("udate") or created,
        "stages": [],
        "links": relations(
            "dealGroups", key, ("dealGroupUsers", "dealGroupGroups", "stages", "winProbabilityFeatures")
        ),
        "id": str(key),
        "win_probability_initialize_date": None,
    }
    return {**row, **given}


def deal_stage(key: int, given: Mapping[str, Any]) -> Row:
    """Return a stage of a pipeline; its dates are mostly null."""
    row: Row = {
        "order": "1",
        "title": f"Stage {key}",
        "color": "32B0FC",
        "width": "280",
        "dealOrder": "next-action DESC",
        "cardRegion1": "title",
        "cardRegion2": "next-action",
        "cardRegion3": "show-avatar",
        "cardRegion4": "contact-fullname-orgname",
        "cardRegion5": "value",
        "cdate": None,
        "udate": None,
        "group": "1",
        "links": relations("dealStages", key, ("group",)),
        "id": str(key),
    }
    return {**row, **given}
