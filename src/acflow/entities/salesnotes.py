"""What happens around deals: the log of each deal, tasks, and notes.

https://developers.activecampaign.com/reference/list-all-deal-activities
https://developers.activecampaign.com/reference/list-all-tasks
https://developers.activecampaign.com/reference/retrieve-list-of-all-notes
"""

from acflow.entities.model import Entity, Evidence, Field, Label, Offset, Type

PLAN = "Accounts whose plan lacks it answer with 403; the entity then counts as forbidden."

DEAL_ACTIVITIES = Entity(
    name="dealActivities",
    description="The log of every deal: what was added, changed or removed, by whom and when.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    fields=(
        Field("id", Type.ID, "Key of the entry in the log."),
        Field("deal", Type.FOREIGN_KEY, "Deal that the entry is about."),
        Field("d_id", Type.FOREIGN_KEY, "The same deal under its older name."),
        Field("stage", Type.FOREIGN_KEY, "Stage that the entry is about; null where it is about something else."),
        Field("d_stageid", Type.FOREIGN_KEY, "The same stage under its older name."),
        Field("user", Type.FOREIGN_KEY, "User who did it; null where it was an automation."),
        Field("userid", Type.FOREIGN_KEY, "The same user under its older name."),
        Field("automation", Type.FOREIGN_KEY, "Automation that did it; null where it was a user."),
        Field("seriesid", Type.FOREIGN_KEY, "The same automation under its older name."),
        Field("dataType", Type.TEXT, "What was touched, such as contact or d_stageid; empty for the deal itself."),
        Field("dataId", Type.FOREIGN_KEY, "Key of what was touched or of its new state; null if it has none."),
        Field("dataAction", Type.TEXT, "What was done, such as add."),
        Field("dataOldval", Type.TEXT, "What stood there before; empty if nothing did."),
        Field("cdate", Type.TIMESTAMP, "When it happened."),
        Field("sortdate", Type.TIMESTAMP, "Date that the log is sorted by; equal to cdate in the examples."),
        Field("isAddtask", Type.BOOLEAN, "Whether the entry tells of a new task."),
        Field("deleted", Type.BOOLEAN, "Whether the entry was deleted; 0 in the examples."),
    ),
    quirks=(
        "The table grows with every touch of a deal; on large accounts it takes more requests than the deals.",
        "Values of dataType and dataAction are not listed anywhere; take those found in the account for what they are.",
        "There is no filter for changes, so every run that reads it reads all of it.",
    ),
)

DEAL_TASKS = Entity(
    name="dealTasks",
    description="Tasks on deals and contacts, with their due dates, assignees and outcomes.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    derived=(Label("status_label", "status", {0: "open", 1: "done"}, "The status in a word: open or done."),),
    fields=(
        Field("id", Type.ID, "Key of the task, which deals name in nexttaskid."),
        Field("title", Type.TEXT, "What the task is called; null or empty for most."),
        Field("note", Type.TEXT, "What is to be done, in words."),
        Field("status", Type.INTEGER, "Code of the state: 0 not done, 1 done."),
        Field("duedate", Type.TIMESTAMP, "When the task is due."),
        Field("edate", Type.TIMESTAMP, "When the time set aside for the task ends."),
        Field("duration", Type.INTEGER, "Length of the task; sent only for a single task."),
        Field("donedate", Type.TIMESTAMP, "When the task was done; sent only for a single task."),
        Field("reltype", Type.TEXT, "Kind of record that the task is on: Deal, or Subscriber for a contact."),
        Field("relid", Type.FOREIGN_KEY, "Key of the deal or contact that the task is on, by reltype."),
        Field("owner", Type.JSON, "The record that the task is on, as an object of type and id."),
        Field("dealTasktype", Type.FOREIGN_KEY, "Type of the task, such as call or e-mail."),
        Field("user", Type.FOREIGN_KEY, "User who made the task; null where it was an automation."),
        Field("assignee", Type.FOREIGN_KEY, "User who is to do it."),
        Field("automation", Type.FOREIGN_KEY, "Automation that made the task; null where it was a user."),
        Field("doneAutomation", Type.FOREIGN_KEY, "Automation that starts once the task is done; null for none."),
        Field("outcomeId", Type.FOREIGN_KEY, "Outcome that was chosen when it was done; null if none was."),
        Field("outcomeInfo", Type.TEXT, "What was written about the outcome; null if nothing was."),
        Field("cdate", Type.TIMESTAMP, "When the task was created."),
        Field("udate", Type.TIMESTAMP, "When the task was last edited."),
    ),
    quirks=(
        "Tasks of contacts stand in the same table as those of deals; reltype tells them apart.",
        "ActiveCampaign's reference shows the answer with status 201; acflow takes 200 as for all others.",
        PLAN,
    ),
)

NOTES = Entity(
    name="notes",
    description="Notes that people wrote on contacts, deals, accounts and activities.",
    paging=Offset(),
    fields=(
        Field("id", Type.ID, "Key of the note."),
        Field("note", Type.TEXT, "The words of the note; may hold personal data."),
        Field("reltype", Type.TEXT, "Kind of record that the note is on: Subscriber for a contact, Deal, Activity."),
        Field("relid", Type.FOREIGN_KEY, "Key of the record that the note is on, by reltype."),
        Field("owner", Type.JSON, "The record that the note is on, as an object of type and id."),
        Field("user", Type.FOREIGN_KEY, "User who wrote the note."),
        Field("userid", Type.FOREIGN_KEY, "The same user under its older name."),
        Field("is_draft", Type.BOOLEAN, "Whether the note is not finished yet."),
        Field("cdate", Type.TIMESTAMP, "When the note was written."),
        Field("mdate", Type.TIMESTAMP, "When the note was last edited."),
    ),
    quirks=(
        "reltype says Subscriber where owner says contact; both mean the same contact.",
        PLAN,
    ),
)
