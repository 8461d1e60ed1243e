"""Contacts, deals, campaigns, lists, segments and forms."""

from activecampaign_sandbox.endpoints.model import KEYSET, NEVER, NEVER_DAY, OPERATIONS, Endpoint
from activecampaign_sandbox.filters import After, Among, Contains, Equal, Ids, NotId, OnList, Operator, Value

CONTACTS = Endpoint(
    "contacts",
    "contact",
    "Subscriber",
    keyset=True,
    before=("scoreValues",),
    around=("contactAutomations", "contactLists", "deals", "fieldValues", "geoIps", "accountContacts"),
    include=("contactAutomations", "contactLists", "contactTags", "fieldValues"),
    own_order="email",
    orders={
        "id": "id",
        "cdate": "cdate",
        "email": "email",
        "first_name": "firstName",
        "last_name": "lastName",
        "name": "lastName",
        "score": "id",
    },
    filters={
        **KEYSET,
        "filters[updated_after]": After("udate", ">"),
        "filters[updated_before]": After("udate", "<"),
        "filters[created_after]": After("cdate", ">"),
        "filters[created_before]": After("cdate", "<"),
        "ids": Ids(),
        "exclude": NotId(),
        "email": Equal("email"),
        "email_like": Contains(("email",)),
        "phone": Contains(("phone",), prefix=True),
        "search": Contains(("email", "firstName", "lastName", "phone", "orgname")),
        "listid": OnList(),
        "status": OnList(),
        "formid": Among("forms"),
        "segmentid": Among("segments"),
        "tagid": Among("tags"),
    },
    counters=frozenset({"sentcnt", "last_open_date", "last_click_date", "last_mpp_open_date", "updated_timestamp"}),
    flips={
        "bounced_date": NEVER_DAY,
        "rating_tstamp": NEVER_DAY,
        "deleted_at": NEVER,
        "socialdata_lastcheck": NEVER,
        "sms_consent_updated_at": NEVER,
        "ua": "",
        "best_send_hour": "0",
        "sms_consent": "0",
        "created_by": "0",
        "updated_by": "0",
    },
)

DEALS = Endpoint(
    "deals",
    "deal",
    "Deal",
    total="int",
    orders={
        "title": "title",
        "value": "value",
        "cdate": "cdate",
        "contact_name": "contact",
        "contact_orgname": "organization",
        "next-action": "nextdate",
    },
    filters={
        "filters[updated_after]": After("mdate", ">="),
        "filters[updated_before]": After("mdate", "<"),
        "filters[created_after]": After("cdate", ">="),
        "filters[created_before]": After("cdate", "<"),
        "filters[title]": Contains(("title",)),
        "filters[search]": Contains(("title",)),
        "filters[stage]": Equal("stage"),
        "filters[group]": Equal("group"),
        "filters[status]": Equal("status"),
        "filters[owner]": Equal("owner"),
        "filters[organization]": Equal("organization"),
        "filters[minimum_value]": Value(">="),
        "filters[maximum_value]": Value("<="),
    },
    include=("dealCustomFieldData",),
    touched="mdate",
    parents={"contacts": "contact", "accounts": "account"},
    outlives=True,
    flips={"edate": NEVER, "nexttaskid": "0"},
)

CAMPAIGNS = Endpoint(
    "campaigns",
    "campaign",
    "Campaign",
    orders={"sdate": "sdate", "ldate": "ldate"},
    filters={"filters[seriesid]": Equal("seriesid"), "filters[status]": Equal("status")},
    touched="mdate",
    counters=frozenset(
        {
            *("send_amt", "total_amt", "opens", "uniqueopens", "linkclicks", "uniquelinkclicks", "subscriberclicks"),
            *("forwards", "uniqueforwards", "hardbounces", "softbounces", "unsubscribes", "unsubreasons", "updates"),
            *("socialshares", "replies", "uniquereplies", "verified_opens", "verified_unique_opens"),
        },
    ),
    list_only=frozenset(
        {
            *("numberOfMessages", "campaignIsText", "format", "typeText", "statusToolTip", "statusString"),
            *("groupLimitViolation", "hasTranslations"),
        },
    ),
)

LISTS = Endpoint(
    "lists",
    "list",
    "_List",
    orders={"name": "name"},
    filters={
        "filters[name]": Equal("name"),
        **{f"filters[name][{operation}]": Operator("name", operation) for operation in OPERATIONS},
    },
    counters=frozenset({"active_subscribers", "non_deleted_subscribers"}),
    flips={"facebook_session": "", "analytics_domains": "", "created_by": "0", "updated_by": "1"},
)

SEGMENTS = Endpoint(
    "segments", "segment", "Segment", created="created_timestamp", touched="updated_timestamp", grade="claimed"
)

FORMS = Endpoint(
    "forms",
    "form",
    "Form",
    counters=frozenset({"entries", "contacts", "deals"}),
    list_only=frozenset({"defaultscreenshot", "recent", "contacts", "deals"}),
)
