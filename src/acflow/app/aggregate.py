"""Figures of a table without its rows: counts, sums and averages by groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acflow.app.data import rows_sql
from acflow.app.rows import Group, Measure, Metric, RowsQuery, RowsSql

if TYPE_CHECKING:
    import pyarrow as pa

    from acflow.app.project import Project

COUNTS = frozenset({Measure.COUNT, Measure.COUNT_DISTINCT})
MOST_CURRENCIES = 200


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The figures, and what must be said along with them."""

    table: "pa.Table"
    notes: tuple[str, ...] = ()


def aggregate(  # noqa: PLR0913 - each says something else of the question
    project: "Project",
    table: str,
    by: Sequence[Group],
    metrics: Sequence[Metric],
    *,
    query: RowsQuery | None = None,
    limit: int = 100,
) -> Aggregate:
    """Return metrics of the rows that a query means, by groups: the latest stretches of time or the largest first.

    Amounts of several currencies that no group keeps apart are told of.

    Raises:
        ConfigError: there is no such table or column, or a column holds nothing of that measure.

    """
    wanted = rows_sql(project, table, query)
    with wanted.warehouse.stream(wanted.grouped(by, metrics, limit)) as batches:
        figures = batches.read_all()
    notes = [_mixed(wanted, table, metric, by) for metric in metrics if metric.measure not in COUNTS]
    return Aggregate(figures, tuple(note for note in notes if note))


def _mixed(wanted: RowsSql, table: str, metric: Metric, by: Sequence[Group]) -> str | None:
    from acflow.flows.money import currency_of, mixed

    currency = currency_of(metric.column, table, wanted.types)
    if currency is None or currency in {group.column for group in by}:
        return None
    counted = wanted.grouped([Group(currency)], [Metric(Measure.COUNT)], MOST_CURRENCIES)
    with wanted.warehouse.stream(counted) as batches:
        counts = {row[currency]: row["rows"] for row in batches.read_all().to_pylist() if row[currency]}
    return mixed(f"`{metric.name}`", counts, f"group by `{currency}`")
