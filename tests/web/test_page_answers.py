"""Reports that are answered ahead: each once for what is loaded, by a process that the pages need not wait for."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from acflow.app import answers
from acflow.app.figures import draw_report
from acflow.app.project import Project
from acflow.app.reports import list_reports, report_options
from acflow.reports import report
from activecampaign_sandbox import Running
from tests.cli.cli_harness import environment
from tests.web.conftest import PATIENCE
from tests.web.page_harness import Pages, Visit


def test_every_report_is_answered_ahead(answered: Path) -> None:
    """The process that serves has them made after a run, without being asked."""
    end = time.monotonic() + PATIENCE
    while not (answered / "done").exists() and time.monotonic() < end:
        time.sleep(0.2)
    assert {path.stem for path in answered.glob("*.json")} == {known.name for known in list_reports()}


def test_an_answer_made_ahead_is_the_same(company: Pages, company_account: Running, tmp_path: Path) -> None:
    """What is kept as files is what would be computed now: charts, rows, texts, SQL."""
    project = Project.open(company.folder, environment(company_account), state=str(tmp_path))
    wanted = report("pipeline")
    now = draw_report(project, wanted, report_options(project))
    folder = answers.answers_folder(project)
    folder.mkdir(parents=True)
    answers.keep_answer(folder, wanted.name, now)
    kept = answers.made_answer(project, wanted)
    assert kept is not None
    assert kept.table.equals(now.table)
    assert (kept.cells, kept.sql, kept.data_as_of, kept.old, list(kept.notes)) == (
        now.cells,
        now.sql,
        now.data_as_of,
        now.old,
        list(now.notes),
    )
    assert [(drawn.chart.text, drawn.chart.keys, drawn.wide) for drawn in kept.charts] == [
        (drawn.chart.text, drawn.chart.keys, drawn.wide) for drawn in now.charts
    ]


@pytest.mark.usefixtures("answered")
def test_the_list_of_reports_shows_findings_and_figures(visit: Visit) -> None:
    """Each report with a figure shows its beginning, its finding and its number; so does the overview."""
    page = visit.open("/reports/sales")
    card = page.locator(".card.report").filter(has_text="What is in the pipeline now")
    expect(card.locator("svg").first).to_be_visible()
    expect(card).to_contain_text("holds")
    expect(card.locator(".figure-number")).to_contain_text("$")
    page = visit.open("/")
    expect(page.locator(".glance .figure-number").first).to_be_visible()
    assert page.locator(".card.report").count() == 3
    assert visit.faults == []
