"""What contacts and campaigns go with: tags, lists, automations, custom fields, scores, messages."""

from activecampaign_sandbox.endpoints.model import OPERATIONS, Endpoint
from activecampaign_sandbox.endpoints.six import CAMPAIGNS
from activecampaign_sandbox.filters import Contains, Equal, Operator

TAGS = Endpoint(
    "tags",
    "tag",
    "Tag",
    orders={"search": "tag"},
    filters={
        "search": Contains(("tag",)),
        **{f"filters[search][{operation}]": Operator("tag", operation) for operation in OPERATIONS},
    },
    touched="updated_timestamp",
    counters=frozenset({"subscriber_count"}),
)

CONTACT_TAGS = Endpoint(
    "contactTags",
    "contactTag",
    "SubscriberTag",
    touched="updated_timestamp",
    parents={"contacts": "contact", "tags": "tag"},
)

CONTACT_LISTS = Endpoint(
    "contactLists",
    "contactList",
    "SubscriberList",
    created="sdate",
    parents={"contacts": "contact", "lists": "list"},
)

AUTOMATIONS = Endpoint(
    "automations", "automation", "Series", touched="mdate", counters=frozenset({"entered", "exited"})
)

CONTACT_AUTOMATIONS = Endpoint(
    "contactAutomations",
    "contactAutomation",
    "SubscriberSeries",
    created="adddate",
    touched="lastdate",
    parents={"contacts": "contact", "automations": "automation"},
    grade="documented",
)

FIELDS = Endpoint(
    "fields",
    "field",
    "Field",
    default_limit=100,
    before=("fieldOptions", "fieldRels"),
    around=("fieldOptions", "fieldRels"),
    filters={"filters[perstag]": Equal("perstag")},
)

FIELD_OPTIONS = Endpoint("fieldOptions", "fieldOption", "FieldOption", parents={"fields": "field"}, grade="claimed")

FIELD_RELS = Endpoint(
    "fieldRels", "fieldRel", "FieldRel", touched=None, parents={"fields": "field"}, grade="documented"
)

FIELD_VALUES = Endpoint(
    "fieldValues",
    "fieldValue",
    "FieldValue",
    filters={"filters[fieldid]": Equal("field"), "filters[val]": Equal("value")},
    parents={"contacts": "contact", "fields": "field"},
)

SCORES = Endpoint("scores", "score", "Score", touched="mdate", grade="documented")

MESSAGES = Endpoint("messages", "message", "Message", touched="mdate", grade="documented")

CAMPAIGN_MESSAGES = Endpoint(
    "campaignMessages",
    "campaignMessage",
    "CampaignMessage",
    created=None,
    touched=None,
    counters=CAMPAIGNS.counters,
    parents={"campaigns": "campaign", "messages": "message"},
    grade="claimed",
)

CAMPAIGN_LISTS = Endpoint(
    "campaignLists",
    "campaignList",
    "CampaignList",
    touched=None,
    parents={"campaigns": "campaign", "lists": "list"},
    grade="claimed",
)

MARKETING = (
    TAGS,
    CONTACT_TAGS,
    CONTACT_LISTS,
    AUTOMATIONS,
    CONTACT_AUTOMATIONS,
    FIELDS,
    FIELD_OPTIONS,
    FIELD_RELS,
    FIELD_VALUES,
    SCORES,
    MESSAGES,
    CAMPAIGN_MESSAGES,
    CAMPAIGN_LISTS,
)
