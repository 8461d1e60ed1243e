"""What is open and what will come of it. Every picture speaks of one currency."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from acflow.reports.figures import charts, theme
from acflow.reports.figures.currencies import few, named, per_currency, total
from acflow.reports.figures.findings import lead
from acflow.reports.figures.model import Chart, Figure, Headline, ReportContext, Row
from acflow.reports.figures.numbers import count, currency_name, of_all, percent, short_money
from acflow.reports.figures.numbers import month as month_name
from acflow.reports.figures.periods import MONTHS, every_month, later, month_of
from acflow.reports.figures.stages import MOST_STAGES, stage_names

MUCH = Decimal("0.25")  # so much without a date ahead makes a forecast half a forecast
WON, WEIGHTED, UNWEIGHTED = "Won", "Open, weighted by probability", "Rest of the open value"
UNPLACED = "Overdue or undated"
COLOURS = {WON: theme.GREEN, WEIGHTED: theme.BLUE, UNWEIGHTED: theme.SKY, UNPLACED: theme.ORANGE}


def pipeline(rows: Sequence[Row], _: ReportContext) -> Sequence[Chart]:
    """Show what is open by stage, and how much of it counts once weighted by its probability."""
    return per_currency(rows, ("deals",), _pipeline)


def _pipeline(currency: str, rows: Sequence[Row]) -> Chart:
    stages: dict[str, list[Row]] = defaultdict(list)
    for row, label in zip(rows, stage_names(rows), strict=True):
        stages[label].append(row)
    amounts = [(label, total(of_it, "amount")) for label, of_it in stages.items()]
    weighted, whole = total(rows, "weighted_amount"), total(rows, "amount")
    unknown = total(rows, "amount_without_probability") / whole if whole else Decimal(0)
    deals = int(total(rows, "deals"))
    largest = sorted(amounts, key=lambda item: -item[1])[:MOST_STAGES]
    shown = {label: of_it for label, of_it in stages.items() if label in dict(largest)}
    code = currency_name(currency)
    return Chart(
        named("pipeline", currency),
        lead(f"the {short_money(whole, currency)} that is open", amounts) or "What is open has no value",
        f"Open deals by stage, in {code}; {of_all(len(shown), len(stages), 'stages with open deals')}",
        charts.parted_bars(
            [value for label, of_it in shown.items() for value in _parts(label, of_it, currency)],
            {part: COLOURS[part] for part in (WEIGHTED, UNWEIGHTED)},
        ),
        (
            *(
                (f"{percent(unknown, 0)} of the value has no known probability, so nothing of it is weighted.",)
                if unknown
                else ()
            ),
            *few(deals),
        ),
        (
            Headline(
                f"Open pipeline, {code}",
                short_money(whole, currency),
                f"{count(deals, 'deal')}; {short_money(weighted, currency)} weighted",
                *few(deals),
            ),
        ),
    )


def _parts(label: str, rows: Sequence[Row], currency: str) -> Iterator[Mapping[str, Any]]:
    """Yield the two parts of a stage's bar; the second has the sum beside it."""
    amount, weighted = total(rows, "amount"), total(rows, "weighted_amount")
    says = f"{short_money(amount, currency)} · {count(int(total(rows, 'deals')), 'deal')}"
    yield {"label": label, "part": WEIGHTED, "value": float(weighted)}
    yield {"label": label, "part": UNWEIGHTED, "value": float(amount - weighted), "end": float(amount), "says": says}


def forecast(rows: Sequence[Row], terms: ReportContext) -> Sequence[Chart]:
    """Show what was won and what may be won, month by month, and what has no date to go by."""
    now = month_of(terms.today)
    return per_currency(rows, ("open_deals", "won_deals"), lambda currency, of_it: _forecast(currency, of_it, now))


def _forecast(currency: str, rows: Sequence[Row], now: date) -> Chart | None:
    if not any(total(rows, column) for column in ("won_amount", "weighted_amount")):
        return None
    first, last = later(now, -MONTHS), later(now, MONTHS)
    dated = [row for row in rows if row["bucket"] == "month"]
    months = {row["month"]: [row] for row in dated if first <= row["month"] <= last}
    beyond = [row for row in dated if row["month"] > last]
    overdue, undated = ([row for row in rows if row["bucket"] == bucket] for bucket in ("overdue", "undated"))
    expected = total((row for month, of_it in months.items() if month >= now for row in of_it), "weighted_amount")
    until = max((month for month, of_it in months.items() if month >= now and total(of_it, "open_deals")), default=None)
    loose, open_amount = total((*overdue, *undated), "open_amount"), total(rows, "open_amount")
    unplaced = loose / open_amount if loose > 0 else Decimal(0)
    drawn = [
        {"when": f"{month:%Y-%m}", "part": part, "value": float(total(months.get(month, ()), column))}
        for month in every_month(min(months, default=now), max(months, default=now))
        for part, column in ((WON, "won_amount"), (WEIGHTED, "weighted_amount"))
    ]
    for when, part, of_it in (("later", WEIGHTED, beyond), ("no date ahead", UNPLACED, (*overdue, *undated))):
        if weighted := total(of_it, "weighted_amount"):
            drawn.append({"when": when, "part": part, "value": float(weighted)})
    used = {row["part"] for row in drawn}
    left = f"{percent(unplaced, 0)} of the open value has no date ahead"
    code, sure = currency_name(currency), short_money(expected, currency)
    won = short_money(total(dated, "won_amount"), currency)
    return Chart(
        named("forecast", currency),
        f"{sure} is expected by the end of {month_name(until)}{f'; {left}' if unplaced >= MUCH else ''}"
        if until
        else f"No open deal is expected by {month_name(last)}; {won} was won since "
        f"{month_name(min(months, default=now))}",
        f"Won deals by the month they closed, open ones by the month they are expected, in {code}; open deals count by "
        "their probability",
        charts.columns(drawn, {part: COLOURS[part] for part in COLOURS if part in used}, scale=charts.amounts()),
        tuple(_forecast_cautions(currency, overdue, undated, beyond, left if unplaced else "", last)),
        (_won_key(currency, months, now, f"{sure} more expected by {month_name(until)}, weighted" if until else ""),),
        urgent=unplaced >= MUCH,
    )


def _forecast_cautions(  # noqa: PLR0913, PLR0917 - the parts of the sentences
    currency: str, overdue: Sequence[Row], undated: Sequence[Row], beyond: Sequence[Row], left: str, last: date
) -> Iterator[str]:
    if left:
        late, without = (short_money(total(rows, "open_amount"), currency) for rows in (overdue, undated))
        yield f"{left}: {late} overdue, {without} without a date."
    if deals := int(total(beyond, "open_deals")):
        worth = short_money(total(beyond, "open_amount"), currency)
        late = f"{'is' if deals == 1 else 'are'} expected only after {month_name(last)}"
        yield f"{count(deals, 'open deal')} ({worth}) {late}."


def _won_key(currency: str, months: Mapping[date, Sequence[Row]], now: date, expected: str) -> Headline:
    """Return what was won this month, beside the month before and the same month a year before."""

    def won(month: date) -> str:
        return short_money(total(months.get(month, ()), "won_amount"), currency)

    before = [f"{won(later(now, -1))} in {later(now, -1):%B}"]
    if later(now, -MONTHS) in months:
        before.append(f"{won(later(now, -MONTHS))} a year before")
    beside = "; ".join(filter(None, (", ".join(before), expected)))
    return Headline(f"Won this month, {currency_name(currency)}", won(now), beside)


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
