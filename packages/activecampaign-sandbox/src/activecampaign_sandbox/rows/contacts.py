"""Contacts: 46 keys, as in 2026."""

from collections.abc import Mapping
from hashlib import md5
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.wire import Row, relations

RELATIONS = (
    *("bounceLogs", "contactAutomations", "contactData", "contactGoals", "contactLists", "contactLogs", "contactTags"),
    *("contactDeals", "deals", "fieldValues", "geoIps", "notes", "organization", "plusAppend", "trackingLogs"),
    *("scoreValues", "accountContacts", "automationEntryCounts"),
)


def contact(key: int, given: Mapping[str, Any]) -> Row:
    """Return a contact that nothing happened to yet."""
    created = given.get("cdate") or clock.stamp(clock.NOW)
    updated = given.get("udate") or created
    email = given.get("email", f"contact{key}@example.com")
    org = given.get("orgid", "0")
    row: Row = {
        "cdate": created,
        "email": email,
        "phone": "",
        "firstName": "",
        "lastName": "",
        "orgid": org,
        "orgname": "",
        "segmentio_id": "",
        "bounced_hard": "0",
        "bounced_soft": "0",
        "bounced_date": None,
        "ip": "0",
        "ua": None,
        "hash": md5(f"contact {key}".encode(), usedforsecurity=False).hexdigest(),
        "socialdata_lastcheck": None,
        "email_local": "",
        "email_domain": email.rpartition("@")[2],
        "sentcnt": "0",
        "rating_tstamp": None,
        "gravatar": "0",
        "deleted": "0",
        "anonymized": "0",
        "adate": None,
        "udate": updated,
        "edate": None,
        "deleted_at": None,
        "created_utc_timestamp": clock.without_zone(created),  # not UTC: recorded with the account's digits
        "updated_utc_timestamp": clock.without_zone(updated),
        "created_timestamp": clock.without_zone(created),
        "updated_timestamp": clock.without_zone(updated),
        "created_by": None,
        "updated_by": None,
        "mpp_tracking": "0",
        "last_click_date": None,
        "last_open_date": None,
        "last_mpp_open_date": None,
        "best_send_hour": None,
        "sms_consent": None,
        "sms_consent_updated_at": None,
        "whatsapp_id": None,
        "whatsapp_username": None,
        "scoreValues": [],
        "accountContacts": [],
        "links": relations("contacts", key, RELATIONS),
        "id": str(key),
        "organization": None if org == "0" else org,
    }
    return {**row, **given}
