"""Pictures as files: vl-convert turns Vega-Lite into SVG, PNG and PDF, here and without a network."""

import json
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

from acflow.reports.figures import theme
from acflow.reports.figures.model import Chart
from acflow.reports.figures.numbers import LOCALE

WIDE = 760  # pixels
SHARP = 2.0  # pixels of a PNG for each of the picture's, so that it is not blurred on today's screens
MARGIN = {"left": 14, "right": 4, "top": 4, "bottom": 4}  # room for systems whose letters are wider than those measured
LETTER = 0.52  # mean width of a letter as a share of the type's size


def chart_svg(chart: Chart, width: int) -> str:
    """Return the chart alone, to stand on a page that says its title, transparent and as wide as said in pixels."""
    return _svg(_sized(chart, width) | {"config": theme.config(width)})


def chart_pdf(chart: Chart, width: int) -> bytes:
    """Return the chart alone as one vector page."""
    import vl_convert

    found = vl_convert.vegalite_to_pdf(_sized(chart, width) | {"config": theme.config(width)}, **_offline())
    return bytes(found)


def svg(chart: Chart, width: int = WIDE) -> bytes:
    """Return the picture with its title, its subtitle and its cautions, to stand alone."""
    return _svg(_framed(chart, width)).encode()


def png(chart: Chart, width: int = WIDE) -> bytes:
    """Return the same as pixels, two for each of its width."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(_framed(chart, width), scale=SHARP, **_offline()))


def pdf(chart: Chart, width: int = WIDE) -> bytes:
    """Return the same as one page."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_pdf(_framed(chart, width), **_offline()))


def vega_lite(chart: Chart, width: int = WIDE) -> bytes:
    """Return the same as Vega-Lite, for whoever draws it elsewhere."""
    return json.dumps(_framed(chart, width), indent=1, ensure_ascii=False).encode()


WRITERS: Mapping[str, Callable[[Chart], bytes]] = {".svg": svg, ".png": png, ".pdf": pdf, ".json": vega_lite}
"""How a single picture is written, by the ending of its file."""


def _svg(spec: dict[str, Any]) -> str:
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec, **_offline()))


def _offline() -> dict[str, Any]:
    return {"allowed_base_urls": [], "format_locale": LOCALE}


def _sized(chart: Chart, width: int) -> dict[str, Any]:
    sized = {**chart.spec, "width": width, "autosize": {"type": "fit-x", "contains": "padding"}, "padding": MARGIN}
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
    return textwrap.wrap(text, max(20, int((width - 32) / (size * LETTER))), break_on_hyphens=False)
