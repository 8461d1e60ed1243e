"""What deals go with: pipelines and stages, accounts, custom fields, tasks, notes, and the log of what happened."""

from activecampaign_sandbox.endpoints.model import Endpoint
from activecampaign_sandbox.filters import After, Contains, Equal, Without

DEAL_GROUPS = Endpoint(
    "dealGroups",
    "dealGroup",
    "DealGroup",
    total="int",
    before=("dealStages",),
    around=("dealStages",),
    list_only=frozenset({"count"}),
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
    created=None,  # the dates of stages are mostly null
    mislabelled=True,
    parents={"dealGroups": "group"},
)

ACCOUNTS = Endpoint(
    "accounts",
    "account",
    "CustomerAccount",
    filters={"search": Contains(("name",))},
    created="createdTimestamp",
    touched="updatedTimestamp",
    counters=frozenset({"contactCount", "dealCount"}),
    list_only=frozenset({"contactCount", "dealCount"}),
)

ACCOUNT_CONTACTS = Endpoint(
    "accountContacts",
    "accountContact",
    "CustomerAccountSubscriber",
    filters={"filters[contact]": Equal("contact"), "filters[account]": Equal("account")},
    created="createdTimestamp",
    touched="updatedTimestamp",
    parents={"accounts": "account", "contacts": "contact"},
)

DEAL_CUSTOM_FIELD_META = Endpoint(
    "dealCustomFieldMeta",
    "dealCustomFieldMetum",
    "DealCustomFieldMetum",
    total="absent",
    default_limit=100,
    created="createdTimestamp",
    touched="updatedTimestamp",
    utc=True,
)

DEAL_CUSTOM_FIELD_DATA = Endpoint(
    "dealCustomFieldData",
    "dealCustomFieldDatum",
    "DealCustomFieldDatum",
    total="int",
    filters={"filters[dealId]": Equal("dealId")},
    created="createdTimestamp",
    touched="updatedTimestamp",
    utc=True,
    parents={"deals": "dealId", "dealCustomFieldMeta": "customFieldId"},
)

DEAL_ACTIVITIES = Endpoint(
    "dealActivities",
    "dealActivity",
    "DealActivity",
    filters={
        "deal": Equal("deal"),
        "exclude": Without("dataType", frozenset({"email", "connection_email", "LinkData"})),
        "filters[data_type]": Equal("dataType"),
        "filters[data_id]": Equal("dataId"),
    },
    touched=None,
    parents={"deals": "deal"},
    grade="documented",
)

DEAL_TASKS = Endpoint(
    "dealTasks",
    "dealTask",
    "DealTask",
    filters={
        "filters[title]": Contains(("title",)),
        "filters[reltype]": Equal("reltype"),
        "filters[relid]": Equal("relid"),
        "filters[status]": Equal("status"),
        "filters[note]": Contains(("note",)),
        "filters[duedate]": Equal("duedate"),
        "filters[d_tasktypeid]": Equal("dealTasktype"),
        "filters[userid]": Equal("user"),
        "filters[due_after]": After("duedate", ">"),
        "Fitlers[due_before]": After("duedate", "<"),  # spelt so in the documentation
        "filters[assignee_userid]": Equal("assignee"),
        "filters[outcome_id]": Equal("outcomeId"),
    },
    parents={"deals": "owner", "contacts": "owner", "accounts": "owner"},
    grade="documented",
)

NOTES = Endpoint(
    "notes",
    "note",
    "Note",
    total="int",
    touched="mdate",
    parents={"deals": "owner", "contacts": "owner", "accounts": "owner"},
)

SALES = (
    DEAL_GROUPS,
    DEAL_STAGES,
    ACCOUNTS,
    ACCOUNT_CONTACTS,
    DEAL_CUSTOM_FIELD_META,
    DEAL_CUSTOM_FIELD_DATA,
    DEAL_ACTIVITIES,
    DEAL_TASKS,
    NOTES,
)
