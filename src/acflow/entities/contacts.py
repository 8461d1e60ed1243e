"""Contacts: one row per person with an address.

https://developers.activecampaign.com/reference/list-all-contacts
"""

from acflow.entities.model import Entity, Field, Keyset, Type

DOCUMENTED = (
    Field("id", Type.ID, "Key of the contact, a number that rises with each new one."),
    Field("email", Type.TEXT, "Address that mail goes to; empty for contacts known only by phone."),
    Field("firstName", Type.TEXT, "Given name as entered or imported; empty if unknown."),
    Field("lastName", Type.TEXT, "Family name as entered or imported; empty if unknown."),
    Field("phone", Type.TEXT, "Phone number as typed, in no fixed format, so it is text and keeps its plus sign."),
    Field("orgid", Type.FOREIGN_KEY, "Account (company) the contact belongs to; null if none."),
    Field("cdate", Type.TIMESTAMP, "When the contact was created in this ActiveCampaign account."),
    Field("udate", Type.TIMESTAMP, "When the contact last changed, tags and list membership included; the cursor."),
    Field(
        "adate", Type.TIMESTAMP, "When the contact was last active; null for most, so read the open and click dates."
    ),
    Field("edate", Type.TIMESTAMP, "When the e-mail address was last changed; null if it never was."),
    Field("bounced_hard", Type.BOOLEAN, "Whether mail to the address was refused for good at least once."),
    Field("bounced_soft", Type.BOOLEAN, "Whether mail to the address was refused for the time being at least once."),
    Field("bounced_date", Type.DATE, "Day of the latest bounce; null if there was none."),
    Field("sentcnt", Type.INTEGER, "Messages sent to this contact over its whole life."),
    Field(
        "deleted",
        Type.BOOLEAN,
        "Whether the contact is marked as deleted; false in every recording, as deletions remove the row.",
    ),
)

ENGAGEMENT = (
    Field("last_click_date", Type.LOCAL_TIMESTAMP, "Latest click, without zone; null if none is known; since 2024."),
    Field("last_open_date", Type.LOCAL_TIMESTAMP, "Latest opening, without zone; null if none is known; since 2024."),
    Field(
        "last_mpp_open_date", Type.LOCAL_TIMESTAMP, "Latest opening by Apple's privacy proxy, which proves no reader."
    ),
    Field(
        "mpp_tracking", Type.BOOLEAN, "Whether the contact's openings come through Apple's privacy proxy; since 2021."
    ),
    Field("best_send_hour", Type.INTEGER, "Hour of the day predicted to suit best; 0 may also mean not computed."),
)

PERSON = (
    Field("orgname", Type.TEXT, "Company as free text from before accounts existed; mostly empty."),
    Field("organization", Type.FOREIGN_KEY, "The same account as orgid, under its newer name."),
    Field(
        "email_domain", Type.TEXT, "Part of the address after the at sign; empty for some rows that have an address."
    ),
    Field("emailDomain", Type.TEXT, "The spelling of email_domain that the API used for two weeks in July 2021."),
    Field("email_local", Type.TEXT, "Part of the address before the at sign; recorded only empty."),
    Field("email_empty", Type.BOOLEAN, "Whether the contact has no address; the API dropped this in March 2023."),
    Field("sms_consent", Type.INTEGER, "Code of the consent to text messages, 0 for none; since 2025."),
    Field(
        "sms_consent_updated_at", Type.LOCAL_TIMESTAMP, "When that consent last changed, without zone; null if never."
    ),
    Field("whatsapp_id", Type.TEXT, "Identity of the contact at WhatsApp; null if unknown; since 2025."),
    Field("whatsapp_username", Type.TEXT, "Name the contact uses at WhatsApp; null if unknown; since 2025."),
    Field("ip", Type.TEXT, "Internet address at sign-up, dotted or as a number; 0 if unknown."),
    Field("ua", Type.TEXT, "Browser or mail program at sign-up; null or empty if unknown."),
    Field("gravatar", Type.INTEGER, "Code of the look-up of a Gravatar picture; 0 before any was made."),
    Field("anonymized", Type.BOOLEAN, "Whether the personal data was erased on request, under privacy law."),
    Field("sentiment", Type.TEXT, "Not documented; recorded once, in 2021, as null."),
    Field("rating_tstamp", Type.DATE, "Day on which the star rating was last computed; null if never."),
    Field("socialdata_lastcheck", Type.LOCAL_TIMESTAMP, "When social profiles were last looked up; null if never."),
)

