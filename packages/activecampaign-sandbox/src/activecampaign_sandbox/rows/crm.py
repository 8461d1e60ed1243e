"""What deals go with: accounts, custom fields and their values, tasks, notes, and the log of what happened."""

from collections.abc import Mapping
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.wire import Row, relations

RELTYPES = {"contact": "Subscriber", "deal": "Deal", "account": "CustomerAccount", "activity": "Activity"}


def account(key: int, given: Mapping[str, Any]) -> Row:
    """Return a firm; its counts are "0" unless a request asks for them, as recorded."""
    created = given.get("createdTimestamp") or clock.stamp(clock.NOW)
    links = ("notes", "accountCustomFieldData", "accountContacts", "emailActivities", "contactEmails", "owner")
    row: Row = {
        "name": f"Account {key}",
        "accountUrl": None,
        "createdTimestamp": created,
        "updatedTimestamp": created,
        "owner": "1",
        "contactCount": "0",
        "dealCount": "0",
        "links": relations("accounts", key, links),
        "id": str(key),
    }
    return {**row, **given}


def account_contact(key: int, given: Mapping[str, Any]) -> Row:
    """Return who works for whom."""
    created = given.get("createdTimestamp") or clock.stamp(clock.NOW)
    row: Row = {
        "account": "1",
        "contact": "1",
        "jobTitle": "",
        "createdTimestamp": created,
        "updatedTimestamp": created,
        "links": relations("accountContacts", key, ("account", "contact")),
        "id": str(key),
    }
    return {**row, **given}


def deal_custom_field_metum(key: int, given: Mapping[str, Any]) -> Row:
    """Return a custom field of deals: the id is a text, the other numbers are numbers, times are true UTC."""
    created = given.get("createdTimestamp") or clock.utc_stamp(clock.NOW)
    row: Row = {
        "id": str(key),
        "fieldLabel": f"Deal field {key}",
        "fieldType": "text",
        "fieldOptions": None,
        "fieldDefault": None,
        "fieldDefaultCurrency": None,
        "isFormVisible": 0,
        "isRequired": 0,
        "displayOrder": key,
        "personalization": f"DEAL_FIELD_{key}",
        "knownFieldId": None,
        "hideFieldFlag": 0,
        "createdTimestamp": created,
        "updatedTimestamp": created,
        "createdBy": None,
        "updatedBy": None,
        "links": relations("dealCustomFieldMeta", key, ("dealCustomFieldData",)),
    }
    return {**row, **given}


def deal_custom_field_datum(key: int, given: Mapping[str, Any]) -> Row:
    """Return a deal's value of a custom field; what it is of is given as a number, in two keys that say the same."""
    created = given.get("createdTimestamp") or clock.utc_stamp(clock.NOW)
    metum = int(given.get("customFieldId") or given.get("dealCustomFieldMetumId") or 1)
    row: Row = {
        "id": str(key),
        "dealCustomFieldMetumId": metum,
        "dealId": 1,
        "customFieldId": metum,
        "createdTimestamp": created,
        "updatedTimestamp": created,
        "fieldValue": "",
        "links": relations("dealCustomFieldData", key, ("deal", "dealCustomFieldMetum")),
    }
    return {**row, **given}


def deal_activity(key: int, given: Mapping[str, Any]) -> Row:
    """Return an entry of a deal's log; by default, that the deal was added."""
    created = given.get("cdate") or clock.stamp(clock.NOW)
    deal = given.get("deal") or given.get("d_id") or "1"
    stage, user, series = given.get("d_stageid", "0"), given.get("userid", "1"), given.get("seriesid", "0")
    row: Row = {
        "d_id": deal,
        "d_stageid": stage,
        "userid": user,
        "dataId": "0",
        "dataType": "",
        "dataAction": "add",
        "dataOldval": "",
        "cdate": created,
        "sortdate": created,
        "isAddtask": "0",
        "deleted": "0",
        "seriesid": series,
        "links": relations("dealActivities", key, ("deal", "stage", "user", "automation", "activity")),
        "id": str(key),
        "deal": deal,
        "stage": None if stage == "0" else stage,
        "user": None if user == "0" else user,
        "automation": None if series == "0" else series,
    }
    return {**row, **given}


def deal_task(key: int, given: Mapping[str, Any]) -> Row:
    """Return a task that somebody has for a deal or a contact, whom `owner` names; its status is a number."""
    created = given.get("cdate") or clock.stamp(clock.NOW)
    links = ("activities", "automation", "dealTasktype", "doneAutomation", "notes", "owner", "taskNotifications")
    row: Row = {
        "duedate": created,
        "edate": created,
        "status": 0,
        "title": None,
        "note": "",
        **_owned(given),
        "dealTasktype": "1",
        "cdate": created,
        "udate": given.get("udate") or created,
        "automation": None,
        "doneAutomation": None,
        "user": "1",
        "assignee": "1",
        "outcomeId": None,
        "outcomeInfo": None,
        "links": relations("dealTasks", key, (*links, "user", "assignee")),
        "id": str(key),
    }
    return {**row, **given}


def note(key: int, given: Mapping[str, Any]) -> Row:
    """Return a note about a deal, a contact or an account, whom `owner` names."""
    created = given.get("cdate") or clock.stamp(clock.NOW)
    author = given.get("userid", "1")
    row: Row = {
        **_owned(given),
        "userid": author,
        "is_draft": "0",
        "cdate": created,
        "mdate": given.get("mdate") or created,
        "note": "",
        "links": relations("notes", key, ("activities", "user", "mentions", "notes", "owner")),
        "id": str(key),
        "user": author,
    }
    return {**row, **given}


def _owned(given: Mapping[str, Any]) -> Row:
    """Return the two spellings of whose a record is: `owner`, and `reltype` with `relid`."""
    kinds = {reltype: kind for kind, reltype in RELTYPES.items()}
    named = {"type": kinds.get(given.get("reltype", "Deal"), "deal"), "id": given.get("relid", "1")}
    owner = given.get("owner") or named
    return {"relid": owner["id"], "reltype": RELTYPES.get(owner["type"], "Deal"), "owner": owner}
