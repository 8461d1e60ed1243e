"""Segments: one row per saved audience.

The path is listed without operations in the public reference, yet answers:
https://developers.activecampaign.com/reference/segments
"""

from acflow.entities.model import Entity, Evidence, Field, Offset, Type

DOCUMENTED = (
    Field("id", Type.ID, "Key of the segment, which campaigns name in segmentid; newer endpoints use a UUID."),
    Field("name", Type.TEXT, "Name of the segment; generated for hidden ones, such as Segment of Automation 1."),
    Field("logic", Type.TEXT, "How the top conditions combine: and for all of them, or for any."),
    Field("hidden", Type.BOOLEAN, "Whether the system made it for a campaign or automation, unseen in the interface."),
    Field("created_timestamp", Type.LOCAL_TIMESTAMP, "When the segment was created, without zone."),
    Field(
        "updated_timestamp",
        Type.LOCAL_TIMESTAMP,
        "When the segment was last edited, without zone; not when it was used.",
    ),
)

FURTHER = (
    Field("seriesid", Type.FOREIGN_KEY, "Automation that the segment was made for; null for all others."),
    Field("segmentid_v2", Type.TEXT, "UUID of the same segment in the newer audiences; null if it has none."),
    Field("created_by", Type.FOREIGN_KEY, "User who made the segment; null where it was the system."),
    Field("updated_by", Type.FOREIGN_KEY, "User who changed the segment last; null where it was the system."),
)

SEGMENTS = Entity(
    name="segments",
    description="Saved audiences that campaigns and automations are aimed at; their conditions are not in the answer.",
    documented=DOCUMENTED,
    fields=FURTHER,
    paging=Offset(),
    noise=frozenset({"updated_timestamp", "updated_by"}),
    evidence=Evidence.CLAIMED,
    quirks=(
        "The conditions of a segment are not part of this answer.",
        "Hidden rows are made by the system for campaigns and automations that narrow their audience; filter them out.",
        "No filter and no order is known here, so every run reads all segments.",
        "A segment has no count of its own; the API works it out in the background and keeps the result for an hour.",
    ),
)
