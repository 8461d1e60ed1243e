"""What is open and what will come of it. Every picture speaks of one currency."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from acflow.reports.figures import charts, theme
from acflow.reports.figures.currencies import by_currency, few, keys_once, total
from acflow.reports.figures.findings import lead
from acflow.reports.figures.model import Chart, Figure, Headline, ReportContext, Row
from acflow.reports.figures.numbers import count, month, of_all, percent, short, short_money
from acflow.reports.figures.stages import MOST_STAGES, stage_names

MUCH = Decimal("0.25")  # so much without a date ahead makes a forecast half a forecast
WON, WEIGHTED, UNWEIGHTED = "won", "open, weighted by chance", "the rest of it"
LOOSE = "the same, in no month"
COLOURS = {WON: theme.GREEN, WEIGHTED: theme.BLUE, UNWEIGHTED: theme.SKY, LOOSE: theme.ORANGE}


def pipeline(rows: Sequence[Row], _: ReportContext) -> Sequence[Chart]:
    """Show what is open by stage, and how much of it counts once weighted by its chance."""
    return keys_once(_pipeline(currency, of_it) for currency, of_it in by_currency(rows, "deals"))


def _pipeline(currency: str, rows: Sequence[Row]) -> Chart:
    stages: dict[str, list[Row]] = defaultdict(list)
    for row, label in zip(rows, stage_names(rows), strict=True):
        stages[label].append(row)
    amounts = [(label, total(of_it, "amount")) for label, of_it in stages.items()]
    weighted, whole = total(rows, "weighted_amount"), total(rows, "amount")
    unknown = total(rows, "amount_without_probability") / whole if whole else Decimal(0)
    deals = int(total(rows, "deals"))
    largest = sorted(amounts, key=lambda each: -each[1])[:MOST_STAGES]
    shown = {label: of_it for label, of_it in stages.items() if label in dict(largest)}
    return Chart(
        f"pipeline-{currency}",
        lead(f"the {short_money(whole, currency)} that is open", amounts) or "What is open has no value",
        f"Open deals by stage, in {currency.upper()}; {of_all(len(shown), len(stages), 'stages with open deals')}",
        charts.parted_bars(
            [value for label, of_it in shown.items() for value in _parts(label, of_it)],
            {part: COLOURS[part] for part in (WEIGHTED, UNWEIGHTED)},
        ),
        (
            *(
                (f"{percent(unknown, 0)} of the value has no known chance: nothing of it is weighted.",)
                if unknown
                else ()
            ),
            *few(deals),
        ),
        (
            Headline(
                f"Open pipeline, {currency.upper()}",
                short_money(whole, currency),
                f"{count(deals, 'deal')}; {short_money(weighted, currency)} weighted",
            ),
        ),
    )


def _parts(label: str, rows: Sequence[Row]) -> Iterator[Mapping[str, Any]]:
    """Yield the two parts of a stage's bar; the second has the sum beside it."""
    amount, weighted = total(rows, "amount"), total(rows, "weighted_amount")
    says = f"{short(amount)} · {count(int(total(rows, 'deals')), 'deal')}"
    yield {"label": label, "part": WEIGHTED, "value": float(weighted)}
    yield {"label": label, "part": UNWEIGHTED, "value": float(amount - weighted), "end": float(amount), "says": says}


def forecast(rows: Sequence[Row], terms: ReportContext) -> Sequence[Chart]:
    """Show what was won and what may be won, month by month, and what has no date to go by."""
    of_each = by_currency(rows, "open_deals", "won_deals")
    return keys_once(_forecast(currency, of_it, terms.today.replace(day=1)) for currency, of_it in of_each)


def _forecast(currency: str, rows: Sequence[Row], this_month: date) -> Chart | None:
    if not any(total(rows, column) for column in ("won_amount", "weighted_amount")):
        return None
    in_bucket = {bucket: [row for row in rows if row["bucket"] == bucket] for bucket in ("month", "overdue", "undated")}
    coming, overdue, undated = (total(of_it, "open_amount") for of_it in in_bucket.values())
    months = in_bucket["month"]
    by_month = {row["month"]: [row] for row in months}
    ahead = [row for row in months if not row["past"]]
    expected = short_money(total(ahead, "weighted_amount"), currency)
    until = max((row["month"] for row in ahead if row["open_deals"]), default=None)
    unplaced = (overdue + undated) / (overdue + undated + coming) if overdue + undated else Decimal(0)
    drawn = [
        *(
            {"when": f"{day:%Y-%m}", "part": part, "value": float(total(by_month.get(day, ()), column))}
            for day in _every_month(min(by_month, default=this_month), max(by_month, default=this_month))
            for part, column in ((WON, "won_amount"), (WEIGHTED, "weighted_amount"))
        ),
    ]
    if unplaced:
        loose = total((*in_bucket["overdue"], *in_bucket["undated"]), "weighted_amount")
        drawn.append({"when": "none", "part": LOOSE, "value": float(loose)})
    left = f"{percent(unplaced, 0)} of the open value has no date ahead"
    used = {row["part"] for row in drawn}
    return Chart(
        f"forecast-{currency}",
        f"{expected} is expected by the end of {month(until)}{f'; {left}' if unplaced >= MUCH else ''}"
        if until
        else f"Nothing open has a date ahead; {short_money(total(months, 'won_amount'), currency)} was won in "
        f"{count(len(months), 'month')}",
        f"Won deals by the month they closed, open ones by the month they are expected, in {currency.upper()}",
        charts.columns(drawn, {part: colour for part, colour in COLOURS.items() if part in used}, scale=charts.AMOUNT),
        (f"{left}: {short_money(overdue, currency)} overdue, {short_money(undated, currency)} without a date.",)
        if unplaced
        else (),
        (
            Headline(
                f"Won this month, {currency.upper()}",
                short_money(total(by_month.get(this_month, ()), "won_amount"), currency),
                f"{expected} more expected by {month(until)}, weighted" if until else "nothing more has a date ahead",
            ),
        ),
        urgent=unplaced >= MUCH,
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
        newest_first=True,
    ),
)
