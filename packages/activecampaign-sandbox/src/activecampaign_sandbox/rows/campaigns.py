"""Campaigns: 107 keys; nearly all of them settings that nobody touches."""

from collections.abc import Mapping
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.wire import Row, relations

RELATIONS = (
    *("user", "automation", "campaignMessage", "campaignMessages", "links", "aggregateRevenues"),
    *("segment", "campaignLists"),
)
COUNTERS = (
    *("send_amt", "total_amt", "opens", "uniqueopens", "linkclicks", "uniquelinkclicks", "subscriberclicks"),
    *("forwards", "uniqueforwards", "hardbounces", "softbounces", "unsubscribes", "unsubreasons", "updates"),
    *("socialshares", "replies", "uniquereplies"),
)
TYPE_TEXTS = {
    "single": "One-Time",
    "split": "Split Test",
    "recurring": "Recurring",
    "responder": "Auto Responder",
    "reminder": "Date Based",
    "activerss": "RSS Triggered",
}
STATUS_TEXTS = {
    "0": "Draft",
    "1": "Scheduled",
    "2": "Sending",
    "3": "Paused",
    "4": "Stopped",
    "5": "Completed",
    "6": "Disabled",
    "7": "Pending Approval",
}
SETTINGS: Mapping[str, Any] = {
    "public": "1",
    "mail_transfer": "0",
    "mail_send": "0",
    "mail_cleanup": "0",
    "mailer_log_file": "0",
    "tracklinks": "all",
    "tracklinksanalytics": "0",
    "trackreads": "1",
    "trackreadsanalytics": "0",
    "analytics_campaign_name": "",
    "tweet": "0",
    "facebook": "0",
    "survey": "",
    "embed_images": "0",
    "htmlunsub": "0",
    "textunsub": "0",
    "htmlunsubdata": "",
    "textunsubdata": "",
    "recurring": "day1",
    "willrecur": "0",
    "split_type": "even",
    "split_content": "0",
    "split_offset": "2",
    "split_offset_type": "day",
    "split_winner_messageid": "0",
    "split_winner_awaiting": "0",
    "responder_offset": "0",
    "responder_type": "subscribe",
    "responder_existing": "0",
    "reminder_field": "sdate",
    "reminder_format": "",
    "reminder_type": "month_day",
    "reminder_offset": "0",
    "reminder_offset_type": "day",
    "reminder_offset_sign": "+",
    "reminder_last_cron_run": None,
    "activerss_interval": "day1",
    "activerss_url": "",
    "activerss_items": "10",
    "ip4": "3221225985",  # 192.0.2.1, an address set aside for examples
    "laststep": "result",
    "managetext": "0",
    "schedule": "0",
    "scheduleddate": None,
    "waitpreview": "0",
    "deletestamp": None,
    "replysys": "0",
}


def campaign(key: int, given: Mapping[str, Any]) -> Row:
    """Return a draft as the list shows it."""
    created = given.get("cdate") or clock.stamp(clock.NOW)
    kind, status, series = given.get("type", "single"), given.get("status", "0"), given.get("seriesid", "0")
    row: Row = {
        "type": kind,
        "userid": "1",
        "segmentid": "0",
        "bounceid": "-1",
        **dict.fromkeys(("realcid", "sendid", "threadid"), "0"),
        "seriesid": series,
        **dict.fromkeys(("formid", "basetemplateid", "basemessageid", "addressid"), "0"),
        "source": "web",
        "name": f"Campaign {key}",
        "cdate": created,
        "mdate": created,
        "sdate": None,
        "ldate": None,
        **dict.fromkeys(COUNTERS, "0"),
        "status": status,
        **SETTINGS,
        **_bookkeeping(key, created),
        "typeText": TYPE_TEXTS.get(kind, kind),
        "statusToolTip": "This campaign has not been sent.",
        "statusString": "Automation" if series != "0" else STATUS_TEXTS.get(status, status),
        "groupLimitViolation": False,
        "links": relations("campaigns", key, RELATIONS),
        "id": str(key),
        "user": given.get("userid", "1"),
        "automation": None if series == "0" else series,
    }
    return {**row, **given}


def _bookkeeping(key: int, created: str) -> Row:
    return {
        "created_timestamp": clock.without_zone(created),
        "updated_timestamp": clock.without_zone(created),
        "created_by": "0",
        "updated_by": "0",
        "ip": "3221225985",
        "series_send_lock_time": clock.ZERO_TIME,
        "can_skip_approval": "0",
        "use_quartz_scheduler": "0",
        "verified_opens": "0",
        "verified_unique_opens": "0",
        "predictive_send": "0",
        "repair_timestamp": clock.ZERO_TIME,
        "has_outdated_translations": "0",
        "hasTranslations": "0",
        "repair_by_pydex": "0",
        "additional_data": "",
        "moderation_status": "0",
        "numberOfMessages": "1",
        "campaignIsText": "0",
        "has_predictive_content": "0",
        "campaign_message_id": str(key),
        "message_id": str(key + 2),
        "format": "mime",
        "ed_version": "3",
        "segmentname": "",
        "screenshot": f"//sandbox.example.com/_screenshot_/{key}.jpg",
    }
