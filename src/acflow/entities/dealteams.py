"""Who has to do with deals beside their contact and owner, and what calls and meetings came to.

https://developers.activecampaign.com/reference/list-all-secondary-contacts
https://developers.activecampaign.com/reference/list-all-deal-roles
https://developers.activecampaign.com/reference/list-task-outcomes
https://developers.activecampaign.com/reference/list-all-deal-task-types
"""

from acflow.entities.model import Entity, Evidence, Field, Offset, Type

CONTACT_DEALS = Entity(
    name="contactDeals",
    description="Further contacts of deals, beside the first one that the deal itself names, with their roles.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    essential=("contact", "deal"),
    fields=(
        Field("id", Type.ID, "Key of the tie."),
        Field("deal", Type.FOREIGN_KEY, "Deal that the contact has to do with."),
        Field("contact", Type.FOREIGN_KEY, "Contact that has to do with the deal."),
        Field(
            "role",
            Type.FOREIGN_KEY,
            "Role of the contact, a row of dealRoles; null if none was given.",
            evidence=Evidence.CLAIMED,
        ),
        Field("cdate", Type.TIMESTAMP, "When the contact was put to the deal."),
        Field(
            "created_timestamp",
            Type.LOCAL_TIMESTAMP,
            "Database time of the row, without zone.",
            evidence=Evidence.CLAIMED,
        ),
        Field(
            "updated_timestamp",
            Type.LOCAL_TIMESTAMP,
            "Database time of the last write.",
            evidence=Evidence.CLAIMED,
        ),
    ),
    quirks=(
        "The first contact of a deal is not among them; deals name it in contact.",
        "The list's example has fewer keys than that of a single contact; role stands only in the latter.",
    ),
)

DEAL_ROLES = Entity(
    name="dealRoles",
    description="Roles that contacts may have in a deal, such as decision maker.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    small=True,
    fields=(
        Field("id", Type.ID, "Key of the role, which contactDeals name in role."),
        Field("title", Type.TEXT, "What the role is called."),
        Field("created_timestamp", Type.TIMESTAMP, "When the role was made; with an offset here."),
        Field("updated_timestamp", Type.TIMESTAMP, "When the role was last edited; with an offset here."),
    ),
    quirks=("Dates that have no zone elsewhere in the API have an offset in this list.",),
)

DEAL_GROUP_USERS = Entity(
    name="dealGroupUsers",
    description="Which user may see which pipeline.",
    evidence=Evidence.CLAIMED,
    paging=Offset(),
    small=True,
    essential=("user",),
    fields=(
        Field("id", Type.ID, "Key of the permission."),
        Field(
            "dealGroup",
            Type.FOREIGN_KEY,
            "Pipeline that may be seen, a row of dealGroups.",
            aliases=("deal_group", "dealgroup"),
        ),
        Field("user", Type.FOREIGN_KEY, "User who may see it."),
        Field("cdate", Type.TIMESTAMP, "When the permission was given."),
    ),
    quirks=(
        "Pipelines that all users may see need no row here; allusers of dealGroups tells of those.",
        "Not in the public reference; a reader of real accounts names it.",
    ),
)

TASK_OUTCOMES = Entity(
    name="taskOutcomes",
    description="Outcomes that users may choose when a task is done, such as interested.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    small=True,
    fields=(
        Field("id", Type.ID, "Key of the outcome, which dealTasks name in outcomeId."),
        Field("title", Type.TEXT, "What the outcome is called."),
        Field("sentiment", Type.TEXT, "How the outcome counts: POSITIVE, NEUTRAL or NEGATIVE."),
        Field("disabled", Type.BOOLEAN, "Whether the outcome is offered no more."),
        Field("dealTasktype_ids", Type.JSON, "Keys of the task types that offer it, as an array."),
        Field("created_by", Type.FOREIGN_KEY, "User who made the outcome; null where it was no user."),
        Field("updated_by", Type.FOREIGN_KEY, "User who changed the outcome last; null where it was no user."),
        Field("created_utc_timestamp", Type.TIMESTAMP, "When the outcome was made; with an offset, not in UTC."),
        Field("updated_utc_timestamp", Type.TIMESTAMP, "When the outcome was last edited; with an offset."),
    ),
    quirks=("Dates carry the account's offset, whatever utc in their names says.",),
)

TASKTYPE_OUTCOME_RELS = Entity(
    name="tasktypeOutcomeRels",
    description="Which outcomes each type of task offers, and in which order.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    small=True,
    fields=(
        Field("id", Type.ID, "Key of the tie."),
        Field("tasktype", Type.FOREIGN_KEY, "Type of task, a row of dealTasktypes."),
        Field("outcome", Type.FOREIGN_KEY, "Outcome that it offers, a row of taskOutcomes."),
        Field("tasktype_id", Type.FOREIGN_KEY, "The same type of task under its older name."),
        Field("outcome_id", Type.FOREIGN_KEY, "The same outcome under its older name."),
        Field("display_order", Type.INTEGER, "Place among the outcomes of the type, from 0."),
        Field("created_by", Type.FOREIGN_KEY, "User who made the tie; null where it was no user."),
        Field("createdBy", Type.FOREIGN_KEY, "The same user under a newer name; may differ from created_by."),
        Field("updated_by", Type.FOREIGN_KEY, "User who changed the tie last; null where it was no user."),
        Field("created_utc_timestamp", Type.TIMESTAMP, "When the tie was made; with an offset."),
        Field("updated_utc_timestamp", Type.LOCAL_TIMESTAMP, "When the tie was last edited; without zone here."),
    ),
    quirks=("One of the two dates has an offset and the other has none, both named utc.",),
)

DEAL_TASKTYPES = Entity(
    name="dealTasktypes",
    description="Types of tasks, such as call, e-mail and to-do.",
    paging=Offset(),
    evidence=Evidence.DOCUMENTED,
    small=True,
    fields=(
        Field("id", Type.ID, "Key of the type, which dealTasks name in dealTasktype."),
        Field("title", Type.TEXT, "What the type is called."),
        Field("status", Type.INTEGER, "Code of the state, not documented; 0 for the types of a new account."),
        Field("defduration", Type.INTEGER, "Length of a task of this type unless another is given."),
        Field("cdate", Type.TIMESTAMP, "When the type was made; null for those of a new account."),
        Field("udate", Type.TIMESTAMP, "When the type was last edited; null if it never was."),
    ),
    quirks=("links is an empty array here instead of an object, which is of no matter as it is never stored.",),
)

DEAL_TEAMS = (CONTACT_DEALS, DEAL_ROLES, DEAL_GROUP_USERS, TASK_OUTCOMES, TASKTYPE_OUTCOME_RELS, DEAL_TASKTYPES)
