"""What automations are made of, and how far contacts came: blocks, goals, and the counts of their text messages.

https://developers.activecampaign.com/reference/retrieve-automation-blocks
https://developers.activecampaign.com/reference/list-all-contact-goals
"""

from acflow.entities.automations import AUTOMATIONS
from acflow.entities.model import Entity, Evidence, Field, Nested, Offset, Type

UNLISTED = "Not in the public reference; a reader of real accounts names it, so it may differ or be missing."

AUTOMATION_BLOCKS = Entity(
    name="automationBlocks",
    description="The steps of all automations: what stands behind what, and with what settings.",
    evidence=Evidence.CLAIMED,
    paging=Offset(),
    essential=("automation",),
    fields=(
        Field("id", Type.ID, "Key of the step, which contactAutomations name in lastblock."),
        Field("automation", Type.FOREIGN_KEY, "Automation that the step is in."),
        Field("parent", Type.FOREIGN_KEY, "Step before it; null for the first."),
        Field("ordernum", Type.INTEGER, "Place among the steps behind the same one."),
        Field("type", Type.TEXT, "What the step does, where the account says so; automationSteps always do."),
        Field("params", Type.JSON, "Settings of the step, of any shape."),
        Field("deleted", Type.BOOLEAN, "Whether the step was taken out."),
        Field("cdate", Type.TIMESTAMP, "When the step was made."),
        Field("mdate", Type.TIMESTAMP, "When the step was last edited."),
    ),
    quirks=("Steps that were taken out may still be listed; deleted tells them apart.", UNLISTED),
)

AUTOMATION_STEPS = Entity(
    name="automationSteps",
    description="The steps of each automation with what they do, from the automation's own list.",
    evidence=Evidence.CLAIMED,
    endpoint="automations/{}/blocks",
    rows_key="automationBlocks",
    paging=Nested(AUTOMATIONS, "automation"),
    essential=("automation",),
    fields=(
        Field("id", Type.ID, "Key of the step, which contactAutomations name in lastblock."),
        Field("automation", Type.FOREIGN_KEY, "Automation whose list the step is in."),
        Field("seriesid", Type.FOREIGN_KEY, "The same automation under its older name."),
        Field("parentid", Type.FOREIGN_KEY, "Step before it; null for the first."),
        Field("ordernum", Type.INTEGER, "Place among the steps behind the same one."),
        Field("type", Type.TEXT, "What the step does, such as send, wait, if, goal or end."),
        Field("params", Type.JSON, "Settings of the step, of any shape."),
    ),
    quirks=(
        "Documented since October 2026 without an example; a reader of a real account names the keys.",
        "A step of type send names its campaign in params, as campaignid; a step of type wait its pause.",
        "Each automation takes a request of its own.",
    ),
)

GOALS = Entity(
    name="goals",
    description="Goals of automations, which contacts may reach.",
    evidence=Evidence.CLAIMED,
    paging=Offset(),
    small=True,
    noise=frozenset({"dirty_stats"}),
    fields=(
        Field("id", Type.ID, "Key of the goal, which contactGoals name in goal."),
        Field("name", Type.TEXT, "Name of the goal."),
        Field("automation", Type.FOREIGN_KEY, "Automation that the goal is in."),
        Field("seriesid", Type.FOREIGN_KEY, "The same automation under its older name."),
        Field("automation_block", Type.FOREIGN_KEY, "Step that stands for the goal.", aliases=("automationBlock",)),
        Field("blockid", Type.FOREIGN_KEY, "The same step under its older name."),
        Field("dirty_stats", Type.BOOLEAN, "Whether the account still has to count the goal anew."),
        Field("cdate", Type.TIMESTAMP, "When the goal was made."),
    ),
    quirks=("How many contacts reached a goal is not in the answer; count contactGoals.", UNLISTED),
)

CONTACT_GOALS = Entity(
    name="contactGoals",
    description="Which contact reached which goal of an automation, when, and how long it took.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    essential=("contact", "goal"),
    fields=(
        Field("id", Type.ID, "Key of the event."),
        Field("contact", Type.FOREIGN_KEY, "Contact that reached the goal."),
        Field("goal", Type.FOREIGN_KEY, "Goal that was reached."),
        Field("automation", Type.FOREIGN_KEY, "Automation that the goal is in."),
        Field("contactAutomation", Type.FOREIGN_KEY, "Run of the contact through the automation."),
        Field("goalid", Type.FOREIGN_KEY, "The same goal under its older name."),
        Field("seriesid", Type.FOREIGN_KEY, "The same automation under its older name."),
        Field("subscriberid", Type.FOREIGN_KEY, "The same contact under its older name."),
        Field("subscriberseriesid", Type.FOREIGN_KEY, "The same run under its older name."),
        Field("timespan", Type.INTEGER, "Time from entering the automation to the goal, in a unit not documented."),
        Field("tstamp", Type.TIMESTAMP, "When the goal was reached."),
    ),
    quirks=("The reference shows these rows below one contact; the list of all is told by a reader of accounts.",),
)

SMS = Entity(
    name="sms",
    description="Text messages that automations send, with what they came to.",
    evidence=Evidence.CLAIMED,
    paging=Offset(),
    small=True,
    counters=frozenset({"sent", "failed", "unsubscribes", "replies", "uniquereplies"}),
    fields=(
        Field("id", Type.ID, "Key of the message."),
        Field("name", Type.TEXT, "Name of the message."),
        Field("automation", Type.FOREIGN_KEY, "Automation that sends it."),
        Field("seriesid", Type.FOREIGN_KEY, "The same automation under its older name."),
        Field("user", Type.FOREIGN_KEY, "User who made it."),
        Field("userid", Type.FOREIGN_KEY, "The same user under the older name."),
        Field("msg", Type.TEXT, "Words of the message."),
        Field("sent", Type.INTEGER, "Messages sent so far."),
        Field("failed", Type.INTEGER, "Messages that did not arrive."),
        Field("unsubscribes", Type.INTEGER, "Contacts who wanted no more of them."),
        Field("replies", Type.INTEGER, "Answers so far, repeated ones included."),
        Field("uniquereplies", Type.INTEGER, "Contacts who answered so far, each once."),
        Field("tf_day", Type.TEXT, "Days on which it may be sent, not documented."),
        Field("tf_hr_from", Type.INTEGER, "Hour from which it may be sent."),
        Field("tf_hr_to", Type.INTEGER, "Hour until which it may be sent."),
        Field("tstamp", Type.TIMESTAMP, "When the message was last edited."),
        Field("sdate", Type.TIMESTAMP, "When the first one was sent; null if none was."),
        Field("ldate", Type.TIMESTAMP, "When the last one was sent; null if none was."),
    ),
    quirks=("The counts move while no date does, so each run reads all of them.", UNLISTED),
)

SITE_MESSAGES = Entity(
    name="siteMessages",
    description="Messages that automations show on a web site.",
    evidence=Evidence.CLAIMED,
    paging=Offset(),
    small=True,
    fields=(
        Field("id", Type.ID, "Key of the message."),
        Field("name", Type.TEXT, "Name of the message."),
        Field("automation", Type.FOREIGN_KEY, "Automation that shows it."),
        Field("template", Type.JSON, "Look of the message, as an object."),
        Field("ldate", Type.TIMESTAMP, "When it was last shown; null if never."),
    ),
    quirks=("No count of how often a message was shown is known.", UNLISTED),
)

AUTOMATION_PARTS = (AUTOMATION_BLOCKS, AUTOMATION_STEPS, GOALS, CONTACT_GOALS, SMS, SITE_MESSAGES)
