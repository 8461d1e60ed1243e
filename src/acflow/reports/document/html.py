"""The report as one web page that asks for nothing: styles and pictures stand in it, and there is no script."""

import re
from importlib.resources import files
from typing import TYPE_CHECKING

from acflow.reports.document.model import Document
from acflow.reports.figures import draw
from acflow.reports.figures.model import Chart

if TYPE_CHECKING:
    from markupsafe import Markup

WIDE, NARROW = 860, 340  # pixels: the column of text on a desk, and the screen of a telephone without its margins
UNDRAWN = "This chart could not be drawn. Its numbers are in the table below."
COMMAND = re.compile(r"`([^`]+)`")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def html(document: Document) -> bytes:
    """Return the page. Whatever came from the account is escaped; the pictures' texts are escaped by who draws them."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    charts = document.charts
    drawn = draw.in_widths([*charts], (WIDE, NARROW), "svg")
    pictures = {chart.name: pair for chart, *pair in zip(charts, *drawn, strict=True)}

    def picture(chart: Chart, place: int) -> Markup | None:
        # Nobody's text is trusted here but that of the drawing library, which writes well-formed SVG.
        made = pictures[chart.name][place]
        return None if made.error else Markup(made.picture.decode())  # noqa: S704

    environment = Environment(
        loader=PackageLoader("acflow.reports.document", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = Markup(files("acflow.reports.document").joinpath("report.css").read_text(encoding="utf-8"))  # noqa: S704
    environment.filters["said"] = _said
    page = environment.get_template("report.html.j2")
    failed = sum(any(made.error for made in pair) for pair in pictures.values())
    text = page.render(document=document, style=style, picture=picture, failed=failed, undrawn=UNDRAWN)
    return text.encode(errors="replace")


def _said(text: str) -> "Markup":
    """Return a sentence of ours: what stands in backticks is a command, and no line ends within a day."""
    from markupsafe import Markup, escape

    days = DAY.sub(r'<span class="short">\g<0></span>', str(escape(text)))
    return Markup(COMMAND.sub(r"<code>\1</code>", days))  # noqa: S704 - escaped before
