"""Pictures of the pages, for the docs and for whoever changes how they look.

ACFLOW_PICTURES names the folder that they go to, such as docs/images; without it they are made and thrown away.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.web.page_harness import DESK, TELEPHONE, Pages, visiting

SHOWN = {
    "overview": "/",
    "table": "/data/deals?sort=amount&dir=desc",
    "report": "/reports/sales/pipeline",
    "recipes": "/flows/new",
    "flow": "/flows/open_deals",
}
PNG = b"\x89PNG"


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (TELEPHONE, "dark")], ids=["desk", "telephone"])
def test_pages_have_their_pictures_taken(
    chromium: Browser, company: Pages, tmp_path: Path, size: dict[str, int], scheme: str
) -> None:
    """Each is a whole picture of a page without a fault."""
    folder = Path(os.environ.get("ACFLOW_PICTURES", tmp_path))
    with visiting(chromium, company, size, scheme) as visit:
        for name, path in SHOWN.items():
            page = visit.open(path)
            picture = page.screenshot(path=folder / f"page-{name}-{size['width']}-{scheme}.png")
            assert picture.startswith(PNG)
            page.close()
        assert visit.faults == []
