"""The measures of lists and contacts, each defined once for every report that has it."""

from acflow.reports.model import Column, Format, Kpi

TREND = "https://help.activecampaign.com/hc/en-us/articles/360022151360-Contact-Trend-report-explained"
LAST_ONLY = "A membership tells only its last sign-up and its last leaving."

ACTIVE = Column(
    "active",
    Format.COUNT,
    "Active subscribers.",
    Kpi(
        "Active subscribers",
        "lists.active_subscribers; without it, memberships of status 1",
        "lists.active_subscribers, contactLists.status",
        "Of a day without reading: the reading before, or after if there is none before, and what memberships "
        "say happened "
        f"in between, marked so. Who was deleted before the first reading left no trace and is in no day before it. "
        f"{LAST_ONLY}",
        "ActiveCampaign's own counter, in the API since December 2024",
        "None while the counter is there.",
    ),
)
REACH = Column(
    "reach",
    Format.COUNT,
    "Active members whom mail can reach.",
    Kpi(
        "Reach",
        "e-mail memberships of status 1 whose contact has an address, has not hard-bounced and was not deleted",
        "contactLists.status, channel; contacts.email, bounced_hard, deleted",
        "Null where memberships or contacts were not read. A reach above the list's own counter is an error, which "
        "data_health counts.",
        "by definition",
    ),
)
GROWTH_RATE = Column(
    "list_growth_rate",
    Format.RATE,
    "Growth of the active subscribers in the period, losses of every kind taken off.",
    Kpi(
        "List growth rate",
        "(new - unsubscribed - newly hard-bounced - deleted) / active at the start, which is the change of active",
        "lists.active_subscribers, lists_daily; contactLists.sdate, udate, status; contacts.bounced_date",
        "Null if nobody was active at the start. Of each list and day, active before + new - unsubscribed - bounced - "
        "deleted = active. What the counter moved beyond what memberships show is new if it rose and deleted if "
        "it fell, "
        "and `inferred` counts it: a contact that left and came back between readings is among the deleted, with its "
        f"return among the new. {LAST_ONLY}",
        "by definition",
        f"ActiveCampaign's [Contact Growth]({TREND}) is another measure: subscriptions before the period plus those of "
        "each day; see `contact_growth` in list_growth.",
    ),
)
NET_GROWTH = Column(
    "net_growth_of_total",
    Format.RATE,
    "New subscribers less those who left, by the active ones of now.",
    Kpi(
        "Net growth of the total",
        "(new - unsubscribed) / active",
        "contactLists.sdate, udate, status",
        "Null if nobody is active. Bounces and deletions do not count.",
        "Coupler.io's reports for ActiveCampaign",
    ),
)
CHURN_RATE = Column(
    "churn_rate",
    Format.RATE,
    "Share of the active subscribers that was lost in the period.",
    Kpi(
        "Churn rate",
        "(unsubscribed + newly hard-bounced + deleted) / active at the start",
        "as of List growth rate",
        "Null if nobody was active at the start.",
        "by definition",
    ),
)
CONTACT_GROWTH = Column(
    "contact_growth",
    Format.COUNT,
    "All sign-ups up to the day, as ActiveCampaign's contact trend counts them.",
    Kpi(
        "Contact growth",
        "sign-ups before the day + sign-ups of the day",
        "contactLists.sdate, status",
        f"It never falls, since nobody is taken off who left. {LAST_ONLY}",
        f"[ActiveCampaign: contact trend]({TREND})",
        "The same measure.",
    ),
)
NEW_CONTACTS = Column(
    "new_contacts",
    Format.COUNT,
    "Contacts created in the month that are still there.",
    Kpi(
        "Account growth",
        "contacts by the month of cdate",
        "contacts.cdate, deleted",
        "Created is not subscribed: an import or a deal makes a contact without a sign-up. Deleted contacts are in no "
        "month, so months that are over may shrink.",
        "by definition",
    ),
)
TIER = Column(
    "tier",
    Format.TEXT,
    "recent, engaged, disengaged, inactive, never, or unmailable.",
    Kpi(
        "Engagement tier",
        "age of the latest of adate, click and opening: up to 7 days recent, 28 engaged, 58 disengaged, else inactive; "
        "none at all never; hard-bounced, deleted, without an address or on no list any more unmailable",
        "contacts.email, adate, last_click_date, last_open_date, last_mpp_open_date, bounced_hard, deleted; "
        "contactLists",
        "The option `tiers` sets the days. An opening at the instant of one by Apple's privacy proxy does not count. "
        "A contact that never was on a list can be mailed.",
        "The waits of ActiveCampaign's engagement recipe, 7, 21 and 30 days, added up",
        "The recipe tags contacts as they pass; this looks at dates.",
    ),
)
PROXY_SHARE = Column(
    "proxy_share",
    Format.SHARE,
    "Share that is known only through Apple's privacy proxy.",
    Kpi(
        "Proxy exposure",
        "of opens: (uniqueopens - verified_unique_opens) / uniqueopens; of contacts: those with mpp_tracking / all",
        "campaigns.uniqueopens, verified_unique_opens; contacts.mpp_tracking",
        "Only campaigns that have both counters. Mail that is sent again and again is left out.",
        "[ActiveCampaign: Apple privacy filter](https://help.activecampaign.com/hc/en-us/articles/5955589793564)",
    ),
)
