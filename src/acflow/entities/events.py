"""What contacts did with campaigns: a row per contact and campaign, wherever it comes from.

https://www.activecampaign.com/api/example.php?call=campaign_report_link_list
https://developers.activecampaign.com/reference/list-the-opens-of-a-campaign
"""

from acflow.entities.campaigns import CAMPAIGNS
from acflow.entities.model import CampaignEvents, Entity, Evidence, Field, Type

KEY = Field("id", Type.ID, "Key made by acflow and always the same: campaign times a million millions, plus contact.")
CAMPAIGN = Field("campaign", Type.FOREIGN_KEY, "Campaign that the contact got.")
MESSAGE = Field(
    "message",
    Type.FOREIGN_KEY,
    "Message of the campaign; null where the source does not tell, as of opens in version 1.",
    aliases=("messageid",),
)
CONTACT = Field(
    "contact",
    Type.FOREIGN_KEY,
    "Contact who did it, who may be deleted by now.",
    aliases=("subscriberid", "contactId", "contactid"),
)
SOURCE = Field("source", Type.TEXT, "Where the row comes from: `legacy`, `reports` or `lists`.")
COMMON = (KEY, CAMPAIGN, MESSAGE, CONTACT)
PERSONAL = frozenset({"links", "email", "tstamp_iso_local", "customer_acct_name"})


def _times(description: str) -> Field:
    return Field("times", Type.INTEGER, description, aliases=("count",))


def _last(description: str) -> Field:
    return Field("last_at", Type.TIMESTAMP, description, aliases=("tstamp_iso", "bounceDate", "tstamp", "date"))


CAMPAIGN_OPENS = Entity(
    name="campaignOpens",
    description="Which contact opened which campaign, how often and when last.",
    evidence=Evidence.CLAIMED,
    paging=CampaignEvents(
        owner=CAMPAIGNS,
        counters=("uniqueopens",),
        least="verified_unique_opens",
        moving=("uniqueopens", "opens"),
        report="opens",
        action="campaign_report_open_list",
    ),
    essential=("campaign", "contact"),
    fields=(
        *COMMON,
        _last("When the contact opened it last."),
        _times("How often the contact opened it."),
        SOURCE,
    ),
    dropped=PERSONAL,
    quirks=(
        "A row is what one contact has done so far: a later open changes its count and time, and leaves no row.",
        "Prefetches of Apple's mail are not told apart; verified_unique_opens of campaigns counts without them.",
        "The counters may count contacts that have been deleted since, so the certificate tells gaps of campaigns.",
        "Version 1 gives 20 rows a request; a refresh asks only campaigns that are recent or whose counters moved.",
    ),
)

EVENTS: tuple[Entity, ...] = (CAMPAIGN_OPENS,)
