"""Reports as tables that a flow may be made of: `report: win_rate`, or `report_win_rate` by name in SQL.

Nothing is kept for them. A report stands in the flow's SQL as a subquery, so it speaks of the same moment as all else.
"""

from collections.abc import Callable, Mapping
from functools import cache

from sqlglot import exp

from acflow.reports.model import SQL_TYPES, Report
from acflow.reports.registry import REPORTS

WITH_OPTIONS = "@"  # stands in no name of a table: `report_win_rate@of_this_flow`


@cache
def report_schemas() -> Mapping[str, Mapping[str, str]]:
    """Return the columns of every report by the name of its table, as types of DuckDB's SQL."""
    return {
        report.table: {column.name: SQL_TYPES[column.kind] for column in report.columns}
        for report in _by_table().values()
    }


def report_of(table: str) -> Report | None:
    """Return the report that a table of a flow's SQL stands for."""
    return _by_table().get(table.partition(WITH_OPTIONS)[0])


def table_with_options(report: str, flow: str) -> str:
    """Return the name under which a report with the options of one flow stands in its SQL."""
    return f"{report}{WITH_OPTIONS}{flow}"


def order_of(report: Report) -> tuple[tuple[str, bool], ...]:
    """Return the order of a report's rows as (column, descending)."""
    from sqlglot import parse_one

    order = parse_one(report.sql, dialect="duckdb", into=exp.Select).args.get("order")
    return tuple((term.this.name, bool(term.args.get("desc"))) for term in order.expressions) if order else ()


def inline_reports(query: exp.Query, sql_of: Callable[[Report, str], exp.Select]) -> None:
    """Put the SQL of each report in its place; `sql_of` gives it for a report and the flow whose options it takes."""
    for node in list(query.find_all(exp.Table)):
        report = report_of(node.name)
        if report and node.db:
            flow = node.name.partition(WITH_OPTIONS)[2]
            node.replace(sql_of(report, flow).subquery(exp.to_identifier(node.alias_or_name, quoted=True), copy=False))


@cache
def _by_table() -> Mapping[str, Report]:
    return {report.table: report for report in REPORTS}
