"""Rows of money: one currency at a time, since amounts of two are never added."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from urllib.parse import quote

from acflow.reports.figures.findings import FEW
from acflow.reports.figures.model import Chart, Row
from acflow.reports.figures.numbers import count

MOST_CURRENCIES = 6  # those with the most deals get a picture; the table has all


def per_currency(
    rows: Iterable[Row], counters: Sequence[str], draw: Callable[[str, list[Row]], Chart | None]
) -> Sequence[Chart]:
    """Draw each currency in use, that with the most deals first; what the others say on top is never urgent.

    Rows over all currencies have a dimension and no currency; they are in none of the charts.
    """
    rows_of: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["currency"] is None and "dimension" in row:
            continue
        rows_of[row["currency"] or ""].append(row)
    ranked = sorted(rows_of.items(), key=lambda item: -sum(total(item[1], counter) for counter in counters))
    drawn = [chart for currency, of_it in ranked[:MOST_CURRENCIES] if (chart := draw(currency, of_it)) is not None]
    if drawn and (left := len(ranked) - MOST_CURRENCIES) > 0:
        more = f"{count(left, 'more currency', 'more currencies')} with fewer deals: see the table."
        drawn[0] = replace(drawn[0], cautions=(*drawn[0].cautions, more))
    return [*drawn[:1], *(replace(chart, urgent=False) for chart in drawn[1:])]


def named(chart: str, part: str) -> str:
    """Return the name of a chart of one currency or pipeline, as addresses and file systems take it."""
    return f"{chart}-{quote(part or 'none', safe='').replace('%', '~')}"


def total(rows: Iterable[Row], column: str) -> Decimal:
    """Return the sum of a column, in which null counts as nothing."""
    return sum((Decimal(row[column]) for row in rows if row[column] is not None), Decimal(0))


def few(observations: int, noun: str = "deal") -> tuple[str, ...]:
    """Return the caution that so few observations say little."""
    return (f"Only {count(observations, noun)}: too few to rely on.",) if observations < FEW else ()
