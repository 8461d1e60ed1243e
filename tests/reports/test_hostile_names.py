"""Whatever people call their lists, mails and deals, the report comes out; at worst one chart is missing."""

import re
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acflow.entities.text import UNSAFE, clean, shorten
from acflow.reports import Options, Role
from acflow.reports.document.build import build
from acflow.reports.document.html import html
from acflow.reports.document.paper import pdf
from acflow.reports.figures import charts, draw
from acflow.reports.figures.drawing import Drawing, draw_all
from acflow.reports.figures.model import Chart
from acflow.reports.figures.numbers import axis_locale, quoted
from tests.reports.report_harness import NOW, Row, duckdb_with

FAMILY = "\U0001f468\U0001f3fd\u200d\U0001f469\U0001f3fb\u200d\U0001f467\U0001f3ff\u200d\U0001f466"
TRAPS = (
    "Weekly news for our friends 💌💌💌 all over Europe and beyond",
    FAMILY * 12,
    "e" + "\u0301" * 500,
    "نشرة إخبارية أسبوعية لأصدقائنا في كل مكان وما بعده",
    "\u202eevil\u2066 order \u200f",
    "tab\x0band\x00nul\x1b[31m\x85\ufffe",
    "新しいお知らせ" * 12,
    "🇩🇪🇫🇷🇯🇵" * 20,
    "\u200d\ufe0f\u200d",
    "A" * 500,
    " \u2028\u2029 ",
)
names = st.one_of(
    st.text(max_size=120),
    st.text(st.characters(categories=["Cc", "Cf", "Cs", "Co", "Cn", "Mn", "So", "Zl"]), max_size=80),
    st.text(st.sampled_from([*"💌👨👩🏽 a\u200d\ufe0f\u0301\u202e\x0b\ud83d\udc8c"]), max_size=80),
    st.sampled_from(TRAPS),
)
slow = settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))


@given(names)
def test_clean_text_can_be_written_anywhere(name: str) -> None:
    """XML takes it, UTF-8 takes it, nothing turns the sentence round, and what was clean stays as it was."""
    cleaned = clean(name)
    ET.fromstring(f"<a>{re.sub('[<&]', '', cleaned)}</a>".encode())  # noqa: S314 - we wrote it
    assert not UNSAFE.search(cleaned)
    assert clean(cleaned) == cleaned
    assert UNSAFE.search(name) or cleaned == name


@settings(deadline=None)
@given(names, st.integers(1, 60))
def test_a_name_is_cut_between_characters_as_people_count_them(name: str, most: int) -> None:
    """No half of a family, no end that joins with nothing, and never longer than it was."""
    import regex

    short = shorten(name, most)
    clusters = regex.findall(r"\X", " ".join(clean(name).split()))
    kept = regex.findall(r"\X", short.removesuffix("…"))
    assert len(regex.findall(r"\X", short)) <= most
    assert [cluster[:12].rstrip("\u200d") or " " for cluster in clusters[: len(kept)]] == kept
    assert len(shorten(f"{FAMILY}{FAMILY}{FAMILY}", 4).removesuffix("…")) % len(FAMILY) == 0


@slow
@given(st.lists(names, min_size=12, max_size=12))
def test_a_chart_is_drawn_whatever_its_bars_are_called(labels: list[str]) -> None:
    """In every form, wide and narrow, as well-formed SVG with as many bars as there are names."""
    values = [{"label": label, "part": "a", "value": 1.0, "says": label, "end": 1.0} for label in labels]
    made = [
        Chart("bars", "Title", "", charts.bars(values)),
        Chart("parts", "Title", "", charts.parted_bars(values, ["a"])),
        Chart(
            "lines",
            "Title",
            "",
            charts.lines(
                [{"when": "2026-01", "part": part, "value": 1} for part in charts.apart(labels, charts.PART)],
                charts.apart(labels, charts.PART),
                scale=charts.SHARE,
            ),
        ),
    ]
    for drawn in (*draw.bare(made, 340, "svg"), *draw.bare(made[1:], 860, "svg")):
        assert drawn.error is None
        ET.fromstring(drawn.picture)  # noqa: S314 - we wrote it
    assert [drawn.error for drawn in draw.bare(made[:1], 700, "pdf")] == [None]
    assert len(set(charts.apart(labels))) == len(labels)
    titled = Chart("titled", quoted(labels[0]), labels[1], charts.bars(values[:2]), (labels[2],))
    ET.fromstring(draw.svg(titled))  # noqa: S314 - as above


