"""Pictures as files, with the titles that people may have given to their mails."""

import struct
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from acflow.reports.figures import charts, draw, numbers
from acflow.reports.figures.model import Chart

HOSTILE = '<script>alert("1")</script> & </svg> <b>ünï</b>'


@pytest.fixture(scope="module")
def chart() -> Chart:
    """Return a bar chart whose labels are markup."""
    import altair as alt

    rows = alt.InlineData(values=[{"name": HOSTILE, "rate": 0.31}, {"name": "plain", "rate": 0.2}])
    chart = alt.Chart(rows).mark_bar().encode(x=alt.X("rate:Q", axis=alt.Axis(format=".0%")), y=alt.Y("name:N"))
    return Chart("opens", f"{HOSTILE} was opened most", "Unique opens, % of delivered", chart.to_dict(), ("Few mails",))


def alone(chart: Chart, width: int) -> str:
    """Return the SVG of a chart that stands on a page."""
    [made] = draw.bare([chart], width, "svg")
    assert made.error is None
    return made.picture.decode()


def test_what_stands_alone_says_everything(chart: Chart) -> None:
    """Title, unit and caution are on the picture, as text and not as markup."""
    root = ET.fromstring(draw.svg(chart))  # noqa: S314 - we wrote it
    texts = " ".join("".join(element.itertext()) for element in root.iter() if element.tag.endswith("text"))
    said = " ".join(texts.split())
    assert "was opened most" in said
    assert "Unique opens, % of delivered" in said
    assert "Few mails" in said
    assert "<script>alert" in said
    assert not [element for element in root.iter() if element.tag.endswith(("script", "}b", "image", "a"))]


@pytest.mark.parametrize("width", [340, 860])
def test_a_chart_for_a_page_is_as_wide_as_asked(chart: Chart, width: int) -> None:
    """Labels take their room from the bars, never from the page."""
    root = ET.fromstring(alone(chart, width))  # noqa: S314 - we wrote it
    assert float(root.attrib["width"]) == pytest.approx(width, abs=9)
    assert "was opened most" not in "".join(root.itertext())


def test_a_telephone_shows_names_in_full() -> None:
    """Where there is little room, a name stands above its bar, and the bar is as long as the screen is wide."""
    name = "Wholesale · Samples sent to the café"
    chart = Chart("one", "One", "Unit", charts.bars([{"label": name, "value": 1, "says": "1"}]))
    narrow = ET.fromstring(alone(chart, 340))  # noqa: S314 - we wrote it
    assert name in "".join(narrow.itertext())
    wide = ET.fromstring(alone(chart, 860))  # noqa: S314 - as above
    assert float(narrow.attrib["height"]) > float(wide.attrib["height"])


def test_pixels_are_two_for_one(chart: Chart) -> None:
    """A PNG is sharp on today's screens."""
    made = draw.png(chart, 500)
    width, _ = struct.unpack(">II", made[16:24])
    assert made.startswith(b"\x89PNG")
    assert width == pytest.approx(1000, abs=80)


def test_axes_write_numbers_as_the_words_do(chart: Chart) -> None:
    """One habit for the whole report, whatever the reader's country."""
    assert "30%" in alone(chart, 600)
    with numbers.in_locale("de_DE"):
        german = replace(chart, locale=numbers.chosen_locale())
    assert "30\u00a0%" in alone(german, 600)
