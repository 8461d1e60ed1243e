"""Where contacts come from and what they did: first touch, conversions, tracking, text messages."""

from activecampaign_sandbox.endpoints.plain import plain
from activecampaign_sandbox.endpoints.template import Of, Template
from activecampaign_sandbox.filters import Equal

ATTRIBUTION = (
    plain(
        "contactData",
        "contactDatum",
        Template(
            {
                "contact": "1",
                "tstamp": Of.MADE,
                "geoTstamp": None,
                "geoIp4": "0",
                **dict.fromkeys(("geoCountry2", "geo_country", "geoState", "geoCity", "geoZip"), ""),
                "geoArea": "0",
                "geoLat": "0.000000",
                "geoLon": "0.000000",
                "geoTz": "",
                "geoTzOffset": "0.00",
                **dict.fromkeys(
                    (
                        f"ga_campaign_{name}"
                        for name in ("source", "name", "medium", "term", "content", "customsegment")
                    ),
                    "",
                ),
                "ga_first_visit": None,
                "ga_times_visited": "0",
                "fb_id": "0",
                "fb_name": "",
                "tw_id": "0",
                "created_timestamp": "0000-00-00 00:00:00",
                "updated_timestamp": "0000-00-00 00:00:00",
                "created_by": "0",
                "updated_by": "0",
                "id": Of.KEY,
            },
            links=None,
        ),
        created="tstamp",
        parents={"contacts": "contact"},
        grade="claimed",
    ),
    plain(
        "conversions",
        "conversion",
        Template(
            {
                "name": "Conversion {key}",
                "value": "0",
                "currency": "usd",
                "limit": "0",
                "enforcelimit": "0",
                "cdate": Of.MADE,
                "udate": Of.MADE,
                "id": Of.KEY,
            },
            links=("conversionTriggers",),
        ),
        touched="udate",
        grade="claimed",
    ),
    plain(
        "conversionTriggers",
        "conversionTrigger",
        Template(
            {
                "conversion": "1",
                "triggerType": "page",
                "modifier": "is",
                "value": "",
                "dynamic": "0",
                "retroactive": "0",
                "cdate": Of.MADE,
                "udate": Of.MADE,
                "id": Of.KEY,
                "automationBlock": None,
            },
            links=("conversion",),
        ),
        touched="udate",
        parents={"conversions": "conversion"},
        grade="claimed",
    ),
    plain(
        "contactConversions",
        "contactConversion",
        Template(
            {
                "contact": "1",
                "conversion": "1",
                "conversionTrigger": "1",
                "convertedByType": None,
                "convertedById": "0",
                "triggerType": "page",
                "modifier": "is",
                "value": "0",
                "currency": "usd",
                "dynamic": "0",
                "cdate": Of.MADE,
                "id": Of.KEY,
            },
            links=("contact", "conversion"),
        ),
        parents={"contacts": "contact", "conversions": "conversion"},
        grade="claimed",
    ),
    plain(
        "eventTrackingEvents",
        "eventTrackingEvent",
        Template({"name": "event-{key}", "id": Of.KEY}),
        created=None,
        total="int",
        keyed="name",
        grade="documented",
    ),
    plain(
        "siteTrackingDomains",
        "siteTrackingDomain",
        Template({"name": "site-{key}.example.com", "id": Of.KEY}),
        created=None,
        total="int",
        keyed="name",
        grade="documented",
    ),
    plain(
        "sms/broadcasts",
        "broadcast",
        Template(
            {
                "id": Of.NUMBER,
                "name": "Broadcast {key}",
                "body": "",
                "status": "sent",
                "sent_date": None,
                "scheduled_date": None,
                "sent_to_count": 0,
                "list_ids": [],
                "segment_id": None,
                "label_ids": [],
                "quiet_hours_enabled": 0,
                "created_at": Of.DIGITS,
                "updated_at": Of.DIGITS,
                "deleted_at": None,
            }
        ),
        created=None,
        total="int",
        grade="documented",
    ),
    plain(
        "sms/recipients",
        "recipient",
        Template(
            {
                "id": Of.NUMBER,
                "broadcast": "1",
                "contact": 1,
                "name": "",
                "phoneNumber": "+10000000000",
                "sentDate": Of.DIGITS,
                "clicks": 0,
                "deliverability": "delivered",
                "replies": [],
                "optOut": "no",
                "details": None,
            }
        ),
        created=None,
        total="int",
        below="recipients",
        below_keys={
            "id": "contact",
            **{
                name: name
                for name in (
                    *("name", "phoneNumber", "sentDate", "clicks", "deliverability", "replies", "optOut", "details"),
                )
            },
        },
        pages_below=True,
        listed=False,
        filters={"_owner": Equal("broadcast")},
        parents={"sms/broadcasts": "broadcast", "contacts": "contact"},
        grade="documented",
    ),
    plain(
        "sms/lists",
        "list",
        Template({"id": Of.NUMBER, "name": "Text list {key}", "subscriber_count": 0}),
        created=None,
        total="int",
        counters=frozenset({"subscriber_count"}),
        grade="documented",
    ),
)
