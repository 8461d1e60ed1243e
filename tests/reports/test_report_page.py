"""`acflow demo` and `acflow report` leave a page that can be sent to anybody."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser

from tests.reports.page_harness import DESK, TELEPHONE, browser, opened

MOST_BYTES = 5_000_000
MARKUP = "<img src=x onerror=alert(1)><b>#eval(1)</b></svg>&lt;"


def made(folder: Path, *arguments: str) -> int:
    """Run a command as people do, and return its exit code."""
    command = (sys.executable, "-m", "acflow", *arguments)
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, timeout=180).returncode


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the demo has run."""
    folder = tmp_path_factory.mktemp("demos")
    assert made(folder, "demo", "--folder", "small") == 0
    return folder


@pytest.fixture(scope="module")
def page_of(folder: Path) -> Path:
    """Return the report that the demo ends with."""
    return folder / "small" / "report.html"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Keep one browser for all tests."""
    with browser() as started:
        yield started


def test_a_page_asks_for_nothing(chromium: Browser, page_of: Path) -> None:
    """It opens without any network, and stays small enough for a mail."""
    page, asked = opened(chromium, page_of, DESK)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.reload()
    assert asked == []
    assert faults == []
    assert page_of.stat().st_size < MOST_BYTES
    assert page.locator("script, iframe, object, embed, form, base, img").count() == 0
    assert page.locator("figure svg:visible").count() == page.locator("figure").count() > 0


@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_never_scrolls_sideways(chromium: Browser, page_of: Path, size: dict[str, int], scheme: str) -> None:
    """Tables scroll in their own box, even when everything is unfolded; one chart fits the screen."""
    page, _ = opened(chromium, page_of, size, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    for box in [each.bounding_box() for each in page.locator("figure svg:visible").all()]:
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size["width"]


def test_the_keyboard_reaches_everything(chromium: Browser, page_of: Path) -> None:
    """Tab goes to the skip link first and to every link, fold and scrolling table; focus can be seen; Enter unfolds."""
    page, _ = opened(chromium, page_of, DESK)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    wanted = page.locator("a[href]:visible, summary:visible, .scroll:visible").count()
    reached = 1
    while page.evaluate("document.activeElement !== document.body") and reached <= wanted:
        page.keyboard.press("Tab")
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        if page.evaluate("document.activeElement !== document.body"):
            assert style == "solid"
            reached += 1
    assert reached == wanted
    fold = page.locator("details").first
    fold.evaluate("each => { each.open = false }")
    fold.locator("summary").press("Enter")
    assert fold.evaluate("each => each.open") is True


def test_a_page_can_be_heard(chromium: Browser, page_of: Path) -> None:
    """Language, one first heading, no level left out, a name for each picture, headers for each table, sound links."""
    page, _ = opened(chromium, page_of, DESK)
    assert page.evaluate("document.documentElement.lang") == "en"
    levels = [int(name[1]) for name in page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(h => h.tagName)")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [(one, next_) for one, next_ in pairwise(levels) if next_ > one + 1] == []
    for chart in page.locator("[role=img]").all():
        assert len(chart.get_attribute("aria-label") or "") > 20
    for table in page.locator("table").all():
        assert table.locator("caption").count() == 1
        columns = table.locator("thead th[scope=col]").count()
        assert columns > 0
        for row in table.locator("tbody tr").all():
            assert row.locator("th[scope=row]").count() == 1
            assert row.locator("th, td").count() == columns
    ids = page.locator("[id]").evaluate_all("all => all.map(each => each.id)")
    assert len(ids) == len(set(ids))
    targets = page.locator("a[href^='#']").evaluate_all("all => all.map(a => a.getAttribute('href').slice(1))")
    assert set(targets) <= set(ids)


def test_a_page_prints_its_numbers(chromium: Browser, page_of: Path) -> None:
    """On paper nothing stays folded, and one chart of two is printed."""
    page, _ = opened(chromium, page_of, TELEPHONE)
    page.emulate_media(media="print")
    tables = page.locator("details table")
    heights = tables.evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
    assert len(heights) > 0
    assert min(heights) > 10
    assert page.locator("figure svg:visible").count() == page.locator("figure").count()


def test_one_figure_gets_a_file_per_currency(folder: Path) -> None:
    """Amounts of two currencies never share a picture, nor a file."""
    assert made(folder / "small", "report", "--figure", "forecast", "--out", "money.svg") == 0
    files = sorted((folder / "small").glob("money*"))
    assert [file.name for file in files] == [f"money-forecast-{code}.svg" for code in ("eur", "jpy", "usd")]
    for file, currency in zip(files, ("EUR", "JPY", "USD"), strict=True):
        text = file.read_text(encoding="utf-8")
        assert f"in {currency}" in text
        assert "as of " in text
        assert "limited deals are left out" in text


def test_texts_of_the_account_stay_texts(chromium: Browser, folder: Path) -> None:
    """Whoever names a mail or fills in a form cannot write the boss's report, in any form of it."""
    shutil.copytree(folder / "small", folder / "marked")
    with duckdb.connect(folder / "marked" / "acflow.duckdb") as connection:
        connection.execute("set search_path = 'activecampaign'")
        connection.execute("update campaigns set name = ? || id", [MARKUP])
        connection.execute("update lists set name = ? || id", [MARKUP])
        connection.execute('update "dealStages" set title = ? || id', [MARKUP])
    # The names of campaigns and lists stand in what is for marketing, those of stages in what is for sales.
    for out, roles in (("page.html", ()), ("page.pdf", ("marketing",)), ("page.png", ("sales",))):
        assert made(folder / "marked", "report", *roles, "--title", MARKUP, "--out", out) == 0
    page, asked = opened(chromium, folder / "marked" / "page.html", DESK)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    assert MARKUP in (page.locator("h1").text_content() or "")
    assert page.locator("table", has_text=MARKUP).count() > 0
    assert page.locator("svg text", has_text="<img").count() > 0
    assert page.locator("body b, body script, body img, body style").count() == 0
    assert (asked, dialogs) == ([], [])
    assert (folder / "marked" / "page.pdf").read_bytes().startswith(b"%PDF-")
    assert (folder / "marked" / "page.png").read_bytes().startswith(b"\x89PNG")


def test_the_oddest_account_gets_a_page_too(chromium: Browser, tmp_path: Path) -> None:
    """Names of a thousand letters, amounts beyond reason and empty lists break neither the report nor its lines."""
    assert made(tmp_path, "demo", "--world", "hostile", "--folder", "odd") == 0
    page, asked = opened(chromium, tmp_path / "odd" / "report.html", TELEPHONE)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") == TELEPHONE["width"]
    assert page.locator("figure svg:visible").count() == page.locator("figure").count() > 0
    assert asked == []
