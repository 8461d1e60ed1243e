"""Custom fields of contacts and of deals: what they are, and their values, one row per record and field.

https://developers.activecampaign.com/reference/retrieve-fields
https://developers.activecampaign.com/reference/list-all-custom-field-values-1
https://developers.activecampaign.com/reference/list-all-custom-field-meta
https://developers.activecampaign.com/reference/list-all-custom-field-values
"""

from acflow.entities.model import Entity, Evidence, Field, Offset, Type

FIELDS = Entity(
    name="fields",
    description="Custom fields of contacts: title, kind and options.",
    light=True,
    paging=Offset(),
    fields=(
        Field("id", Type.ID, "Key of the field, which fieldValues name in field."),
        Field("title", Type.TEXT, "What the field is called; users may change it at any time."),
        Field("type", Type.TEXT, "Kind of the field, such as text, date, dropdown, listbox or checkbox."),
        Field("perstag", Type.TEXT, "Name in messages and forms, as in %NAME%; stays when the title changes."),
        Field("descript", Type.TEXT, "What the field is for, in words; null or empty for most."),
        Field("defval", Type.TEXT, "Value where none was given; null for none."),
        Field("isrequired", Type.BOOLEAN, "Whether forms insist on a value."),
        Field("visible", Type.BOOLEAN, "Whether the field is offered to those who build forms."),
        Field("show_in_list", Type.BOOLEAN, "Whether the list of contacts shows it; of no effect any more."),
        Field("ordernum", Type.INTEGER, "Place among the fields, from 1."),
        Field("rows", Type.INTEGER, "Height of a text area in lines; of no effect any more; quote the name in SQL."),
        Field("cols", Type.INTEGER, "Width of a text area in letters; of no effect any more."),
        Field("service", Type.TEXT, "Integration that made the field; empty where a user did."),
        Field("options", Type.JSON, "Keys of the options to choose from, as an array; the words stand elsewhere."),
        Field("relations", Type.JSON, "Keys of the rows that tie the field to lists, as an array."),
        Field("cdate", Type.TIMESTAMP, "When the field was created."),
        Field("udate", Type.TIMESTAMP, "When the field was last edited."),
        Field(
            "created_timestamp",
            Type.LOCAL_TIMESTAMP,
            "Database time of the row, without zone.",
            evidence=Evidence.CLAIMED,
        ),
        Field(
            "updated_timestamp",
            Type.LOCAL_TIMESTAMP,
            "Database time of the last write, without zone.",
            evidence=Evidence.CLAIMED,
        ),
        Field(
            "created_by",
            Type.FOREIGN_KEY,
            "User who made the field; null where it was no user.",
            evidence=Evidence.CLAIMED,
        ),
        Field(
            "updated_by",
            Type.FOREIGN_KEY,
            "User who changed the field last; null where it was no user.",
            evidence=Evidence.CLAIMED,
        ),
    ),
    quirks=(
        "The answer begins with all options of all fields, whatever the limit of the page, and the fields come last.",
        "A title is no name to build on: it may change or repeat. acflow names each column once, at first sight.",
    ),
)

FIELD_VALUES = Entity(
    name="fieldValues",
    description="Values of the contacts' custom fields, one row per contact and field.",
    paging=Offset(),
    belongs_to="contact",
    essential=("contact", "field"),
    fields=(
        Field("id", Type.ID, "Key of the value."),
        Field("contact", Type.FOREIGN_KEY, "Contact that the value belongs to."),
        Field("field", Type.FOREIGN_KEY, "Custom field that the value is of, a row of fields."),
        Field("value", Type.TEXT, "The value as text, whatever its kind; several stand between pairs of bars."),
        Field("owner", Type.FOREIGN_KEY, "The same contact under its newer name."),
        Field("cdate", Type.TIMESTAMP, "When the value was first set."),
        Field("udate", Type.TIMESTAMP, "When the value last changed."),
        Field("created_by", Type.FOREIGN_KEY, "User who set the value first; null where it was no user."),
        Field("updated_by", Type.FOREIGN_KEY, "User who changed the value last; null where it was no user."),
    ),
    quirks=(
        "The table has a row per contact and field with a value, so it may well be the largest of the account.",
        "Contacts can bring their values along at no further request; see custom fields.",
        "A value that was cleared is empty text or null; acflow counts both as no value.",
    ),
)

