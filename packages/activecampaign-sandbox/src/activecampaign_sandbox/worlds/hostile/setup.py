"""What segments and forms come with."""

from typing import Final

from activecampaign_sandbox.clock import ZERO_TIME
from activecampaign_sandbox.worlds.hostile.oddity import MISSING, Oddity, values
from activecampaign_sandbox.worlds.hostile.people import COUNTS, FLAGS, NO_TIMES, TIMES, WRONG_COUNTS
from activecampaign_sandbox.worlds.hostile.texts import TEXTS

SEGMENTS: Final = (
    Oddity("nothing odd", ({},)),
    Oddity("technical ones", ({"name": "Segment of Automation 1", "hidden": "1", "seriesid": "1"},)),  # 15
    Oddity("logic in every spelling", values("logic", "and", "or", "AND", "", None, "1")),
    Oddity("flags in every type", values("hidden", *FLAGS)),
    Oddity("links in every shape", values("links", [], {}, {"x": "https://account.example.com"}, MISSING)),  # 17
    Oddity("a twin of the second kind", values("segmentid_v2", "0b6ad7a5-6d1c-4f3b-9b61-1f4f6a3c2d10", None, "")),
    Oddity("times with and without zone", values("updated_timestamp", *TIMES)),
    Oddity("times that mean never", values("updated_timestamp", *NO_TIMES)),
    Oddity("a writer that is none", values("created_by", None, "0", 0, "1", "")),
    Oddity("texts in the name", values("name", *TEXTS, None)),
    Oddity("the same name again", values("name", "Copy", "Copy")),
    Oddity("keys that nobody knows", ({"conditions": [{"field": "email", "op": "is", "value": ["a", 1, None]}]},)),
)

FORMS: Final = (
    Oddity("nothing odd", ({},)),
    Oddity(
        "options in every shape",  # 9, 18
        values("options", {}, [], {"useBgColor": True, "useBgImage": False}, "", "{}", None, {"optin_id": 1}),
    ),
    Oddity(
        "padding in every type",  # 18
        values(
            "style", {"padding": 10}, {"padding": "10px"}, {"padding": {"top": 1}}, {}, [], {"button": {"padding": "5"}}
        ),
    ),
    Oddity("recent in every shape", values("recent", [], [{"email": "a@example.com"}], ["a@example.com"], {}, None)),
    Oddity(
        "actions in every shape",
        values(
            "actiondata",
            {},
            [],
            {"actions": [{"type": "add-a-tag", "tag": "7"}, {"type": "email-results", "email": "a@example.com"}]},
            '{"actions": []}',
            "",
        ),
    ),
    Oddity("fields in every shape", values("cfields", [], {}, [{"type": "html", "html": "<p>é</p>"}], None)),
    Oddity("counters in every type", values("entries", *COUNTS)),
    Oddity("counters that are none", values("contacts", *WRONG_COUNTS)),
    Oddity("nothing in every spelling", values("url", None, "", "https://example.com/thanks?a=1&b=2")),
    Oddity("an address", values("aid", None, "0", "4")),
    Oddity("ids as numbers", ({"parentformid": 0, "addressid": 0, "userid": 1},)),
    Oddity("dates as in the field reference", ({"mdate": "2026-05-28T05:05:34-05:00"}, {"mdate": ZERO_TIME})),
    Oddity("times that mean never", values("udate", *NO_TIMES)),
    Oddity("texts in the name", values("name", *TEXTS)),
    Oddity("texts in the body", values("body", *TEXTS)),
    Oddity("links that are none", values("links", [], MISSING)),
    Oddity("keys of the single answer", ({"contacts": MISSING, "deals": MISSING, "recent": MISSING},)),
    Oddity("keys that nobody knows", ({"version": 3, "theme": {"dark": True}},)),
)
