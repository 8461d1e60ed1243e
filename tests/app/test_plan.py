"""What the next run reads, why and at what price; and `read:`, which every run keeps to."""

import re
from pathlib import Path

import pytest

from acflow.app.account import connect
from acflow.app.model import RunRequest
from acflow.app.pipeline import run
from acflow.app.plan import READ, affordable, plan_run, wanted_by_reports
from acflow.app.project import Project
from acflow.entities import ALL, BY_DEFAULT
from acflow.entities.model import CampaignEvents
from acflow.flows.file import load_flow_text
from acflow.flows.problems import FlowFileError
from activecampaign_sandbox import make_world, running
from tests.run_harness import run_flows

FLOWS = "flows:\n  stages: {entity: deals, group_by: [stage], metrics: {n: count(*)}}\n"


def test_what_a_run_reads_is_foreseen_and_then_read(tmp_path: Path) -> None:
    """Init writes the list with what else reports would read; flows add to it; the run does as the plan says."""
    with running(make_world("small", contacts=20, deals=10)) as sandbox:
        env = {"ACTIVECAMPAIGN_URL": sandbox.url, "ACTIVECAMPAIGN_KEY": sandbox.key, "ACFLOW_PACE": "0"}
        connect(Project.open(tmp_path, env))
        path = tmp_path / "acflow.yaml"
        written = path.read_text(encoding="utf-8")
        first = plan_run(Project.open(tmp_path, env))
        assert {each.name for each in first.entities} >= {entity.name for entity in BY_DEFAULT}
        assert {each.why for each in first.entities} == {(READ,)}
        left_out = wanted_by_reports().keys() - {each.name for each in first.entities}
        assert left_out == {each.name for each in ALL if isinstance(each.paging, CampaignEvents)} & left_out
        assert "  # - campaignOpens  # " in written, "offered with its price"
        contacts = next(each for each in first.entities if each.name == "contacts")
        assert (contacts.rows, contacts.requests, contacts.how) == (20, 2, "full")
        assert "  - contacts  # 20 rows, 2 requests\n" in written
        assert re.search(r"  - contactLists  # \d+ rows, \d requests, for list_health, ", written)
        assert re.search(r"  - formContacts  # \d+ requests, for form_funnel\n", written), "one for each form"

        head = written.partition("read:")[0]
        path.write_text(f"{head}read: [lists, scores]\n{FLOWS}", encoding="utf-8")
        project = Project.open(tmp_path, env)
        planned = plan_run(project, probe=False)
        offers = {offer.name: offer for offer in plan_run(project).offers}
        assert "list_growth" in offers["contactLists"].reports
        assert offers["contactLists"].requests
        assert {each.name: each.why for each in planned.entities} == {
            "lists": (READ,),
            "scores": (READ,),
            "deals": ("flow stages",),
        }
        result = run_flows(project.settings, project.flow_file)
        assert {each.entity for each in result.certificates} == {"lists", "scores", "deals"}
        spent = {each.entity: each.requests for each in result.certificates}
        again = plan_run(project, incremental=True, probe=False)
        assert {each.name: each.requests for each in again.entities} == spent | {"deals": 2}
        assert [each.how for each in again.entities if each.name == "deals"] == ["changes"]
        assert [each.name for each in plan_run(project, ["stages"], probe=False).entities] == ["deals"]


def test_init_adds_for_reports_what_takes_minutes_and_no_more() -> None:
    """In a large account memberships are offered with their price; what nobody can tell is offered too."""
    small = {"accounts": 4, "dealActivities": 35, "contactLists": 75}
    assert affordable(small) == small.keys()
    assert affordable({"contactLists": 40_000, "dealActivities": 1_400, "accounts": 90, "formContacts": None}) == {
        "accounts",
        "dealActivities",
    }
    assert affordable({"dealActivities": 1_450, "accounts": 90}) == {"accounts"}


def test_events_are_priced_by_the_counters_of_campaigns(tmp_path: Path) -> None:
    """As many requests as then are made, at the first reading and when few campaigns have moved."""
    with running(make_world("small", contacts=30, deals=1)) as sandbox:
        env = {"ACTIVECAMPAIGN_URL": sandbox.url, "ACTIVECAMPAIGN_KEY": sandbox.key, "ACFLOW_PACE": "0"}
        project = Project.open(tmp_path, env)
        names = ("campaignOpens", "campaignClicks", "campaignSends")
        for how in ("full", "recent and moved campaigns"):
            planned = {each.name: each for each in plan_run(project, names).entities}
            certificates = run(project, RunRequest(names, entities_alone=True)).certificates
            for one in certificates:
                foreseen = planned[one.entity]
                assert foreseen.requests
                assert abs(foreseen.requests - one.requests) <= 4, one.entity
                assert foreseen.how == (how if one.entity != "campaignSends" else "full")
        assert planned["campaignOpens"].of == "the campaigns' counters"


def test_an_entity_that_there_is_not_is_told_with_its_line() -> None:
    """And with the name that was probably meant."""
    with pytest.raises(FlowFileError, match="contactList"):
        load_flow_text("read: [contactList]\n", env={})


def test_reports_that_are_kept_bring_what_they_are_made_of(tmp_path: Path) -> None:
    """Without them the tables of these reports would be empty; a run of something named reads that alone."""
    with running(make_world("small", contacts=20, deals=10)) as sandbox:
        env = {"ACTIVECAMPAIGN_URL": sandbox.url, "ACTIVECAMPAIGN_KEY": sandbox.key, "ACFLOW_PACE": "0"}
        (tmp_path / "acflow.yaml").write_text("read: [lists]\n", encoding="utf-8")
        project = Project.open(tmp_path, env | {"ACFLOW_REPORTS": "win_rate,list_growth"})
        planned = {each.name: each.why for each in plan_run(project, probe=False).entities}
        assert planned["lists"] == (READ, "ACFLOW_REPORTS: list_growth")
        assert "ACFLOW_REPORTS: win_rate" in planned["deals"]
        assert {"contactLists", "users"} <= planned.keys()
        result = run(project)
        assert {each.entity for each in result.certificates} == planned.keys()
        assert result.exit_code == 0
        assert not any("not kept" in remark for remark in result.remarks)
        assert [each.entity for each in run(project, RunRequest(("lists",))).certificates] == ["lists"]
