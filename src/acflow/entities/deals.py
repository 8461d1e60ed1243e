"""Deals: one row per sales opportunity.

https://developers.activecampaign.com/reference/list-all-deals
"""

from acflow.entities.model import Amount, Entity, Field, Label, Offset, Type

STATUSES = {0: "open", 1: "won", 2: "lost"}

DOCUMENTED = (
    Field("id", Type.ID, "Key of the deal; one of the few columns filled even where the deal is hidden."),
    Field("title", Type.TEXT, "What the deal is called; sent for hidden deals too."),
    Field("description", Type.TEXT, "Free text about the deal; empty if nobody wrote any."),
    Field("value", Type.INTEGER, "Worth in the smallest unit of the currency, cents for usd; see amount."),
    Field("currency", Type.TEXT, "Currency code in lower case, such as usd; deals of one account may differ."),
    Field("status", Type.INTEGER, "Code of the outcome, 0 open, 1 won, 2 lost; hidden deals had none before 2026."),
    Field("owner", Type.FOREIGN_KEY, "User in charge of the deal."),
    Field("contact", Type.FOREIGN_KEY, "First contact of the deal; further ones are not on the row."),
    Field("organization", Type.FOREIGN_KEY, "Company of the deal by its old name; mostly null, account is filled now."),
    Field("group", Type.FOREIGN_KEY, "Pipeline the deal runs through; quote the name in SQL."),
    Field("stage", Type.FOREIGN_KEY, "Stage of the pipeline at this moment; earlier ones are not on the row."),
    Field("percent", Type.INTEGER, "Chance of winning in per cent, from 0 to 100, as a person set it."),
    Field("winProbability", Type.NUMBER, "Chance of winning in per cent as predicted; null without that feature."),
    Field("cdate", Type.TIMESTAMP, "When the deal was created; null for hidden deals."),
    Field("mdate", Type.TIMESTAMP, "When the deal was last edited; the cursor, null for hidden deals."),
    Field("edate", Type.LOCAL_TIMESTAMP, "When the deal is expected to close, without zone; null if nobody said."),
    Field("nextdate", Type.TIMESTAMP, "When the next task is due; null if none is planned."),
    Field("activitycount", Type.INTEGER, "Entries in the deal's activity log so far."),
)

FURTHER = (
    Field(
        "isDisabled", Type.BOOLEAN, "Whether the key's user may not see the deal: all but id, title and status is null."
    ),
    Field("account", Type.FOREIGN_KEY, "Account (company) that the deal is with; null if none."),
    Field("customerAccount", Type.FOREIGN_KEY, "The same account, under the name that the API uses inside."),
    Field("winProbabilityMdate", Type.TIMESTAMP, "When the predicted chance was last computed; null if never."),
    Field("nexttaskid", Type.FOREIGN_KEY, "Next task on the deal; null if none is planned."),
    Field("nextTask", Type.FOREIGN_KEY, "The same task; the API sends this key only where there was one."),
    Field("nextdealid", Type.FOREIGN_KEY, "Internal pointer, equal to the deal's own id in every recording."),
    Field("hash", Type.TEXT, "Opaque mark of eight hexadecimal digits, as text since it may be all digits."),
)

DEALS = Entity(
    name="deals",
    description="Sales opportunities with value, pipeline, stage, owner, contact, probability and outcome.",
    documented=DOCUMENTED,
    derived=(
        Label("status_label", "status", STATUSES, "The status in a word: open, won or lost; null for unknown codes."),
        Amount(
            "amount",
            "value",
            "currency",
            "Worth in whole units of the currency, by its ISO 4217 decimals; never add up different currencies.",
        ),
    ),
    fields=FURTHER,
    interest=(
        *(
            "id",
            "title",
            "amount",
            "currency",
            "status_label",
            "stage",
            "owner",
            "contact",
            "nextdate",
            "winProbability",
        ),
        *("percent", "cdate", "mdate"),
    ),
    paging=Offset(order="cdate"),
    cursor="mdate",
    counters=frozenset({"activitycount"}),
    noise=frozenset({"mdate", "winProbabilityMdate"}),
    limited="isDisabled",
    quirks=(
        "Deals that the key's user may not see come as id, title, status and isDisabled; an admin's key sees all.",
        "Hidden deals count in the API's totals and sums, and come first when deals are ordered by cdate.",
        "Deleted deals vanish without a trace, so only a full read finds deletions.",
        "value counts the smallest unit: 150000 is 1,500.00 in usd and 150,000 in jpy.",
        "There is no order by id and no paging by key; deals are read by creation date, to which new ones only append.",
        "edate has no time zone; a date never set is null until the first edit and a zero date afterwards, here null.",
        "Accounts whose plan has no CRM answer with 403; the entity then counts as forbidden.",
    ),
)
