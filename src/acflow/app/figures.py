"""A report drawn for a page: its charts as SVG, its rows as people read them, and what must be known of both."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from acflow.errors import AcflowError

if TYPE_CHECKING:
    import pyarrow as pa

    from acflow.app.project import Project
    from acflow.reports import Options, Report, ReportSession
    from acflow.reports.figures.model import Chart

WIDE, NARROW = 860, 340  # pixels: beside a navigation on a desk, and a telephone's screen without its margins

MOST_CELLS = 200  # rows that a page shows; to write thousands as texts takes longer than to compute them


@dataclass(frozen=True, slots=True)
class DrawnChart:
    """A chart with its words, drawn for a desk and for a telephone. The SVG's texts are escaped by who drew it."""

    chart: "Chart"
    wide: str
    narrow: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """The answer of a report; `cells` are its first rows as texts, in the order of its columns.

    `data_as_of` is the oldest reading that it rests on, `old` whether that is more than a day behind.
    """

    charts: Sequence[DrawnChart]
    table: "pa.Table"
    cells: Sequence[Sequence[str]]
    data_as_of: datetime
    old: bool
    notes: Sequence[str]
    sql: str

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return int(self.table.num_rows)

    @property
    def finding(self) -> str:
        """What it says, in a sentence; empty if there is nothing to see."""
        return self.charts[0].chart.title if self.charts else ""


@dataclass(frozen=True, slots=True)
class _Undrawn:
    """An answer whose charts are still to be drawn."""

    charts: "Sequence[Chart]"
    table: "pa.Table"
    cells: Sequence[Sequence[str]]
    data_as_of: datetime
    old: bool
    notes: Sequence[str]
    sql: str


def draw_report(project: "Project", report: "Report", options: "Options") -> Drawn:
    """Answer a report and draw its figure, if it has one.

    Raises:
        ConfigError: there is nothing in the warehouse to report on.

    """
    from acflow.reports import ReportSession

    warehouse = project.reader()
    with warehouse.held(reading=True):
        answered = _answered(project, ReportSession.open(warehouse, options), report)
    return _drawn([answered])[0]


def draw_reports(project: "Project", reports: "Sequence[Report]", options: "Options") -> "Mapping[str, Drawn]":
    """Answer several reports, whose charts are drawn together; one that cannot be answered is left out.

    Raises:
        ConfigError: there is nothing in the warehouse to report on.

    """
    from acflow.reports import ReportSession

    warehouse, undrawn = project.reader(), {}
    with warehouse.held(reading=True):
        session = ReportSession.open(warehouse, options)
        for report in reports:
            with suppress(AcflowError):  # its page says why
                undrawn[report.name] = _answered(project, session, report)
    return dict(zip(undrawn, _drawn(list(undrawn.values())), strict=True))


def _answered(project: "Project", session: "ReportSession", report: "Report") -> _Undrawn:
    from acflow.reports.document.format_values import cell
    from acflow.reports.figures.answer_charts import drawn
    from acflow.reports.figures.numbers import in_locale
    from acflow.reports.figures.registry import FIGURES
    from acflow.reports.rows import python_rows

    answer = session.answer(report)
    rows = python_rows(answer.table)
    figure = next((figure for figure in FIGURES if figure.report == report.name), None)
    with in_locale(project.settings.locale):
        charts = drawn(figure, answer) if figure else ()
        cells = [[cell(row, column) for column in report.columns] for row in rows[:MOST_CELLS]]
    return _Undrawn(
        charts, answer.table, cells, answer.oldest, answer.is_old, answer.notes, session.sql(report, pretty=True)
    )


def _drawn(answers: Sequence[_Undrawn]) -> list[Drawn]:
    """Draw the charts of answers in two widths, all of them by the same processes, whose start costs the most."""
    drawn = iter(draw_charts([chart for answer in answers for chart in answer.charts]))
    return [
        Drawn(
            charts=[next(drawn) for _ in answer.charts],
            table=answer.table,
            cells=answer.cells,
            data_as_of=answer.data_as_of,
            old=answer.old,
            notes=answer.notes,
            sql=answer.sql,
        )
        for answer in answers
    ]


def draw_charts(charts: "Sequence[Chart]") -> list[DrawnChart]:
    """Draw charts for a desk and for a telephone."""
    from acflow.reports.document.html import UNDRAWN
    from acflow.reports.figures import draw

    wide, narrow = (
        [made.picture.decode() if made.error is None else f"<p>{UNDRAWN}</p>" for made in pictures]
        for pictures in draw.in_widths(charts, (WIDE, NARROW), "svg")
    )
    return [DrawnChart(*parts) for parts in zip(charts, wide, narrow, strict=True)]


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
