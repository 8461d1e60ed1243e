"""Automations, and which contact runs or ran through them.

https://developers.activecampaign.com/reference/list-all-automations
https://developers.activecampaign.com/reference/list-all-contact-automations
"""

from acflow.entities.model import Entity, Evidence, Field, Offset, Type

AUTOMATIONS = Entity(
    name="automations",
    description="Automations with the number of contacts that entered and left them.",
    paging=Offset(),
    interest=("id", "name", "entered", "exited", "status", "cdate", "mdate"),
    fields=(
        Field("id", Type.ID, "Key of the automation, which campaigns name in seriesid."),
        Field("name", Type.TEXT, "Name of the automation."),
        Field("description", Type.TEXT, "What the automation is for, in words; null or empty for most."),
        Field(
            "status",
            Type.INTEGER,
            "Code of the state, not documented: 1 is taken for active, 2 for inactive; 0 was seen on a new one.",
        ),
        Field("entered", Type.INTEGER, "How many times a contact entered so far; the same one may enter again."),
        Field("exited", Type.INTEGER, "How many times a contact came to an end so far."),
        Field("multientry", Type.BOOLEAN, "Whether a contact may enter more than once; since 2025."),
        Field("exit_on_unsubscribe", Type.BOOLEAN, "Whether leaving a list ends the run; since 2025."),
        Field("exit_on_conversion", Type.BOOLEAN, "Whether a conversion ends the run; since 2025."),
        Field("hidden", Type.BOOLEAN, "Whether it is kept out of the interface."),
        Field("source", Type.INTEGER, "Code of the tool that it was made with; since 2025."),
        Field("entitlements_violation", Type.BOOLEAN, "Whether the plan does not cover all it does; since 2025."),
        Field("userid", Type.FOREIGN_KEY, "User who owns the automation."),
        Field("cdate", Type.TIMESTAMP, "When the automation was created."),
        Field("mdate", Type.TIMESTAMP, "When the automation was last edited; contacts passing do not move it."),
        Field("screenshot", Type.TEXT, "Address of a picture of the automation, without its protocol since 2026."),
        Field("defaultscreenshot", Type.TEXT, "Address of the picture shown until there is one of its own."),
    ),
    quirks=(
        "entered and exited move while mdate stands still, so every run that reads automations reads all of them.",
        "The codes of status are not documented, so there is no column with words for them.",
    ),
)

CONTACT_AUTOMATIONS = Entity(
    name="contactAutomations",
    description="Which contact entered which automation, how far it came, and when it ended.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    essential=("contact", "automation"),
    fields=(
        Field("id", Type.ID, "Key of the run of one contact through one automation."),
        Field("contact", Type.FOREIGN_KEY, "Contact that runs through the automation."),
        Field("automation", Type.FOREIGN_KEY, "Automation that the contact runs through."),
        Field("seriesid", Type.FOREIGN_KEY, "The same automation under its older name."),
        Field("status", Type.INTEGER, "Code of the state; 2 in all examples, which show runs that ended."),
        Field("adddate", Type.TIMESTAMP, "When the contact entered."),
        Field("remdate", Type.TIMESTAMP, "When the run ended; null while it is under way."),
        Field("lastdate", Type.TIMESTAMP, "When the latest step was taken; null at the start."),
        Field("lastblock", Type.FOREIGN_KEY, "Step that was taken last."),
        Field("lastlogid", Type.FOREIGN_KEY, "Entry of the log about the latest step; null if there is none."),
        Field("timespan", Type.INTEGER, "Seconds from the start to the end; null while it is under way."),
        Field("startid", Type.FOREIGN_KEY, "Trigger by which the contact entered; null where it is not told."),
        Field("batchid", Type.TEXT, "Opaque word about the batch that the contact entered with; mostly null."),
        Field("completedElements", Type.INTEGER, "Steps that were taken so far."),
        Field("totalElements", Type.INTEGER, "Steps that the automation has."),
        Field("completed", Type.BOOLEAN, "Whether the run came to its end."),
        Field("completeValue", Type.INTEGER, "How far the contact came, in per cent from 0 to 100."),
        Field("in_als", Type.INTEGER, "Internal code without a known meaning; shown since 2022."),
    ),
    quirks=(
        "The table has a row per contact and run, so on large accounts it takes more requests than the contacts.",
        "The counters come as numbers or as text, depending on the endpoint and the year.",
        "There is no documented filter for changes, so every run that reads it reads all of it.",
    ),
)
