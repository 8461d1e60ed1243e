"""A report drawn for a page: its charts as SVG, its rows as people read them, and what must be known of both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from acflow.app.project import Project
    from acflow.reports import Options, Report
    from acflow.reports.figures.model import Chart

WIDE, NARROW = 860, 340  # pixels: beside a navigation on a desk, and a telephone's screen without its margins


@dataclass(frozen=True, slots=True)
class DrawnChart:
    """A chart with its words, drawn for a desk and for a telephone. The SVG's texts are escaped by who drew it."""

    chart: "Chart"
    wide: str
    narrow: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """The answer of a report; `cells` are its rows as texts, in the order of its columns."""

    charts: Sequence[DrawnChart]
    table: "pa.Table"
    cells: Sequence[Sequence[str]]
    as_of: datetime
    notes: Sequence[str]
    sql: str

    @property
    def finding(self) -> str:
        """What it says, in a sentence; empty if there is nothing to see."""
        return self.charts[0].chart.title if self.charts else ""


def draw_report(project: "Project", report: "Report", options: "Options") -> Drawn:
    """Answer a report and draw its figure, if it has one.

    Raises:
        ConfigError: there is nothing in the warehouse to report on.

    """
    from acflow.reports import ReportSession
    from acflow.reports.document.format_values import cell
    from acflow.reports.document.html import UNDRAWN
    from acflow.reports.figures import draw
    from acflow.reports.figures.model import ReportContext
    from acflow.reports.figures.numbers import in_locale
    from acflow.reports.figures.registry import FIGURES
    from acflow.reports.rows import python_rows

    session = ReportSession.open(project.reader(), options)
    answer = session.answer(report)
    rows = python_rows(answer.table)
    figure = next((figure for figure in FIGURES if figure.report == report.name), None)
    with in_locale(project.settings.locale):
        charts = figure.draw(rows, ReportContext(answer.as_of, answer.options)) if figure else ()
        cells = [[cell(row, column) for column in report.columns] for row in rows]
    wide, narrow = (
        [
            made.picture.decode() if made.error is None else f"<p>{UNDRAWN}</p>"
            for made in draw.bare(charts, width, "svg")
        ]
        for width in (WIDE, NARROW)
    )
    return Drawn(
        charts=[DrawnChart(*drawn) for drawn in zip(charts, wide, narrow, strict=True)],
        table=answer.table,
        cells=cells,
        as_of=answer.as_of,
        notes=answer.notes,
        sql=session.sql(report, pretty=True),
    )


def png(chart: "Chart") -> bytes:
    """Return a chart with its words as a picture."""
    from acflow.reports.figures import draw

    return draw.png(chart)


def entities_of_figures() -> list[str]:
    """Return the entities that the figures of all reports are made of."""
    from acflow.entities import ALL
    from acflow.reports import Role
    from acflow.reports.document.build import tables_for

    tables = tables_for(list(Role))
    return [entity.name for entity in ALL if entity.name in tables]
