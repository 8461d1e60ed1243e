"""Figures of a table without its rows: counts, sums and averages by groups."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from acflow.app.data import rows_sql
from acflow.app.rows import Metric, RowsQuery

if TYPE_CHECKING:
    import pyarrow as pa

    from acflow.app.project import Project


def aggregate(  # noqa: PLR0913 - each says something else of the question
    project: "Project",
    table: str,
    by: Sequence[str],
    metrics: Sequence[Metric],
    *,
    query: RowsQuery | None = None,
    limit: int = 100,
) -> "pa.Table":
    """Return metrics of the rows that a query means, one row for each combination of values, the largest first.

    Raises:
        ConfigError: there is no such table or column, or a column holds nothing of that measure.

    """
    wanted = rows_sql(project, table, query)
    with wanted.warehouse.stream(wanted.grouped(by, metrics, limit)) as batches:
        return batches.read_all()
