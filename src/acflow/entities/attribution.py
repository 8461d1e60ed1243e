"""Where contacts come from and what they did: first visits, conversions, tracked events.

https://developers.activecampaign.com/reference/retrieve-contact-data
https://developers.activecampaign.com/reference/list-all-event-types
"""

from acflow.entities.model import Entity, Evidence, Field, Offset, Type

HIGHER_PLAN = "Only higher plans have attribution; without it the answer is 403, 404 or an empty list."

CONTACT_DATA = Entity(
    name="contactData",
    description="Where each contact was first seen: place, and the parameters of the campaign that brought them.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    essential=("contact",),
    dropped=frozenset({"links", "geoIp4", "geo_ip4"}),
    fields=(
        Field("id", Type.ID, "Key of the row."),
        Field("contact", Type.FOREIGN_KEY, "Contact that the row is about."),
        Field("tstamp", Type.TIMESTAMP, "When the row was last written."),
        Field("geoTstamp", Type.TIMESTAMP, "When the place was looked up; null if never.", aliases=("geo_tstamp",)),
        Field("geoCountry2", Type.TEXT, "Country as a code of two letters.", aliases=("geo_country2",)),
        Field("geo_country", Type.TEXT, "Country of the place, in words."),
        Field("geoState", Type.TEXT, "State or region of the place.", aliases=("geo_state",)),
        Field("geoCity", Type.TEXT, "City of the place.", aliases=("geo_city",)),
        Field("geoZip", Type.TEXT, "Postal code of the place.", aliases=("geo_zip",)),
        Field("geoArea", Type.INTEGER, "Telephone area of the place; 0 if unknown.", aliases=("geo_area",)),
        Field("geoLat", Type.NUMBER, "Latitude of the place; 0 if unknown.", aliases=("geo_lat",)),
        Field("geoLon", Type.NUMBER, "Longitude of the place; 0 if unknown.", aliases=("geo_lon",)),
        Field("geoTz", Type.TEXT, "Time zone of the place.", aliases=("geo_tz",)),
        Field("geoTzOffset", Type.NUMBER, "Hours of that zone from UTC.", aliases=("geo_tz_offset",)),
        Field("ga_campaign_source", Type.TEXT, "utm_source of the first visit; empty if none was seen."),
        Field("ga_campaign_name", Type.TEXT, "utm_campaign of the first visit."),
        Field("ga_campaign_medium", Type.TEXT, "utm_medium of the first visit."),
        Field("ga_campaign_term", Type.TEXT, "utm_term of the first visit."),
        Field("ga_campaign_content", Type.TEXT, "utm_content of the first visit."),
        Field("ga_campaign_customsegment", Type.TEXT, "Segment that the site gave the first visit."),
        Field("ga_first_visit", Type.TEXT, "When the first visit was, in no fixed form; null if none was seen."),
        Field("ga_times_visited", Type.INTEGER, "Visits of the contact that were seen."),
        Field("fb_id", Type.TEXT, "Identity of the contact at Facebook; 0 if unknown."),
        Field("fb_name", Type.TEXT, "Name that the contact has at Facebook."),
        Field("tw_id", Type.TEXT, "Identity of the contact at Twitter; 0 if unknown."),
        Field("created_timestamp", Type.LOCAL_TIMESTAMP, "Database time of the row; often a zero date."),
        Field("updated_timestamp", Type.LOCAL_TIMESTAMP, "Database time of the last write; often a zero date."),
        Field("created_by", Type.FOREIGN_KEY, "User who made the row; null where it was no user."),
        Field("updated_by", Type.FOREIGN_KEY, "User who changed the row last; null where it was no user."),
    ),
    quirks=(
        "Most accounts fill little of it: it takes site tracking, or forms that pass the parameters on.",
        "The reference shows the row of one contact; that the list of all answers is told by a reader of accounts.",
        "The internet address is never stored.",
    ),
)

CONVERSIONS = Entity(
    name="conversions",
    description="Conversions that the account counts, such as a purchase, with what each is worth.",
    evidence=Evidence.CLAIMED,
    paging=Offset(),
    small=True,
    fields=(
        Field("id", Type.ID, "Key of the conversion."),
        Field("name", Type.TEXT, "Name of the conversion."),
        Field("value", Type.NUMBER, "What one conversion is worth; whether in whole or smallest units is not known."),
        Field("currency", Type.TEXT, "Currency of the value."),
        Field("limit", Type.INTEGER, "How often it may count for one contact; quote the name in SQL."),
        Field("enforcelimit", Type.BOOLEAN, "Whether that limit holds.", aliases=("enforceLimit", "enforce_limit")),
        Field("cdate", Type.TIMESTAMP, "When the conversion was made."),
        Field("udate", Type.TIMESTAMP, "When the conversion was last edited."),
    ),
    quirks=("The unit of the value is not known, so acflow makes no amount of it.", HIGHER_PLAN),
)

