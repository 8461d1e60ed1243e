"""Forms: one row per sign-up form.

https://developers.activecampaign.com/reference/forms
"""

from acflow.entities.model import Entity, Field, Offset, Type

EDITED = "When the form was last edited"

DOCUMENTED = (
    Field("id", Type.ID, "Key of the form, which contacts can be filtered by."),
    Field("name", Type.TEXT, "Internal name of the form; visitors see its title instead."),
    Field("action", Type.TEXT, "What a submission does, in forms of the old kind; empty in today's."),
    Field("actiondata", Type.JSON, "What a submission does, as an object with an array of actions; may be empty."),
    Field("cdate", Type.TIMESTAMP, "When the form was created."),
    Field("mdate", Type.TIMESTAMP, f"{EDITED}; the API spells it udate, and both columns hold it.", spelled="udate"),
    Field("userid", Type.FOREIGN_KEY, "User who owns the form."),
)

FURTHER = (
    Field("udate", Type.TIMESTAMP, f"{EDITED}, under the API's own name for mdate; submissions do not move it."),
    Field("entries", Type.INTEGER, "Submissions so far; the submissions themselves are not in the API."),
    Field("contacts", Type.INTEGER, "Contacts that came through the form so far; sent only in lists."),
    Field("deals", Type.INTEGER, "Deals that came through the form so far; sent only in lists."),
    Field("layout", Type.TEXT, "How the form appears, such as inline-form, floating-box or modal."),
    Field("source", Type.TEXT, "Tool the form was made with, such as builder; since 2026."),
    Field("title", Type.TEXT, "Heading that visitors see; null or empty if there is none."),
    Field("body", Type.TEXT, "Text below the heading; null or empty if there is none."),
    Field("button", Type.TEXT, "Words on the button that sends the form."),
    Field("thanks", Type.TEXT, "Words shown after a submission."),
    Field("submit", Type.TEXT, "What a visitor sees after a submission, such as show-thank-you."),
    Field("submitdata", Type.JSON, "Details of what follows a submission, as an object; may be empty."),
    Field("url", Type.TEXT, "Page that visitors are sent to; null or empty if they stay."),
    Field("style", Type.JSON, "Colours, fonts and spacing as an object; padding is a number, a string or an object."),
    Field("options", Type.JSON, "Display options as an object; lists send it empty even where options are set."),
    Field("cfields", Type.JSON, "Parts of the form in their order, as an array of objects that differ in keys."),
    Field("parentformid", Type.FOREIGN_KEY, "Form that this one was copied from; null for an original."),
    Field("addressid", Type.FOREIGN_KEY, "Postal address shown with the form; null if none is."),
    Field("address", Type.FOREIGN_KEY, "The same address as addressid, under its newer name."),
    Field("aid", Type.FOREIGN_KEY, "Internal pointer that the docs show as 0 and accounts send as null."),
    Field("defaultscreenshot", Type.TEXT, "Address of a thumbnail, mostly without its protocol; sent only in lists."),
    Field("recent", Type.JSON, "Latest submissions in brief, as an array of mixed kinds; sent only in lists."),
)

FORMS = Entity(
    name="forms",
    description="Sign-up forms with their actions, appearance and the number of submissions.",
    documented=DOCUMENTED,
    fields=FURTHER,
    paging=Offset(),
    interest=("id", "name", "entries", "contacts", "deals", "action", "cdate", "udate", "title"),
    counters=frozenset({"entries", "contacts", "deals"}),
    noise=frozenset({"mdate", "udate", "recent"}),
    quirks=(
        "The field reference speaks of mdate where the API sends udate; both columns hold the same instant.",
        "entries, contacts and deals grow while udate stands still, so every run reads all forms.",
        "Submissions are not in the API; formContacts asks for the contacts of each form, one form at a time.",
        "A list of forms sends options empty where the single form has them filled.",
    ),
)
