"""Makes the harness of the command line's tests known here, as `acflow serve` is a command, and serves a company."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from acflow.app.figures import entities_of_figures
from activecampaign_sandbox import Running, make_world, running
from tests.cli.cli_harness import acflow, environment
from tests.reports.page_harness import browser
from tests.web.page_harness import Pages, Visit, serving_pages, visiting

PATIENCE = 240.0  # seconds that a loaded machine may take for all reports

sys.path.append(str(Path(__file__).parent.parent / "cli"))

FLOWS = """\
# Who reads this: the analysts of the company.
account:
  url: ${ACTIVECAMPAIGN_URL}
  key: ${ACTIVECAMPAIGN_KEY}
flows:
  contacts: {entity: contacts}
  deals: {entity: deals}
  open_deals:  # what sales asks for
    description: Every open deal
    entity: deals
    where: status_label = 'open'  # not the hidden ones
    columns: [id, title, amount, currency, stage, contact]
    schedule: "0 6 * * *"
    deliver: out/open_deals.csv

  # Below: for the monthly meeting.
  by_stage:
    from: open_deals
    group_by: [stage, currency]
    metrics: {deals: count(*), amount: sum(amount)}
"""


@pytest.fixture(scope="session")
def company_account() -> Iterator[Running]:
    """Serve a made-up company."""
    with running(make_world("small")) as account:
        yield account


@pytest.fixture(scope="session")
def company(company_account: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """Serve the pages of a project that has read the company; tests leave its flow file as it is."""
    folder, env = tmp_path_factory.mktemp("company"), environment(company_account)
    (folder / "acflow.yaml").write_text(FLOWS, encoding="utf-8")
    names = dict.fromkeys(("contacts", "deals", "open_deals", "by_stage", *entities_of_figures()))
    done = acflow("run", *names, "--quiet", folder=folder, env=env)
    assert done.code == 0, done.err
    with serving_pages(folder, {**env, "ACFLOW_PREPARE_REPORTS": "true"}) as pages:
        yield pages


@pytest.fixture
def answered(company: Pages) -> Path:
    """Return the folder of the answers, once the served company has made those of what it holds now."""
    end = time.monotonic() + PATIENCE
    with company.client() as client:
        while "figure-number" not in client.get("/reports/revops").text and time.monotonic() < end:
            time.sleep(0.2)
    return max((company.folder / ".acflow" / "answers").iterdir(), key=lambda folder: folder.stat().st_mtime)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Keep one browser for all tests."""
    with browser() as started:
        yield started


@pytest.fixture
def visit(chromium: Browser, company: Pages) -> Iterator[Visit]:
    """Look at the company's pages on a desk."""
    with visiting(chromium, company) as made:
        yield made