CONVERSION_TRIGGERS = Entity(
    name="conversionTriggers",
    description="What makes a conversion count: a page, a deal, a step of an automation.",
    evidence=Evidence.CLAIMED,
    paging=Offset(),
    small=True,
    fields=(
        Field("id", Type.ID, "Key of the trigger."),
        Field("conversion", Type.FOREIGN_KEY, "Conversion that it makes count."),
        Field("trigger_type", Type.TEXT, "Kind of the trigger, in the account's words.", aliases=("triggerType",)),
        Field("modifier", Type.TEXT, "How the value is compared."),
        Field("value", Type.TEXT, "What must come about, by the kind of the trigger."),
        Field("dynamic", Type.BOOLEAN, "Whether the worth is taken from what came about."),
        Field("retroactive", Type.BOOLEAN, "Whether what came about before counts too."),
        Field(
            "automation_block",
            Type.FOREIGN_KEY,
            "Step of an automation that stands for it.",
            aliases=("automationBlock",),
        ),
        Field("cdate", Type.TIMESTAMP, "When the trigger was made."),
        Field("udate", Type.TIMESTAMP, "When the trigger was last edited."),
    ),
    quirks=("Not in the public reference; a reader of real accounts names it.", HIGHER_PLAN),
)

CONTACT_CONVERSIONS = Entity(
    name="contactConversions",
    description="Which contact converted, when, through what, and what it was worth.",
    evidence=Evidence.CLAIMED,
    paging=Offset(),
    essential=("contact", "conversion"),
    fields=(
        Field("id", Type.ID, "Key of the event."),
        Field("contact", Type.FOREIGN_KEY, "Contact that converted."),
        Field("conversion", Type.FOREIGN_KEY, "Conversion that counted."),
        Field(
            "conversiontrigger",
            Type.FOREIGN_KEY,
            "Trigger that made it count, a row of conversionTriggers.",
            aliases=("conversionTrigger", "conversion_trigger"),
        ),
        Field("converted_by_type", Type.TEXT, "Kind of record that brought it about.", aliases=("convertedByType",)),
        Field(
            "converted_by_id",
            Type.FOREIGN_KEY,
            "Key of the record that brought it about.",
            aliases=("convertedById", "converted_by", "convertedBy"),
        ),
        Field("trigger_type", Type.TEXT, "Kind of the trigger, in the account's words.", aliases=("triggerType",)),
        Field("modifier", Type.TEXT, "How the trigger compares its value."),
        Field("value", Type.NUMBER, "What it was worth; whether in whole or smallest units is not known."),
        Field("currency", Type.TEXT, "Currency of the value."),
        Field("dynamic", Type.BOOLEAN, "Whether the worth was taken from what came about."),
        Field("cdate", Type.TIMESTAMP, "When the contact converted."),
    ),
    quirks=("Not in the public reference; a reader of real accounts names it.", HIGHER_PLAN),
)

EVENT_TRACKING_EVENTS = Entity(
    name="eventTrackingEvents",
    description="Names of the events that the account tracks on web sites.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    small=True,
    text_key="name",
    text_column="name",
    fields=(
        Field("id", Type.ID, "Number that acflow makes of the name, as the API gives none."),
        Field("name", Type.TEXT, "Name of the event; those with two underscores are ActiveCampaign's own."),
    ),
    quirks=("The API knows these by name alone, so the id is made of it and always the same.",),
)

SITE_TRACKING_DOMAINS = Entity(
    name="siteTrackingDomains",
    description="Domains on which visits of contacts are tracked.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    small=True,
    text_key="name",
    text_column="name",
    fields=(
        Field("id", Type.ID, "Number that acflow makes of the domain, as the API gives none."),
        Field("name", Type.TEXT, "The domain, without protocol and path."),
    ),
    quirks=("The API knows these by name alone, so the id is made of it and always the same.",),
)

ATTRIBUTION = (
    CONTACT_DATA,
    CONVERSIONS,
    CONVERSION_TRIGGERS,
    CONTACT_CONVERSIONS,
    EVENT_TRACKING_EVENTS,
    SITE_TRACKING_DOMAINS,
)
