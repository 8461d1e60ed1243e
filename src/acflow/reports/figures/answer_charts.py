"""An answer's pictures, each with the day that its data are of."""

from collections.abc import Sequence
from dataclasses import replace

from acflow.reports.figures.model import Chart, Figure, Headline, ReportContext, Row
from acflow.reports.rows import python_rows
from acflow.reports.session import Answer


def drawn(figure: Figure, answer: Answer, before: Sequence[Row] = ()) -> tuple[Chart, ...]:
    """Draw an answer: every picture says of which day its oldest data are, and so do its numbers where they are old."""
    context = ReportContext(answer.as_of, answer.options, before)
    day = answer.oldest.astimezone(answer.options.clock).date()
    charts = figure.draw(python_rows(answer.table), context)
    return tuple(
        replace(
            chart,
            subtitle=f"{chart.subtitle}; as of {day}",
            keys=tuple(_dated(key, f"Data of {day}") for key in chart.keys) if answer.is_old else chart.keys,
        )
        for chart in charts
    )


def _dated(key: Headline, said: str) -> Headline:
    return replace(key, caution=f"{key.caution}. {said}" if key.caution else said)
