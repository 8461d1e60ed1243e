"""List memberships: which contact is on which list, and with what status.

The list of all of them answers though the public reference shows only one contact's:
https://developers.activecampaign.com/reference/retrieve-a-contacts-list-memberships
"""

from acflow.entities.model import Entity, Evidence, Field, Label, Offset, Type

# https://developers.activecampaign.com/reference/update-list-status-for-contact
STATUSES = {0: "unconfirmed", 1: "active", 2: "unsubscribed", 3: "bounced"}

CONTACT_LISTS = Entity(
    name="contactLists",
    description="Which contact is on which list, since when, and with what status.",
    paging=Offset(),
    derived=(
        Label(
            "status_label",
            "status",
            STATUSES,
            "The status in a word: unconfirmed, active, unsubscribed or bounced; null for unknown codes.",
        ),
    ),
    essential=("contact", "list"),
    fields=(
        Field("id", Type.ID, "Key of the membership; signing up again keeps it."),
        Field("contact", Type.FOREIGN_KEY, "Contact that is on the list, or was."),
        Field("list", Type.FOREIGN_KEY, "List that the contact is on, or was."),
        Field("status", Type.INTEGER, "Code of the state, 1 on the list, 2 left it; 91 was claimed for removed ones."),
        Field("sdate", Type.TIMESTAMP, "When the contact signed up; null where nobody knows."),
        Field("udate", Type.TIMESTAMP, "When the contact left; null until then."),
        Field("unsubreason", Type.TEXT, "Why the contact left, in the contact's words; null or empty if not told."),
        Field("campaign", Type.FOREIGN_KEY, "Campaign by which the contact left; null otherwise."),
        Field("message", Type.FOREIGN_KEY, "Message by which the contact left; null otherwise."),
        Field("form", Type.FOREIGN_KEY, "Form by which the contact signed up; null otherwise."),
        Field("automation", Type.FOREIGN_KEY, "Automation that signed the contact up; null otherwise."),
        Field("seriesid", Type.FOREIGN_KEY, "The same automation under its older name."),
        Field("unsubscribeAutomation", Type.FOREIGN_KEY, "Automation that took the contact off; null otherwise."),
        Field("sourceid", Type.INTEGER, "Code of how the contact came to the list, such as form, import or API."),
        Field("responder", Type.BOOLEAN, "Whether mail that follows a sign-up is sent."),
        Field("sync", Type.BOOLEAN, "Whether the membership came by a synchronisation."),
        Field("autosyncLog", Type.FOREIGN_KEY, "Synchronisation that made the membership; null otherwise."),
        Field("first_name", Type.TEXT, "Given name at sign-up; the contact's own may be newer."),
        Field("last_name", Type.TEXT, "Family name at sign-up; the contact's own may be newer."),
        Field("ip4Sub", Type.TEXT, "Internet address at sign-up, as a number; 0 if unknown."),
        Field("ip4Unsub", Type.TEXT, "Internet address on leaving, as a number; 0 if unknown."),
        Field("ip4_last", Type.TEXT, "Internet address last seen, as a number; 0 if unknown."),
        Field(
            "channel",
            Type.TEXT,
            "Channel of the list, such as email or sms; since 2026.",
            evidence=Evidence.CLAIMED,
        ),
        Field("created_timestamp", Type.LOCAL_TIMESTAMP, "Database time of the row, without zone; prefer sdate."),
        Field("updated_timestamp", Type.LOCAL_TIMESTAMP, "Database time of the last write, without zone."),
        Field("created_by", Type.FOREIGN_KEY, "User who made the membership; null where it was no user."),
        Field("updated_by", Type.FOREIGN_KEY, "User who changed the membership last; null where it was no user."),
    ),
    quirks=(
        "One row per contact and list: signing up again after leaving overwrites what the row said before.",
        "Leaving moves the contact's udate; the table itself has no filter for changes, so it is read in full.",
        "sdate and udate tell only the last sign-up and the last leaving, so history before the first run is a guess.",
        "The table has a row per contact and list, so on large accounts it takes more requests than the contacts.",
    ),
)
