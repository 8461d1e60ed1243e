"""The newcomer's path: from an empty folder to a file for a spreadsheet, by clicks alone, timed."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.cli.cli_harness import environment
from tests.web.page_harness import serving_pages, settle, visiting

MOST_CLICKS = 6
RUN = 240_000  # milliseconds


def test_from_nothing_to_a_report_and_a_file(
    chromium: Browser, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Made-up company, run, recipe, save and run, report, download: nothing is typed."""
    began, told, clicks = time.monotonic(), list[str](), 0

    def click(page: Page, role: str, name: str, within: str = "body") -> None:
        nonlocal clicks
        page.locator(within).get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        clicks += 1
        told.append(f"{time.monotonic() - began:6.1f} s  {name}")

    with serving_pages(tmp_path, environment()) as pages, visiting(chromium, pages) as visit:
        page = visit.open("/")
        told.append(f"{time.monotonic() - began:6.1f} s  (the first page)")
        expect(page).to_have_url(f"{pages.url}/welcome")
        click(page, "button", "Try with a made-up company")
        page.wait_for_url("**/runs")
        page.locator("#live-run").wait_for(state="detached", timeout=RUN)
        told.append(f"{time.monotonic() - began:6.1f} s  (everything is read)")
        expect(page.locator("tbody .badge").first).to_contain_text("complete")
        page.goto(f"{pages.url}/flows/new")  # the overview's own button
        clicks += 1
        click(page, "button", "Use this recipe", ".card:has-text('Open deals for a spreadsheet')")
        settle(page)
        expect(page.locator(".diff .add").first).to_be_visible()
        click(page, "button", "Save and run")
        page.wait_for_url("**/runs")
        pages.wait_for_runs()
        assert (tmp_path / "out" / "open_deals.csv").read_text(encoding="utf-8").startswith("id,title,amount")
        page.goto(f"{pages.url}/reports/sales/pipeline")  # the recipe's card
        clicks += 1
        settle(page)
        expect(page.locator("figure svg:visible").first).to_be_visible()
        with page.expect_download() as download:
            click(page, "link", "Download CSV")
        assert Path(download.value.path()).read_text(encoding="utf-8").startswith("pipeline")
        assert (visit.faults, visit.elsewhere) == ([], [])
    assert clicks <= MOST_CLICKS
    with capsys.disabled():
        print("\n".join(["", "The newcomer's path:", *told]))  # noqa: T201 - the figure is to be seen


def test_the_made_up_company_takes_no_key_away(tmp_path: Path) -> None:
    """Where an account is connected its key stays, whoever presses what."""
    (tmp_path / ".env").write_text(
        "ACTIVECAMPAIGN_URL=http://127.0.0.1:9\nACTIVECAMPAIGN_KEY=real-one\n", encoding="utf-8"
    )
    with serving_pages(tmp_path, environment()) as pages, pages.client() as client:
        assert "made-up company</button>" not in client.get("/welcome").text
        assert pages.post(client, "/welcome", "/welcome/made-up").status_code == 409
    assert "ACTIVECAMPAIGN_KEY=real-one" in (tmp_path / ".env").read_text(encoding="utf-8")


def test_a_wrong_key_is_told_on_the_page(chromium: Browser, tmp_path: Path) -> None:
    """The address stays in its field, the key does not, and nothing is written."""
    with serving_pages(tmp_path, environment()) as pages, visiting(chromium, pages) as visit:
        page = visit.open("/welcome")
        page.get_by_label("API URL").fill("http://127.0.0.1:9")
        page.get_by_label("API key").fill("no-key-of-anybody")
        page.get_by_role("button", name="Connect and read now").click()
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("API URL")).to_have_value("http://127.0.0.1:9")
        expect(page.get_by_label("API key")).to_have_value("")
    assert not (tmp_path / ".env").exists()
