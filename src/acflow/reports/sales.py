"""The reports of sales, with a sentence for each column."""

from acflow.reports import money
from acflow.reports.model import Column, Kind, Report, Role

PIPELINE_NAME = Column("pipeline", Kind.TEXT, "Name of the pipeline.")
STAGE = (
    PIPELINE_NAME,
    Column("stage", Kind.TEXT, "Name of the stage."),
    Column("stage_order", Kind.COUNT, "Place of the stage in its pipeline."),
)
OWNER = Column("owner", Kind.TEXT, "User in charge.")
NAMES = {
    "dealGroups": "pipelines go by number",
    "dealStages": "stages go by number and without order",
    "users": "owners go by number",
}
NO_HISTORY = "when a deal was won or lost comes from its dates, and no chance from the stage's past"
DEALS = NAMES | {
    "deals_history": NO_HISTORY,
    "dealActivities": "no change of status is known from the log of activities",
}

PIPELINE = Report(
    "pipeline",
    Role.SALES,
    (
        *STAGE,
        OWNER,
        Column("probability_band", Kind.TEXT, "Band of the chance of being won, or unknown."),
        money.CURRENCY,
        money.DEALS,
        money.AMOUNT,
        money.WEIGHTED,
        money.UNKNOWN_AMOUNT,
        Column("share_without_probability", Kind.SHARE, "That worth as a share of all open worth of the row."),
    ),
    DEALS,
)
FORECAST = Report(
    "forecast",
    Role.SALES,
    (
        Column("bucket", Kind.TEXT, "month; or overdue or undated, for open deals that no month can claim."),
        Column("month", Kind.DAY, "First day of the month; null in the other buckets."),
        Column("past", Kind.FLAG, "Whether the month is over; null in the other buckets."),
        money.CURRENCY,
        Column("open_deals", Kind.COUNT, "Open deals that are expected to be won then."),
        Column("open_amount", Kind.MONEY, "Their worth."),
        money.WEIGHTED,
        money.UNKNOWN_AMOUNT,
        Column("won_deals", Kind.COUNT, "Deals won in the month."),
        Column("won_amount", Kind.MONEY, "Their worth: what is certain already."),
        money.FORECAST,
        Column("target", Kind.MONEY, "What was to be won in the month, as given; null if nothing was."),
        money.COVERAGE,
    ),
    DEALS,
)
REPORTS = (PIPELINE, FORECAST)
