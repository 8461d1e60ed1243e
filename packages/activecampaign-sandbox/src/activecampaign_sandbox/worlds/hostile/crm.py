"""What deals come with."""

from collections.abc import Mapping
from typing import Any, Final

from activecampaign_sandbox.clock import ZERO_TIME
from activecampaign_sandbox.worlds.hostile.oddity import MISSING, ONLY, Oddity, values
from activecampaign_sandbox.worlds.hostile.people import NO_TIMES, TIMES, WRONG_COUNTS, WRONG_TIMES
from activecampaign_sandbox.worlds.hostile.texts import TEXTS


def _stub(**keys: object) -> Mapping[str, Any]:
    return {ONLY: {**keys}}


DEALS: Final = (
    Oddity("nothing odd", ({},)),
    Oddity(
        "limited deals",  # 1
        (
            _stub(title="Hidden", status="0", isDisabled=True),
            _stub(title="Hidden", status="1", isDisabled=True),
            _stub(title="Hidden since 2020", isDisabled=True),
            _stub(title="Hidden, as a number", status="2", isDisabled=1),
            _stub(title="Hidden, as text", isDisabled="1"),
            _stub(title=None, isDisabled=True),
            _stub(isDisabled=True),
        ),
    ),
    Oddity("a flag in every type", values("isDisabled", 0, "0", None, "", MISSING)),
    Oddity("values in every type", values("value", 15600, "156", "-500", "0", None, "", "9007199254740993")),  # 13
    Oddity("values that are none", values("value", *WRONG_COUNTS)),
    Oddity(
        "currencies with other exponents",
        tuple({"currency": code, "value": "123456"} for code in ("jpy", "kwd", "clf", "mga", "EUR", "Eur", "eur")),
    ),
    Oddity(
        "currencies that are none",
        tuple({"currency": code, "value": "123456"} for code in ("", None, "xxx", "zz", "$", 978)),
    ),
    Oddity("a hash of digits", values("hash", "92900823", "00012345", "1e5", "0", "")),  # 13
    Oddity("chances in every type", values("winProbability", 44, "44", 0, None, 44.5, "", 101)),
    Oddity("a status in every type", values("status", 0, "1", 2, "7", "won", "", None)),
    Oddity("counts that are none", values("activitycount", *WRONG_COUNTS)),
    Oddity("times in every spelling", values("mdate", *TIMES)),  # 11
    Oddity("times that mean never", values("nextdate", *NO_TIMES)),  # 10
    Oddity("close dates", values("edate", *NO_TIMES, ZERO_TIME, "2026-12-24 00:00:00", "2026-12-24", *WRONG_TIMES)),
    Oddity("times in the future", values("mdate", "2031-01-01T00:00:00-06:00")),  # 7
    Oddity("the same title again", values("title", "Same", "Same", "same")),
    Oddity("texts in the title", values("title", *TEXTS)),
    Oddity("texts in the description", values("description", *TEXTS)),
    Oddity("a next task", ({"nexttaskid": "0", "nextTask": None}, {"nexttaskid": "5", "nextTask": "5"})),
    Oddity("an account", ({"account": "20", "customerAccount": "20", "organization": "20"}, {"account": 20})),
    Oddity("links that are none or relative", values("links", [], {}, {"owner": "/api/3/deals/1/owner"}, MISSING)),
    Oddity("keys that are missing", ({"owner": MISSING, "group": MISSING, "mdate": MISSING},)),
    Oddity("keys that nobody knows", ({"fields": [{"customFieldId": 4, "fieldValue": ["a", 1]}], "score": 9.75},)),
)
