"""Text messages that are sent by hand: broadcasts, who received them, and the lists they go to.

https://developers.activecampaign.com/reference/listbroadcasts
https://developers.activecampaign.com/reference/getbroadcastrecipients
"""

from acflow.entities.model import Entity, Evidence, Field, Nested, Offset, Type

PLAN = "A plan without text messages answers with 403 or 404; the entity then counts as forbidden."

SMS_BROADCASTS = Entity(
    name="smsBroadcasts",
    description="Text messages sent by hand to many contacts, with their state and dates.",
    evidence=Evidence.DOCUMENTED,
    endpoint="sms/broadcasts",
    paging=Offset(),
    counters=frozenset({"sent_to_count"}),
    fields=(
        Field("id", Type.ID, "Key of the broadcast."),
        Field("name", Type.TEXT, "Name of the broadcast."),
        Field("body", Type.TEXT, "Words of the message."),
        Field("status", Type.TEXT, "State in a word: draft, scheduled, pending_review, sending or sent."),
        Field("sent_date", Type.TEXT, "When it was sent, as the account writes it; the form is not documented."),
        Field("scheduled_date", Type.TEXT, "When it is to be sent, as the account writes it."),
        Field("sent_to_count", Type.INTEGER, "Contacts that it was sent to."),
        Field("list_ids", Type.JSON, "Keys of the lists that it goes to, as an array."),
        Field("segment_id", Type.TEXT, "Segment that narrows the audience: a number, or a UUID."),
        Field("label_ids", Type.JSON, "Keys of its labels, as an array."),
        Field("quiet_hours_enabled", Type.BOOLEAN, "Whether it keeps to quiet hours."),
        Field("created_at", Type.TEXT, "When it was made, as the account writes it."),
        Field("updated_at", Type.TEXT, "When it was last edited, as the account writes it."),
        Field("deleted_at", Type.TEXT, "When it was deleted; null while it is there."),
    ),
    quirks=(
        "Broadcasts that were deleted stay in the list, with deleted_at.",
        "Counts of deliveries, clicks and replies take a POST, which acflow never sends; count smsRecipients.",
        PLAN,
    ),
)

SMS_RECIPIENTS = Entity(
    name="smsRecipients",
    description="Who was sent which broadcast, whether it arrived, and whether they clicked, answered or opted out.",
    evidence=Evidence.DOCUMENTED,
    endpoint="sms/broadcasts/{}/recipients",
    paging=Nested(SMS_BROADCASTS, "broadcast", inner="contact"),
    essential=("contact", "broadcast"),
    counters=frozenset({"clicks"}),
    dropped=frozenset({"links", "phoneNumber", "name"}),
    fields=(
        Field("id", Type.ID, "Key made of broadcast and contact, as the API gives none."),
        Field("broadcast", Type.FOREIGN_KEY, "Broadcast that was sent, a row of smsBroadcasts."),
        Field("contact", Type.FOREIGN_KEY, "Contact that it was sent to."),
        Field("sentDate", Type.LOCAL_TIMESTAMP, "When it was sent, in US Central time as the reference says."),
        Field("deliverability", Type.TEXT, "Whether it arrived: delivered or failed."),
        Field("clicks", Type.INTEGER, "Clicks of the contact on its links."),
        Field("optOut", Type.BOOLEAN, "Whether the contact wanted no more of them."),
        Field("replies", Type.JSON, "Answers of the contact with their dates, as an array."),
        Field("details", Type.JSON, "Why it did not arrive, as an object; null where it did."),
    ),
    quirks=(
        "Each broadcast takes a request and more, one for each 100 of its receivers.",
        "Name and number stand with the contact, so they are not stored once more.",
        PLAN,
    ),
)

SMS_LISTS = Entity(
    name="smsLists",
    description="Lists that text messages can be sent to, with their number of subscribers.",
    evidence=Evidence.DOCUMENTED,
    endpoint="sms/lists",
    paging=Offset(),
    small=True,
    counters=frozenset({"subscriber_count"}),
    fields=(
        Field("id", Type.ID, "Key of the list."),
        Field("name", Type.TEXT, "Name of the list."),
        Field("subscriber_count", Type.INTEGER, "Contacts on the list that may be sent text messages."),
    ),
    quirks=("Counts move while no date does, so each run reads all of them.", PLAN),
)

TEXT_MESSAGES = (SMS_BROADCASTS, SMS_RECIPIENTS, SMS_LISTS)
