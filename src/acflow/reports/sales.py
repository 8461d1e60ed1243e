"""The reports of sales, with a sentence for each column."""

from acflow.reports import money
from acflow.reports.model import NAMES as NAMES_NOW
from acflow.reports.model import Column, Format, Report, Role

PIPELINE_NAME = Column("pipeline", Format.TEXT, "Name of the pipeline.")
STAGE = (
    PIPELINE_NAME,
    Column("stage", Format.TEXT, "Name of the stage."),
    Column("stage_order", Format.COUNT, "Place of the stage in its pipeline."),
)
OWNER = Column("owner", Format.TEXT, "User in charge.")
NAMES = {
    "dealGroups": "pipelines go by number",
    "dealStages": "stages go by number and without order",
    "users": "owners go by number",
}
NO_DATES = {
    "deals_history": "when a deal was won or lost comes from its dates, and no probability from the stage's past",
    "dealActivities": "no change of status is known from the log of activities",
}
DEALS = NAMES | NO_DATES
NO_STAGES = NAMES | {
    "deals_history": "stages of the past come from the log of activities alone",
    "dealActivities": "stages of the past come from the change log alone",
}
DIMENSION = (
    Column("dimension", Format.TEXT, "What the row is about: all, a pipeline or an owner.", formerly="cut"),
    Column("name", Format.TEXT, "Name of the pipeline or owner; all."),
    Column("currency", Format.TEXT, "Currency of the amounts of the row; null in the row over all currencies."),
)
WON = Column("won", Format.COUNT, "Deals won in the period; see `days`.")
WON_AMOUNT = Column("won_amount", Format.MONEY, "Value of the won deals.")
LOW_SAMPLE = Column("low_sample", Format.FLAG, "Whether fewer than 10 deals were closed, too few to rely on.")
FEW_WON = Column("low_sample", Format.FLAG, "Whether fewer than 10 deals were won, too few to rely on.")
REASON = Column("reason", Format.TEXT, "Why figures are missing or weak; null if they are neither.")

