"""What the records come with that only help to read others."""

from collections.abc import Mapping
from typing import Any, Final

from activecampaign_sandbox.clock import ZERO_TIME
from activecampaign_sandbox.worlds.hostile.fields import DEAL_FIELDS, DEAL_VALUES, FIELD_VALUES, FIELDS
from activecampaign_sandbox.worlds.hostile.oddity import MISSING, Oddity, values
from activecampaign_sandbox.worlds.hostile.people import COUNTS, FLAGS, NO_TIMES, TIMES, WRONG_COUNTS, WRONG_TIMES
from activecampaign_sandbox.worlds.hostile.texts import TEXTS

PLAIN: Final = Oddity("nothing odd", ({},))
NO_LINKS: Final = Oddity("links that are none", values("links", [], {}, MISSING))

HELPERS: Final[Mapping[str, tuple[Oddity, ...]]] = {
    "accounts": (
        PLAIN,
        Oddity("texts in the name", values("name", *TEXTS)),
        Oddity("no owner", ({"owner": MISSING}, {"owner": None}, {"owner": "0"})),
        Oddity("counts that are missing", ({"contactCount": MISSING, "dealCount": MISSING}, {"contactCount": 3})),
        Oddity("times in every spelling", values("updatedTimestamp", *TIMES)),
    ),
    "accountContacts": (
        PLAIN,
        Oddity("texts in the title", values("jobTitle", *TEXTS, None)),
        Oddity("somebody who is gone", ({"contact": "999999999"}, {"account": "0"})),
    ),
    "dealCustomFieldMeta": DEAL_FIELDS,
    "dealCustomFieldData": DEAL_VALUES,
    "dealActivities": (
        PLAIN,
        Oddity("another stage", ({"dataType": "d_stageid", "dataAction": "2", "dataOldval": "1", "d_stageid": "2"},)),
        Oddity("won", ({"dataType": "status", "dataAction": "1", "dataOldval": "0"},)),
        Oddity("things that went with it", values("dataType", "contact", "note", "task", "email", "userid", "", None)),
        Oddity("an old value in every type", values("dataOldval", "", None, "0", 0, *TEXTS)),
        Oddity("a deal that is gone", ({"deal": "999999999", "d_id": "999999999"}, {"deal": None, "d_id": "0"})),
        Oddity("times in every spelling", values("cdate", *TIMES)),
        Oddity("marked as deleted", ({"deleted": "1"},)),
    ),
    "dealTasks": (
        PLAIN,
        Oddity("a status in every type", values("status", 0, 1, "1", "0", None, True)),
        Oddity("of a contact", ({"reltype": "Subscriber", "relid": "1", "owner": {"type": "contact", "id": "1"}},)),
        Oddity("of nobody", ({"owner": None}, {"owner": MISSING}, {"owner": []}, {"relid": "0"})),
        Oddity("an outcome", ({"outcomeId": 91, "outcomeInfo": "More details"}, {"outcomeId": "91"})),
        Oddity("times that mean never", values("duedate", *NO_TIMES)),
        Oddity("texts in the note", values("note", *TEXTS)),
    ),
    "notes": (
        PLAIN,
        Oddity("about every kind", values("reltype", "Deal", "Subscriber", "CustomerAccount", "Activity", "", None)),
        Oddity("an owner in every shape", values("owner", {"type": "activity", "id": "126"}, [], None, "5", MISSING)),
        Oddity("drafts", values("is_draft", *FLAGS)),
        Oddity("texts", values("note", *TEXTS)),
    ),
    "tags": (
        PLAIN,
        Oddity("before 2024-01", ({"deleted": MISSING, "subscriber_count": MISSING},)),
        Oddity("counts in every type", values("subscriber_count", *COUNTS)),
        Oddity("counts that are none", values("subscriber_count", *WRONG_COUNTS)),
        Oddity("another kind", values("tagType", "template", "", None)),
        Oddity("the same name again", values("tag", "Copy", "Copy", "copy")),
        Oddity("texts in the name", values("tag", *TEXTS)),
    ),
    "contactTags": (
        PLAIN,
        Oddity("ids as numbers", ({"contact": 1, "tag": 1},)),
        Oddity("somebody who is gone", ({"contact": "999999999"}, {"tag": "0"})),
        Oddity("times in every spelling", values("cdate", *TIMES)),
    ),
    "contactLists": (
        PLAIN,
        Oddity("every status", values("status", "0", "1", "2", "3", "91", 2, "", None)),
        Oddity("never changed", values("udate", *NO_TIMES)),
        Oddity("times that are none", values("sdate", *WRONG_TIMES)),
        Oddity("somebody who is gone", ({"contact": "999999999"}, {"list": "0"})),
        Oddity("before the channels", ({"channel": MISSING},)),
        Oddity("texts in the reason", values("unsubreason", *TEXTS, None)),
        Oddity("ids as numbers", ({"contact": 1, "list": 1, "campaign": 3, "form": "0"},)),
    ),
    "automations": (
        PLAIN,
        Oddity("every status", values("status", "0", "1", "2", "", None)),
        Oddity("counts in every type", values("entered", *COUNTS)),
        Oddity("an account of 2018", (dict.fromkeys(("source", "description", "multientry"), MISSING),)),
        Oddity("texts in the name", values("name", *TEXTS)),
        NO_LINKS,
    ),
    "contactAutomations": (
        PLAIN,
        Oddity("counts in every type", values("completedElements", *COUNTS)),
        Oddity("a batch in words", values("batchid", "completed", None, "17", "")),
        Oddity("still in it", ({"remdate": None, "lastdate": None}, {"remdate": ZERO_TIME})),
        Oddity("times in every spelling", values("adddate", *TIMES)),
    ),
    "fields": FIELDS,
    "fieldValues": FIELD_VALUES,
    "scores": (
        PLAIN,
        Oddity("of deals", ({"reltype": "deal"},)),
        Oddity("of what nobody knows", values("reltype", "account", "", None)),
        Oddity("links in every shape", values("links", [], {}, {"x": "https://account.example.com"}, MISSING)),  # 17
        Oddity("texts in the name", values("name", *TEXTS)),
    ),
    "messages": (
        PLAIN,
        Oddity("texts in the subject", values("subject", *TEXTS)),
        Oddity("a long mail", ({"html": "<p>tea</p>" * 100_000},)),
        Oddity("a preview in every type", values("preview_data", None, "", "{}", [])),
        Oddity("an account of 2018", (dict.fromkeys(("source", "language_code"), MISSING),)),
        Oddity("times that mean never", values("mdate", *NO_TIMES)),
    ),
    "campaignMessages": (
        PLAIN,
        Oddity("no message", ({"messageid": "0", "message": None},)),
        Oddity("shares in every type", values("percentage", "50", 50, "33.33", None, "")),
        Oddity("counts that are none", values("opens", *WRONG_COUNTS)),
    ),
    "campaignLists": (
        PLAIN,
        Oddity("counts in every type", values("list_amt", *COUNTS)),
        Oddity("one that is gone", ({"list": None, "listid": "0"}, {"campaign": "999999999"})),
    ),
}

COUNT: Final = 120  # rows of each, or as many as there are oddities

OPTIONS: Final = 75  # as recorded: more than a page


def belonging(path: str, key: int) -> dict[str, Any]:
    """Return to whom a plain row belongs: to somebody at the dense beginning of the ids."""
    near = str(1 + key % 40)
    given: Mapping[str, dict[str, Any]] = {
        "accountContacts": {"contact": near, "account": near},
        "dealCustomFieldData": {"dealId": int(near), "customFieldId": 1 + key % 30},
        "dealActivities": {"deal": near},
        "dealTasks": {"owner": {"type": "deal", "id": near}},
        "notes": {"owner": {"type": "contact", "id": near}},
        "contactTags": {"contact": near, "tag": str(1 + key % 7)},
        "contactLists": {"contact": near, "list": str(1 + key % 9)},
        "contactAutomations": {"contact": near, "automation": str(1 + key % 5)},
        "fieldValues": {"contact": near, "field": str(1 + key % 30)},
        "campaignMessages": {"campaign": near, "message": near},
        "campaignLists": {"campaign": near, "list": near},
    }
    return given.get(path, {})
