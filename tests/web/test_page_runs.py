"""Runs on the page: started, watched, cancelled, and what an open page says of a newer one."""

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from activecampaign_sandbox import make_world, running
from tests.cli.cli_harness import acflow, environment
from tests.web.page_harness import Pages, Visit, serving_pages, visiting


def test_an_open_page_says_that_a_run_brought_something_newer(visit: Visit, company: Pages) -> None:
    """It goes on showing what it showed, until somebody wants the newer."""
    page = visit.open("/data/deals")
    expect(page.locator("#newer")).to_be_hidden()
    with company.client() as client:
        assert company.post(client, "/flows/deals", "/flows/deals/run").headers["location"] == "/runs"
    company.wait_for_runs()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_role("link", name="Show it").click()
    expect(page.locator("#newer")).to_be_hidden()
    assert visit.faults == []


def test_a_run_is_watched_and_cancelled(chromium: Browser, tmp_path: Path) -> None:
    """Its page shows how far each entity is without being loaded again, and after Cancel every table is whole."""
    (tmp_path / "acflow.yaml").write_text("flows: {contacts: {entity: contacts}}\n", encoding="utf-8")
    with running(make_world("small")) as account:
        slow = environment(account, ACFLOW_PACE="2")
        with serving_pages(tmp_path, slow) as pages, visiting(chromium, pages) as visit:
            page = visit.open("/runs")
            page.get_by_role("button", name="Run all now").first.click()
            expect(page.locator("#live-run tbody")).to_contain_text("of 3,000", timeout=60_000)
            page.get_by_role("button", name="Cancel").click()
            page.locator("#live-run").wait_for(state="detached", timeout=60_000)
            page.goto(f"{pages.url}/runs")
            expect(page.locator("tbody .badge").first).to_contain_text("cancelled")
            assert visit.faults == []
        assert "contacts" not in acflow("show", folder=tmp_path, env=slow).out


def test_a_table_that_would_shrink_is_accepted_on_the_page(tmp_path: Path) -> None:
    """The run says what it kept back and why; one button says that it is right, for that entity and that run alone."""
    (tmp_path / "acflow.yaml").write_text(
        "flows: {contacts: {entity: contacts}, deals: {entity: deals}}\n", encoding="utf-8"
    )
    world = make_world("small", contacts=40, deals=40)
    with running(world) as account:
        env = environment(account)
        assert acflow("run", "--quiet", folder=tmp_path, env=env).code == 0
        for entity in ("contacts", "deals"):
            for row in list(world.rows(entity))[:35]:
                world.delete(entity, row["id"])
        with serving_pages(tmp_path, env) as pages, pages.client() as client:

            def last_run() -> str:
                pages.wait_for_runs()
                address = re.search(r'href="(/runs/2[^"]+)"', client.get("/runs").text)
                assert address
                return address[1]

            pages.post(client, "/runs", "/runs")
            kept_back = client.get(last_run()).text
            assert kept_back.count("and run again</button>") == 2
            assert "the old table stays" in kept_back
            pages.post(client, last_run(), "/runs", {"accept": "deals"})
            after = client.get(last_run()).text
            assert "Accept that contacts shrink, and run again" in after
            assert "Accept that deals shrink" not in after
            assert "40 rows" in client.get("/data/contacts").text
            assert "5 rows" in client.get("/data/deals").text
