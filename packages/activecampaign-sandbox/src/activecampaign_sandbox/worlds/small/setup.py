"""What else the company has set up: fields of firms, roles, attribution, text messages, custom objects, rights."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from activecampaign_sandbox import clock
from activecampaign_sandbox.worlds.dice import Dice
from activecampaign_sandbox.worlds.small.deals import Deal
from activecampaign_sandbox.worlds.small.house import LISTS, TEAM
from activecampaign_sandbox.worlds.small.people import DAY, Person
from activecampaign_sandbox.worlds.small.sales import PIPELINES

Given = dict[int, dict[str, Any]]
FIRM_FIELDS = (
    ("Number of seats", "number", None),
    ("Customer since", "date", None),
    ("Credit line", "currency", None),
    ("Serves", "multiselect", ["Breakfast", "Lunch", "Afternoon tea"]),
    ("Delivery notes", "text", None),
)
SEATS, SINCE, CREDIT, SERVES, NOTES = range(1, 6)
ROLES = ("Decision maker", "Contributor", "Influencer")
OUTCOMES = (("Interested", "POSITIVE"), ("Call again", "NEUTRAL"), ("Not interested", "NEGATIVE"))
TASK_TYPES = ("Call", "Email", "To-do")
EVENTS = ("__pagevisit", "brewing-guide-read", "tasting-booked")
SOURCES = (("google", "cpc"), ("instagram", "social"), ("newsletter", "email"), ("", ""))
TEXTS = ("Spring harvest is here", "Tasting this Saturday")
SUBSCRIPTIONS = "tea-subscription"


def _numbered(*rows: Mapping[str, Any]) -> Given:
    return {key: dict(row) for key, row in enumerate(rows, start=1)}


def static_rows(now: datetime) -> dict[str, Callable[[], Given]]:
    """Return what nobody's deeds change, by path."""
    made = clock.stamp(now - 600 * DAY)
    return {
        "accountCustomFieldMeta": lambda: _numbered(
            *(
                {
                    "fieldLabel": label,
                    "fieldType": kind,
                    "fieldOptions": options,
                    "fieldDefaultCurrency": "usd" if kind == "currency" else None,
                }
                for label, kind, options in FIRM_FIELDS
            )
        ),
        "dealRoles": lambda: _numbered(*({"title": role} for role in ROLES)),
        "dealGroupUsers": lambda: _numbered(
            *({"dealGroup": str(1 + place % len(PIPELINES)), "user": str(1 + place)} for place in range(len(TEAM)))
        ),
        "dealTasktypes": lambda: _numbered(*({"title": title} for title in TASK_TYPES)),
        "taskOutcomes": lambda: _numbered(*({"title": title, "sentiment": mood} for title, mood in OUTCOMES)),
        "tasktypeOutcomeRels": lambda: _numbered(
            *({"tasktype_id": "1", "outcome_id": str(place + 1), "display_order": str(place)} for place in range(3))
        ),
        "eventTrackingEvents": lambda: _numbered(*({"name": name} for name in EVENTS)),
        "siteTrackingDomains": lambda: _numbered({"name": "larkspur-tea.example.com"}),
        "conversions": lambda: _numbered({"name": "Order", "value": "25", "currency": "usd", "cdate": made}),
        "conversionTriggers": lambda: _numbered({"conversion": "1", "value": "/thank-you", "cdate": made}),
        "sms": lambda: _numbered(
            {"seriesid": "2", "name": "Basket reminder", "msg": "Your tea is waiting.", "sent": "40", "failed": "2"}
        ),
        "siteMessages": lambda: _numbered({"name": "Welcome back", "automation": "5"}),
        "groups": lambda: _numbered(
            {"title": "Administrators", "sdate": made}, {"title": "Sales", "p_admin": "0", "pgMessageSend": "0"}
        ),
        "groupLimits": lambda: _numbered({"groupid": "1"}, {"groupid": "2", "limitContact": "500"}),
        "groupMembers": lambda: _numbered({}, {"label": "{**DEAL_DEFAULT**}", "type_id": 2}),
        "listGroups": lambda: _numbered(*({"list": str(key), "group": "1"} for key in range(1, len(LISTS) + 1))),
        "lists/exclusions": lambda: _numbered(
            {"matchPhrase": "spamtrap.example.com"}, {"matchPhrase": "never@example.com", "matchType": "exact"}
        ),
        "webhooks": lambda: _numbered({"name": "Warehouse", "events": ["subscribe", "unsubscribe"], "cdate": made}),
        "templates": lambda: _numbered({"name": "Newsletter", "used": "120"}, {"name": "Catalogue"}),
        "addresses": lambda: _numbered(
            {"companyName": "Larkspur Tea", "address1": "12 Harbour Row", "city": "Fairhaven", "isDefault": "1"}
        ),
        "brandings": lambda: _numbered({"groupid": "1", "siteName": "Larkspur Tea"}),
        "savedResponses": lambda: _numbered({"title": "Thank you", "cdate": made}),
        "personalizations": lambda: _numbered({"name": "greeting", "tag": "greeting", "content": "Dear tea lover"}),
        "sms/lists": lambda: _numbered({"name": "Texts", "subscriber_count": 60}),
        "customObjects/schemas": lambda: _numbered(_schema()),
    }


