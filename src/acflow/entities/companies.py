"""Accounts: the companies of the CRM, and which contacts belong to them.

https://developers.activecampaign.com/reference/list-all-accounts
https://developers.activecampaign.com/reference/list-all-associations
"""

from acflow.entities.model import Entity, Field, Offset, Type

ACCOUNTS = Entity(
    name="accounts",
    description="Companies, which contacts work for and deals are made with.",
    paging=Offset(),
    params=(("count_deals", "true"),),
    fields=(
        Field("id", Type.ID, "Key of the company, which contacts name in orgid and deals in account."),
        Field("name", Type.TEXT, "Name of the company."),
        Field("accountUrl", Type.TEXT, "Web site of the company; null if unknown."),
        Field("owner", Type.FOREIGN_KEY, "User in charge of the company; sent since 2026."),
        Field("contactCount", Type.INTEGER, "Contacts that belong to the company."),
        Field("dealCount", Type.INTEGER, "Deals that were made with the company."),
        Field("createdTimestamp", Type.TIMESTAMP, "When the company was created."),
        Field("updatedTimestamp", Type.TIMESTAMP, "When the company was last edited."),
    ),
    quirks=(
        "contactCount and dealCount are 0 unless the request has count_deals=true, which acflow always sends.",
        "Custom fields of companies live in accountCustomFieldData; a run that reads these makes accounts_wide.",
        "Accounts of ActiveCampaign whose plan lacks companies answer with 403; the entity then counts as forbidden.",
    ),
)

ACCOUNT_CONTACTS = Entity(
    name="accountContacts",
    description="Which contact belongs to which company, and in what position.",
    paging=Offset(),
    essential=("contact", "account"),
    fields=(
        Field("id", Type.ID, "Key of the tie between the two."),
        Field("account", Type.FOREIGN_KEY, "Company that the contact belongs to, a row of accounts."),
        Field("contact", Type.FOREIGN_KEY, "Contact that belongs to the company."),
        Field("jobTitle", Type.TEXT, "Position of the contact in the company; null or empty if unknown."),
        Field("createdTimestamp", Type.TIMESTAMP, "When the contact was put to the company."),
        Field("updatedTimestamp", Type.TIMESTAMP, "When the tie was last edited."),
    ),
    quirks=(
        "A contact may belong to several companies here, while its own orgid names only one.",
        "Ties that were cut vanish without a trace.",
    ),
)
