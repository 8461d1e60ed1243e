"""The reports of what contacts did with campaigns, with a sentence for each column."""

from collections.abc import Mapping

from acflow.reports.marketing import CAMPAIGN
from acflow.reports.model import Column, Format, Kpi, Report, Role

CLICKS_LOST = {"campaignClicks": "who clicked is not known"}
OPENS_LOST = {"campaignOpens": "who opened is not known"}
LAST = "An opening is a contact's last one of a campaign, since no report tells earlier ones."
READER = Kpi(
    "Reader tier",
    "recency: days since a contact last clicked, or opened by itself: up to 7 recent, 28 engaged, 58 disengaged, else "
    "inactive; frequency: campaigns that it opened or clicked so in the last `days`",
    "campaignClicks.last_at; campaignOpens.last_at, prefetched; contacts.mpp_tracking",
    "Contacts that mail cannot reach are left out, see Engagement tier. Openings by Apple's proxy are no reading; "
    "where the source does not tell them apart, all openings of contacts with mpp_tracking are taken for it. Each "
    "campaign counts once, by the last time.",
    "by definition",
    "ActiveCampaign's engagement tags go by any opening and have no frequency.",
)
READER_TIERS = Report(
    "reader_tiers",
    Role.MARKETING,
    (
        Column("recency_order", Format.COUNT, "Order of the tiers, the most active first."),
        Column("recency", Format.TEXT, "recent, engaged, disengaged, inactive or never; see `tiers`.", READER),
        Column(
            "frequency", Format.TEXT, "Campaigns opened or clicked in the last `days`: none, 1, 2 to 4, 5 and more."
        ),
        Column("contacts", Format.COUNT, "Contacts that mail can reach."),
        Column("share", Format.SHARE, "Share of all contacts that mail can reach."),
        Column("clickers", Format.COUNT, "Of these, contacts that clicked in the last `days`."),
        Column("clicker_share", Format.SHARE, "Share of the contacts of the row that clicked."),
    ),
    {**OPENS_LOST, **CLICKS_LOST, "contactLists": "contacts that left all lists count as if they could be mailed"},
)
OPEN_DELAYS = Report(
    "open_delays",
    Role.MARKETING,
    (
        Column("unit", Format.TEXT, "hour for the first day, day for the first two weeks."),
        Column("after", Format.COUNT, "Whole hours or days since sending; 0 is the first."),
        Column("opens", Format.COUNT, "Openings: one per contact and campaign, the last one."),
        Column(
            "share",
            Format.SHARE,
            "Share of all openings, later ones too.",
            Kpi(
                "Opening delay",
                "openings with floor((last_at - sdate) / unit) = after / all openings",
                "campaignOpens.last_at, prefetched; campaigns.sdate",
                f"Only of mail that is sent once, in the last `days`. {LAST} Known prefetches are left out; where the "
                "source does not tell, prefetches make the first hour look better than it is.",
                "by definition",
            ),
        ),
        Column("share_until_then", Format.SHARE, "Share of all openings until the end of this hour or day."),
    ),
    OPENS_LOST,
)
SEND_HOURS = Report(
    "send_hours",
    Role.MARKETING,
    (
        Column("hour", Format.COUNT, "Hour of the day at which sending began, by `zone`."),
        Column("campaigns", Format.COUNT, "Campaigns sent once, at least a day old, of which openings are known."),
        Column("sends", Format.COUNT, "Messages sent."),
        Column("base", Format.COUNT, "What the rate is a share of, by the chosen basis."),
        Column("openers", Format.COUNT, "Contacts that opened last within 24 hours."),
        Column(
            "opened_in_a_day",
            Format.RATE,
            "Contacts that opened within 24 hours of sending, by the basis.",
            Kpi(
                "Opened in a day",
                "contacts with last_at - sdate below 24 hours / basis",
                "campaignOpens.last_at, prefetched; campaigns.sdate, send_amt, hardbounces, softbounces",
                f"{LAST} So who opens again later is missing here. Hours differ in what is sent at them and to whom: "
                "the best one is a hint for a split test, no proof.",
                "by definition",
                "ActiveCampaign's predictive sending picks an hour per contact and does not publish its rates.",
            ),
        ),
        Column("low_sample", Format.FLAG, "Whether fewer messages than `minimum_sends` were sent at this hour."),
        Column("rank", Format.COUNT, "Place by opened_in_a_day, 1 the best; null where too few were sent."),
    ),
    OPENS_LOST,
)
LINK_CLICKS = Report(
    "link_clicks",
    Role.MARKETING,
    (
        *CAMPAIGN,
        Column("sent_at", Format.INSTANT, "When the latest message went out, else when sending was to begin."),
        Column("link_id", Format.ID, "Key of the link."),
        Column("url", Format.TEXT, "Where the link leads; null where the source does not tell."),
        Column("clickers", Format.COUNT, "Contacts that clicked the link."),
        Column("clicks", Format.COUNT, "Clicks, repeated ones included."),
        Column(
            "share_of_clickers",
            Format.SHARE,
            "Share of the contacts that clicked any link of the campaign.",
            Kpi(
                "Link share",
                "contacts that clicked the link / contacts that clicked any link of the campaign",
                "campaignClicks.contact, link, times",
                "Shares of a campaign add up to more than 1, as contacts click several links. Robots that check mail "
                "click all of them, and no source tells them apart.",
                "usual in e-mail marketing",
            ),
        ),
        Column("click_rate", Format.RATE, "Contacts that clicked the link, by the basis of the campaign."),
        Column("rank", Format.COUNT, "Place of the link within its campaign, 1 the most clicked."),
    ),
    CLICKS_LOST,
)
SENDS_LOST: Mapping[str, str] = {"campaignSends": "sends and all rates are null"}
MAIL_DOMAINS = Report(
    "mail_domains",
    Role.MARKETING,
    (
        Column("domain", Format.TEXT, "Part of the address after the at sign, in small letters."),
        Column("contacts", Format.COUNT, "Contacts there that were mailed, or did something, in the last `days`."),
        Column("sends", Format.COUNT, "Pairs of contact and campaign sent; null where sends are not known."),
        Column("hard_bounces", Format.COUNT, "Of these, mail to addresses that do not exist."),
        Column("soft_bounces", Format.COUNT, "Mail that came back and may arrive later."),
        Column(
            "bounce_rate",
            Format.RATE,
            "Bounces of both kinds per mail sent.",
            Kpi(
                "Bounce rate by domain",
                "(hard + soft bounces) / sends, of pairs of contact and campaign",
                "campaignBounces.type, code, bounced_at; campaignSends.sent_at; contacts.email_domain",
                "Windows go by the date of each event, so a bounce of an older mail may stand beside no send. Where a "
                "bounce has no type, the code tells: 5 hard, 4 soft. Deleted contacts have no domain and are left out.",
                "usual in e-mail marketing",
            ),
        ),
        Column("opens", Format.COUNT, "Pairs of contact and campaign opened, known prefetches left out."),
        Column(
            "open_rate", Format.RATE, "Opened per mail sent; a fall at one provider alone points to its spam folder."
        ),
        Column("clicks", Format.COUNT, "Pairs of contact and campaign clicked."),
        Column("click_rate", Format.RATE, "Clicked per mail sent."),
        Column("low_sample", Format.FLAG, "Whether fewer than `minimum_sends` were sent there, or nobody knows."),
    ),
    {**SENDS_LOST, **OPENS_LOST, **CLICKS_LOST, "campaignBounces": "bounces are not known"},
)
REPORTS = (READER_TIERS, OPEN_DELAYS, SEND_HOURS, LINK_CLICKS, MAIL_DOMAINS)
