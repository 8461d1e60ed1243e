"""How charts look.

The colours are those of Okabe and Ito, which people of every kind of colour vision tell apart
(https://jfly.uni-koeln.de/color/); the first two also differ in lightness, for printers.
"""

from typing import Any

BLUE, ORANGE, GREEN, VERMILLION, SKY, PURPLE, GREY = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#56B4E9",
    "#CC79A7",
    "#8A8A8A",
)
PALETTE = (BLUE, ORANGE, GREEN, PURPLE, VERMILLION, SKY, GREY)
INK, MUTED, LINE, PAPER = "#1C1C1C", "#5A5A5A", "#D9D9D9", "#FFFFFF"
FONT = "Helvetica, Arial, sans-serif"  # vl-convert brings what stands for these, and so does every system
TEXT = 13
NARROW = 480  # pixels; below this, names stand above their bars instead of beside them
TALLER = 1.6  # what a bar with its name above it needs, by that of one beside its name
DIM = 0.45  # opacity of what the title does not speak of
_ABOVE = {
    "labelAlign": "left",
    "labelBaseline": "bottom",
    "labelPadding": 0,
    "labelOffset": {"expr": "-bandwidth('y') / 2 - 2"},
}
_NAMES_ABOVE: dict[str, Any] = {
    "axisYBand": _ABOVE,
    "axisYPoint": _ABOVE | {"labelOffset": -3},
    "scale": {
        "barBandPaddingInner": 0.5,
        "barBandPaddingOuter": 0.5,
        "bandWithNestedOffsetPaddingInner": 0.35,
        "bandWithNestedOffsetPaddingOuter": 0.35,
        "pointPadding": 0.9,
    },
}


def config(width: int, *, background: str | None = None) -> dict[str, Any]:
    """Return Vega-Lite's configuration for a picture of this width in pixels; no background lets the page through.

    Vega would cut long labels between the two halves of an emoji, and its renderer crashes on half of one; so they are
    shortened in `charts.py` and Vega has no limit.
    """
    columns = 1 if width < NARROW else width // 230
    return {
        "background": background,
        "font": FONT,
        "view": {"stroke": None},
        "range": {"category": list(PALETTE)},
        "title": {
            "anchor": "start",
            "color": INK,
            "fontSize": 18,
            "subtitleColor": MUTED,
            "subtitleFontSize": TEXT,
            "subtitlePadding": 6,
            "offset": 14,
            "frame": "bounds",
        },
        "axis": {
            "labelColor": INK,
            "labelFontSize": TEXT,
            "titleColor": MUTED,
            "titleFontSize": TEXT,
            "titleFontWeight": "normal",
            "gridColor": LINE,
            "domainColor": MUTED,
            "tickColor": MUTED,
            "labelLimit": 0,
            "labelOverlap": "greedy",
            "labelSeparation": 8,
        },
        "axisX": {"labelAngle": 0, "labelFlush": False},
        "legend": {
            "orient": "top",
            "direction": "horizontal",
            "columns": columns,
            "labelColor": INK,
            "labelFontSize": TEXT,
            "labelLimit": 0,
            "columnPadding": 24,
            "title": None,
            "symbolSize": 90,
        },
        "text": {"color": INK, "fontSize": TEXT},
        "bar": {"color": BLUE},
        "line": {"color": BLUE, "strokeWidth": 2.5},
        "point": {"color": BLUE, "filled": True, "size": 45},
        "rule": {"color": MUTED},
        **(_NAMES_ABOVE if width < NARROW else {}),
    }
