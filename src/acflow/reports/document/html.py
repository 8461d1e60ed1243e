"""The report as one web page that asks for nothing: styles and pictures stand in it, and there is no script."""

from importlib.resources import files

from acflow.reports.document.model import Document
from acflow.reports.figures import draw
from acflow.reports.figures.model import Picture

WIDE, NARROW = 860, 340  # pixels: the column of text on a desk, and the screen of a telephone without its margins


def html(document: Document) -> bytes:
    """Return the page. Whatever came from the account is escaped; the pictures' texts are escaped by who draws them."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    def chart(picture: Picture, width: int) -> Markup:
        # Nobody's text is trusted here but that of the drawing library, which writes well-formed SVG.
        return Markup(draw.chart_svg(picture, width))  # noqa: S704

    environment = Environment(
        loader=PackageLoader("acflow.reports.document", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = Markup(files("acflow.reports.document").joinpath("report.css").read_text(encoding="utf-8"))  # noqa: S704
    page = environment.get_template("report.html.j2")
    return page.render(document=document, style=style, chart=chart, wide=WIDE, narrow=NARROW).encode()
