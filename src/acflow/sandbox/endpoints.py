"""Which paths the sandbox answers, and how each differs from the others.

A path more is one `Endpoint` more: everything else reads this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from acflow.sandbox.filters import After, Among, Contains, Equal, Filter, Id, Ids, NotId, OnList, Operator, Value

Total = Literal["string", "int", "absent"]
Grade = Literal["recorded", "documented", "claimed", "guessed"]


@dataclass(frozen=True)
class Endpoint:
    """One list of records and its single records.

    `total` is how meta.total is written; `before` are sideloaded collections that come before the records, `around`
    those beside a single record. `touched` is the date that an update moves, `counters` are fields whose changes move
    no date, `flips` what null turns into with the first write.
    """

    path: str
    singular: str
    missing: str  # what a 404 calls the record
    total: Total = "string"
    orders: Mapping[str, str] = field(default_factory=dict)
    filters: Mapping[str, Filter] = field(default_factory=dict)
    keyset: bool = False
    before: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    own_order: str | None = None  # field of the default order; None is a shuffle
    touched: str | None = "udate"
    counters: frozenset[str] = frozenset()
    flips: Mapping[str, str] = field(default_factory=dict)
    list_only: frozenset[str] = frozenset()
    grade: Grade = "recorded"


NEVER, NEVER_DAY = "0000-00-00 00:00:00", "0000-00-00"

KEYSET: Mapping[str, Filter] = {"id_greater": Id(">"), "id_less": Id("<")}

CONTACTS = Endpoint(
    "contacts",
    "contact",
    "Subscriber",
    keyset=True,
    before=("scoreValues",),
    around=("contactAutomations", "contactLists", "deals", "fieldValues", "geoIps", "accountContacts"),
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
    counters=frozenset({"sentcnt", "last_open_date", "last_click_date", "last_mpp_open_date"}),
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
    touched="mdate",
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

OPERATIONS = ("eq", "neq", "lt", "lte", "gt", "gte", "contains", "starts_with")

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

SEGMENTS = Endpoint("segments", "segment", "Segment", touched="updated_timestamp", grade="claimed")

FORMS = Endpoint(
    "forms",
    "form",
    "Form",
    counters=frozenset({"entries", "contacts", "deals"}),
    list_only=frozenset({"defaultscreenshot", "recent", "contacts", "deals"}),
)

USERS = Endpoint("users", "user", "User", touched=None)

DEAL_GROUPS = Endpoint(
    "dealGroups",
    "dealGroup",
    "DealGroup",
    total="int",
    before=("dealStages",),
    orders={"title": "title"},
    filters={"filters[title]": Contains(("title",))},
)

DEAL_STAGES = Endpoint(
    "dealStages",
    "dealStage",
    "DealStage",
    total="int",
    orders={"title": "title"},
    filters={"filters[title]": Contains(("title",)), "filters[d_groupid]": Equal("group")},
)

ENDPOINTS = (CONTACTS, CAMPAIGNS, LISTS, DEALS, SEGMENTS, FORMS, USERS, DEAL_GROUPS, DEAL_STAGES)
