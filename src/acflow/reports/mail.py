"""The measures of e-mail, each defined once for every report that has it."""

from acflow.reports.model import Column, Format, Kpi

STATISTICS = "https://help.activecampaign.com/hc/en-us/articles/14619958598684-ACHQ-Campaign-Statistics"
PROXY = "https://help.activecampaign.com/hc/en-us/articles/4406572859282-ActiveCampaign-and-Apple-iOS-15-Mail-Privacy-Protection"
TRADE = "usual in e-mail marketing"
BASIS = "The basis is delivered; the option `basis` makes it sends or total_amt."
NOTHING = "Null where nothing was sent, and for drafts and campaigns that wait for approval."

SENDS = Column(
    "sends",
    Format.COUNT,
    "Messages sent.",
    Kpi(
        "Sends",
        "send_amt; for autoresponders whose send_amt is 0, total_amt",
        "campaigns.send_amt, total_amt, type",
        "`sends_source` says which counter was taken. Where send_amt is 0 in other types while an audience, "
        "opens, clicks "
        "or bounces are counted, nobody knows how many were sent: all rates are null, the row is flagged `sends "
        "unknown`, "
        "and groups count it in `campaigns_without_sends`.",
        "ActiveCampaign's older report code, which never fills send_amt for responders",
    ),
)
DELIVERED = Column(
    "delivered",
    Format.COUNT,
    "Messages sent that did not bounce.",
    Kpi(
        "Delivered",
        "max(sends - hardbounces - softbounces, 0)",
        "campaigns.hardbounces, softbounces",
        "Bounces may come days later, so it moves until they have.",
        TRADE,
    ),
)
BASE = Column("base", Format.COUNT, "What the rates of opens and clicks are shares of, by the chosen basis.")
UNIQUE_OPENS = Column(
    "unique_opens",
    Format.COUNT,
    "Contacts that opened, openings by Apple's privacy proxy included; null if not tracked.",
)
VERIFIED_OPENS = Column(
    "verified_opens", Format.COUNT, "Contacts that opened, openings by Apple's privacy proxy left out."
)
CLICKERS = Column("clickers", Format.COUNT, "Contacts that clicked; null if links were not tracked.")
UNSUBSCRIBES = Column("unsubscribes", Format.COUNT, "Contacts that left a list through the mail.")
DELIVERY_RATE = Column(
    "delivery_rate",
    Format.SHARE,
    "Share of the messages sent that did not bounce.",
    Kpi("Delivery rate", "delivered / sends", "as of Delivered", NOTHING, TRADE),
)
OPEN_RATE = Column(
    "open_rate",
    Format.RATE,
    "Contacts that opened, by the basis; openings by Apple's privacy proxy included.",
    Kpi(
        "Open rate",
        "uniqueopens / basis",
        "campaigns.uniqueopens, trackreads",
        f"{BASIS} {NOTHING} Null too if openings were not tracked. Above 1 it is flagged, never cut off.",
        f"[ActiveCampaign: campaign statistics]({STATISTICS})",
        "ActiveCampaign's open rate counts unique opens as well; the denominator of its new report is not published. "
        "Its older report divides by total_amt.",
    ),
)
VERIFIED_OPEN_RATE = Column(
    "verified_open_rate",
    Format.RATE,
    "Contacts that opened, by the basis; openings by Apple's privacy proxy left out.",
    Kpi(
        "Verified open rate",
        "verified_unique_opens / basis",
        "campaigns.verified_unique_opens",
        f"{BASIS} {NOTHING} Null where the account does not send verified opens.",
        f"[ActiveCampaign: Apple's mail privacy protection]({PROXY})",
        "ActiveCampaign's reports show it only with the Apple privacy filter on.",
    ),
)
TOTAL_OPEN_RATE = Column(
    "total_open_rate",
    Format.RATE,
    "Openings per message of the basis, repeated ones included; may exceed 1.",
    Kpi("Total open rate", "opens / basis", "campaigns.opens", f"{BASIS} May exceed 1, and is no open rate.", TRADE),
)
CLICK_RATE = Column(
    "click_rate",
    Format.RATE,
    "Contacts that clicked, by the basis.",
    Kpi(
        "Click rate",
        "subscriberclicks / basis",
        "campaigns.subscriberclicks, uniquelinkclicks, tracklinks",
        f"{BASIS} {NOTHING} Null too if links were not tracked. Where subscriberclicks is missing, uniquelinkclicks "
        "are counted, and `clickers_source` says so.",
        f"[ActiveCampaign: campaign statistics]({STATISTICS}), Subscriber CTR",
        "The same numerator; ActiveCampaign divides by recipients.",
    ),
)
LINK_CLICK_RATE = Column(
    "link_click_rate",
    Format.RATE,
    "Pairs of contact and link clicked, by the basis; may exceed the share of people.",
    Kpi(
        "Link click rate",
        "uniquelinkclicks / basis",
        "campaigns.uniquelinkclicks",
        f"{BASIS} One contact with two links is two.",
        f"[ActiveCampaign: campaign statistics]({STATISTICS}), Unique CTR",
    ),
)
TOTAL_CLICK_RATE = Column(
    "total_click_rate",
    Format.RATE,
    "Clicks per message of the basis, repeated ones included; may exceed 1.",
    Kpi(
        "Total click rate",
        "linkclicks / basis",
        "campaigns.linkclicks",
        f"{BASIS} May exceed 1.",
        f"[ActiveCampaign: campaign statistics]({STATISTICS}), Total CTR",
    ),
)
CTOR = Column(
    "ctor",
    Format.RATE,
    "Of the contacts that opened, the share that clicked.",
    Kpi(
        "Click-to-open rate",
        "subscriberclicks / uniqueopens",
        "as of Click rate and Open rate",
        "Null if nobody opened or openings were not tracked. Above 1 only where unique link clicks are counted.",
        TRADE,
        "A click counts as an opening in ActiveCampaign even if no picture was loaded, so it hardly exceeds 1.",
    ),
)
BOUNCE_RATE = Column(
    "bounce_rate",
    Format.RATE,
    "Share of the messages sent that bounced.",
    Kpi(
        "Bounce rate, hard and soft",
        "(hardbounces + softbounces) / sends; hardbounces / sends; softbounces / sends",
        "campaigns.hardbounces, softbounces",
        f"Always by sends, never by delivered. {NOTHING} Above 2 % is a warning; above 100 % the row is flagged.",
        TRADE,
    ),
)
UNSUBSCRIBE_RATE = Column(
    "unsubscribe_rate",
    Format.RATE,
    "Share of the messages sent after which contacts left a list.",
    Kpi(
        "Unsubscribe rate",
        "unsubscribes / sends",
        "campaigns.unsubscribes",
        f"{NOTHING} `unsubscribe_rate_of_delivered` divides by delivered. Above 0.5 % is a warning.",
        f"[ActiveCampaign: campaign statistics]({STATISTICS})",
        "The same.",
    ),
)
FORWARD_RATE = Column(
    "forward_rate",
    Format.RATE,
    "Contacts that used the forward link, by delivered.",
    Kpi(
        "Forward and reply rate",
        "uniqueforwards / delivered; uniquereplies / delivered",
        "campaigns.uniqueforwards, forwards, uniquereplies, replies",
        "Where the unique counters are missing, the plain ones are taken. Forwarding in a mail program stays unseen.",
        TRADE,
    ),
)
SEND_PROGRESS = Column(
    "send_progress",
    Format.SHARE,
    "How much of the planned audience the sending has reached, 1 at most.",
    Kpi(
        "Send progress",
        "min(send_amt / total_amt, 1)",
        "campaigns.send_amt, total_amt",
        "Null if total_amt is 0. Repeated sending would pass 1 and is cut off there.",
        "by definition",
    ),
)
RANK = Column(
    "rank",
    Format.COUNT,
    "Rank by open rate among campaigns of enough sends; null below the option `minimum_sends`.",
    Kpi(
        "Rank and interval",
        "rank by open_rate where sends >= minimum_sends; Wilson's score interval at 95 % around open_rate",
        "as of Open rate",
        "Tiny mailings have no rank, and their range is wide. No range where the rate is above 1.",
        "E. B. Wilson, 1927, Probable inference, the law of succession, and statistical inference",
    ),
    formerly="place",
)
SIGNIFICANTLY_BETTER = Column(
    "significantly_better",
    Format.FLAG,
    "Whether its range of open rates lies above those of all other messages of the test; null if there is no other.",
    Kpi(
        "Split test",
        "the rates of each message by its own counters; significantly better where open_rate_low is above "
        "open_rate_high of every other message of the campaign",
        "campaignMessages.send_amt, total_amt, uniqueopens, subscriberclicks, hardbounces, softbounces, unsubscribes",
        f"{BASIS} {NOTHING} Ranges that overlap may differ by chance alone. Verified opens are not known by message.",
        "E. B. Wilson, 1927, as of Rank and interval",
        "ActiveCampaign declares a winner by the higher rate, however small the difference.",
    ),
    formerly="better_for_sure",
)
GROUP_MEASURES = (
    Column("campaigns", Format.COUNT, "Campaigns that sent anything."),
    Column(
        "campaigns_without_sends",
        Format.COUNT,
        "Campaigns with opens, clicks or an audience whose number of sends is not known; they are in no rate.",
    ),
    SENDS,
    DELIVERED,
    UNIQUE_OPENS,
    VERIFIED_OPENS,
    CLICKERS,
    UNSUBSCRIBES,
    DELIVERY_RATE,
    OPEN_RATE,
    VERIFIED_OPEN_RATE,
    CLICK_RATE,
    CTOR,
    BOUNCE_RATE,
    UNSUBSCRIBE_RATE,
)
"""What groups of campaigns have: ratios of sums, never means of ratios."""
