"""Campaigns: one row per mailing, with its counters.

https://developers.activecampaign.com/reference/list-all-campaigns
"""

from acflow.entities.model import Entity, Field, Label, Offset, Type

STATUSES = {
    0: "draft",
    1: "scheduled",
    2: "sending",
    3: "paused",
    4: "stopped",
    5: "completed",
    6: "disabled",
    7: "pending approval",
}

DOCUMENTED = (
    Field("id", Type.ID, "Key of the campaign, which messages, lists and links of it point to."),
    Field("name", Type.TEXT, "Internal name, as the list of campaigns shows it; recipients see the subject instead."),
    Field("type", Type.TEXT, "Kind of mailing, such as single, recurring, split, responder, reminder or activerss."),
    Field("status", Type.INTEGER, "Code of where the campaign stands, spelled out in status_label."),
    Field("cdate", Type.TIMESTAMP, "When the campaign was created; for a copy this is when the copy was made."),
    Field("mdate", Type.TIMESTAMP, "When someone last edited the campaign; it does not move when the counters do."),
    Field("sdate", Type.TIMESTAMP, "When sending is or was to begin; null for drafts and for automation mail."),
    Field("ldate", Type.TIMESTAMP, "When the latest message went out; null if none has."),
    Field("send_amt", Type.INTEGER, "Messages sent so far; autoresponders may leave it at 0 and count in total_amt."),
    Field("total_amt", Type.INTEGER, "Contacts the campaign was meant to reach, whether or not it has yet."),
    Field("opens", Type.INTEGER, "All openings, repeated ones and those made by Apple's mail privacy proxy included."),
    Field(
        "uniqueopens", Type.INTEGER, "Contacts that opened at least once, openings by Apple's privacy proxy included."
    ),
    Field("linkclicks", Type.INTEGER, "All clicks on tracked links, repeated ones included."),
    Field(
        "uniquelinkclicks",
        Type.INTEGER,
        "Pairs of contact and link clicked, so one contact with two links is two; subscriberclicks counts people.",
    ),
    Field("hardbounces", Type.INTEGER, "Messages refused for good, as when an address does not exist."),
    Field("softbounces", Type.INTEGER, "Messages refused for the time being, as when a mailbox is full."),
    Field("unsubscribes", Type.INTEGER, "Contacts that left a list through this campaign."),
    Field("forwards", Type.INTEGER, "Times the forward link was used; forwarding from a mail program stays unseen."),
    Field("replies", Type.INTEGER, "Answers that came back through ActiveCampaign; their text is not in the API."),
    Field("userid", Type.FOREIGN_KEY, "User who owns the campaign."),
)

MEASURES = (
    Field("subscriberclicks", Type.INTEGER, "Contacts that clicked at least one link: the numerator of a click rate."),
    Field("uniqueforwards", Type.INTEGER, "Contacts that used the forward link at least once."),
    Field("unsubreasons", Type.INTEGER, "Unsubscribes for which the contact gave a reason."),
    Field("updates", Type.INTEGER, "Contacts that changed their details through the update link."),
    Field("socialshares", Type.INTEGER, "Times the campaign was shared on a social network."),
    Field("uniquereplies", Type.INTEGER, "Contacts that answered at least once."),
    Field("verified_opens", Type.INTEGER, "All openings without those made by Apple's mail privacy proxy."),
    Field("verified_unique_opens", Type.INTEGER, "Contacts that opened at least once, proxy openings left out."),
)

LINKS = (
    Field(
        "segmentid", Type.FOREIGN_KEY, "Segment that narrows the audience, often a hidden one; null for whole lists."
    ),
    Field("segmentname", Type.TEXT, "Name of that segment; recorded empty even where segmentid is set."),
    Field("bounceid", Type.INTEGER, "Bounce mailbox in use; -1 means the account's default, so this is no plain key."),
    Field("realcid", Type.FOREIGN_KEY, "Campaign that this one stands for, not documented; null in every recording."),
    Field("sendid", Type.FOREIGN_KEY, "Sending job of the mailer, not documented; null before the first one."),
    Field("threadid", Type.FOREIGN_KEY, "Mailer thread that handled the sending, not documented; null if none did."),
    Field("seriesid", Type.FOREIGN_KEY, "Automation that sends this mail; null for campaigns sent by hand."),
    Field("automation", Type.FOREIGN_KEY, "The same automation as seriesid, under its newer name."),
    Field("formid", Type.FOREIGN_KEY, "Form whose confirmation mail this is; null for all else."),
    Field(
        "basetemplateid", Type.TEXT, "Template it began from: 0, a number, or a 40-digit hexadecimal hash, hence text."
    ),
    Field("basemessageid", Type.FOREIGN_KEY, "Earlier message that the content was copied from."),
    Field("addressid", Type.FOREIGN_KEY, "Postal address printed in the footer; null for the account's default."),
    Field("campaign_message_id", Type.FOREIGN_KEY, "Row that ties the campaign to its message."),
    Field("message_id", Type.FOREIGN_KEY, "Message with subject and content; a split test has more than this one."),
    Field("user", Type.FOREIGN_KEY, "The same user as userid, under its newer name."),
    Field("source", Type.TEXT, "Part of the product in which the campaign was made, such as web, copy or ai."),
)

