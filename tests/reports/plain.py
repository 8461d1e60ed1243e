"""What the plain reckonings of reports share: days, ratios, sums, medians and groups."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from tests.reports.random_world import World
from tests.reports.report_harness import NOW, Row

Result = dict[tuple[Any, ...], Row]
RECENTLY, TODAY = NOW - timedelta(days=30), NOW.date()
SINCE = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=NOW.tzinfo) - timedelta(days=364)
SINCE_MONTH, THIS_MONTH = SINCE.date().replace(day=1), TODAY.replace(day=1)


def alive(world: World, table: str) -> list[Row]:
    """Return the rows of a table that are not gone from the account."""
    return [row for row in world.get(table, []) if not row.get("_deleted_at")]


def ratio(top: float | Decimal | None, bottom: float | Decimal | None) -> float | None:
    """Return a ratio; none where either is unknown or the bottom is 0."""
    return None if top is None or not bottom else float(top) / float(bottom)


def total(values: Iterable[Any]) -> Any:  # noqa: ANN401 - numbers of any kind
    """Return the sum of what is known; none if nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def grouped(rows: Iterable[Row], key: Callable[[Row], tuple[Any, ...]]) -> Mapping[tuple[Any, ...], list[Row]]:
    """Return rows by a key."""
    found = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def month_of(moment: date | datetime | None) -> date | None:
    """Return the first day of a month."""
    return moment and date(moment.year, moment.month, 1)


def middle(values: Iterable[float]) -> float | None:
    """Return the median, none of nothing."""
    found = list(values)
    return float(median(found)) if found else None