DEAL_CUSTOM_FIELD_META = Entity(
    name="dealCustomFieldMeta",
    description="Custom fields of deals: title, kind, options and currency.",
    light=True,
    paging=Offset(),
    fields=(
        Field("id", Type.ID, "Key of the field, which dealCustomFieldData name in customFieldId."),
        Field("fieldLabel", Type.TEXT, "What the field is called; users may change it at any time."),
        Field("fieldType", Type.TEXT, "Kind of the field, such as text, date, currency, number or multiselect."),
        Field("fieldOptions", Type.JSON, "What there is to choose from, as an array of words; null for other kinds."),
        Field("fieldDefault", Type.TEXT, "Value where none was given; an array where several may be chosen."),
        Field("fieldDefaultCurrency", Type.TEXT, "Currency where a value names none; null unless it is money."),
        Field("isFormVisible", Type.BOOLEAN, "Whether the field is offered to those who build forms."),
        Field("isRequired", Type.BOOLEAN, "Whether a deal must have a value."),
        Field("displayOrder", Type.INTEGER, "Place among the fields, from 1."),
        Field("personalization", Type.TEXT, "Name in messages, such as DEAL_FORECASTED_CLOSE_DATE."),
        Field("knownFieldId", Type.INTEGER, "Number of a field that ActiveCampaign made itself; null for the users'."),
        Field("hideFieldFlag", Type.BOOLEAN, "Whether the field is hidden from the deal's page."),
        Field("createdTimestamp", Type.TIMESTAMP, "When the field was created, truly in UTC."),
        Field("updatedTimestamp", Type.TIMESTAMP, "When the field was last edited, truly in UTC."),
        Field("createdBy", Type.FOREIGN_KEY, "User who made the field.", evidence=Evidence.CLAIMED),
        Field("updatedBy", Type.FOREIGN_KEY, "User who changed the field last.", evidence=Evidence.CLAIMED),
    ),
    quirks=(
        "The answer has no meta and so no total; it is read until nothing new comes.",
        "Numbers and flags are numbers here, where the rest of the API writes them as text.",
        "Forecasted Close Date is a custom field that ActiveCampaign itself adds; its knownFieldId was recorded as 13.",
    ),
)

# The columns of the database, one of which holds the value, by the field's kind.
DATABASE_KINDS = ("text_value", "text_blob", "date_value", "number_value", "currency_value")

DEAL_CUSTOM_FIELD_DATA = Entity(
    name="dealCustomFieldData",
    description="Values of the deals' custom fields, one row per deal and field.",
    paging=Offset(),
    belongs_to="dealId",
    essential=("dealId", "customFieldId"),
    fields=(
        Field("id", Type.ID, "Key of the value."),
        Field("dealId", Type.FOREIGN_KEY, "Deal that the value belongs to.", aliases=("deal_id", "deal")),
        Field(
            "customFieldId",
            Type.FOREIGN_KEY,
            "Custom field that the value is of, a row of dealCustomFieldMeta.",
            aliases=("custom_field_id", "dealCustomFieldMetum"),
        ),
        Field("dealCustomFieldMetumId", Type.FOREIGN_KEY, "The same field under its inner name."),
        Field(
            "fieldValue",
            Type.TEXT,
            "The value as text; several stand as an array, money in the smallest unit.",
            aliases=tuple(f"custom_field_{kind}" for kind in DATABASE_KINDS),
        ),
        Field(
            "fieldCurrency",
            Type.TEXT,
            "Currency of a money value, a code in lower case; the key comes only with money.",
            evidence=Evidence.DOCUMENTED,
            aliases=("custom_field_currency_type",),
        ),
        Field("createdTimestamp", Type.TIMESTAMP, "When the value was first set, truly in UTC."),
        Field("updatedTimestamp", Type.TIMESTAMP, "When the value last changed, truly in UTC."),
    ),
    quirks=(
        "Keys are numbers here and text in deals; acflow makes both numbers, so that they join.",
        "A value is text, a number or an array by the kind of its field.",
        "Beside deals the rows may come in the database's dialect, as deal_id and so on; both fill the same columns.",
        "Whether a changed value moves the deal's mdate is not known, so it is read in full.",
    ),
)