BOOKKEEPING = (
    Field("segmentio_id", Type.TEXT, "Identity of the contact at Segment.com; empty without that integration."),
    Field("hash", Type.TEXT, "Opaque mark of the contact, 32 hexadecimal digits."),
    Field(
        "deleted_at", Type.LOCAL_TIMESTAMP, "When the contact was marked as deleted, without zone; null if it is not."
    ),
    Field(
        "created_utc_timestamp",
        Type.TEXT,
        "Despite its name not in UTC but in server time, so it stays the text that came; use cdate.",
    ),
    Field(
        "updated_utc_timestamp",
        Type.TEXT,
        "Despite its name not in UTC but in server time, so it stays the text that came; use udate.",
    ),
    Field(
        "created_timestamp",
        Type.LOCAL_TIMESTAMP,
        "Database time of the row, without zone; a second off cdate at times.",
    ),
    Field(
        "updated_timestamp",
        Type.LOCAL_TIMESTAMP,
        "Database time of the last write, without zone; mass rewrites by the vendor move it and leave udate.",
    ),
    Field("created_by", Type.FOREIGN_KEY, "User who created the contact; null where it was no user."),
    Field("updated_by", Type.FOREIGN_KEY, "User who changed the contact last; null where it was no user."),
)

RELATIONS = (
    Field("scoreValues", Type.JSON, "Keys of the contact's score values, as an array."),
    Field("accountContacts", Type.JSON, "Keys of the rows that tie the contact to accounts, as an array."),
    Field(
        "contactAutomations", Type.JSON, "Keys of the contact's runs through automations; only for a single contact."
    ),
    Field("contactLists", Type.JSON, "Keys of the contact's list memberships; only for a single contact."),
    Field("fieldValues", Type.JSON, "Keys of the contact's custom field values; only for a single contact."),
    Field("geoIps", Type.JSON, "Keys of places derived from the contact's addresses; only for a single contact."),
    Field("deals", Type.JSON, "Keys of the contact's deals, hidden ones included; only for a single contact."),
)

CONTACTS = Entity(
    name="contacts",
    description="People with an address, their names, organisation, bounces and dates of engagement.",
    documented=DOCUMENTED,
    fields=ENGAGEMENT + PERSON + BOOKKEEPING + RELATIONS,
    paging=Keyset(),
    interest=(
        *("id", "email", "firstName", "lastName", "cdate", "last_open_date", "last_click_date", "phone", "orgname"),
        *("bounced_hard", "sentcnt", "udate"),
    ),
    cursor="udate",
    counters=frozenset({"sentcnt", "last_open_date", "last_click_date", "last_mpp_open_date"}),
    noise=frozenset(
        {"udate", "updated_timestamp", "updated_utc_timestamp", "updated_by", "rating_tstamp", "best_send_hour"}
    ),
    quirks=(
        "Deleted contacts vanish without a trace; in all recordings deleted is 0, so only a full read finds deletions.",
        "The server's filter follows udate; updated_timestamp also moves when ActiveCampaign rewrites rows in bulk.",
        "created_utc_timestamp and updated_utc_timestamp are server-local times with a wrong name.",
        "A date that was never set is null until the first edit and a zero date afterwards; both arrive here as null.",
        "Custom field values are not part of a contact; the API keeps them under fieldValues.",
        "Openings by Apple's mail privacy proxy are dated in last_mpp_open_date and show a device, not a reader.",
        "Keys come and go: three open and click dates since August 2024, best_send_hour and messaging keys since 2025.",
    ),
)
