"""What custom fields come with, in their three dialects, and the values of contacts and deals."""

from typing import Final

from activecampaign_sandbox.worlds.hostile.oddity import MISSING, Oddity, values
from activecampaign_sandbox.worlds.hostile.people import NO_TIMES, TIMES, WRONG_TIMES
from activecampaign_sandbox.worlds.hostile.texts import TEXTS

FIELDS: Final = (
    Oddity("nothing odd", ({},)),
    Oddity(
        "every kind of field",
        values(
            *("type", "text", "textarea", "date", "datetime", "dropdown", "multiselect", "listbox", "radio"),
            *("checkbox", "hidden", "NULL", "", None, "hologram"),
        ),
    ),
    Oddity("the same title again", values("title", "Same", "Same", "same", "SAME ")),
    Oddity("titles that make no column's name", values("title", "", None, "%", "Größe (cm)", "1st", "id", "select")),
    Oddity("titles of fields that contacts have anyway", values("title", "email", "First Name", "firstName")),
    Oddity("texts in the title", values("title", *TEXTS)),
    Oddity("texts in the tag", values("perstag", *TEXTS)),
    Oddity("options that are none", values("options", [], {}, None, MISSING)),
    Oddity("links that are none", values("links", [], MISSING)),
    Oddity("keys that nobody knows", ({"groupings": [{"id": 1}]},)),
)

FIELD_VALUES: Final = (
    Oddity("nothing odd", ({"value": "plain"},)),
    Oddity("several choices", values("value", "||a||b||", "||a||", "||||", "||", "a||b", "||a|b||")),  # 14
    Oddity("nothing in every spelling", values("value", "", None, MISSING)),
    Oddity("dates", values("value", "2026-05-10", "0000-00-00", "2023-02-30", "05/10/2026", *TIMES)),
    Oddity("numbers", values("value", "12", "-3.50", "1,234", "1e5", 7, "9007199254740993", "NaN")),
    Oddity("texts", values("value", *TEXTS)),
    Oddity("times that mean never", values("udate", *NO_TIMES)),
    Oddity("ids as numbers", ({"contact": 1, "field": 2, "owner": 1},)),
    Oddity("a contact that is gone", ({"contact": "999999999", "owner": None},)),
    Oddity("a field that is gone", ({"field": "999999999"},)),
    Oddity("of no contact", ({"contact": "0", "owner": None},)),
    Oddity("keys that are missing", ({"created_by": MISSING, "updated_by": MISSING, "owner": MISSING},)),
)

DEAL_FIELDS: Final = (
    Oddity("nothing odd", ({},)),
    Oddity(
        "every kind of field",
        values(
            *("fieldType", "text", "textarea", "date", "datetime", "dropdown", "multiselect", "radio", "checkbox"),
            *("hidden", "currency", "number", "", None, "hologram"),
        ),
    ),
    Oddity("a currency", ({"fieldType": "currency", "fieldDefaultCurrency": "jpy", "fieldDefault": 9999},)),
    Oddity("defaults in every type", values("fieldDefault", None, 1, "1", ["a"], "", "||a||")),
    Oddity("options in every shape", values("fieldOptions", None, [], ["a", "b"], {}, "||a||b||")),
    Oddity(
        "one that the vendor made", ({"fieldLabel": "Forecasted Close Date", "fieldType": "date", "knownFieldId": 1},)
    ),
    Oddity("flags in every type", values("isRequired", 0, 1, True, "1", None)),
    Oddity("the same label again", values("fieldLabel", "Same", "Same", "same")),
    Oddity("labels of fields that deals have anyway", values("fieldLabel", "value", "Title", "id")),
    Oddity("texts in the label", values("fieldLabel", *TEXTS)),
    Oddity(
        "times without zone", ({"createdTimestamp": "2019-04-23 15:34:00", "updatedTimestamp": "2019-05-03 15:16:51"},)
    ),
    Oddity("ids as numbers", ({"displayOrder": "3", "hideFieldFlag": "1"},)),
)

DEAL_VALUES: Final = (
    Oddity("nothing odd", ({"fieldValue": "plain"},)),
    Oddity(
        "values in every type", values("fieldValue", ["a", "b"], [], 9999, 100.99, True, {"a": 1}, None, MISSING)
    ),  # 14
    Oddity("several choices as text", values("fieldValue", "||a||b||", '["a","b"]', "a,b")),
    Oddity("money", values("fieldValue", 9999, "9999", "99.99", -5, 9007199254740993)),
    Oddity(
        "money with its currency",
        tuple({"fieldValue": 10050, "fieldCurrency": code} for code in ("cad", "JPY", "kwd", "", None, "xxx")),
    ),
    Oddity(
        "dates", values("fieldValue", "2018-12-31", "2018-12-31 00:00:00", "2020-05-19T02:45:00-05:00", *WRONG_TIMES)
    ),
    Oddity("texts", values("fieldValue", *TEXTS)),
    Oddity("ids as text", ({"dealId": "1", "customFieldId": "2", "dealCustomFieldMetumId": "2"},)),  # 14
    Oddity("times in every spelling", values("updatedTimestamp", *TIMES)),
    Oddity("a deal that is gone", ({"dealId": 999999999},)),
)
