"""Months on an axis: all of them, and never more than people read, whatever dates the rows hold."""

from collections.abc import Iterator
from datetime import date

MONTHS = 12
LAST = date.max.replace(day=1)


def month_of(day: date) -> date:
    """Return the first day of a month."""
    return day.replace(day=1)


def later(month: date, months: int) -> date:
    """Return the first day of the month that comes so many months later, or earlier; the calendar's ends are held."""
    whole = month.year * MONTHS + month.month - 1 + months
    return date(min(max(whole // MONTHS, date.min.year), date.max.year), whole % MONTHS + 1, 1)


def every_month(first: date, last: date) -> Iterator[date]:
    """Yield the first day of each month, also of those in which nothing happened."""
    while first <= last:
        yield first
        if first == LAST:
            return
        first = later(first, 1)
