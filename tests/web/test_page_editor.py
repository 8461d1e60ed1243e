"""The editor: what is wrong stands beside its field, comments stay, nobody's work is lost or written over."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from acflow.app import drafts
from acflow.app.conditions import Condition, from_sql, to_sql
from acflow.app.project import Project
from acflow.errors import ConfigError
from tests.web.conftest import FLOWS
from tests.web.page_harness import Pages, Visit, settle


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project whose flows have comments."""
    (tmp_path / "acflow.yaml").write_text(FLOWS, encoding="utf-8")
    return Project.open(tmp_path, {"ACTIVECAMPAIGN_URL": "http://127.0.0.1:9", "ACTIVECAMPAIGN_KEY": "k"})


def text(project: Project) -> str:
    """Return the flow file."""
    return project.flow_path.read_text(encoding="utf-8")


def test_a_change_touches_its_own_lines_alone(project: Project) -> None:
    """Comments, quotes, order and all other flows stay to the letter."""
    draft = drafts.edit_draft(project, "open_deals")
    changed = replace(draft, flow={**draft.flow, "limit": 10})
    lines = drafts.diff_of(project, changed)
    assert [line.text for line in lines if line.kind in {"add", "del"}] == ["+    limit: 10"]
    drafts.commit_draft(project, changed)
    assert text(project).replace("    limit: 10\n", "") == FLOWS
    assert drafts.list_drafts(project) == []


def test_a_flow_is_renamed_where_others_use_it(project: Project) -> None:
    """Its own comment stays, and who was made of it is made of it still."""
    draft = drafts.edit_draft(project, "open_deals")
    drafts.commit_draft(project, replace(draft, name="open_now"))
    assert "  open_now:  # what sales asks for\n" in text(project)
    assert "    from: open_now\n" in text(project)


def test_a_file_that_somebody_changed_is_not_written_over(project: Project) -> None:
    """Saving is refused until the new difference was seen; the other change stays."""
    draft = drafts.edit_draft(project, "by_stage")
    draft = replace(draft, flow={**draft.flow, "limit": 3})
    project.flow_path.write_text(FLOWS.replace("monthly", "weekly"), encoding="utf-8")
    with pytest.raises(ConfigError, match="changed by somebody else"):
        drafts.commit_draft(project, draft)
    drafts.commit_draft(project, drafts.rebase_draft(project, draft))
    assert "weekly" in text(project)
    assert "limit: 3" in text(project)


def test_a_mistake_is_told_by_its_field_and_not_saved(project: Project) -> None:
    """The draft stays as it is, unfinished; the file is not touched."""
    draft = drafts.edit_draft(project, "open_deals")
    draft = replace(draft, flow={**draft.flow, "where": "statu = 1", "sort": ["nowhere"]})
    drafts.save_draft(project, draft)
    problems = drafts.problems_of(project, draft)
    assert "Did you mean `status`?" in problems["where"]
    with pytest.raises(ConfigError):
        drafts.commit_draft(project, draft)
    assert text(project) == FLOWS
    assert drafts.load_draft(project, draft.id).flow["where"] == "statu = 1"


def test_no_name_of_a_draft_leads_out(project: Project) -> None:
    """Drafts go by sixteen letters, and no others."""
    for wrong in ("../../acflow", "", "0" * 15, "0" * 16):
        with pytest.raises(ConfigError):
            drafts.load_draft(project, wrong)


@pytest.mark.parametrize(
    "rows",
    [
        [Condition("status_label", "is", "open")],
        [
            Condition("amount", "at_least", "100.5"),
            Condition("title", "contains", "it's"),
            Condition("owner", "filled"),
        ],
        [
            Condition("isDisabled", "is_not", "yes"),
            Condition("cdate", "above", "2026-01-01"),
            Condition("x y", "empty"),
        ],
    ],
)
def test_conditions_of_a_form_are_sql_and_back(rows: list[Condition]) -> None:
    """What the form made is shown in the form again."""
    types = {"amount": "DECIMAL(28, 4)", "isDisabled": "BOOLEAN", "cdate": "TIMESTAMP WITH TIME ZONE"}
    assert from_sql(to_sql(rows, types)) == rows


@pytest.mark.parametrize("where", ["a = 1 or b = 2", "lower(x) = 'y'", "a in (1, 2)", "not a = 1", "a ="])
def test_a_condition_that_says_more_is_shown_as_it_is_written(where: str) -> None:
    """Rows of a form would say something else."""
    assert from_sql(where) is None


def test_a_join_is_made_by_sentences(visit: Visit, company: Pages) -> None:
    """Two kinds of record side by side, with the counts that say whether to trust it; a reload loses nothing."""
    before = (company.folder / "acflow.yaml").read_text(encoding="utf-8")
    page = visit.open("/flows/new")
    page.get_by_label("Rows of").select_option("deals")
    page.get_by_role("button", name="Begin").click()
    settle(page)
    page.get_by_label("Two of them side by side").check()
    page.get_by_role("button", name="Next: Combine").click()
    settle(page)
    page.get_by_label("get columns of").select_option("contacts")
    page.get_by_role("button", name="Show the result").click()
    settle(page)
    page.locator("[name=left_key]").select_option("contact")
    page.locator("[name=right_key]").select_option("id")
    expect(page.locator(".venn")).to_contain_text("17deals without a match", timeout=60_000)
    page.reload()
    settle(page)
    expect(page.locator("[name=left_key]")).to_have_value("contact")
    expect(page.locator(".venn")).to_contain_text("400rows in the result")
    page.get_by_role("button", name="Review and save").click()
    settle(page)
    expect(page.locator(".diff .add").filter(has_text="contact: id")).to_be_visible()
    page.get_by_role("button", name="Throw away").click()
    assert (company.folder / "acflow.yaml").read_text(encoding="utf-8") == before
    assert visit.faults == []
