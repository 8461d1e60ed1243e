"""What contacts did with campaigns: a row per contact and campaign, of clicks per link too, wherever it comes from.

https://www.activecampaign.com/api/example.php?call=campaign_report_link_list
https://developers.activecampaign.com/reference/list-the-opens-of-a-campaign
"""

from acflow.entities.campaigns import CAMPAIGNS
from acflow.entities.memberships import CONTACT_LISTS
from acflow.entities.model import CampaignEvents, Entity, Evidence, Field, Offset, Type

KEY = Field("id", Type.ID, "Key made by acflow: of reports it tells campaign, link and contact, of lists their own id.")
CAMPAIGN = Field("campaign", Type.FOREIGN_KEY, "Campaign that the contact got.")
MESSAGE = Field(
    "message", Type.FOREIGN_KEY, "Message of the campaign; null where the source does not tell.", aliases=("messageid",)
)
CONTACT = Field(
    "contact",
    Type.FOREIGN_KEY,
    "Contact who did it, who may be deleted by now.",
    aliases=("subscriberid", "contactId", "contactid"),
)
SOURCE = Field("source", Type.TEXT, "Where the row comes from: `legacy`, `reports` or `lists`.")
COMMON = (KEY, CAMPAIGN, MESSAGE, CONTACT)
# Addresses of people and machines, raw mails, and what is told by other columns.
DROPPED = frozenset(
    {
        *("links", "email", "customer_acct_name", "ip", "ip4", "ua", "uasrc", "referer", "place", "campaignid"),
        *("isread", "toAddress", "sendid", "created_timestamp", "updated_timestamp", "bounce", "bounceid", "codeid"),
    }
)
GAPS = "The counters may count contacts that have been deleted since, so the certificate tells gaps of campaigns."
COST = "Version 1 gives 20 rows a request; a refresh asks only campaigns that are recent or whose counters moved."


def _list(path: str) -> Entity:
    """Return a list that is read for its events alone."""
    return Entity(name=path, description="", fields=(KEY,), paging=Offset(), evidence=Evidence.CLAIMED)


LINK_DATA, PREFETCHES, LINKS, SENDS, BOUNCES = map(_list, ("linkData", "mppLinkData", "links", "logs", "bounceLogs"))


def _at(name: str, description: str, *keys: str) -> Field:
    """Return the instant of an event; of two spellings the one with an offset counts."""
    return Field(name, Type.TIMESTAMP, description, aliases=(*keys, "tstamp_iso", "tstamp"))


def _times(description: str) -> Field:
    return Field("times", Type.INTEGER, description)


CAMPAIGN_SENDS = Entity(
    name="campaignSends",
    description="Which campaign was sent to which contact, and when.",
    evidence=Evidence.CLAIMED,
    paging=CampaignEvents(owner=CAMPAIGNS, counters=("send_amt",), moving=("send_amt",), listed=(SENDS,)),
    essential=("campaign", "contact"),
    fields=(
        *COMMON,
        _at("sent_at", "When it was sent."),
        Field("successful", Type.BOOLEAN, "Whether it could be handed over; bounces come later."),
        SOURCE,
    ),
    dropped=DROPPED,
    quirks=(
        "Only a list of all sends has them, which other readers use and no reference shows.",
        "The list has no filter for what is new, so every run reads all of it: a request for a hundred mails.",
        GAPS,
    ),
)

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
        listed=(LINK_DATA, PREFETCHES),
        links=LINKS,
    ),
    essential=("campaign", "contact"),
    fields=(
        *COMMON,
        _at("last_at", "When the contact opened it last."),
        _times("How often the contact opened it."),
        Field("prefetched", Type.BOOLEAN, "Whether only Apple's proxy did; null where the source does not tell."),
        SOURCE,
    ),
    dropped=DROPPED | {"link"},
    quirks=(
        "A row is what one contact has done so far: a later open changes its count and time, and leaves no row.",
        "Reports do not tell prefetches of Apple's mail apart, account-wide lists do: `ACFLOW_EVENTS_SOURCE=lists`.",
        "verified_unique_opens of campaigns counts openers without prefetches, uniqueopens with them.",
        GAPS,
        COST,
    ),
)