TRACKING = (
    Field("public", Type.BOOLEAN, "Whether the web copy is listed in the public archive."),
    Field("tracklinks", Type.TEXT, "Which links are tracked: all, mime, html, text or none; clicks stay 0 for none."),
    Field("tracklinksanalytics", Type.BOOLEAN, "Whether links carry Google Analytics parameters."),
    Field("trackreads", Type.BOOLEAN, "Whether openings are tracked; where false, zero opens mean unmeasured."),
    Field("trackreadsanalytics", Type.BOOLEAN, "Whether openings are reported to Google Analytics."),
    Field("analytics_campaign_name", Type.TEXT, "Campaign name handed to Google Analytics; empty if not used."),
    Field("tweet", Type.BOOLEAN, "Whether sending also posts to Twitter."),
    Field("facebook", Type.BOOLEAN, "Whether sending also posts to Facebook."),
    Field("survey", Type.TEXT, "Survey attached to the mailing; recorded only empty."),
)

CONTENT = (
    Field("embed_images", Type.BOOLEAN, "Whether images travel inside the message instead of being loaded."),
    Field("htmlunsub", Type.BOOLEAN, "Whether an unsubscribe text is appended to the HTML part."),
    Field("textunsub", Type.BOOLEAN, "Whether an unsubscribe text is appended to the plain part."),
    Field("htmlunsubdata", Type.TEXT, "That text for the HTML part; empty or null for the standard one."),
    Field("textunsubdata", Type.TEXT, "That text for the plain part; empty or null for the standard one."),
    Field("has_predictive_content", Type.BOOLEAN, "Whether the message picks content per contact by prediction."),
    Field("format", Type.TEXT, "Parts the message has: mime for both, else html or text."),
    Field("ed_version", Type.INTEGER, "Generation of the e-mail designer that the message was made with."),
    Field("screenshot", Type.TEXT, "Address of a thumbnail without its protocol: it begins with two slashes."),
    Field("managetext", Type.BOOLEAN, "Whether the plain part is written by hand instead of derived from the HTML."),
    Field("has_outdated_translations", Type.BOOLEAN, "Whether a translation is older than the text it translates."),
    Field("hasTranslations", Type.BOOLEAN, "Whether the message exists in further languages."),
    Field("numberOfMessages", Type.INTEGER, "Messages of the campaign: more than one in a split test; only in lists."),
    Field("campaignIsText", Type.BOOLEAN, "Whether the campaign has no HTML part; sent only in lists."),
)

SENDING = (
    Field(
        "mail_transfer", Type.BOOLEAN, "State of the mailer, not documented: the audience was handed over for sending."
    ),
    Field("mail_send", Type.BOOLEAN, "State of the mailer, not documented: messages have begun to leave."),
    Field("mail_cleanup", Type.BOOLEAN, "State of the mailer, not documented: the sending job was cleared away."),
    Field("mailer_log_file", Type.INTEGER, "Number of the mailer's log; 0 for none."),
    Field("recurring", Type.TEXT, "Interval of a recurring campaign, such as day1 or week2; a filler in other types."),
    Field("willrecur", Type.BOOLEAN, "Whether a recurring campaign will send again."),
    Field("split_type", Type.TEXT, "How a split test shares contacts: even, or by a winner; a filler in other types."),
    Field("split_content", Type.BOOLEAN, "Whether a split test varies the content and not only subject or sender."),
    Field("split_offset", Type.INTEGER, "How long a split test waits for its winner, in units of split_offset_type."),
    Field("split_offset_type", Type.TEXT, "Unit of split_offset, such as hour or day."),
    Field("split_winner_messageid", Type.FOREIGN_KEY, "Message that won the split test; null before it is decided."),
    Field("split_winner_awaiting", Type.BOOLEAN, "Whether a split test still waits for its winner."),
    Field("responder_offset", Type.INTEGER, "Hours between the trigger and an autoresponder; a filler in other types."),
    Field("responder_type", Type.TEXT, "What triggers an autoresponder, such as subscribe; a filler in other types."),
    Field("responder_existing", Type.BOOLEAN, "Whether an autoresponder also goes to contacts of before its start."),
    Field("reminder_field", Type.TEXT, "Date field that a reminder counts from; sdate in campaigns of other types."),
    Field("reminder_format", Type.TEXT, "How that date is written, such as yyyy-mm-dd; empty if it does not matter."),
    Field("reminder_type", Type.TEXT, "Whether a reminder comes back yearly (month_day) or once (year_month_day)."),
    Field("reminder_offset", Type.INTEGER, "Distance of a reminder from its date, in units of reminder_offset_type."),
    Field("reminder_offset_type", Type.TEXT, "Unit of reminder_offset, such as day."),
    Field("reminder_offset_sign", Type.TEXT, "Plus for reminders after their date, minus for those before it."),
    Field("reminder_last_cron_run", Type.LOCAL_TIMESTAMP, "When reminders were last worked off; recorded only null."),
    Field("activerss_interval", Type.TEXT, "How often a feed campaign looks for news, such as day1."),
    Field("activerss_url", Type.TEXT, "Feed that fills the campaign; empty or null in other types."),
    Field("activerss_items", Type.INTEGER, "Most entries of the feed taken into one message."),
    Field("laststep", Type.TEXT, "Step of the campaign builder that was open last, such as type or result."),
    Field("schedule", Type.BOOLEAN, "Whether a time of sending has been set."),
    Field("scheduleddate", Type.LOCAL_TIMESTAMP, "Time of sending that was set; recorded only null, so read sdate."),
    Field("waitpreview", Type.BOOLEAN, "Whether sending waits until someone has looked at the preview."),
    Field("replysys", Type.BOOLEAN, "Whether answers go through ActiveCampaign; where false, replies stay 0."),
    Field("series_send_lock_time", Type.LOCAL_TIMESTAMP, "When automation sending was locked; null if it was not."),
    Field("can_skip_approval", Type.BOOLEAN, "Whether the campaign may be sent without a review."),
    Field("use_quartz_scheduler", Type.BOOLEAN, "Whether the newer scheduler of ActiveCampaign sends it."),
    Field("predictive_send", Type.BOOLEAN, "Whether each contact gets it at the hour predicted to suit best."),
    Field(
        "moderation_status",
        Type.INTEGER,
        "Code of ActiveCampaign's own content review, not documented; 0 in all recordings.",
    ),
    Field("groupLimitViolation", Type.BOOLEAN, "Whether sending would exceed a limit of the group; only in lists."),
    Field("isDoubleOptInCampaign", Type.BOOLEAN, "Whether it confirms opt-ins; sent for single campaigns, else null."),
)

