"""What contacts come with."""

from typing import Final

from activecampaign_sandbox.clock import ZERO_DATE, ZERO_TIME
from activecampaign_sandbox.worlds.hostile.oddity import MISSING, Oddity, values
from activecampaign_sandbox.worlds.hostile.texts import TEXTS

TIMES: Final = (
    "2025-11-02T01:30:00-05:00",  # an hour that came twice: this is the first
    "2025-11-02T01:30:00-06:00",
    "2026-03-08T02:30:00-06:00",  # an hour that never was
    "2024-02-29T23:59:59-06:00",
    "2026-05-28T05:07:18+10:30",
    "2026-05-28T05:07:18+00:00",
    "2026-05-28T05:07:18Z",
    "2026-05-28T05:07:18.123Z",
    "2026-05-28T05:07:18.123456-05:00",
    "2026-05-28 05:07:18",  # naive, where an offset is usual
    "2026-05-28",
    "1969-12-31T18:00:01-06:00",
    "2038-01-19T03:14:08-06:00",
)
NO_TIMES: Final = (None, "", "0", ZERO_DATE, ZERO_TIME, "0000-00-00T00:00:00-06:00", "0000-00-00T00:00:00+00:00")
WRONG_TIMES: Final = ("2023-02-30T10:00:00-06:00", "yesterday", "2026-13-01T00:00:00-06:00")
COUNTS: Final = ("0", 0, "12", 12, " 12", "-1", "2147483648", "9007199254740993", 9007199254740993, None, "")
WRONG_COUNTS: Final[tuple[object, ...]] = ("12abc", "12.5", "1,234", "99999999999999999999", "many", [], {})
FLAGS: Final = ("0", "1", 0, 1, True, False, None, "")

CONTACTS: Final = (
    Oddity("nothing odd", ({},)),
    Oddity("times in every spelling", values("udate", *TIMES)),  # 11
    Oddity("times that mean never", values("adate", *NO_TIMES)),  # 10
    Oddity("times that mean never, in a field without zone", values("deleted_at", *NO_TIMES)),
    Oddity("dates that mean never", values("bounced_date", None, "", ZERO_DATE, "0", ZERO_TIME)),
    Oddity("times that are none", values("edate", *WRONG_TIMES)),
    Oddity("times in the future", values("udate", "2031-01-01T00:00:00-06:00", "2026-10-30T21:00:00-05:00")),  # 7
    Oddity("counts in every type", values("sentcnt", *COUNTS)),  # 18
    Oddity("counts that are none", values("sentcnt", *WRONG_COUNTS)),
    Oddity("flags in every type", values("bounced_hard", *FLAGS)),  # 18
    Oddity("a flag that counts", values("bounced_soft", "3", 7)),
    Oddity("flags that are none", values("mpp_tracking", "maybe", {})),
    Oddity("marked as deleted", ({"deleted": "1", "deleted_at": "2026-01-02 03:04:05"},)),
    Oddity(
        "no organization in every spelling",
        tuple({"orgid": none, "organization": other} for none, other in (("0", None), (0, "0"), (None, ""), ("", 0))),
    ),
    Oddity("ids as numbers", values("orgid", 77, "77", 4_294_967_301)),
    Oddity("texts in the first name", values("firstName", *TEXTS)),
    Oddity("texts in the last name", values("lastName", *TEXTS)),
    Oddity("a text that is null or missing", ({"firstName": None}, {"firstName": MISSING, "phone": MISSING})),
    Oddity("a text that is a number or a flag", values("lastName", 12, 1.5, True)),
    Oddity("leading zeros and signs", values("phone", "0049301234", "+15550100", "000", "5e10", "\uff10\uff11\uff12")),
    Oddity("a hash of digits", values("hash", "92900823", "00012345678901234567890123456789", "1e10", "")),  # 13
    Oddity("the rename of 2021", ({"email_domain": MISSING, "emailDomain": "example.org"},)),  # 19
    Oddity("e-mail twice, in other case, or none", values("email", "Twin@example.com", "twin@EXAMPLE.com", "", None)),
    Oddity(
        "an account of 2021",  # 19
        (
            {
                "email_empty": False,
                **dict.fromkeys(("mpp_tracking", "last_click_date", "last_open_date", "last_mpp_open_date"), MISSING),
                **dict.fromkeys(("best_send_hour", "sms_consent", "sms_consent_updated_at"), MISSING),
                **dict.fromkeys(("whatsapp_id", "whatsapp_username"), MISSING),
            },
        ),
    ),
    Oddity("keys that nobody knows", ({"loyalty_tier": "gold"}, {"loyalty_tier": 7}, {"loyalty_tier": None})),
    Oddity("keys that nobody knows, nested", ({"preferences": {"a": [1, {"b": None}]}}, {"preferences": []})),
    Oddity("keys with odd names", ({"Loyalty Tier": "x", "select": 1, 'quo"te': 2, "Émoji👍": 3, "FIRSTNAME": "y"},)),
    Oddity("links that are none", values("links", [], {}, MISSING, None)),  # 17
    Oddity("a text that became an object", values("ua", {"family": "Mobile", "os": {"name": "x"}}, ["a", 1])),
    Oddity("arrays of other things", values("scoreValues", ["1", 2, None], [], {"0": "1"}, None)),
    Oddity("arrays of ids", values("accountContacts", ["1"], ["1", "2"], [3])),
    Oddity("zeros after the first write", ({"best_send_hour": "0", "sms_consent": "0", "created_by": "0", "ua": ""},)),
    Oddity("an hour in every type", values("best_send_hour", 23, "7", "", None)),
    Oddity("anonymized", ({"anonymized": "1", "email": "deleted+10@example.com", "firstName": "", "lastName": ""},)),
)
