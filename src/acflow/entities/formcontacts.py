"""Which contact came through which form, asked of contacts form by form.

https://developers.activecampaign.com/reference/list-all-contacts
"""

from acflow.entities.contacts import CONTACTS
from acflow.entities.forms import FORMS
from acflow.entities.model import Each, Entity, Evidence, Field, Type

FORM_CONTACTS = Entity(
    name="formContacts",
    description="Which contact came through which form, whether the form puts it on a list or not.",
    paging=Each(owner=FORMS, listed=CONTACTS, parameter="formid", columns=("form", "contact"), counter="contacts"),
    evidence=Evidence.DOCUMENTED,
    fields=(
        Field("id", Type.ID, "Key made by acflow and always the same: form times a million millions, plus contact."),
        Field("form", Type.FOREIGN_KEY, "Form that the contact came through."),
        Field("contact", Type.FOREIGN_KEY, "Contact that came through the form; of several forms, once for each."),
    ),
    quirks=(
        "The API has no such table: `formid`, a documented parameter of contacts, is asked for each form in turn.",
        "That `formid` may be joined with the order and range of ids is not documented; the pages show if it holds.",
        "An account that passes over `formid` would give everybody for each form; the reading then ends partial.",
        "When a contact came through a form is not told; of those on a list, `sdate` in contactLists may tell.",
        "It takes a request per form, one per hundred contacts of a form, and a few more per form of over a hundred.",
    ),
)
