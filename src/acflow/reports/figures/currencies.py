"""Rows of money: one currency at a time, since amounts of two are never added."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from acflow.reports.figures.findings import FEW
from acflow.reports.figures.model import Chart, Row
from acflow.reports.figures.numbers import count

MOST_CURRENCIES = 2  # those with the most deals get a picture; the table has all


def by_currency(rows: Iterable[Row], *counters: str) -> Sequence[tuple[str, list[Row]]]:
    """Return the rows of each currency that gets a picture, that with the most deals first.

    Rows over all currencies have a dimension and no currency; they are in none of the pictures.
    """
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["currency"] is None and "dimension" in row:
            continue
        found[row["currency"] or "none"].append(row)
    ranked = sorted(found.items(), key=lambda each: -sum(total(each[1], counter) for counter in counters))
    return ranked[:MOST_CURRENCIES]


def keys_once(charts: Iterable[Chart | None]) -> Sequence[Chart]:
    """Return the pictures that could be drawn; only the first, that of the main currency, speaks on top of a report."""
    drawn = [chart for chart in charts if chart is not None]
    return [*drawn[:1], *(replace(chart, keys=(), urgent=False) for chart in drawn[1:])]


def total(rows: Iterable[Row], column: str) -> Decimal:
    """Return the sum of a column, in which null counts as nothing."""
    return sum((Decimal(row[column]) for row in rows if row[column] is not None), Decimal(0))


def few(deals: int) -> tuple[str, ...]:
    """Return the caution that so few deals say little."""
    return (f"Only {count(deals, 'deal')}: chance rules here.",) if deals < FEW else ()