BOOKKEEPING = (
    Field("ip4", Type.TEXT, "Internet address, in recordings a decimal number or 0; what it tells is not documented."),
    Field("ip", Type.TEXT, "A second internet address, written like ip4; what it tells is not documented."),
    Field("deletestamp", Type.LOCAL_TIMESTAMP, "When it was archived; recorded only null."),
    Field(
        "created_timestamp",
        Type.LOCAL_TIMESTAMP,
        "Database time of the row, without zone; years off for copies and moved accounts, so prefer cdate.",
    ),
    Field("updated_timestamp", Type.LOCAL_TIMESTAMP, "Database time of the last write, days after mdate at times."),
    Field("created_by", Type.FOREIGN_KEY, "User who made the row; null where it was the system."),
    Field("updated_by", Type.FOREIGN_KEY, "User who changed the row last; null where it was the system."),
    Field(
        "repair_timestamp",
        Type.LOCAL_TIMESTAMP,
        "When ActiveCampaign last mended the row, not documented; null if never.",
    ),
    Field("repair_by_pydex", Type.BOOLEAN, "Whether an internal job of ActiveCampaign mended the row, not documented."),
    Field("additional_data", Type.JSON, "Internal notes such as copiedFrom; the API sends JSON inside a string."),
    Field("typeText", Type.TEXT, "The type as the campaign list words it, such as One-Time; sent only in lists."),
    Field("statusString", Type.TEXT, "The status as the campaign list words it, such as Automation; only in lists."),
    Field("statusToolTip", Type.TEXT, "The explanation shown beside that status; sent only in lists."),
)

CAMPAIGNS = Entity(
    name="campaigns",
    description="E-mail campaigns of every kind, automation mail included, with sends, opens, clicks and bounces.",
    documented=DOCUMENTED,
    derived=(
        Label(
            "status_label",
            "status",
            STATUSES,
            "The status in a word; completed is what the field reference calls sent, automation mail stays scheduled.",
        ),
    ),
    fields=MEASURES + LINKS + TRACKING + CONTENT + SENDING + BOOKKEEPING,
    paging=Offset(),
    interest=(
        *("id", "name", "send_amt", "uniqueopens", "uniquelinkclicks", "sdate", "status_label"),
        *("verified_unique_opens", "unsubscribes", "hardbounces", "softbounces", "type"),
    ),
    counters=frozenset(
        {
            *("send_amt", "total_amt", "opens", "uniqueopens", "linkclicks", "uniquelinkclicks", "subscriberclicks"),
            *("forwards", "uniqueforwards", "hardbounces", "softbounces", "unsubscribes", "unsubreasons", "updates"),
            *("socialshares", "replies", "uniquereplies", "verified_opens", "verified_unique_opens"),
        },
    ),
    noise=frozenset({"mdate", "updated_timestamp", "updated_by", "repair_timestamp", "repair_by_pydex"}),
    quirks=(
        "Counters move for weeks after sending while mdate stands still, so every run reads all campaigns.",
        "Automation mail is listed too: its seriesid is set and its status stays 1 for ever.",
        "Opens include those of Apple's mail privacy proxy; verified_opens and verified_unique_opens leave them out.",
        "Some columns come only with the list of campaigns or only with a single one; the others are null there.",
        "Settings of other campaign types hold fillers, for instance split_type is even in campaigns without a split.",
        "created_timestamp may lie years before or after cdate, in copied campaigns and accounts that were moved.",
    ),
)
