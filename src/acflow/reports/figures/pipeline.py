"""What is open and what will come of it. Every picture speaks of one currency."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from acflow.reports.figures import charts
from acflow.reports.figures.currencies import by_currency, few, keys_once, total
from acflow.reports.figures.findings import lead
from acflow.reports.figures.model import Figure, Key, Picture, Row
from acflow.reports.figures.numbers import count, money, month, percent, short_money

MOST_STAGES = 16
WON, WEIGHTED, UNWEIGHTED = "won", "open, weighted by chance", "the rest of it"


def pipeline(rows: Sequence[Row], _: datetime) -> Sequence[Picture]:
    """Show what is open by stage, and how much of it counts once weighted by its chance."""
    return keys_once(_pipeline(currency, of_it) for currency, of_it in by_currency(rows, "deals"))


def _pipeline(currency: str, rows: Sequence[Row]) -> Picture:
    several = len({row["pipeline"] for row in rows}) > 1
    stages: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        stages[f"{row['pipeline']} · {row['stage']}" if several else row["stage"]].append(row)
    amounts = [(label, total(of_it, "amount")) for label, of_it in stages.items()]
    weighted, whole = total(rows, "weighted_amount"), total(rows, "amount")
    unknown = total(rows, "amount_without_probability") / whole if whole else Decimal(0)
    values = [
        {"label": label, "part": part, "value": float(value)}
        for label, of_it in list(stages.items())[:MOST_STAGES]
        for part, value in (
            (WEIGHTED, total(of_it, "weighted_amount")),
            (UNWEIGHTED, total(of_it, "amount") - total(of_it, "weighted_amount")),
        )
    ]
    deals = int(total(rows, "deals"))
    return Picture(
        f"pipeline-{currency}",
        lead(f"the {short_money(whole, currency)} that is open", amounts) or "What is open has no value",
        f"Open deals by stage, in {currency.upper()}",
        charts.parted_bars(values, (WEIGHTED, UNWEIGHTED), scale=charts.AMOUNT),
        (
            *(
                (f"{percent(unknown, 0)} of the value has no known chance: nothing of it is weighted.",)
                if unknown
                else ()
            ),
            *few(deals),
        ),
        (
            Key(
                f"Open pipeline, {currency.upper()}",
                short_money(whole, currency),
                f"{count(deals, 'deal')}; {short_money(weighted, currency)} weighted",
            ),
        ),
    )


def forecast(rows: Sequence[Row], as_of: datetime) -> Sequence[Picture]:
    """Show what was won and what may be won, month by month, and what has no date to go by."""
    of_each = by_currency(rows, "open_deals", "won_deals")
    return keys_once(_forecast(currency, of_it, as_of) for currency, of_it in of_each)


def _forecast(currency: str, rows: Sequence[Row], as_of: datetime) -> Picture | None:
    months = [row for row in rows if row["bucket"] == "month"]
    if not months:
        return None
    undated, overdue, coming = (
        total([row for row in rows if row["bucket"] == bucket], "open_amount")
        for bucket in ("undated", "overdue", "month")
    )
    unplaced = undated + overdue
    ahead = [row for row in months if not row["past"]]
    expected = total(ahead, "weighted_amount")
    cautions = []
    if unplaced:
        share = percent(unplaced / (unplaced + coming), 0)
        cautions.append(
            f"{share} of the open value stands in no month: {money(overdue, currency)} overdue, "
            f"{money(undated, currency)} without a date."
        )
    by_month = {row["month"]: [row] for row in months}
    this_month = as_of.date().replace(day=1)
    until = max((row["month"] for row in ahead if row["open_deals"]), default=None)
    title = (
        f"{short_money(expected, currency)} is expected by the end of {month(until)}"
        if until
        else f"Nothing open has a date ahead; {short_money(total(months, 'won_amount'), currency)} was won in "
        f"{count(len(months), 'month')}"
    )
    return Picture(
        f"forecast-{currency}",
        title,
        f"Won deals by the month they closed, open ones by the month they are expected, in {currency.upper()}",
        charts.columns(
            [
                {"when": f"{day:%Y-%m}", "part": part, "value": float(total(by_month.get(day, ()), column))}
                for day in _every_month(min(by_month), max(by_month))
                for part, column in ((WON, "won_amount"), (WEIGHTED, "weighted_amount"))
            ],
            (WON, WEIGHTED),
            scale=charts.AMOUNT,
        ),
        tuple(cautions),
        (
            Key(
                f"Won this month, {currency.upper()}",
                short_money(total([row for row in months if row["month"] == this_month], "won_amount"), currency),
                f"{short_money(expected, currency)} more expected, weighted",
            ),
        ),
    )


def _every_month(first: date, last: date) -> Iterator[date]:
    """Yield the first day of each month, also of those in which nothing happened."""
    while first <= last:
        yield first
        first = (first + timedelta(days=31)).replace(day=1)


FIGURES = (
    Figure(
        "pipeline",
        pipeline,
        ("stage", "pipeline", "owner", "probability_band", "deals", "amount", "weighted_amount"),
        ("currency",),
    ),
    Figure(
        "forecast",
        forecast,
        ("bucket", "month", "open_deals", "open_amount", "weighted_amount", "won_deals", "won_amount"),
        ("currency",),
    ),
)
