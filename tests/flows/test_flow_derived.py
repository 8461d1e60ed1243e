"""Flows made of what a run makes beside the entities: wide tables, change logs, daily snapshots, custom fields."""

from dataclasses import replace
from pathlib import Path

import pytest

from activecampaign_sandbox import World, make_world
from tests.flows.run_harness import Harness, harness, of, statuses

FLOWS = """
  wide_deals: {entity: deals_wide, where: "budget_amount > 100", columns: [id, title, budget_amount]}
  wide_contacts: {entity: contacts_wide, columns: [id, email, birthday]}
  versions: {sql: 'select id, title, "_changed" from deals_history order by "_valid_from"'}
  opens: {entity: campaigns_daily, columns: [day, id, opens]}
  titles: {sql: 'select entity, title from "_custom_fields" order by entity'}
"""


@pytest.fixture
def world() -> World:
    """Return an account with custom fields, a deal and a campaign."""
    world = make_world("empty")
    world.insert("contacts", {"email": "ada@example.com"})
    world.insert("fields", {"title": "Birthday", "type": "date"})
    world.insert("fieldValues", {"contact": "1", "field": "1", "value": "1990-02-28"})
    world.insert("deals", {"title": "Tea", "contact": "1", "currency": "usd"})
    world.insert("dealCustomFieldMeta", {"fieldLabel": "Budget", "fieldType": "currency"})
    world.insert("dealCustomFieldData", {"dealId": 1, "customFieldId": 1, "fieldValue": 10050, "fieldCurrency": "usd"})
    world.insert("campaigns", {"name": "Spring", "opens": 7})
    return world


def with_history(project: Harness, names: str) -> Harness:
    """Return the desk where these entities keep their history."""
    return replace(project, settings=project.settings.model_copy(update={"history": names}))


@pytest.mark.parametrize("kind", ["DuckDB", "PostgreSQL"])
def test_what_a_run_makes_is_a_table_like_any_other(world: World, tmp_path: Path, kind: str) -> None:
    """Each is made and used by the same run, and only what it is made of is read."""
    with harness(world, tmp_path, kind) as bare:
        project = with_history(bare, "deals,campaigns")
        project.run("  a: {entity: fields}", "fields", "dealCustomFieldMeta")
        report = project.run(FLOWS)
        assert report.exit_code == 0, report
        world.update("deals", 1, {"title": "Green tea"})
        again = project.run(FLOWS)
        assert again.exit_code == 0, again
        assert [(row[0], row[1], float(row[2])) for row in project.rows("wide_deals")] == [(1, "Green tea", 100.5)]
        assert [row[1] for row in project.rows("wide_contacts")] == ["ada@example.com"]
        assert [str(row[2])[:10] for row in project.rows("wide_contacts")] == ["1990-02-28"]
        assert {row[1] for row in project.rows("versions")} == {"Tea", "Green tea"}
        assert [row[1:] for row in project.rows("opens")] == [(1, 7)]
        assert [row[1] for row in project.rows("titles")] == ["Birthday", "Budget"]


def test_what_is_missing_is_told_with_what_makes_it(world: World, tmp_path: Path) -> None:
    """A flow on a history that nobody keeps fails alone, and names the setting."""
    with harness(world, tmp_path) as project:
        flows = "  versions: {entity: deals_history}\n  open: {entity: deals, columns: [id]}"
        report = project.run(flows)
    assert statuses(report) == {"versions": "blocked", "open": "computed"}
    assert "Name deals in ACFLOW_HISTORY" in str(of(report, "versions").reason)


def test_versions_are_told_apart_by_their_beginning(world: World, tmp_path: Path) -> None:
    """A merge of a change log knows its key by itself, and another run adds what is new."""
    with harness(world, tmp_path) as bare:
        project = with_history(bare, "deals")
        flows = "  versions: {entity: deals_history, columns: [id, _valid_from, title], mode: merge}"
        project.run(flows)
        world.update("deals", 1, {"title": "Green tea"})
        report = project.run(flows)
        assert of(report, "versions").rows == 2
