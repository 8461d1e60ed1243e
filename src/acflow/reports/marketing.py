"""The reports of marketing, with a sentence for each column."""

from acflow.reports import mail
from acflow.reports.audience import ACTIVE, CHURN_RATE, GROWTH_RATE, NET_GROWTH, REACH
from acflow.reports.model import Column, Kind, Report, Role

CAMPAIGN = (
    Column("campaign_id", Kind.ID, "Key of the campaign."),
    Column("campaign", Kind.TEXT, "Name of the campaign."),
)
LIST = (Column("list_id", Kind.ID, "Key of the list."), Column("list", Kind.TEXT, "Name of the list."))
USERS = {"users": "owners go without names"}
NO_LISTS = {"contactLists": "reach, new and lost subscribers and rates of growth are null"}
NO_DAYS = "it needs readings of several days"

CAMPAIGN_PERFORMANCE = Report(
    "campaign_performance",
    Role.MARKETING,
    (
        *CAMPAIGN,
        Column("type", Kind.TEXT, "Kind of mailing, such as single, split or responder."),
        Column("status", Kind.TEXT, "Where the campaign stands; automation mail stays scheduled for ever."),
        Column("running", Kind.FLAG, "Whether it is sent again and again, by an automation, a trigger or a calendar."),
        Column("segment", Kind.TEXT, "Segment that narrowed the audience; null for whole lists."),
        Column("owner", Kind.TEXT, "User who owns the campaign."),
        Column("sent_at", Kind.MOMENT, "When the latest message went out, else when sending was to begin."),
        mail.SENDS,
        Column("sends_source", Kind.TEXT, "Counter that sends came from: send_amt, total_amt or none."),
        mail.DELIVERED,
        Column("recipients", Kind.COUNT, "Planned audience: the larger of total_amt and delivered."),
        Column("basis", Kind.TEXT, "What the rates of opens and clicks are shares of."),
        mail.BASE,
        mail.UNIQUE_OPENS,
        mail.VERIFIED_OPENS,
        mail.CLICKERS,
        Column("clickers_are", Kind.TEXT, "What was counted as clickers: people, or unique link clicks."),
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
        Column("hard_bounce_rate", Kind.SHARE, "Share of the messages sent that were refused for good."),
        Column("soft_bounce_rate", Kind.SHARE, "Share of the messages sent that were refused for the time being."),
        mail.UNSUBSCRIBE_RATE,
        Column("unsubscribe_rate_of_delivered", Kind.SHARE, "Unsubscribes by delivered instead of sends."),
        mail.FORWARD_RATE,
        Column("reply_rate", Kind.SHARE, "Contacts that answered through ActiveCampaign, by delivered."),
        mail.SEND_PROGRESS,
        Column("open_rate_low", Kind.SHARE, "Lower end of what the open rate may truly be, at 95 %."),
        Column("open_rate_high", Kind.SHARE, "Upper end of what the open rate may truly be, at 95 %."),
        mail.PLACE,
        Column("flags", Kind.TEXT, "What to know before believing the row; null if nothing."),
    ),
    USERS,
)
LIST_HEALTH = Report(
    "list_health",
    Role.MARKETING,
    (
        *LIST,
        ACTIVE,
        Column("active_source", Kind.TEXT, "Where active came from: the list's counter, or its memberships."),
        Column("members", Kind.COUNT, "All memberships, whatever their state."),
        REACH,
        Column("unconfirmed", Kind.COUNT, "Memberships that wait for confirmation."),
        Column("unsubscribed", Kind.COUNT, "Memberships that ended by leaving."),
        Column("hard_bounced", Kind.COUNT, "Members whose address refused mail for good."),
        Column("gone", Kind.COUNT, "Members whose contact was deleted."),
        Column("bounced_share", Kind.SHARE, "Share of the members whose address refused mail for good."),
        Column("active_at_start", Kind.COUNT, "Active subscribers when the period began; see `recent_days`."),
        Column("start_source", Kind.TEXT, "Where that came from: a daily reading, or reconstructed."),
        Column("new", Kind.COUNT, "Sign-ups in the period; of several by one contact only the last is known."),
        Column("left_since", Kind.COUNT, "Members that left in the period."),
        Column("bounced_since", Kind.COUNT, "Members whose address first refused mail for good in the period."),
        Column("gone_since", Kind.COUNT, "Members whose contact was deleted in the period, as far as readings saw it."),
        GROWTH_RATE,
        NET_GROWTH,
        CHURN_RATE,
    ),
    NO_LISTS | {"lists_daily": "the start of the period is reconstructed from memberships"},
)
REPORTS = (CAMPAIGN_PERFORMANCE, LIST_HEALTH)
