"""Custom fields of accounts (companies): what they are, and their values.

https://developers.activecampaign.com/reference/list-all-custom-fields-1
https://developers.activecampaign.com/reference/list-all-custom-field-values-2
"""

from acflow.entities.model import Entity, Evidence, Field, Offset, Type

ACCOUNT_CUSTOM_FIELD_META = Entity(
    name="accountCustomFieldMeta",
    description="Custom fields of accounts, the companies: title, kind, options and currency.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    small=True,
    fields=(
        Field("id", Type.ID, "Key of the field, which accountCustomFieldData name in customFieldId."),
        Field("fieldLabel", Type.TEXT, "What the field is called; users may change it at any time."),
        Field("fieldType", Type.TEXT, "Kind of the field, such as text, date, currency, number or multiselect."),
        Field("fieldOptions", Type.JSON, "What there is to choose from, as an array of words; null for other kinds."),
        Field("fieldDefault", Type.TEXT, "Value where none was given; an array where several may be chosen."),
        Field("fieldDefaultCurrency", Type.TEXT, "Currency where a value names none; null unless it is money."),
        Field("isFormVisible", Type.BOOLEAN, "Whether the field is offered to those who build forms."),
        Field("isRequired", Type.BOOLEAN, "Whether an account must have a value."),
        Field("displayOrder", Type.INTEGER, "Place among the fields, from 1."),
        Field("personalization", Type.TEXT, "Name in messages; shown empty in the reference."),
        Field("knownFieldId", Type.INTEGER, "Number of a field that ActiveCampaign made itself; null for the users'."),
        Field("hideFieldFlag", Type.BOOLEAN, "Whether the field is hidden from the account's page."),
        Field("createdTimestamp", Type.LOCAL_TIMESTAMP, "When the field was created, without zone."),
        Field("updatedTimestamp", Type.LOCAL_TIMESTAMP, "When the field was last edited, without zone."),
    ),
    quirks=(
        "The answer has no meta and so no total; it is read until nothing new comes.",
        "Dates have no zone here, where those of the deals' fields are in UTC.",
    ),
)

ACCOUNT_CUSTOM_FIELD_DATA = Entity(
    name="accountCustomFieldData",
    description="Values of the accounts' custom fields, one row per account and field.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    essential=("accountId", "customFieldId"),
    fields=(
        Field("id", Type.ID, "Key of the value."),
        Field("accountId", Type.FOREIGN_KEY, "Account that the value belongs to.", aliases=("account",)),
        Field(
            "customFieldId",
            Type.FOREIGN_KEY,
            "Custom field that the value is of, a row of accountCustomFieldMeta.",
            aliases=("accountCustomFieldMetum",),
        ),
        Field("accountCustomFieldMetumId", Type.FOREIGN_KEY, "The same field under its inner name."),
        Field("fieldValue", Type.TEXT, "The value as text; several stand as an array, money in the smallest unit."),
        Field(
            "fieldCurrency",
            Type.TEXT,
            "Currency of a money value, as deals have it; not shown for accounts.",
            evidence=Evidence.CLAIMED,
        ),
        Field("createdTimestamp", Type.LOCAL_TIMESTAMP, "When the value was first set, without zone."),
        Field("updatedTimestamp", Type.LOCAL_TIMESTAMP, "When the value last changed, without zone."),
    ),
    quirks=(
        "A run that reads them makes accounts_custom and accounts_wide, with a column per field.",
        "Keys are numbers here and text in accounts; acflow makes both numbers, so that they join.",
    ),
)

ACCOUNT_FIELDS = (ACCOUNT_CUSTOM_FIELD_META, ACCOUNT_CUSTOM_FIELD_DATA)
