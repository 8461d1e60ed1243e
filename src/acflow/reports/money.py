"""The measures of sales, each defined once for every report that has it."""

from acflow.reports.model import Column, Format, Kpi

PER_CURRENCY = "Per currency; only the option `rates` turns currencies into one."
LIMITED = "Deals hidden by permissions are left out and counted in the notes."
TRADE = "usual in sales"

CURRENCY = Column("currency", Format.TEXT, "Currency of every amount of the row.")
DEALS = Column("deals", Format.COUNT, "Open deals.")
AMOUNT = Column(
    "amount",
    Format.MONEY,
    "Value of the open deals.",
    Kpi(
        "Pipeline value",
        "sum of amount over open deals; amount = value / 10^(decimals of the currency by ISO 4217)",
        "deals.value, currency, status, isDisabled",
        f"{PER_CURRENCY} {LIMITED}",
        "[ISO 4217](https://www.six-group.com/en/products-services/financial-information/data-standards.html)",
        "The API's own totals (meta.currencies) count hidden deals too.",
    ),
)
WEIGHTED = Column(
    "weighted_amount",
    Format.MONEY,
    "Value of the open deals, each times its probability of being won.",
    Kpi(
        "Weighted pipeline",
        "sum of amount x probability; probability = winProbability, else percent unless 0, else how often closed deals "
        "that were ever in the stage were won, else how often those of the pipeline were",
        "deals.winProbability, percent, stage, status; dealActivities (d_stageid), deals_history.stage",
        "A deal without any probability adds nothing; `amount_without_probability` says how much that leaves out. "
        "A probability outside 0 to 100 is invalid and counts as none; data_health counts them. A rate of the "
        "past needs "
        "10 closed deals: below that the stage takes the rate of its pipeline, and `probability_source` says so. Only "
        "deals whose whole way is known count for a stage: of others only the last stage is known, where the lost ones "
        "stand, which would make the rate too low. "
        f"{PER_CURRENCY}",
        TRADE,
        "ActiveCampaign's forecast takes the deal's own percent or its prediction.",
    ),
)
UNKNOWN_AMOUNT = Column(
    "amount_without_probability",
    Format.MONEY,
    "Value of the open deals without any probability, which are in no weight.",
)
FORECAST = Column(
    "forecast_amount",
    Format.MONEY,
    "What the month may bring: won so far, and what is open times its probability.",
    Kpi(
        "Weighted forecast",
        "won amount closed in the month + sum of amount x probability of open deals expected in it; "
        "expected = Forecasted Close Date, else edate",
        "deals_custom.forecasted_close_date, deals.edate, winProbability, percent",
        "A date that has passed puts an open deal into the bucket `overdue`, no date into `undated`: not dropped, but "
        f"in no month. The first month shown is whole, and `partial` marks the one that is not over. {PER_CURRENCY} "
        f"{LIMITED}",
        TRADE,
    ),
)
COVERAGE = Column(
    "coverage",
    Format.NUMBER,
    "Open value expected in the month, as a multiple of the target; 3 is a common goal.",
    Kpi(
        "Pipeline coverage",
        "open amount expected in the month / target",
        "as of Weighted forecast; the option `targets`",
        "Null without a target for the currency, or with one of 0.",
        TRADE,
    ),
)
DATED_SHARE = Column(
    "dated_share",
    Format.SHARE,
    "Share of the open value whose expected date lies ahead.",
    Kpi(
        "Forecast coverage line",
        "open amount that is dated, overdue, undated, or without probability, each by all open amount",
        "as of Weighted forecast",
        f"Dated, overdue and undated add up to all. {PER_CURRENCY}",
        "by definition",
    ),
)
ACCURACY = Column(
    "accuracy",
    Format.RATE,
    "1 for a forecast that came true, less the share by which it missed; below 0 if it missed by more than all.",
    Kpi(
        "Forecast accuracy",
        "1 - |forecast - actual| / actual, and forecast - actual as an amount; forecast = sum of amount x "
        "probability of deals that were open when the "
        "month began and expected in it, by the change log",
        "deals_history.edate, amount, winProbability, percent; deals",
        "A month in which nothing was won keeps its row: actual is 0, accuracy null, and `forecast_error` the whole "
        "forecast. Null where no version of that day is kept. Custom dates are in no history. Months are whole: "
        "the first "
        "is the one in which the last `days` days begin.",
        TRADE,
    ),
)
WIN_RATE = Column(
    "win_rate",
    Format.SHARE,
    "Share of the closed deals that were won.",
    Kpi(
        "Win rate",
        "won / (won + lost), by number and by amount",
        "deals.status, edate, mdate; deals_history.status; dealActivities",
        "Deals closed in the last `days` days, today and whole days included. A deal was closed when the change "
        "log first saw it so, "
        "else the log of activities, else edate unless it lies ahead, else mdate; `estimated_close_dates` counts the "
        "last. "
        "Where there are several currencies, a row without currency counts all of them and has no amounts. "
        f"Open deals are never in the denominator. Below 10 closed deals it is marked `low_sample`. {LIMITED}",
        TRADE,
    ),
)
AVERAGE_DEAL = Column(
    "average_deal",
    Format.MONEY,
    "Mean value of a won deal.",
    Kpi(
        "Deal size",
        "sum of amount of won deals / their number; median beside it",
        "deals.amount, status",
        f"Deals won in the last `days` days; few large ones move the mean. {PER_CURRENCY}",
        TRADE,
    ),
)
CYCLE = Column(
    "cycle_days",
    Format.DAYS,
    "Median of the days from creation to winning.",
    Kpi(
        "Sales cycle",
        "median(closed_at - cdate) over won deals",
        "deals.cdate; closed_at as of Win rate",
        "A deal closed before it was created is an error in the data: left out, and counted in `impossible_cycles`.",
        TRADE,
    ),
)
VELOCITY = Column(
    "velocity",
    Format.MONEY,
    "Money that deals bring per day.",
    Kpi(
        "Deal velocity",
        "open deals x average won deal x win rate / cycle days",
        "as of Win rate, Deal size and Sales cycle",
        f"Null with a reason where one of the four is not known, or the cycle is 0 days. {PER_CURRENCY}",
        TRADE,
    ),
)
CONVERSION = Column(
    "conversion",
    Format.SHARE,
    "Share of the deals that left the stage and went on from it, forwards.",
    Kpi(
        "Stage conversion",
        "deals that ever left the stage forward / (deals that ever entered it - open deals that have come no further)",
        "dealActivities (d_stageid), and deals_history.stage from where that ends; dealStages.order",
        "A deal that is still there has neither passed nor failed, and counts in no share. "
        "A stage that was skipped counts as passed, and winning passes all that follow. Only stages of the deal's "
        "pipeline of now. A deal that was already on its way when the change log began does not count, since nobody "
        "knows through which stages it came. Null with a reason without history.",
        TRADE,
    ),
)
STAY = Column(
    "median_days",
    Format.DAYS,
    "Median of the days that deals stayed in the stage before they left it.",
    Kpi(
        "Time in stage",
        "median(left - entered); of deals still there: now - entered; stuck = longer than twice the median",
        "as of Stage conversion",
        "A deal leaves its last stage when it is won or lost. When a deal came to the stage it was first seen in is "
        "known only if it was made since the change log began. Null with a reason without history.",
        TRADE,
    ),
)
SLIPPAGE = Column(
    "slippage",
    Format.SHARE,
    "Share of the open value whose expected date moved to a later day.",
    Kpi(
        "Slippage",
        "open amount whose edate is later than it was `recent_days` days ago, or when first seen since / open amount",
        "deals.edate; deals_history.edate",
        "A date set for the first time is no slip. Null with a reason without history.",
        TRADE,
    ),
)
GAP_SHARE = Column(
    "gap_share",
    Format.SHARE,
    "Share of the open deals without a task ahead, or never touched.",
    Kpi(
        "Activity gap",
        "open deals with nextdate null or past, or activitycount 0 / open deals",
        "deals.nextdate, activitycount",
        "nextdate is when the next task is due, not when the deal closes.",
        "by definition",
    ),
)
