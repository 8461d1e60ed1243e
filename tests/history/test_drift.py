"""Fields that come, go and change kind: told by the run that saw it, and by `acflow drift` ever after."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from acflow.cli.app import start
from tests.history.history_harness import Project

Make = Callable[..., Project]


@pytest.fixture
def drift_of(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return what `acflow drift --json` prints in the project's folder, by field."""
    monkeypatch.chdir(tmp_path)

    def told(*arguments: str) -> dict[str, dict[str, Any]]:
        capsys.readouterr()
        assert start(["drift", "--json", *arguments]) == 0
        return {story["field"]: story for story in json.loads(capsys.readouterr().out)}

    return told


def test_the_first_run_is_no_drift_but_for_what_nobody_declared(project_of: Make, drift_of: Callable[..., Any]) -> None:
    """All fields are known from then on, with the kinds of their values."""
    project = project_of(deals=5)
    project.world.add_key("deals", "shoeSize", 44)
    certificate = project.run("deals")["deals"]
    assert certificate.new_fields == ("shoeSize",)
    found = drift_of()
    assert found.keys() == {"shoeSize"}
    assert (found["shoeSize"]["kinds"], found["shoeSize"]["new"]) == (["number"], True)
    everything = drift_of("deals", "--all")
    assert everything.keys() == set(project.world.rows("deals")[0]) - {"links"}
    assert everything["title"]["kinds"] == ["string"]
    assert not everything["title"]["drifted"]
    assert drift_of("contacts", "--all") == {}


def test_fields_that_come_go_return_and_change_kind_have_a_story(
    project_of: Make, drift_of: Callable[..., Any]
) -> None:
    """With the run of each turn; what happens to the table is that a column is added, and nothing else."""
    project = project_of(deals=5)
    world = project.world
    first = project.run("deals")["deals"]
    assert (first.new_fields, first.vanished_fields, first.retyped_fields) == ((), (), {})
    before = project.warehouse.columns("deals")
    world.rename_key("deals", "title", "name")
    world.retype_key("deals", "value", "number")
    turned = project.run("deals", sweep=True)["deals"]
    assert (turned.new_fields, turned.vanished_fields) == (("name",), ("title",))
    assert turned.retyped_fields == {"value": ("string",)}
    assert project.warehouse.columns("deals") == before | {"name": "VARCHAR"}
    found = drift_of()
    runs = [report.run for report in project.reports]
    assert found.keys() == {"title", "name", "value"}
    assert (found["title"]["gone"]["run"], found["title"]["first_seen"]["run"]) == (runs[1], runs[0])
    assert (found["name"]["first_seen"]["run"], found["name"]["new"]) == (runs[1], True)
    assert (found["value"]["kinds_before"], found["value"]["kinds"]) == (["string"], ["number"])
    world.rename_key("deals", "name", "title")
    world.retype_key("deals", "value", None)
    again = project.run("deals", sweep=True)["deals"]
    assert (again.new_fields, again.vanished_fields) == (("title",), ("name",))
    assert project.warehouse.columns("deals") == before | {"name": "VARCHAR"}
    found = drift_of()
    last = project.reports[-1].run
    assert (found["title"]["gone"], found["title"]["back"]["run"]) == (None, last)
    assert (found["value"]["kinds"], found["value"]["retyped"]["run"]) == (["string"], last)
    assert found["name"]["last_seen"]["run"] == runs[1]


def test_changes_that_bring_few_rows_make_no_field_vanish(project_of: Make, drift_of: Callable[..., Any]) -> None:
    """Only a reading of all rows can miss one; a kind that is new to a field shows in any."""
    project = project_of(contacts=20)
    world = project.world
    project.run("contacts")
    project.sleep(3)
    world.remove_key("contacts", "phone")
    world.update("contacts", world.ids("contacts")[0], {"firstName": {"first": "Ada"}})
    certificate = project.run("contacts")["contacts"]
    assert (certificate.since is None, certificate.vanished_fields) == (False, ())
    assert drift_of().keys() == {"firstName"}
    assert project.run("contacts", sweep=True)["contacts"].vanished_fields == ("phone",)
    assert drift_of().keys() == {"firstName", "phone"}
