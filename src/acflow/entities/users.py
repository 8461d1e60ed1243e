"""Users of the account: the people who own deals, lists and campaigns.

https://developers.activecampaign.com/reference/list-all-users
"""

from acflow.entities.model import Entity, Evidence, Field, Offset, Type

USERS = Entity(
    name="users",
    description="People who work with the account, which deals, lists, campaigns and tasks name as owners.",
    light=True,
    paging=Offset(),
    fields=(
        Field("id", Type.ID, "Key of the user, which deals name in owner."),
        Field("username", Type.TEXT, "Name to log in with."),
        Field("firstName", Type.TEXT, "Given name of the user."),
        Field("lastName", Type.TEXT, "Family name of the user."),
        Field("email", Type.TEXT, "Address of the user."),
        Field("phone", Type.TEXT, "Phone number as typed; mostly empty."),
        Field("signature", Type.TEXT, "Signature under personal mail, as HTML; null or empty for most."),
        Field("localZoneid", Type.TEXT, "Time zone that the user works in, such as Europe/Berlin."),
        Field("cdate", Type.TIMESTAMP, "When the user was added; sent until 2021, no more in 2026."),
        Field("udate", Type.TIMESTAMP, "When the user was last edited; sent until 2021, no more in 2026."),
        Field(
            "password_updated_utc_timestamp",
            Type.LOCAL_TIMESTAMP,
            "When the password was last changed, zone uncertain; recorded only as a zero date, no more in 2026.",
        ),
        Field("mfaEnabled", Type.BOOLEAN, "Whether a second factor is asked for at login.", evidence=Evidence.CLAIMED),
        Field("lang", Type.TEXT, "Language of the interface for this user.", evidence=Evidence.CLAIMED),
        Field("roles", Type.JSON, "Roles of the user, as an array.", evidence=Evidence.CLAIMED),
    ),
    quirks=(
        "Users who left are gone from this table while their old deals still name them, so join from the left.",
        "Keys come and go: cdate and udate were sent in 2021, lang and roles in 2026.",
    ),
)