PIPELINE = Report(
    "pipeline",
    Role.SALES,
    (
        *STAGE,
        OWNER,
        Column("probability_band", Format.TEXT, "Band of the probability of being won, or unknown."),
        money.CURRENCY,
        money.DEALS,
        money.AMOUNT,
        money.WEIGHTED,
        money.UNKNOWN_AMOUNT,
        Column("share_without_probability", Format.SHARE, "That value as a share of all open value of the row."),
    ),
    DEALS,
)
FORECAST = Report(
    "forecast",
    Role.SALES,
    (
        Column("bucket", Format.TEXT, "month; or overdue or undated, for open deals that no month can claim."),
        Column("month", Format.MONTH, "First day of the month; null in the other buckets."),
        Column("past", Format.FLAG, "Whether the month is over; null in the other buckets."),
        Column("partial", Format.FLAG, "Whether the month has begun and is not over; null in the other buckets."),
        money.CURRENCY,
        Column("open_deals", Format.COUNT, "Open deals that are expected to be won then."),
        Column("open_amount", Format.MONEY, "Their value."),
        money.WEIGHTED,
        money.UNKNOWN_AMOUNT,
        Column("won_deals", Format.COUNT, "Deals won in the month."),
        Column("won_amount", Format.MONEY, "Their value: what is certain already."),
        money.FORECAST,
        Column("target", Format.MONEY, "What was to be won in the month, as given; null if nothing was."),
        money.COVERAGE,
    ),
    DEALS,
)
FORECAST_COVERAGE = Report(
    "forecast_coverage",
    Role.SALES,
    (
        money.CURRENCY,
        money.DEALS,
        money.AMOUNT,
        Column("dated_amount", Format.MONEY, "Open value whose expected date lies ahead."),
        Column("overdue_amount", Format.MONEY, "Open value whose expected date has passed."),
        Column("undated_amount", Format.MONEY, "Open value without an expected date."),
        money.UNKNOWN_AMOUNT,
        money.DATED_SHARE,
        Column("overdue_share", Format.SHARE, "Share of the open value whose expected date has passed."),
        Column("undated_share", Format.SHARE, "Share of the open value without an expected date."),
        Column("share_without_probability", Format.SHARE, "Share of the open value without any probability."),
    ),
    DEALS,
)
FORECAST_ACCURACY = Report(
    "forecast_accuracy",
    Role.SALES,
    (
        Column("month", Format.MONTH, "First day of a month that is over."),
        money.CURRENCY,
        Column("expected_deals", Format.COUNT, "Deals open when the month began and expected in it."),
        Column("forecast", Format.MONEY, "Their value, each times its probability on that day."),
        Column("actual", Format.MONEY, "Value of the deals won in the month."),
        Column("forecast_error", Format.MONEY, "Forecast less actual: above 0 where too much was expected."),
        money.ACCURACY,
        REASON,
    ),
    DEALS | {"deals_history": "what was expected in the past is not known"},
)
WIN_RATE = Report(
    "win_rate",
    Role.SALES,
    (
        *DIMENSION,
        WON,
        Column("lost", Format.COUNT, "Deals lost in the period."),
        Column("closed", Format.COUNT, "Deals won or lost in the period.", formerly="decided"),
        money.WIN_RATE,
        Column(
            "low_sample", Format.FLAG, "Whether fewer than 10 deals were closed, too few to rely on.", formerly="thin"
        ),
        WON_AMOUNT,
        Column("lost_amount", Format.MONEY, "Value of the lost deals."),
        Column("win_rate_by_amount", Format.SHARE, "Share of the closed value that was won."),
        Column(
            "estimated_close_dates",
            Format.COUNT,
            "Closed deals of which only the last edit tells when.",
            formerly="dated_by_edit",
        ),
    ),
    DEALS,
)
DEAL_SIZE = Report(
    "deal_size",
    Role.SALES,
    (
        *DIMENSION,
        WON,
        WON_AMOUNT,
        money.AVERAGE_DEAL,
        Column("median_deal", Format.MONEY, "Median value of a won deal."),
        FEW_WON,
    ),
    DEALS,
)
SALES_CYCLE = Report(
    "sales_cycle",
    Role.SALES,
    (
        *DIMENSION,
        WON,
        money.CYCLE,
        FEW_WON,
        Column("impossible_cycles", Format.COUNT, "Won deals that closed before they were created."),
    ),
    DEALS,
)
VELOCITY = Report(
    "velocity",
    Role.SALES,
    (
        *DIMENSION,
        Column("open_deals", Format.COUNT, "Open deals."),
        money.AVERAGE_DEAL,
        money.WIN_RATE,
        money.CYCLE,
        Column("won_deals_per_day", Format.NUMBER, "Deals that are won per day at this rate; needs no amounts."),
        money.VELOCITY,
        LOW_SAMPLE,
        REASON,
    ),
    DEALS,
)
STAGE_CONVERSION = Report(
    "stage_conversion",
    Role.SALES,
    (
        *STAGE,
        Column("entered", Format.COUNT, "Deals that ever entered the stage, or skipped it."),
        Column("still_there", Format.COUNT, "Those of them that are open and have come no further."),
        Column("advanced", Format.COUNT, "Those of them that went on to a later stage, or were won."),
        money.CONVERSION,
        REASON,
    ),
    NO_STAGES,
)
TIME_IN_STAGE = Report(
    "time_in_stage",
    Role.SALES,
    (
        *STAGE,
        Column("finished_stays", Format.COUNT, "Stays that are over and whose length is known."),
        money.STAY,
        Column("open_deals", Format.COUNT, "Open deals that are in the stage now."),
        Column("open_median_days", Format.DAYS, "Median of the days that they have been there."),
        Column("stuck_deals", Format.COUNT, "Those that have been there for more than twice the median."),
        REASON,
    ),
    NO_STAGES,
)
SLIPPAGE = Report(
    "slippage",
    Role.SALES,
    (
        PIPELINE_NAME,
        money.CURRENCY,
        money.DEALS,
        money.AMOUNT,
        Column("slipped_deals", Format.COUNT, "Open deals whose expected date moved to a later day."),
        Column("slipped_amount", Format.MONEY, "Their value."),
        money.SLIPPAGE,
        Column("median_days_later", Format.DAYS, "Median of the days by which they moved."),
        REASON,
    ),
    DEALS | {"deals_history": "earlier dates are not known"},
)
ACTIVITY_GAPS = Report(
    "activity_gaps",
    Role.SALES,
    (
        OWNER,
        money.CURRENCY,
        money.DEALS,
        money.AMOUNT,
        Column("deals_without_task", Format.COUNT, "Open deals for which no task is planned."),
        Column("deals_with_late_task", Format.COUNT, "Open deals whose next task was due already."),
        Column("untouched_deals", Format.COUNT, "Open deals without any activity so far."),
        Column("gap_deals", Format.COUNT, "Open deals of which any of the three is true."),
        Column("gap_amount", Format.MONEY, "Their value."),
        money.GAP_SHARE,
    ),
    DEALS,
)
DEALS_WITH_CONTACTS = Report(
    "deals_with_contacts",
    Role.SALES,
    (
        Column("deal_id", Format.ID, "Key of the deal."),
        Column("deal", Format.TEXT, "Title of the deal."),
        Column("status", Format.TEXT, "open, won or lost."),
        PIPELINE_NAME,
        STAGE[1],
        OWNER,
        money.CURRENCY,
        Column("amount", Format.MONEY, "Value of the deal."),
        Column(
            "probability", Format.SHARE, "Probability of being won: 1 if it was, 0 if it was lost, null if unknown."
        ),
        Column(
            "probability_source", Format.TEXT, "closed, predicted, percent, stage history, pipeline history or none."
        ),
        Column("forecast_date", Format.DAY, "Day on which it is expected to close."),
        Column("closed_at", Format.INSTANT, "When it was won or lost; null while it is open."),
        Column("closed_source", Format.TEXT, "Where that came from: change log, activities, edate or mdate."),
        Column("contact_id", Format.ID, "First contact of the deal."),
        Column("email", Format.TEXT, "Address of the contact."),
        Column("contact", Format.TEXT, "Name of the contact."),
        Column("account", Format.TEXT, "Company of the deal; null if none, or if accounts were not read."),
        Column("contact_bounced", Format.FLAG, "Whether the address of the contact hard-bounced."),
        Column("contact_issue", Format.TEXT, "What is wrong with the contact; null if nothing.", formerly="trouble"),
    ),
    DEALS | {"accounts": "companies are null"},
    as_now=NAMES_NOW | {"contacts"},
)
REPORTS = (
    PIPELINE,
    FORECAST,
    FORECAST_COVERAGE,
    FORECAST_ACCURACY,
    WIN_RATE,
    DEAL_SIZE,
    SALES_CYCLE,
    VELOCITY,
    STAGE_CONVERSION,
    TIME_IN_STAGE,
    SLIPPAGE,
    ACTIVITY_GAPS,
    DEALS_WITH_CONTACTS,
)