def _schema() -> dict[str, Any]:
    fields = (("plan", "text"), ("boxes", "number"), ("next-box", "date"), ("gift", "boolean"))
    return {
        "slug": SUBSCRIPTIONS,
        "labels": {"singular": "Tea subscription", "plural": "Tea subscriptions"},
        "fields": [
            {"id": name, "labels": {"singular": name, "plural": name}, "type": kind, "required": False}
            for name, kind in fields
        ],
        "relationships": [
            {"id": "primary-contact", "labels": {}, "namespace": "contacts", "hasMany": False},
        ],
    }


def record_rows(crowd: Sequence[Person], now: datetime) -> Given:
    """Return the subscriptions of those who buy most."""
    buyers = [person for person in crowd if person.orders > 2]  # noqa: PLR2004 - regulars
    return {
        key: {
            "schemaId": str(UUID(int=1)),
            "externalId": f"subscription-{person.key}",
            "fields": [
                {"id": "plan", "value": "monthly" if key % 3 else "weekly"},
                {"id": "boxes", "value": person.orders},
                {"id": "next-box", "value": f"{now + (key % 28) * DAY:%Y-%m-%d}"},
                {"id": "gift", "value": key % 7 == 0},
            ],
            "relationships": {"primary-contact": [str(person.key)]},
        }
        for key, person in enumerate(buyers, start=1)
    }


def firm_field_rows(random: Dice, crowd: Sequence[Person]) -> Given:
    """Return what is known of each firm that somebody works for."""
    rows: list[dict[str, Any]] = []
    for firm in sorted({person.firm for person in crowd if person.firm}):
        values: dict[int, Any] = {
            SEATS: str(random.randint(8, 120)),
            SINCE: f"20{random.randint(15, 25)}-0{random.randint(1, 9)}-15",
            CREDIT: str(random.randint(5, 50) * 10_000),
            SERVES: random.sample(["Breakfast", "Lunch", "Afternoon tea"], random.randint(1, 3)),
            NOTES: "Ring twice" if firm % 4 == 0 else "",
        }
        for field, value in values.items():
            if value != "":
                rows.append({"accountId": firm, "customFieldId": field, "fieldValue": value})
                rows[-1] |= {"fieldCurrency": "usd"} if field == CREDIT else {}
    return _numbered(*rows)


def contact_deal_rows(random: Dice, deals: Sequence[Deal], crowd: Sequence[Person]) -> Given:
    """Return colleagues of the buyers, who have a say in the deal too."""
    colleagues: dict[int, list[Person]] = {}
    for person in crowd:
        colleagues.setdefault(person.firm, []).append(person)
    rows = [
        {
            "deal": str(deal.key),
            "contact": str(other.key),
            "role": str(1 + deal.key % len(ROLES)) if deal.key % 4 else None,
            "cdate": clock.stamp(deal.created + timedelta(hours=1)),
        }
        for deal in deals
        if deal.firm and random.happens(0.4)
        for other in colleagues.get(deal.firm, ())[:2]
        if other.key != deal.buyer
    ]
    return _numbered(*rows)


def contact_data_rows(random: Dice, crowd: Sequence[Person]) -> Given:
    """Return by which campaign each contact with a form first came."""
    rows = []
    for person in crowd:
        if person.form:
            source, medium = random.choice(SOURCES)
            first = clock.digits(person.created) if source else None
            rows.append(
                {
                    "contact": str(person.key),
                    "tstamp": clock.stamp(person.created),
                    "ga_campaign_source": source,
                    "ga_campaign_medium": medium,
                    "ga_campaign_name": f"{source}-spring" if source else "",
                    "ga_first_visit": first,
                    "ga_times_visited": str(1 + person.orders),
                }
            )
    return _numbered(*rows)


def conversion_rows(crowd: Sequence[Person], now: datetime) -> Given:
    """Return one conversion for each who has ordered."""
    return _numbered(
        *(
            {
                "contact": str(person.key),
                "value": "25",
                "convertedByType": "campaign",
                "cdate": clock.stamp(person.created + (now - person.created) / 2),
            }
            for person in crowd
            if person.orders
        )
    )


def broadcast_rows(crowd: Sequence[Person], now: datetime) -> tuple[Given, Given]:
    """Return the text messages that were sent, and who was sent each."""
    sent: Given = {}
    received: list[dict[str, Any]] = []
    for key, name in enumerate(TEXTS, start=1):
        at = now - (60 - 20 * key) * DAY
        people = [person for person in crowd if person.key % 29 == key and person.created < at]
        wall = clock.digits(at)
        sent[key] = {"name": name, "body": f"{name}!", "sent_date": wall, "sent_to_count": len(people)}
        received += [
            {
                "broadcast": str(key),
                "contact": person.key,
                "name": f"{person.first} {person.last}",
                "sentDate": wall,
                "clicks": int(place % 3 == 0),
                "deliverability": "failed" if place % 11 == 0 else "delivered",
                "optOut": "yes" if place % 13 == 0 else "no",
            }
            for place, person in enumerate(people, start=1)
        ]
    return sent, _numbered(*received)
