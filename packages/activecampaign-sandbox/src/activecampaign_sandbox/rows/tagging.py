"""How contacts are sorted: tags, memberships of lists, automations, scores."""

from collections.abc import Mapping
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.wire import Row, relations


def tag(key: int, given: Mapping[str, Any]) -> Row:
    """Return a tag that nobody has; its `updated_timestamp` moves whenever it is given to somebody."""
    created = given.get("cdate") or clock.stamp(clock.NOW)
    row: Row = {
        "tagType": "contact",
        "tag": f"tag-{key}",
        "description": "",
        "subscriber_count": "0",
        "cdate": created,
        "created_timestamp": clock.without_zone(created),
        "updated_timestamp": clock.without_zone(created),
        "created_by": None,
        "updated_by": None,
        "deleted": "0",
        "links": relations("tags", key, ("contactGoalTags", "templateTags")),
        "id": str(key),
    }
    return {**row, **given}


def contact_tag(key: int, given: Mapping[str, Any]) -> Row:
    """Return that a contact has a tag."""
    created = given.get("cdate") or clock.stamp(clock.NOW)
    row: Row = {
        "contact": "1",
        "tag": "1",
        "cdate": created,
        "created_timestamp": clock.without_zone(created),
        "updated_timestamp": clock.without_zone(created),
        "created_by": None,
        "updated_by": None,
        "links": relations("contactTags", key, ("contact", "tag")),
        "id": str(key),
    }
    return {**row, **given}


def contact_list(key: int, given: Mapping[str, Any]) -> Row:
    """Return that a contact is, or was, on a list: 28 keys; `udate` is null until something changes."""
    joined = given.get("sdate") or clock.stamp(clock.NOW)
    links = ("automation", "list", "contact", "form", "autosyncLog", "campaign", "unsubscribeAutomation", "message")
    row: Row = {
        "contact": "1",
        "list": "1",
        "form": None,
        "seriesid": "0",
        "sdate": joined,
        "udate": None,
        "status": "1",
        "responder": "1",
        "sync": "0",
        "unsubreason": None,
        "campaign": None,
        "message": None,
        "first_name": "",
        "last_name": "",
        "ip4Sub": "0",
        "sourceid": "0",
        "autosyncLog": None,
        "ip4_last": "0",
        "ip4Unsub": "0",
        "created_timestamp": clock.without_zone(joined),
        "updated_timestamp": clock.without_zone(given.get("udate") or joined),
        "created_by": None,
        "updated_by": None,
        "unsubscribeAutomation": None,
        "channel": "email",
        "links": relations("contactLists", key, links),
        "id": str(key),
        "automation": None,
    }
    return {**row, **given}


def automation(key: int, given: Mapping[str, Any]) -> Row:
    """Return an automation that runs and that nobody has entered: 18 keys, as in 2026."""
    created = given.get("cdate") or clock.stamp(clock.NOW)
    links = ("campaigns", "contactGoals", "contactAutomations", "blocks", "goals", "sms", "sitemessages", "triggers")
    row: Row = {
        "name": f"Automation {key}",
        "cdate": created,
        "mdate": given.get("mdate") or created,
        "userid": "1",
        "status": "1",
        "entered": "0",
        "exited": "0",
        "hidden": "0",
        "entitlements_violation": "0",
        "source": "6",
        "description": "",
        "exit_on_unsubscribe": "0",
        "exit_on_conversion": "0",
        "multientry": "1",
        "defaultscreenshot": "//img.example.com/default-series.gif",
        "screenshot": f"//sandbox.example.com/_screenshot_/automation-{key}.jpeg",
        "links": relations("automations", key, links),
        "id": str(key),
    }
    return {**row, **given}


def contact_automation(key: int, given: Mapping[str, Any]) -> Row:
    """Return that a contact is in an automation, or has been; the counts of steps are numbers."""
    entered = given.get("adddate") or clock.stamp(clock.NOW)
    series = given.get("seriesid") or given.get("automation") or "1"
    row: Row = {
        "contact": "1",
        "seriesid": series,
        "startid": "0",
        "status": "1",
        "batchid": None,
        "adddate": entered,
        "remdate": None,
        "timespan": None,
        "lastblock": "1",
        "lastlogid": "0",
        "lastdate": None,
        "in_als": "0",
        "completedElements": 0,
        "totalElements": 3,
        "completed": 0,
        "completeValue": 0,
        "links": relations("contactAutomations", key, ("automation", "contact", "contactGoals", "automationLogs")),
        "id": str(key),
        "automation": series,
    }
    return {**row, **given}


def score(key: int, given: Mapping[str, Any]) -> Row:
    """Return a rule that scores contacts or deals; its `links` are an empty list."""
    created = given.get("cdate") or clock.stamp(clock.NOW)
    row: Row = {
        "reltype": "contact",
        "name": f"Score {key}",
        "descript": "",
        "status": "1",
        "cdate": created,
        "mdate": given.get("mdate") or created,
        "links": [],
        "id": str(key),
    }
    return {**row, **given}
