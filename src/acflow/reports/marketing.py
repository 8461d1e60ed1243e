"""The reports of marketing, with a sentence for each column."""

from acflow.reports import mail
from acflow.reports.audience import (
    ACTIVE,
    CHURN_RATE,
    CONTACT_GROWTH,
    GROWTH_RATE,
    NET_GROWTH,
    NEW_CONTACTS,
    PROXY_SHARE,
    REACH,
    TIER,
)
from acflow.reports.model import Column, Format, Report, Role

CAMPAIGN = (
    Column("campaign_id", Format.ID, "Key of the campaign."),
    Column("campaign", Format.TEXT, "Name of the campaign."),
)
INFERRED_SINCE = Column("inferred_since", Format.COUNT, "How many of new or deleted only the counter shows.")
LIST = (Column("list_id", Format.ID, "Key of the list."), Column("list", Format.TEXT, "Name of the list."))
PARTIAL = Column("partial", Format.FLAG, "Whether the period is not over, or was not read from its beginning.")
USERS = {"users": "owners go without names"}
NO_LISTS = {"contactLists": "reach, new and lost subscribers and rates of growth are null"}
NO_DAYS = "it needs readings of several days"

CAMPAIGN_PERFORMANCE = Report(
    "campaign_performance",
    Role.MARKETING,
    (
        *CAMPAIGN,
        Column("type", Format.TEXT, "Kind of mailing, such as single, split or responder."),
        Column("status", Format.TEXT, "Where the campaign stands; automation mail stays scheduled for ever."),
        Column(
            "running", Format.FLAG, "Whether it is sent again and again, by an automation, a trigger or a calendar."
        ),
        Column("segment", Format.TEXT, "Segment that narrowed the audience; null for whole lists."),
        Column("owner", Format.TEXT, "User who owns the campaign."),
        Column("sent_at", Format.INSTANT, "When the latest message went out, else when sending was to begin."),
        mail.SENDS,
        Column("sends_source", Format.TEXT, "Counter that sends came from: send_amt, total_amt or none."),
        mail.DELIVERED,
        Column("recipients", Format.COUNT, "Planned audience: the larger of total_amt and delivered."),
        Column("basis", Format.TEXT, "What the rates of opens and clicks are shares of."),
        mail.BASE,
        mail.UNIQUE_OPENS,
        mail.VERIFIED_OPENS,
        mail.CLICKERS,
        Column(
            "clickers_source",
            Format.TEXT,
            "What was counted as clickers: people, or unique link clicks.",
            formerly="clickers_are",
        ),
        mail.UNSUBSCRIBES,
        mail.DELIVERY_RATE,
        mail.OPEN_RATE,
        mail.VERIFIED_OPEN_RATE,
        mail.TOTAL_OPEN_RATE,
        mail.CLICK_RATE,
        mail.LINK_CLICK_RATE,
        mail.TOTAL_CLICK_RATE,
        mail.CTOR,
        mail.BOUNCE_RATE,
        Column("hard_bounce_rate", Format.RATE, "Share of the messages sent that hard-bounced."),
        Column("soft_bounce_rate", Format.RATE, "Share of the messages sent that were refused for the time being."),
        mail.UNSUBSCRIBE_RATE,
        Column("unsubscribe_rate_of_delivered", Format.RATE, "Unsubscribes by delivered instead of sends."),
        mail.FORWARD_RATE,
        Column("reply_rate", Format.RATE, "Contacts that answered through ActiveCampaign, by delivered."),
        mail.SEND_PROGRESS,
        Column("open_rate_low", Format.SHARE, "Lower end of the 95 % interval of the open rate."),
        Column("open_rate_high", Format.SHARE, "Upper end of the 95 % interval of the open rate."),
        mail.RANK,
        Column("flags", Format.TEXT, "What to know before believing the row; null if nothing."),
    ),
    USERS,
)
CAMPAIGNS_BY_MONTH = Report(
    "campaigns_by_month",
    Role.MARKETING,
    (
        Column("month", Format.MONTH, "First day of the month in which the mail went out."),
        PARTIAL,
        *mail.GROUP_MEASURES,
    ),
    {"campaigns_daily": "mail that is sent again and again is in no month"},
)
CAMPAIGNS_BY_TYPE = Report(
    "campaigns_by_type",
    Role.MARKETING,
    (
        Column("type", Format.TEXT, "Kind of mailing, such as single, split or responder."),
        Column(
            "running", Format.FLAG, "Whether it is sent again and again, by an automation, a trigger or a calendar."
        ),
        *mail.GROUP_MEASURES,
    ),
)
CAMPAIGNS_BY_LIST = Report(
    "campaigns_by_list",
    Role.MARKETING,
    (
        *LIST,
        Column("shared_campaigns", Format.COUNT, "Campaigns that went to further lists too and count on each."),
        *mail.GROUP_MEASURES,
    ),
    {"campaignLists": "which campaign went to which list is not known"},
)
SPLIT_TESTS = Report(
    "split_tests",
    Role.MARKETING,
    (
        *CAMPAIGN,
        Column("message_id", Format.ID, "Key of the message; null where it was deleted."),
        Column("subject", Format.TEXT, "Subject line of the message."),
        Column("share", Format.SHARE, "Share of the receivers who were to get this message."),
        Column("sent_at", Format.INSTANT, "When the campaign went out."),
        mail.SENDS,
        mail.DELIVERED,
        mail.BASE,
        mail.UNIQUE_OPENS,
        mail.CLICKERS,
        mail.OPEN_RATE,
        mail.CLICK_RATE,
        mail.CTOR,
        mail.UNSUBSCRIBE_RATE,
        Column("open_rate_low", Format.SHARE, "Lower end of the 95 % interval of the open rate."),
        Column("open_rate_high", Format.SHARE, "Upper end of the 95 % interval of the open rate."),
        mail.SIGNIFICANTLY_BETTER,
        Column("flags", Format.TEXT, "What to know before believing the row; null if nothing."),
    ),
    {"campaignMessages": "how each message of a split test did is not known"},
)
SAME_AGE = Report(
    "same_age",
    Role.MARKETING,
    (
        *CAMPAIGN,
        Column("type", Format.TEXT, "Kind of mailing."),
        Column("sent_at", Format.INSTANT, "When sending began."),
        Column("age", Format.TEXT, "Age at which campaigns are compared: 24 h, 48 h or 7 d."),
        Column("hours", Format.HOURS, "The same age in hours."),
        Column("read_after_hours", Format.HOURS, "Hours after which the counters were read: the first reading then."),
        mail.SENDS,
        mail.OPEN_RATE,
        mail.VERIFIED_OPEN_RATE,
        mail.CLICK_RATE,
        mail.CTOR,
        Column("reason", Format.TEXT, "Why the row has no figures; null if it has."),
    ),
    {"campaigns_daily": f"how campaigns stood at an age is not known; {NO_DAYS}"},
)
LIST_HEALTH = Report(
    "list_health",
    Role.MARKETING,
    (
        *LIST,
        ACTIVE,
        Column("active_source", Format.TEXT, "Where active came from: the list's counter, or its memberships."),
        Column("members", Format.COUNT, "Memberships of contacts with an address, whatever their state."),
        REACH,
        Column("unconfirmed", Format.COUNT, "Memberships that wait for confirmation."),
        Column("unsubscribed", Format.COUNT, "Memberships that ended by leaving."),
        Column("hard_bounced", Format.COUNT, "Members whose address hard-bounced."),
        Column("bounced_share", Format.SHARE, "Share of the members whose address hard-bounced."),
        Column("active_at_start", Format.COUNT, "Active subscribers when the period began; see `recent_days`."),
        Column("start_source", Format.TEXT, "Where that came from: read, between readings, or reconstructed."),
        Column(
            "new",
            Format.COUNT,
            "Sign-ups in the period, once confirmed; see `new` in list_growth.",
        ),
        Column("left_since", Format.COUNT, "Members that left in the period."),
        Column("bounced_since", Format.COUNT, "Members whose address first hard-bounced in the period."),
        Column(
            "deleted_since",
            Format.COUNT,
            "Members whose contact or membership was deleted in the period.",
            formerly="gone_since",
        ),
        INFERRED_SINCE,
        GROWTH_RATE,
        NET_GROWTH,
        CHURN_RATE,
    ),
    NO_LISTS | {"lists_daily": "the start of the period is reconstructed from memberships"},
)
LIST_GROWTH = Report(
    "list_growth",
    Role.MARKETING,
    (
        Column("day", Format.DAY, "Day of a reading, a sign-up or a leaving."),
        *LIST,
        ACTIVE,
        Column(
            "active_source",
            Format.TEXT,
            "read on that day, between readings, reconstructed before the first one, or unknown.",
        ),
        Column("new", Format.COUNT, "Sign-ups, by memberships and by what the counter rose beyond them."),
        Column("unsubscribed", Format.COUNT, "Members that left on the day."),
        Column("bounced", Format.COUNT, "Members taken off on the day since their address hard-bounced."),
        Column(
            "deleted",
            Format.COUNT,
            "Members found deleted on the day, by memberships and by what the counter fell beyond them.",
            formerly="gone",
        ),
        Column("net", Format.COUNT, "Sign-ups less all losses: the change of active since the row before."),
        Column("inferred", Format.COUNT, "How many of new or deleted only the counter shows."),
        CONTACT_GROWTH,
    ),
    {
        "contactLists": "only days of readings are known, without sign-ups and leavings",
        "lists_daily": "every day is reconstructed",
    },
)
ACCOUNT_GROWTH = Report(
    "account_growth",
    Role.MARKETING,
    (
        Column("month", Format.MONTH, "First day of the month."),
        PARTIAL,
        NEW_CONTACTS,
        Column("contacts", Format.COUNT, "All contacts created until the end of the month that are still there."),
    ),
)
ENGAGEMENT_TIERS = Report(
    "engagement_tiers",
    Role.MARKETING,
    (
        Column("tier_order", Format.COUNT, "Order of the tiers, the most active first.", formerly="place"),
        TIER,
        Column("contacts", Format.COUNT, "Contacts in the tier."),
        Column("share", Format.SHARE, "Share of all contacts."),
        Column("share_of_mailable", Format.SHARE, "Share of the contacts that can be mailed."),
        Column("proxy_contacts", Format.COUNT, "Contacts whose openings come through Apple's privacy proxy."),
        PROXY_SHARE,
    ),
    {"contactLists": "contacts that left all lists count as if they could be mailed"},
)
TIER_MOVEMENT = Report(
    "tier_movement",
    Role.MARKETING,
    (
        Column("from_tier", Format.TEXT, "Tier when the recent period began; new if the contact was not there."),
        Column("to_tier", Format.TEXT, "Tier now; deleted if the contact is no longer there."),
        Column("contacts", Format.COUNT, "Contacts that moved so, or stayed."),
        Column("reactivated", Format.FLAG, "Whether they moved to a more active tier.", formerly="woke_up"),
    ),
    {"contacts_history": "movements are not known", "contactLists": "who left all lists is not known"},
)
PROXY_OPENS = Report(
    "proxy_opens",
    Role.MARKETING,
    (
        Column("month", Format.MONTH, "First day of the month in which the campaigns went out."),
        PARTIAL,
        Column("campaigns", Format.COUNT, "Campaigns that have plain and verified opens."),
        mail.UNIQUE_OPENS,
        mail.VERIFIED_OPENS,
        Column("proxy_opens", Format.COUNT, "Contacts that opened only through Apple's privacy proxy."),
        PROXY_SHARE,
        mail.OPEN_RATE,
        mail.VERIFIED_OPEN_RATE,
    ),
)
REPORTS = (
    CAMPAIGN_PERFORMANCE,
    CAMPAIGNS_BY_MONTH,
    CAMPAIGNS_BY_TYPE,
    CAMPAIGNS_BY_LIST,
    SPLIT_TESTS,
    SAME_AGE,
    LIST_HEALTH,
    LIST_GROWTH,
    ACCOUNT_GROWTH,
    ENGAGEMENT_TIERS,
    TIER_MOVEMENT,
    PROXY_OPENS,
)
