"""Scores: the rules by which contacts and deals gain points.

https://developers.activecampaign.com/reference/list-all-scores
"""

from acflow.entities.model import Entity, Evidence, Field, Offset, Type

SCORES = Entity(
    name="scores",
    description="Rules that score contacts and deals; the points themselves stand on each record.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    fields=(
        Field("id", Type.ID, "Key of the score."),
        Field("name", Type.TEXT, "Name of the score."),
        Field("descript", Type.TEXT, "What the score is for, in words."),
        Field("reltype", Type.TEXT, "What is scored: contact or deal."),
        Field("status", Type.INTEGER, "Code of the state; 1 where the score is in use."),
        Field("cdate", Type.TIMESTAMP, "When the score was created."),
        Field("mdate", Type.TIMESTAMP, "When the score was last edited."),
    ),
    quirks=(
        "The points that a contact has are not in this answer; contacts name theirs by key in scoreValues.",
        "links is an empty array here instead of an object, which is of no matter as it is never stored.",
    ),
)
