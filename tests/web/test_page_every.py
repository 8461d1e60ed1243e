"""Every page, in light and dark, on a desk and a telephone: nothing from elsewhere, nothing refused, for everybody."""

import gzip
import re
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.web.page_harness import DESK, TELEPHONE, Pages, Visit, visiting

PAGES = (
    "/",
    "/flows",
    "/flows/open_deals",
    "/flows/new",
    "/runs",
    "/data",
    "/data/deals",
    "/data/deals/explore?by=cdate&unit=month&measure=sum&column=amount&split=currency",
    "/data/deals?q=tea&col=status_label&op=is&val=open&sort=amount&dir=desc",
    "/reports",
    "/reports/sales/pipeline",
    "/sql",
    "/feeds",
    "/settings",
    "/welcome",
    "/patterns",
    "/nowhere",
)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LIGHTEST = 60_000  # bytes of a first load, gzipped


@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
def test_every_page_is_for_everybody(chromium: Browser, company: Pages, size: dict[str, int]) -> None:
    """No serious finding of axe, nothing refused by the policy, no request off the host, no sideways scrolling.

    In light and dark: a page is loaded once, and follows when the system's colours change.
    """
    axe, wrong = Axe(), []
    with visiting(chromium, company, size) as visit:
        for path in PAGES:
            page = visit.open(path)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                wrong += [
                    f"{path}, {scheme}: {fault['id']} {[node['html'][:120] for node in fault['nodes'][:3]]}"
                    for fault in axe.run(page).response["violations"]
                    if fault["impact"] in {"serious", "critical"}
                ]
                if page.evaluate("document.documentElement.scrollWidth") != size["width"]:
                    wrong.append(f"{path}, {scheme} scrolls sideways")
            page.close()
        faults = [fault for fault in visit.faults if "/nowhere" not in fault]
        assert (wrong, faults, visit.elsewhere) == ([], [], [])


def test_a_first_load_is_light(company: Pages) -> None:
    """A page with all that it brings fits into 60 kB, gzipped."""
    with company.client() as client:
        for path in ("/", "/data/deals", "/flows/open_deals"):
            parts = [client.get(path), *(client.get(f"/static/{name}") for name in ("app.css", "page.js", "icon.svg"))]
            assert sum(len(gzip.compress(part.content)) for part in parts) < LIGHTEST


@pytest.mark.parametrize("path", PAGES[:-1])
def test_the_keyboard_reaches_what_matters(visit: Visit, path: str) -> None:
    """The first stop skips to the content; from there each main action can be reached, and seen."""
    page = visit.open(path)
    if path != "/welcome":
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        page.evaluate("window.kept = true")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"#main$"))
        assert page.evaluate("window.kept"), "to skip loads nothing again"
    action = page.locator("main .btn.primary:visible").first
    if action.count() == 0:
        return
    for _ in range(120):
        page.keyboard.press("Tab")
        if action.evaluate("button => button === document.activeElement"):
            break
    assert action.evaluate("button => button === document.activeElement")
    assert action.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"


def test_tables_forms_and_sql_work_without_script(chromium: Browser, company: Pages) -> None:
    """A filter, a sort, a question and a download are plain forms and links."""
    with visiting(chromium, company, script=False) as visit:
        page = visit.context.new_page()
        page.goto(f"{company.url}/data/deals")
        page.get_by_label("Search in texts").fill("tea")
        page.get_by_role("button", name="Show").click()
        expect(page.locator("tbody tr").first).to_contain_text("tea", ignore_case=True)
        page.get_by_role("link", name="amount").first.click()
        assert "sort=amount" in page.url
        page.goto(f"{company.url}/sql")
        page.get_by_label("Your question").fill("select count(*) as deals from deals")
        page.get_by_role("button", name="Ask").click()
        expect(page.locator("#answer td")).to_have_text("400")
        page.goto(f"{company.url}/reports/sales/pipeline")
        page.get_by_role("link", name="Show the answer").click()
        expect(page.locator("figure svg:visible").first).to_be_visible()


def test_the_navigation_shows_where_one_is(chromium: Browser, company: Pages) -> None:
    """Also on a telephone, where it is a bar wider than the screen."""
    with visiting(chromium, company, TELEPHONE) as visit:
        here = visit.open("/settings").locator(".side [aria-current]")
        expect(here).to_be_in_viewport(ratio=0.9)
