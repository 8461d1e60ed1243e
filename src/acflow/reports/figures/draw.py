"""Pictures as files: Vega-Lite becomes SVG, PNG and PDF, here and without a network."""

import json
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from acflow.entities.text import clean, clean_deep
from acflow.errors import DeliveryError
from acflow.reports.figures import theme
from acflow.reports.figures.drawing import Drawing, Drawn, draw_all
from acflow.reports.figures.model import Chart
from acflow.reports.figures.numbers import axis_locale

WIDE = 760  # pixels
SHARP = 2.0  # pixels of a PNG for each of the picture's, so that it is not blurred on today's screens
MARGIN = {"left": 14, "right": 4, "top": 4, "bottom": 4}  # room for systems whose letters are wider than those measured
LETTER = 0.52  # mean width of a letter as a share of the type's size


def bare(charts: Sequence[Chart], width: int, form: Literal["svg", "pdf"]) -> list[Drawn]:
    """Draw charts alone, to stand on a page that says their titles, transparent and as wide as said in pixels."""
    return in_widths(charts, (width,), form)[0]


def in_widths(charts: Sequence[Chart], widths: Sequence[int], form: Literal["svg", "pdf"]) -> list[list[Drawn]]:
    """Draw charts alone in several widths, a list for each; the same processes draw all, as to start one costs most."""
    drawn = draw_all(
        [
            Drawing(_sized(chart, width) | {"config": theme.config(width)}, form, axis_locale(chart.locale))
            for width in widths
            for chart in charts
        ]
    )
    return [drawn[index * len(charts) : (index + 1) * len(charts)] for index in range(len(widths))]


def svg(chart: Chart, width: int = WIDE) -> bytes:
    """Return the picture with its title, its subtitle and its cautions, to stand alone.

    Raises:
        DeliveryError: the drawing library could not draw it.

    """
    return _alone(chart, width, "svg")


def png(chart: Chart, width: int = WIDE) -> bytes:
    """Return the same as pixels, two for each of its width."""
    return _alone(chart, width, "png")


def pdf(chart: Chart, width: int = WIDE) -> bytes:
    """Return the same as one page."""
    return _alone(chart, width, "pdf")


def vega_lite(chart: Chart, width: int = WIDE) -> bytes:
    """Return the same as Vega-Lite, for whoever draws it elsewhere."""
    return json.dumps(_framed(chart, width), indent=1, ensure_ascii=False).encode()


WRITERS: Mapping[str, Callable[[Chart], bytes]] = {".svg": svg, ".png": png, ".pdf": pdf, ".json": vega_lite}
"""How a single picture is written, by the ending of its file."""


def _alone(chart: Chart, width: int, form: Literal["svg", "png", "pdf"]) -> bytes:
    [drawn] = draw_all([Drawing(_framed(chart, width), form, axis_locale(chart.locale), SHARP)])
    if drawn.error:
        raise DeliveryError(
            f"The figure {chart.name} could not be drawn: {drawn.error}. "
            "Its numbers are in the report; as .json it can be drawn elsewhere."
        )
    return drawn.picture


def _sized(chart: Chart, width: int) -> dict[str, Any]:
    spec: dict[str, Any] = clean_deep(chart.spec)
    sized = {**spec, "width": width, "autosize": {"type": "fit-x", "contains": "padding"}, "padding": MARGIN}
    height = sized.get("height")
    if width < theme.NARROW and isinstance(height, Mapping):
        sized["height"] = {**height, "step": height["step"] * theme.TALLER}
    return sized


def _framed(chart: Chart, width: int) -> dict[str, Any]:
    below = [f"Note: {caution}" for caution in chart.cautions]
    return {
        **_sized(chart, width),
        "padding": 16,
        "config": theme.config(width, background=theme.PAPER),
        "title": {
            "text": _wrapped(chart.title, width, 18),
            "subtitle": [line for text in (chart.subtitle, *below) for line in _wrapped(text, width, theme.TEXT)],
        },
    }


def _wrapped(text: str, width: int, size: int) -> list[str]:
    return textwrap.wrap(clean(text), max(20, int((width - 32) / (size * LETTER))), break_on_hyphens=False)
