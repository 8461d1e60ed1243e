"""The measures of sales, each defined once for every report that has it."""

from acflow.reports.model import Column, Kind, Kpi

PER_CURRENCY = "Per currency; only the option `rates` turns currencies into one."
LIMITED = "Limited deals are left out and counted in the notes."
TRADE = "usual in sales"

CURRENCY = Column("currency", Kind.TEXT, "Currency of every amount of the row.")
DEALS = Column("deals", Kind.COUNT, "Open deals.")
AMOUNT = Column(
    "amount",
    Kind.MONEY,
    "Worth of the open deals.",
    Kpi(
        "Pipeline value",
        "sum of amount over open deals; amount = value / 10^(decimals of the currency by ISO 4217)",
        "deals.value, currency, status, isDisabled",
        f"{PER_CURRENCY} {LIMITED}",
        "[ISO 4217](https://www.six-group.com/en/products-services/financial-information/data-standards.html)",
        "The API's own totals (meta.currencies) count limited deals too.",
    ),
)
WEIGHTED = Column(
    "weighted_amount",
    Kind.MONEY,
    "Worth of the open deals, each times its chance of being won.",
    Kpi(
        "Weighted pipeline",
        "sum of amount x probability; probability = winProbability, else percent unless 0, else how often deals that "
        "were ever in the stage were won",
        "deals.winProbability, percent, stage; deals_history.stage",
        "A deal without any probability adds nothing; `amount_without_probability` says how much that leaves out. "
        f"{PER_CURRENCY}",
        TRADE,
        "ActiveCampaign's forecast takes the deal's own percent or its prediction.",
    ),
)
UNKNOWN_AMOUNT = Column(
    "amount_without_probability", Kind.MONEY, "Worth of the open deals without any chance set, which are in no weight."
)
FORECAST = Column(
    "forecast_amount",
    Kind.MONEY,
    "What the month may bring: won so far, and what is open times its chance.",
    Kpi(
        "Weighted forecast",
        "won amount closed in the month + sum of amount x probability of open deals expected in it; "
        "expected = Forecasted Close Date, else edate",
        "deals_custom.forecasted_close_date, deals.edate, winProbability, percent",
        "A date that has passed puts an open deal into the bucket `overdue`, no date into `undated`: not dropped, but "
        f"in no month. {PER_CURRENCY} {LIMITED}",
        TRADE,
    ),
)
COVERAGE = Column(
    "coverage",
    Kind.NUMBER,
    "Open worth expected in the month, as a multiple of the target; 3 is the usual wish.",
    Kpi(
        "Pipeline coverage",
        "open amount expected in the month / target",
        "as of Weighted forecast; the option `targets`",
        "Null without a target for the currency, or with one of 0.",
        TRADE,
    ),
)