CAMPAIGN_CLICKS = Entity(
    name="campaignClicks",
    description="Which contact clicked which link of which campaign, how often and when last.",
    evidence=Evidence.CLAIMED,
    paging=CampaignEvents(
        owner=CAMPAIGNS,
        counters=("subscriberclicks",),
        moving=("subscriberclicks", "uniquelinkclicks", "linkclicks"),
        report="linkClicks",
        action="campaign_report_link_list",
        by_link=True,
        listed=(LINK_DATA,),
        links=LINKS,
    ),
    essential=("campaign", "contact"),
    fields=(
        *COMMON,
        Field("link", Type.FOREIGN_KEY, "Link that was clicked."),
        Field("url", Type.TEXT, "Where the link leads; null where the source does not tell."),
        _at("last_at", "When the contact clicked it last."),
        _times("How often the contact clicked it."),
        SOURCE,
    ),
    dropped=DROPPED | {"prefetched"},
    quirks=(
        "A row is what one contact has done with one link so far.",
        "Robots that check mail click too; no source tells them apart by contact.",
        "Contacts are held against subscriberclicks, which counts each once, however many links they clicked.",
        GAPS,
        COST,
    ),
)

CAMPAIGN_BOUNCES = Entity(
    name="campaignBounces",
    description="Which mail of which campaign came back, and why.",
    evidence=Evidence.CLAIMED,
    paging=CampaignEvents(
        owner=CAMPAIGNS,
        counters=("hardbounces", "softbounces"),
        moving=("hardbounces", "softbounces"),
        report="bounces",
        action="campaign_report_bounce_list",
        listed=(BOUNCES,),
    ),
    essential=("campaign", "contact"),
    fields=(
        *COMMON,
        _at("bounced_at", "When it came back; some accounts tell the day only.", "bounceDate"),
        Field("type", Type.TEXT, "hard for addresses that do not exist, soft for those that may work later."),
        Field("code", Type.TEXT, "Status of the refusing server, such as 5.1.1."),
        Field("reason", Type.TEXT, "The same in a word; null where the source does not tell."),
        Field("list", Type.FOREIGN_KEY, "List that the mail was sent to.", aliases=("listid",)),
        SOURCE,
    ),
    dropped=DROPPED | {"prefetched", "times", "counted", "descript", "error"},
    quirks=(
        "A mail that came back several times is one row of version 1's report and several of the list.",
        "In the account-wide list type is null: the code tells, 5 is hard and 4 is soft.",
        GAPS,
        COST,
    ),
)

CAMPAIGN_UNSUBSCRIBES = Entity(
    name="campaignUnsubscribes",
    description="Which contact left by which campaign, when, and why in their own words.",
    evidence=Evidence.CLAIMED,
    paging=CampaignEvents(
        owner=CAMPAIGNS,
        counters=("unsubscribes",),
        moving=("unsubscribes",),
        report="unsubscribes",
        action="campaign_report_unsubscription_list",
        listed=(CONTACT_LISTS,),
        chosen={"status": "2"},
    ),
    essential=("campaign", "contact"),
    fields=(
        *COMMON,
        _at("left_at", "When the contact left.", "udate_iso", "udate"),
        Field("reason", Type.TEXT, "Why, in the contact's words; empty if not told.", aliases=("unsubreason",)),
        Field(
            "list", Type.FOREIGN_KEY, "List that was left; null where the source does not tell.", aliases=("listid",)
        ),
        SOURCE,
    ),
    dropped=(DROPPED | {"prefetched", "times"} | CONTACT_LISTS.known_keys)
    - {"id", "contact", "campaign", "message", "list", "udate", "unsubreason"},
    quirks=(
        "Those who were unsubscribed by a step of an automation, without a mail, are in no report.",
        "In contactLists, the account-wide list, who signed up again is missing, and who left two is there twice.",
        GAPS,
        COST,
    ),
)

CAMPAIGN_FORWARDS = Entity(
    name="campaignForwards",
    description="Which contact forwarded which campaign by its link, and how often.",
    evidence=Evidence.CLAIMED,
    paging=CampaignEvents(
        owner=CAMPAIGNS,
        counters=("uniqueforwards",),
        moving=("forwards", "uniqueforwards"),
        report="forwards",
        action="campaign_report_forward_list",
    ),
    essential=("campaign", "contact"),
    fields=(
        *COMMON,
        _at("last_at", "When the contact forwarded it last."),
        _times("How often the contact forwarded it."),
        SOURCE,
    ),
    dropped=DROPPED | {"forward_to", "forwardedTo", "email_to", "to"},
    quirks=(
        "No answer of version 1's report was ever shown; the address forwarded to is never stored.",
        "Only the link for forwarding counts; what people forward by their mail program nobody sees.",
        GAPS,
        COST,
    ),
)

EVENTS: tuple[Entity, ...] = (
    CAMPAIGN_SENDS,
    CAMPAIGN_OPENS,
    CAMPAIGN_CLICKS,
    CAMPAIGN_BOUNCES,
    CAMPAIGN_UNSUBSCRIBES,
    CAMPAIGN_FORWARDS,
)
