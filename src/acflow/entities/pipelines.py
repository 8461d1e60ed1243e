"""Pipelines and their stages: the dealGroups and dealStages of the API, one row each.

https://developers.activecampaign.com/reference/list-all-pipelines
https://developers.activecampaign.com/reference/list-all-deal-stages
"""

from acflow.entities.model import Entity, Field, Offset, Type

FUTURE = "the API writes a UTC clock with a local offset, so it may lie hours ahead"

DEAL_GROUPS = Entity(
    name="dealGroups",
    description="Sales pipelines, which deals run through; the API calls them deal groups.",
    light=True,
    paging=Offset(),
    fields=(
        Field("id", Type.ID, "Key of the pipeline, which deals name in group."),
        Field("title", Type.TEXT, "Name of the pipeline."),
        Field("currency", Type.TEXT, "Currency of new deals, a code in lower case; a deal may have another."),
        Field("autoassign", Type.INTEGER, "Code of how new deals find an owner; 0 where they are not assigned."),
        Field("allusers", Type.BOOLEAN, "Whether every user may see the pipeline."),
        Field("allgroups", Type.BOOLEAN, "Whether every group of users may see the pipeline."),
        Field("stages", Type.JSON, "Keys of its stages, as an array in no promised order; see order of dealStages."),
        Field("count", Type.INTEGER, "Deals in the pipeline as the API counts them; since 2026."),
        Field("source", Type.TEXT, "Tool the pipeline was made with; recorded only empty; since 2026."),
        Field(
            "win_probability_initialize_date",
            Type.TIMESTAMP,
            "When predictions of the chance to win began; recorded only null.",
        ),
        Field("cdate", Type.TIMESTAMP, "When the pipeline was created."),
        Field("udate", Type.TIMESTAMP, f"When the pipeline was last edited; {FUTURE}."),
    ),
    quirks=(
        "A pipeline that the key's user may not see is missing here, and its deals come as hidden deals.",
        "udate was recorded five hours in the future, so it serves for no comparison with other dates.",
        "The answer carries the stages beside the pipelines; acflow reads dealStages by itself, to prove their count.",
        "Accounts whose plan has no CRM answer with 403; the entity then counts as forbidden.",
    ),
)

DEAL_STAGES = Entity(
    name="dealStages",
    description="Stages of the pipelines, with their place in the order and how a board shows their deals.",
    light=True,
    paging=Offset(),
    fields=(
        Field("id", Type.ID, "Key of the stage, which deals name in stage."),
        Field("title", Type.TEXT, "Name of the stage, unique only within its pipeline."),
        Field("group", Type.FOREIGN_KEY, "Pipeline that the stage belongs to; quote the name in SQL."),
        Field("order", Type.INTEGER, "Place within the pipeline, from 1; may repeat; quote the name in SQL."),
        Field("color", Type.TEXT, "Colour of the column on the board, six hexadecimal digits."),
        Field("width", Type.INTEGER, "Width of the column on the board, in pixels."),
        Field("dealOrder", Type.TEXT, "How deals are sorted within the stage, such as next-action DESC."),
        Field("cardRegion1", Type.TEXT, "What a deal's card shows in its first place, such as title."),
        Field("cardRegion2", Type.TEXT, "What a deal's card shows in its second place, such as next-action."),
        Field("cardRegion3", Type.TEXT, "What a deal's card shows in its third place, such as show-avatar."),
        Field("cardRegion4", Type.TEXT, "What a deal's card shows in its fourth place, such as the contact's name."),
        Field("cardRegion5", Type.TEXT, "What a deal's card shows in its fifth place, such as value."),
        Field("cdate", Type.TIMESTAMP, "When the stage was created; null for stages made along with their pipeline."),
        Field("udate", Type.TIMESTAMP, f"When the stage was last edited; mostly null, and {FUTURE}."),
    ),
    quirks=(
        "A stage has no probability of its own; percent stands on the deal.",
        "order was seen twice with the same number within one pipeline, so sort by order and then by id.",
        "udate was recorded five hours in the future, so it serves for no comparison with other dates.",
    ),
)
