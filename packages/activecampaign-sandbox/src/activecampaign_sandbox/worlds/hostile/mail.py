"""What campaigns and lists come with."""

from typing import Final

from activecampaign_sandbox.clock import ZERO_TIME
from activecampaign_sandbox.worlds.hostile.oddity import MISSING, Oddity, values
from activecampaign_sandbox.worlds.hostile.people import COUNTS, FLAGS, NO_TIMES, TIMES, WRONG_COUNTS, WRONG_TIMES
from activecampaign_sandbox.worlds.hostile.texts import TEXTS

SECRET: Final = "secret-that-must-not-land"  # noqa: S105 - bait: what lists carry and no warehouse may hold
LIST_ONLY: Final = ("numberOfMessages", "campaignIsText", "format", "typeText", "statusToolTip", "statusString")

CAMPAIGNS: Final = (
    Oddity("nothing odd", ({},)),
    Oddity("every type", values("type", "special", "reminder", "activerss", "text", "deskrss", "Single", "", None)),
    Oddity("every status", values("status", "2", "3", "4", "6", "7", "9", 5, "-1", "", None)),
    Oddity("counts in every type", values("opens", *COUNTS)),  # 18
    Oddity("counts that are none", values("uniqueopens", *WRONG_COUNTS)),
    Oddity("more opens than mails", ({"send_amt": "10", "total_amt": "10", "uniqueopens": "12", "opens": "40"},)),
    Oddity("a responder", ({"type": "responder", "status": "1", "send_amt": "0", "total_amt": "500"},)),
    Oddity(
        "JSON in a text",  # 18
        values("additional_data", "", '{"copiedFrom":6800,"summaryEventSent":true}', "{broken", {"copiedFrom": 1}, []),
    ),
    Oddity(
        "a template id that is a hash", values("basetemplateid", "0", "17", "da39a3ee5e6b4b0d3255bfef95601890afd80709")
    ),
    Oddity("made before it was made", ({"created_timestamp": "2019-11-13 10:00:00"},)),  # 12
    Oddity("counters that moved later", ({"updated_timestamp": "2026-10-30 11:59:59", "opens": "77"},)),  # 5
    Oddity("flags in every type", values("groupLimitViolation", *FLAGS)),
    Oddity("times in every spelling", values("sdate", *TIMES)),
    Oddity("times that mean never", values("ldate", *NO_TIMES)),
    Oddity("times that are none", values("mdate", *WRONG_TIMES)),
    Oddity("zero times without zone", values("series_send_lock_time", ZERO_TIME, None, "", "2026-01-02 03:04:05")),
    Oddity("texts in the name", values("name", *TEXTS)),
    Oddity("the same name again", values("name", "Copy", "Copy")),
    Oddity("null where a text was", ({"htmlunsubdata": None, "textunsubdata": None, "reminder_format": None},)),
    Oddity("keys of the single answer", ({"isDoubleOptInCampaign": False, **dict.fromkeys(LIST_ONLY, MISSING)},)),
    Oddity("links that are none", values("links", [], MISSING)),
    Oddity("an automation that is none", ({"seriesid": "0", "automation": None}, {"seriesid": "3", "automation": "3"})),
    Oddity("keys that nobody knows", ({"ai_score": {"subject": 0.9}},)),
    Oddity("a text that became an object", values("survey", {"questions": []}, ["x"])),
)

LISTS: Final = (
    Oddity("nothing odd", ({},)),
    Oddity(
        "credentials", ({"twitter_token": SECRET, "twitter_token_secret": SECRET, "facebook_session": SECRET},)
    ),  # 25
    Oddity("never edited", values("udate", *NO_TIMES)),  # 4
    Oddity("edited, and only one clock shows it", ({"udate": "2026-10-01T05:05:44-05:00"},)),
    Oddity("no owner in every spelling", ({"userid": "0", "user": None}, {"userid": 0, "user": "0"}, {"userid": None})),
    Oddity(
        "before 2024-12", ({"active_subscribers": MISSING, "non_deleted_subscribers": MISSING, "channel": MISSING},)
    ),
    Oddity("counters in every type", values("active_subscribers", *COUNTS)),
    Oddity("counters that are none", values("non_deleted_subscribers", *WRONG_COUNTS)),
    Oddity("flags in every type", values("private", *FLAGS)),
    Oddity("a slug of digits", values("stringid", "007", "2026", "")),
    Oddity("texts in the name", values("name", *TEXTS)),
    Oddity("the same name again", values("name", "Copy", "Copy")),
    Oddity(
        "null or nothing", ({"fulladdress": None, "carboncopy": None}, {"sender_url": None, "sender_reminder": None})
    ),
    Oddity("another channel", values("channel", "sms", "whatsapp", None)),
    Oddity("links that are none", values("links", [], {})),
    Oddity("keys that nobody knows", ({"retention": {"days": 30}},)),
)
