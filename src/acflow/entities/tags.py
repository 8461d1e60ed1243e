"""Tags, and which contact carries which.

https://developers.activecampaign.com/reference/retrieve-all-tags
https://developers.activecampaign.com/reference/create-contact-tag
"""

from acflow.entities.model import Entity, Evidence, Field, Offset, Type

TAGS = Entity(
    name="tags",
    description="Tags that contacts can carry, with the number of contacts that do.",
    paging=Offset(),
    fields=(
        Field("id", Type.ID, "Key of the tag, which contactTags point to."),
        Field("tag", Type.TEXT, "The word itself, as shown to users."),
        Field("tagType", Type.TEXT, "What the tag is for: contact, or template."),
        Field("description", Type.TEXT, "What the tag means, in words; mostly empty."),
        Field("subscriber_count", Type.INTEGER, "Contacts that carry the tag now."),
        Field("deleted", Type.BOOLEAN, "Whether the tag is marked as deleted; recorded only 0; since 2024."),
        Field("cdate", Type.TIMESTAMP, "When the tag was created."),
        Field("created_timestamp", Type.LOCAL_TIMESTAMP, "Database time of the row, without zone; prefer cdate."),
        Field(
            "updated_timestamp", Type.LOCAL_TIMESTAMP, "Database time, without zone; moves when the tag is given away."
        ),
        Field(
            "created_by",
            Type.FOREIGN_KEY,
            "User who made the tag; null where it was no user.",
            evidence=Evidence.CLAIMED,
        ),
        Field(
            "updated_by",
            Type.FOREIGN_KEY,
            "User who changed the tag last; null where it was no user.",
            evidence=Evidence.CLAIMED,
        ),
    ),
    quirks=(
        "Giving a tag to a contact moves the tag's updated_timestamp, so the tag looks edited on every use.",
        "The same moves the contact's udate, so a contact with a new tag is read again.",
    ),
)

CONTACT_TAGS = Entity(
    name="contactTags",
    description="Which contact carries which tag, and since when.",
    paging=Offset(),
    essential=("contact", "tag"),
    fields=(
        Field("id", Type.ID, "Key of the tie between contact and tag."),
        Field("contact", Type.FOREIGN_KEY, "Contact that carries the tag."),
        Field("tag", Type.FOREIGN_KEY, "Tag that the contact carries."),
        Field("cdate", Type.TIMESTAMP, "When the contact was given the tag."),
        Field("created_timestamp", Type.LOCAL_TIMESTAMP, "Database time of the row, without zone; prefer cdate."),
        Field("updated_timestamp", Type.LOCAL_TIMESTAMP, "Database time of the last write, without zone."),
        Field("created_by", Type.FOREIGN_KEY, "User who gave the tag; null where it was no user."),
        Field("updated_by", Type.FOREIGN_KEY, "User who wrote the tie last; null where it was no user."),
    ),
    quirks=(
        "A tag that is taken away leaves no trace; only a full reading shows that its row is gone.",
        "The table may have several rows per contact, so on large accounts it takes more requests than the contacts.",
    ),
)