def test_a_crash_of_the_drawing_library_costs_one_chart() -> None:
    """What aborts its process is said for that chart; those before and behind it are drawn."""
    fine = {
        "mark": "bar",
        "data": {"values": [{"a": "x", "b": 1}]},
        "encoding": {"y": {"field": "a"}, "x": {"field": "b"}},
    }
    fatal = {**fine, "title": "Summer\x0bsale"}
    jobs = [Drawing(spec, "svg", axis_locale("en_US")) for spec in (fine, fatal, fine, {"mark": 5}, fine)]
    made = draw_all(jobs)
    assert [bool(drawn.picture) for drawn in made] == [True, False, True, False, True]
    assert "crashed" in (made[1].error or "")


def world() -> dict[str, list[Row]]:
    """Return an account in which everything has a name that ends careless programs."""
    names_of = [name.replace("\x00", "") for name in TRAPS]
    sent = datetime(2026, 6, 1, tzinfo=UTC)
    counters = {"send_amt": 1000, "total_amt": 1000, "uniqueopens": 300, "verified_unique_opens": 200, "status": 5}
    places = list(enumerate(names_of, 1))
    deal = {"status": 0, "amount": 10, "owner": 1}
    return {
        "campaigns": [{"id": key, "name": name, "type": "single", "sdate": sent, **counters} for key, name in places],
        "lists": [{"id": key, "name": name, "active_subscribers": key} for key, name in places],
        "dealGroups": [{"id": key, "title": name} for key, name in places],
        "dealStages": [{"id": key, "title": name, "group": key, "order": 1} for key, name in places],
        "users": [{"id": 1, "firstName": names_of[0]}],
        "deals": [
            {"id": key, "title": name, "currency": currency, "stage": key, "group": key, **deal}
            for (key, name), currency in zip(places, (*names_of[:2], "a/b", "..", "usd", "", "\x0b"), strict=False)
        ],
    }


def test_an_account_of_hostile_names_gets_its_report(tmp_path: Path) -> None:
    """As a page and on paper, with every chart drawn."""
    warehouse = duckdb_with(tmp_path, **world())
    document = build(warehouse, list(Role), account=TRAPS[5], certificates=(), options=Options(as_of=NOW))
    assert {"campaigns-by-open-rate", "list-sizes"} <= {chart.name for chart in document.charts}
    assert len({chart.name for chart in document.charts}) == len(document.charts)
    assert document.cautions == ()
    page = html(document).decode()
    assert "could not be drawn" not in page
    assert not UNSAFE.search(page)
    assert pdf(document).startswith(b"%PDF-")


def test_a_figure_that_fails_is_a_caution_and_its_numbers_are_there(tmp_path: Path) -> None:
    """Far dates, the year 10000 and amounts beyond reason end nothing."""
    stages = {"dealGroups": [{"id": 1, "title": "P"}], "dealStages": [{"id": 1, "title": "S", "group": 1, "order": 1}]}
    for place, far in enumerate(("9999-12-31", "0001-01-01")):
        deals = [
            {
                "id": key,
                "status": 0,
                "amount": 100,
                "currency": "usd",
                "stage": 1,
                "group": 1,
                "edate": f"{day} 00:00:00",
                "percent": 50,
                "cdate": "9999-12-31 23:59:59-06" if far.startswith("9999") else "2026-01-01 00:00:00+00",
            }
            for key, day in enumerate(("2026-07-15", "2026-08-15", far), 1)
        ]
        warehouse = duckdb_with(
            tmp_path / str(place),
            deals=deals,
            campaigns=[
                {
                    "id": 1,
                    "name": "far",
                    "type": "single",
                    "status": 5,
                    "sdate": "9999-12-31 23:59:59-06",
                    "send_amt": 1000,
                    "uniqueopens": 300,
                    "verified_unique_opens": 3,
                },
                {
                    "id": 2,
                    "name": "near",
                    "type": "single",
                    "status": 5,
                    "sdate": "2026-05-01 00:00:00+00",
                    "send_amt": 1000,
                    "uniqueopens": 300,
                    "verified_unique_opens": 3,
                },
            ],
            **stages,
        )
        roles = [Role.MARKETING, Role.SALES]
        document = build(warehouse, roles, account="far", certificates=(), options=Options(as_of=NOW))
        assert document.cautions == ()
        page = html(document)
        assert len(page) < 600_000
        [forecast] = [chart for chart in document.charts if chart.name.startswith("forecast")]
        assert (far < "2026") or any("after" in caution for caution in forecast.cautions), forecast.cautions
