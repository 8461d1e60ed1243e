"""After each run the lake holds what the warehouse holds, and nothing of a person who was erased from it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from acflow.app.lake import list_lake, publish_now
from acflow.app.project import Project
from acflow.app.purge import purge
from acflow.cli.app import start
from acflow.errors import DeliveryError
from acflow.lake.delta import entries_of
from activecampaign_sandbox import Running, World, make_world, running
from tests.accounts.conftest import Agency, agency  # noqa: F401 - a fixture
from tests.lake.lake_harness import FILE, bytes_with, delta, in_lake, in_warehouse, opened, paths, ran


@pytest.fixture
def world() -> World:
    return make_world("small", contacts=60, deals=30)


@pytest.fixture
def account(world: World) -> Iterator[Running]:
    with running(world) as sandbox:
        yield sandbox


def same_everywhere(project: Project, lake: Path) -> list[str]:
    """Return the tables, after a look at each whether the lake has the same rows of it."""
    warehouse = project.warehouse()
    names = [name for name in warehouse.tables() if not name.startswith("_")]
    for name in names:
        assert in_lake(lake, name) == in_warehouse(warehouse, name), name
    return names


def test_the_lake_holds_what_the_warehouse_holds(tmp_path: Path, account: Running, world: World) -> None:
    """After full and incremental runs, changes and deletions; tables that did not change get no new version."""
    project, lake = opened(tmp_path, account), tmp_path / "lake"
    first = ran(project)
    assert first.exit_code == 0
    assert first.lake is not None
    assert {"contacts", "deals", "deals_history", "people", "pipeline"} <= {table.name for table in first.lake.tables}
    same_everywhere(project, lake)
    users, contacts = delta(lake, "users").version(), delta(lake, "contacts").version()
    gone, changed = world.ids("contacts")[:2]
    world.delete("contacts", gone)
    world.update("contacts", changed, {"phone": "+49 30 1234567"})
    world.update("deals", world.ids("deals")[0], {"title": "Another name"})
    second = ran(opened(tmp_path, account, ACFLOW_REFRESH="incremental"))
    assert second.exit_code == 0
    same_everywhere(project, lake)
    third = ran(project)
    assert third.exit_code == 0
    assert "contacts_deleted" in same_everywhere(project, lake)
    assert delta(lake, "contacts").version() > contacts
    assert delta(lake, "users").version() == users
    nothing = publish_now(project)
    assert [result.tables for result in nothing] == [()]


def test_a_table_that_the_warehouse_has_no_more_is_emptied(tmp_path: Path, account: Running) -> None:
    project = opened(tmp_path, account)
    ran(project)
    project.warehouse().execute(["DROP TABLE activecampaign.domains"])
    publish_now(project)
    assert in_lake(tmp_path / "lake", "domains") == []


def test_a_lake_that_cannot_be_written_harms_nothing(tmp_path: Path, account: Running) -> None:
    """The run says so, ends as one whose delivery failed, and the next makes up for it."""
    project = opened(tmp_path, account)
    (tmp_path / "lake").write_text("somebody's file", encoding="utf-8")
    result = ran(project)
    assert result.exit_code == DeliveryError.exit_code
    assert any("The lake at" in remark for remark in result.remarks)
    assert all(certificate.landed for certificate in result.certificates)
    (tmp_path / "lake").unlink()
    assert ran(project).exit_code == 0
    same_everywhere(project, tmp_path / "lake")


def test_no_file_of_the_lake_remembers_who_was_erased(tmp_path: Path, account: Running, world: World) -> None:
    """Neither older versions, nor files that a killed publish left, nor tables that the warehouse lost."""
    key = world.insert("contacts", {"email": "ada.of.nowhere@example.com", "firstName": "Ada"})
    project, lake = opened(tmp_path, account), tmp_path / "lake"
    ran(project)
    world.update("contacts", key, {"phone": "+49 30 765"})
    ran(project)
    left = lake / "contacts" / "_account=activecampaign" / "_part=0" / "left-by-a-kill.parquet"
    left.write_bytes((lake / "contacts" / next(iter(paths(lake, "contacts")))).read_bytes())
    project.warehouse().execute(["DROP TABLE activecampaign.people"])
    assert len(bytes_with(lake, "ada.of.nowhere")) >= 4
    purge(project.settings, key, lambda _: True)
    assert bytes_with(lake, "ada.of.nowhere") == []
    same_everywhere(project, lake)
    assert in_lake(lake, "people") == []


def test_files_of_older_versions_go_after_their_time(tmp_path: Path, account: Running, world: World) -> None:
    project, lake = opened(tmp_path, account), tmp_path / "lake"
    ran(project)
    before = paths(lake, "contacts")
    world.insert("contacts", {"email": "new@example.com"})
    ran(project)
    assert all((lake / "contacts" / path).exists() for path in before), "a reader may still be at the version before"
    world.insert("contacts", {"email": "newer@example.com"})
    ran(opened(tmp_path, account, ACFLOW_LAKE_DAYS="0"))
    there = {str(path.relative_to(lake / "contacts")) for path in (lake / "contacts").rglob("*.parquet")}
    assert there == paths(lake, "contacts")


def test_the_command_lists_and_publishes(
    tmp_path: Path, account: Running, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = opened(tmp_path, account)
    ran(project)
    for name, value in project.env.items():
        monkeypatch.setenv(name, value)
    capsys.readouterr()
    assert start(["lake", "--json"]) == 0
    listed = {table["name"]: table for table in json.loads(capsys.readouterr().out)}
    assert listed["contacts"]["rows"] == len(in_warehouse(project.warehouse(), "contacts"))
    assert listed["contacts"]["accounts"] == ["activecampaign"]
    assert start(["lake", "publish", "--again", "--json"]) == 0
    (again,) = json.loads(capsys.readouterr().out)
    assert {table["name"] for table in again["tables"]} >= {"contacts", "tags"}
    same_everywhere(project, tmp_path / "lake")
    assert start(["lake"]) == 0
    assert "contacts" in capsys.readouterr().out


def test_a_project_without_a_lake_says_how_to_get_one(tmp_path: Path, account: Running) -> None:
    from acflow.errors import ConfigError

    project = opened(tmp_path, account, FILE.replace("lake: lake\n", ""))
    with pytest.raises(ConfigError, match="has no lake"):
        list_lake(project)


@pytest.mark.parametrize("place", ["ftp://host/lake", "s3:///lake", "s3://user:secret@bucket/lake"])
def test_what_can_be_no_lake_is_refused_with_its_line(tmp_path: Path, account: Running, place: str) -> None:
    from acflow.flows.problems import FlowFileError

    project = opened(tmp_path, account, FILE.replace("lake: lake", f"lake: {place}"))
    with pytest.raises(FlowFileError, match="no place of a lake") as refused:
        _ = project.settings
    assert "secret" not in str(refused.value)


def test_accounts_share_one_lake(agency: Agency, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    """Each has a partition of its own; what goes over all of them has the accounts in its rows."""
    lake = tmp_path / "lake"
    project = Project.open(agency.project.folder, {**agency.project.env, "ACFLOW_LAKE": str(lake)})
    results = publish_now(project)
    assert [result.error for result in results] == [None] * len(results)
    for name in ("north", "south"):
        own = project.of(name).warehouse()
        for table in ("contacts", "deals", "open_deals"):
            assert in_lake(lake, table, name) == in_warehouse(own, table)
    over = project.of("").warehouse()
    for table in ("all_open", "by_account"):
        assert in_lake(lake, table) == in_warehouse(over, table)
    assert {entry.account for entry in entries_of(delta(lake, "contacts"))} == {"north", "south"}
    assert [result.tables for result in publish_now(project)] == [()] * len(results), "nobody emptied what is another's"
