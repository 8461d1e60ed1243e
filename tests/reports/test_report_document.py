"""A report says what was chosen, what is missing and what to do, whatever the account lets one read."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from acflow.engine import Warehouse
from acflow.reports import Options, Role
from acflow.reports.document.build import build, charts
from acflow.reports.document.data_quality import data_quality
from acflow.reports.document.html import html
from acflow.reports.document.model import Chapter, Document, Section, Table
from acflow.reports.document.paper import pdf
from acflow.reports.figures.model import Chart
from acflow.reports.figures.registry import figure
from tests.reports.report_harness import NOW, duckdb_with

AT = Options(as_of=NOW)
DEAL = {"id": 1, "status": 0, "amount": 100, "currency": "usd", "winProbability": 50, "cdate": "2026-05-01 00:00:00+00"}


def document(warehouse: Warehouse, roles: list[Role], options: Options = AT, **more: Any) -> Document:  # noqa: ANN401
    """Return a report on what was never read in a run of ours."""
    return build(warehouse, roles, account="Larkspur", certificates=(), options=options, **more)


def test_an_empty_account_gets_a_page_that_says_so(tmp_path: Path) -> None:
    """No number, no empty chart; every question is there, with what would answer it."""
    made = document(duckdb_with(tmp_path, campaigns=[], deals=[]), [Role.MARKETING, Role.SALES])
    page = html(made).decode()
    assert "There is nothing to show yet." in page
    assert "<svg" not in page
    assert 'class="keys"' not in page
    assert "How many of the closed deals were won?" in page
    assert "Reading contactLists brings it." in page
    assert pdf(made).startswith(b"%PDF-")


def test_what_the_key_may_not_read_stands_on_top(tmp_path: Path) -> None:
    """Old or missing numbers are not passed on in silence; helpers that nobody named are told at the end."""
    at = datetime(2026, 6, 14, 9, 30, tzinfo=UTC)
    refused = [
        {"entity": name, "at": at, "reason": "The key has no right to it. Use an admin's key.", "optional": optional}
        for name, optional in (("deals", False), ("dealGroups", True))
    ]
    made = document(duckdb_with(tmp_path, campaigns=[]), [Role.SALES], refused=refused)
    assert made.cautions == (
        "deals did not land on 2026-06-14 09:30 UTC. The key has no right to it. Use an admin's key.",
    )
    assert [remark for remark in made.remarks if remark.startswith("dealGroups did not land on")] != []


def test_choices_are_told_with_what_they_change(tmp_path: Path) -> None:
    """Amounts that were turned into another currency never look like amounts of it, on a page or alone."""
    warehouse = duckdb_with(tmp_path, deals=[DEAL])
    chosen = Options(as_of=NOW, zone="Europe/Berlin", rates={"usd": Decimal("0.90")}, into="eur")
    told = (
        "Amounts are turned into EUR at 1 USD = 0.9 EUR; other currencies stay apart.",
        "Days and months are those of Europe/Berlin.",
    )
    assert document(warehouse, [Role.SALES], chosen).cautions == told
    [chart] = charts(warehouse, figure("pipeline"), chosen)
    assert "in EUR" in chart.subtitle
    assert set(told) <= set(chart.cautions)
    assert document(warehouse, [Role.SALES]).cautions == ()


def test_limited_deals_are_told_once_in_a_chapter_and_briefly_on_each_picture(tmp_path: Path) -> None:
    """Who cuts a picture out of the page still reads that deals are left out."""
    warehouse = duckdb_with(tmp_path, deals=[DEAL, {"id": 2, "isDisabled": True}])
    [chapter] = document(warehouse, [Role.SALES]).chapters
    assert chapter.cautions == ("1 limited deal is left out: the key's user may not see it. An admin's key reads all.",)
    subtitles = [chart.subtitle for section in chapter.sections for chart in section.charts]
    assert subtitles != []
    assert [subtitle for subtitle in subtitles if not subtitle.endswith("; 1 limited deal is left out")] == []
    [alone] = charts(warehouse, figure("pipeline"), AT)
    assert chapter.cautions[0] in alone.cautions


def test_what_is_urgent_stands_on_top() -> None:
    """The first finding of a chapter, then what somebody should act on, then the rest as far as there is room."""
    names = ["first", "calm", "second currency", "burning", "last"]
    found = {name: Chart(name, name, "", {}, urgent=name == "burning") for name in names}
    empty = Table("", (), ())
    sections = [Section(name, "", (found[name],), empty) for name in ("first", "burning", "last")]
    sections.insert(1, Section("calm", "", (found["calm"], found["second currency"]), empty))
    chapters = [Chapter(title, title, tuple(sections)) for title in ("a", "b", "c")]
    made = Document("", "", "", tuple(chapters), data_quality(()))
    assert [chart.name for chart in made.headlines] == ["first", "calm", "burning"] * 3
