"""Messages, and how they and lists hang on campaigns.

https://developers.activecampaign.com/reference/list-all-messages
The bridges to campaigns answer without standing in the public reference.
"""

from acflow.entities.model import Entity, Evidence, Field, Offset, Type

CAMPAIGN_MESSAGES = Entity(
    name="campaignMessages",
    description="Which message a campaign sent, with its own counts; more than one in a split test.",
    evidence=Evidence.CLAIMED,
    paging=Offset(),
    interest=("id", "campaign", "subject", "send_amt", "uniqueopens", "subscriberclicks", "unsubscribes", "percentage"),
    fields=(
        Field("id", Type.ID, "Key of the tie between campaign and message."),
        Field("campaign", Type.FOREIGN_KEY, "Campaign that sent the message."),
        Field("campaignid", Type.FOREIGN_KEY, "The same campaign under its older name."),
        Field("message", Type.FOREIGN_KEY, "Message that was sent; null where it was deleted."),
        Field("messageid", Type.FOREIGN_KEY, "The same message under its older name."),
        Field("subject", Type.TEXT, "Subject line that was sent."),
        Field("percentage", Type.NUMBER, "Share of the receivers who got this message, in per cent."),
        Field("initial_split_percentage", Type.NUMBER, "That share while a split test ran, in per cent."),
        Field("sourcesize", Type.INTEGER, "Size of the message, in bytes."),
        Field("send_amt", Type.INTEGER, "Contacts that the message was sent to."),
        Field("total_amt", Type.INTEGER, "Contacts that it was meant for."),
        Field("opens", Type.INTEGER, "Openings so far, repeated ones included."),
        Field("uniqueopens", Type.INTEGER, "Contacts who opened it so far."),
        Field("linkclicks", Type.INTEGER, "Clicks on links so far, repeated ones included."),
        Field("uniquelinkclicks", Type.INTEGER, "Links that were clicked by contacts so far, each counted once."),
        Field("subscriberclicks", Type.INTEGER, "Contacts who clicked any link so far."),
        Field("forwards", Type.INTEGER, "Times that it was forwarded so far."),
        Field("uniqueforwards", Type.INTEGER, "Contacts who forwarded it so far."),
        Field("hardbounces", Type.INTEGER, "Addresses that refused it for good."),
        Field("softbounces", Type.INTEGER, "Addresses that refused it for the time being."),
        Field("unsubscribes", Type.INTEGER, "Contacts who left a list by it so far."),
        Field("unsubreasons", Type.INTEGER, "Contacts who said why they left so far."),
        Field("updates", Type.INTEGER, "Contacts who changed their profile by it so far."),
        Field("socialshares", Type.INTEGER, "Times that it was shared on social networks so far."),
        Field("replies", Type.INTEGER, "Answers to it so far, repeated ones included."),
        Field("uniquereplies", Type.INTEGER, "Contacts who answered it so far."),
        Field("spamcheck_score", Type.NUMBER, "Points of the check for spam."),
        Field("spamcheck_max", Type.NUMBER, "Points from which mail counts as spam."),
        Field("screenshot", Type.TEXT, "Address of a picture of the message."),
    ),
    quirks=(
        "The counts move while no date does, as those of campaigns do.",
        "message is null with messageid 0 where the message is gone; both are null here.",
    ),
)

CAMPAIGN_LISTS = Entity(
    name="campaignLists",
    description="Which lists a campaign was sent to, and how many contacts each had.",
    evidence=Evidence.CLAIMED,
    paging=Offset(),
    fields=(
        Field("id", Type.ID, "Key of the tie between campaign and list."),
        Field("campaign", Type.FOREIGN_KEY, "Campaign that was sent to the list."),
        Field("campaignid", Type.FOREIGN_KEY, "The same campaign under its older name."),
        Field("list", Type.FOREIGN_KEY, "List that the campaign was sent to."),
        Field("listid", Type.FOREIGN_KEY, "The same list under its older name."),
        Field("list_amt", Type.INTEGER, "Contacts of the list that the campaign went to."),
        Field("name", Type.TEXT, "Name of the list."),
        Field("user", Type.FOREIGN_KEY, "User who owns the list."),
        Field("userid", Type.FOREIGN_KEY, "The same user under its older name."),
        Field("cdate", Type.TIMESTAMP, "When the tie was made."),
        Field("udate", Type.TIMESTAMP, "When the tie was last changed."),
    ),
    quirks=("A campaign to several lists has a row for each, so joined campaigns count more than once.",),
)

MESSAGES = Entity(
    name="messages",
    description="Messages with their sender, subject and whole content.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    fields=(
        Field("id", Type.ID, "Key of the message, which campaignMessages point to."),
        Field("name", Type.TEXT, "Internal name of the message; empty for most."),
        Field("subject", Type.TEXT, "Subject line, with its placeholders such as %LISTNAME%."),
        Field("preheader_text", Type.TEXT, "Words that mail programs show behind the subject."),
        Field("fromname", Type.TEXT, "Name of the sender."),
        Field("fromemail", Type.TEXT, "Address of the sender."),
        Field("reply2", Type.TEXT, "Address that answers go to; empty where it is the sender's."),
        Field("text", Type.TEXT, "Content as plain text, whole."),
        Field("html", Type.TEXT, "Content as HTML, whole; may be megabytes."),
        Field("format", Type.TEXT, "Parts that are sent: mime for both, html, or text."),
        Field("htmlfetch", Type.TEXT, "When the HTML is fetched from elsewhere, such as now."),
        Field("textfetch", Type.TEXT, "When the plain text is fetched from elsewhere, such as now."),
        Field("charset", Type.TEXT, "Character set of the mail, such as utf-8."),
        Field("encoding", Type.TEXT, "Encoding of the mail, such as quoted-printable."),
        Field("priority", Type.INTEGER, "Priority that the mail claims, from 1 to 5; 3 is normal."),
        Field("hidden", Type.BOOLEAN, "Whether the system made it, unseen in the interface."),
        Field("ed_instanceid", Type.FOREIGN_KEY, "Design in the editor; null for messages without one."),
        Field("ed_version", Type.INTEGER, "Version of the editor that it was made with."),
        Field("preview_mime", Type.TEXT, "Type of the preview's data; mostly empty."),
        Field("preview_data", Type.TEXT, "Data of a preview; mostly null or empty."),
        Field("has_predictive_content", Type.BOOLEAN, "Whether parts are chosen for each receiver; since 2024."),
        Field(
            "language_code", Type.TEXT, "Language of the message, where translations exist.", evidence=Evidence.CLAIMED
        ),
        Field("source", Type.TEXT, "Tool that the message was made with.", evidence=Evidence.CLAIMED),
        Field("user", Type.FOREIGN_KEY, "User who owns the message; null where nobody does."),
        Field("userid", Type.FOREIGN_KEY, "The same user under its older name."),
        Field("cdate", Type.TIMESTAMP, "When the message was created."),
        Field("mdate", Type.TIMESTAMP, "When the message was last edited."),
    ),
    quirks=(
        "Each message comes with its whole content, so a page of a hundred may be many megabytes.",
        "Messages of automations and confirmations stand beside those of campaigns.",
    ),
)
