"""Pictures of the pages, for the docs and for whoever changes how they look.

`make pictures` has ACFLOW_PICTURES name the folder that they go to; without it they are made and thrown away.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.web.page_harness import DESK, TELEPHONE, Pages, visiting

SHOWN = {
    "overview": "/",
    "flows": "/flows",
    "flow": "/flows/open_deals",
    "recipes": "/flows/new",
    "runs": "/runs",
    "data": "/data",
    "table": "/data/deals?sort=amount&dir=desc",
    "explore": "/data/deals/explore?by=cdate&unit=month&measure=sum&column=amount&split=currency",
    "reports": "/reports/sales",
    "report": "/reports/sales/pipeline",
    "sql": "/sql?q=select+status_label,+count(*)+as+deals+from+deals+group+by+all",
    "feeds": "/feeds",
    "settings": "/settings",
}
ON_A_TELEPHONE = ("overview", "report")
PNG = b"\x89PNG"


@pytest.mark.usefixtures("answered")
def test_pages_have_their_pictures_taken(chromium: Browser, company: Pages, tmp_path: Path) -> None:
    """Each is a picture of what a screen shows at once, without a fault."""
    folder = Path(os.environ.get("ACFLOW_PICTURES", tmp_path))
    for size, scheme, names, word in (
        (DESK, "light", tuple(SHOWN), ""),
        (TELEPHONE, "dark", ON_A_TELEPHONE, "-telephone"),
    ):
        with visiting(chromium, company, size, scheme) as visit:
            for name in names:
                page = visit.open(SHOWN[name])
                for node in page.get_by_text(str(company.folder)).all():  # no reader's folder
                    node.evaluate("node => { node.textContent = '/srv/tea/acflow' }")
                assert page.screenshot(path=folder / f"page-{name}{word}.png").startswith(PNG)
                page.close()
            assert visit.faults == []
