"""Values of a report as people read them in a table."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from acflow.entities.text import shorten
from acflow.reports.document.model import Heading, Table
from acflow.reports.figures import numbers
from acflow.reports.figures.model import Row
from acflow.reports.model import Column, Format, Report

MOST_ROWS = 40  # of a table in a document; a page of forty is read, one of four thousand is not
MOST_LETTERS = 80  # of a text from the account, which may hold a whole mail
WRITE: Mapping[Format, Callable[[Any], str]] = {
    Format.TEXT: lambda text: shorten(text, MOST_LETTERS),
    Format.ID: str,
    Format.COUNT: numbers.number,
    Format.SHARE: numbers.percent,
    Format.RATE: numbers.percent,
    Format.NUMBER: lambda value: numbers.number(value, 2),
    Format.DAYS: lambda value: numbers.number(value, 1),
    Format.HOURS: lambda value: numbers.number(value, 1),
    Format.DAY: lambda day: f"{day:%Y-%m-%d}",
    Format.MONTH: lambda day: f"{day:%Y-%m}",
    Format.INSTANT: numbers.minute,
    Format.FLAG: lambda value: "yes" if value else "no",
}


def cell(row: Row, column: Column) -> str:
    """Return one value; what is not known is a dash. An amount brings the currency of its row."""
    value = row[column.name]
    if value is None:
        return numbers.NOTHING
    if column.kind is Format.MONEY:
        return numbers.money(value, row.get("currency") or "")
    return WRITE[column.kind](value)


def table(report: Report, names: Sequence[str], rows: Sequence[Row], there: int) -> Table:
    """Return these columns of a report, as many rows as people read of those that are there."""
    by_name = {column.name: column for column in report.columns}
    columns = [by_name[name] for name in names]
    return Table(
        caption=report.question,
        headings=tuple(
            Heading(column.name.replace("_", " "), column.description, column.kind.is_numeric) for column in columns
        ),
        rows=tuple(tuple(cell(row, column) for column in columns) for row in rows[:MOST_ROWS]),
        left_out=max(0, there - MOST_ROWS),
    )
