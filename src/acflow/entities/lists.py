"""Lists: one row per mailing list, with its settings and live counters.

https://developers.activecampaign.com/reference/retrieve-all-lists
"""

from acflow.entities.model import Entity, Field, Offset, Type

DOCUMENTED = (
    Field("id", Type.ID, "Key of the list, which contact memberships point to."),
    Field("name", Type.TEXT, "Name of the list; contacts see it on preference pages."),
    Field("stringid", Type.TEXT, "Name in the form used in web addresses: lower case, with hyphens."),
    Field("cdate", Type.TIMESTAMP, "When the list was created."),
    Field("udate", Type.TIMESTAMP, "When its settings were last edited; null if never, and unmoved by subscribers."),
    Field("userid", Type.FOREIGN_KEY, "User who owns the list; null if nobody does."),
    Field("private", Type.BOOLEAN, "Whether the list is kept off public pages."),
    Field("optinoptout", Type.BOOLEAN, "Whether new subscribers must confirm by mail first."),
    Field("sender_name", Type.TEXT, "Company or person that signs for the list; often empty."),
    Field("sender_addr1", Type.TEXT, "First line of the sender's postal address; often empty."),
    Field("sender_city", Type.TEXT, "Town of the sender's postal address; often empty."),
    Field("sender_country", Type.TEXT, "Country of the sender's postal address; often empty."),
    Field("p_use_tracking", Type.BOOLEAN, "Whether openings and clicks are tracked for this list."),
    Field("p_use_analytics_read", Type.BOOLEAN, "Whether openings are reported to Google Analytics."),
    Field("p_use_analytics_link", Type.BOOLEAN, "Whether links carry Google Analytics parameters."),
)

AUDIENCE = (
    Field(
        "active_subscribers", Type.INTEGER, "Contacts subscribed right now; moves with no date moving; since 2024-12."
    ),
    Field(
        "non_deleted_subscribers",
        Type.INTEGER,
        "Contacts on the list right now that are not deleted, whether they still get mail or not; since 2024-12.",
    ),
    Field("channel", Type.TEXT, "What the list is for, email or sms; since 2024-11."),
    Field("description", Type.TEXT, "Remark about the list; since 2024-12, recorded only empty."),
)

SETTINGS = (
    Field("p_use_twitter", Type.BOOLEAN, "Whether mailings to the list are posted to Twitter."),
    Field("p_use_facebook", Type.BOOLEAN, "Whether mailings to the list are posted to Facebook."),
    Field("p_embed_image", Type.BOOLEAN, "Whether images travel inside the messages instead of being loaded."),
    Field("p_use_captcha", Type.BOOLEAN, "Whether sign-up asks for proof of being human."),
    Field("send_last_broadcast", Type.BOOLEAN, "Whether new subscribers get the latest mailing at once."),
    Field("analytics_domains", Type.TEXT, "Domains tracked by Google Analytics; null or empty for none."),
    Field("analytics_source", Type.TEXT, "Source name handed to Google Analytics; empty if not used."),
    Field("analytics_ua", Type.TEXT, "Google Analytics property of the list; empty if not used."),
    Field("carboncopy", Type.TEXT, "Addresses that get a copy of every mailing; null or empty for none."),
    Field("subscription_notify", Type.TEXT, "Addresses told of each sign-up; null or empty for none."),
    Field("unsubscription_notify", Type.TEXT, "Addresses told of each departure; null or empty for none."),
    Field("require_name", Type.BOOLEAN, "Whether sign-up demands a name beside the address."),
    Field("get_unsubscribe_reason", Type.BOOLEAN, "Whether people who leave are asked why."),
    Field("to_name", Type.TEXT, "Name put in the To line of contacts that have none, such as Subscriber."),
    Field("optinmessageid", Type.FOREIGN_KEY, "Message that asks for confirmation; null for the standard one."),
    Field("optoutconf", Type.INTEGER, "Code of the confirmation asked for on leaving; 0 for none."),
)

SENDER = (
    Field("sender_addr2", Type.TEXT, "Second line of the sender's postal address; often empty."),
    Field("sender_state", Type.TEXT, "State or province of the sender's postal address; often empty."),
    Field("sender_zip", Type.TEXT, "Postal code of the sender, as text so that leading zeros stay."),
    Field("sender_phone", Type.TEXT, "Phone number of the sender, as typed; often empty."),
    Field("sender_url", Type.TEXT, "Web site that people signed up on, shown in the reminder."),
    Field("sender_reminder", Type.TEXT, "Sentence that tells contacts why they get this mail."),
    Field("fulladdress", Type.TEXT, "The sender's address in one line; null or empty if not filled in."),
)

BOOKKEEPING = (
    Field("user", Type.FOREIGN_KEY, "The same user as userid, under its newer name."),
    Field("deletestamp", Type.LOCAL_TIMESTAMP, "When the list was deleted; recorded only null."),
    Field("created_timestamp", Type.LOCAL_TIMESTAMP, "Database time of the row, without zone; prefer cdate."),
    Field("updated_timestamp", Type.LOCAL_TIMESTAMP, "Database time, without zone; it missed edits that udate shows."),
    Field("created_by", Type.FOREIGN_KEY, "User who made the row; null where it was the system."),
    Field("updated_by", Type.FOREIGN_KEY, "User who changed the row last; null where it was the system."),
)

LISTS = Entity(
    name="lists",
    description="Mailing lists with their opt-in, tracking and sender settings and the live number of subscribers.",
    documented=DOCUMENTED,
    fields=AUDIENCE + SETTINGS + SENDER + BOOKKEEPING,
    paging=Offset(),
    interest=(
        "id",
        "name",
        "active_subscribers",
        "non_deleted_subscribers",
        "cdate",
        "sender_name",
        "channel",
        "stringid",
    ),
    counters=frozenset({"active_subscribers", "non_deleted_subscribers"}),
    noise=frozenset({"udate", "updated_timestamp", "updated_by"}),
    dropped=frozenset({"links", "twitter_token", "twitter_token_secret", "facebook_session"}),
    quirks=(
        "Subscriber counts move while udate and updated_timestamp stand still, so every run reads all lists.",
        "An edit through the API moved udate and not updated_timestamp; lists that were never edited have no udate.",
        "Older accounts send no counts of subscribers; totals of contacts then give them, two requests to a list.",
        "The counts are of this moment; growth over time needs a snapshot of each run.",
        "twitter_token, twitter_token_secret and facebook_session are credentials and never leave the API's answer.",
    ),
)
