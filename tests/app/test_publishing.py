"""Who only reads never waits for a run, never blocks one, and sees all that the last one left."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from acflow.app.project import Project
from acflow.app.publishing import generation_of, published_folder
from acflow.app.purge import purge
from acflow.app.query import query
from acflow.engine.duck import DuckDBWarehouse
from acflow.engine.published import PublishedWarehouse, current
from acflow.entities import entity
from activecampaign_sandbox import Running, World, make_world, running
from tests.run_harness import run

READ = tuple(entity(name) for name in ("contacts", "lists"))


@pytest.fixture
def world() -> World:
    return make_world("small", contacts=60)


@pytest.fixture
def account(world: World) -> Iterator[Running]:
    with running(world) as sandbox:
        yield sandbox


def opened(folder: Path, account: Running, **more: str) -> Project:
    env = {"ACTIVECAMPAIGN_URL": account.url, "ACTIVECAMPAIGN_KEY": account.key, "ACFLOW_PACE": "0", **more}
    return Project.open(folder, env)


def contacts(project: Project) -> int:
    return int(project.reader().query("SELECT count(*) AS n FROM contacts").column("n")[0].as_py())


def test_a_reader_sees_the_last_finished_run(tmp_path: Path, account: Running, world: World) -> None:
    project = opened(tmp_path, account)
    run(project.settings, READ)
    reader = project.reader()
    assert isinstance(reader, PublishedWarehouse)
    before = contacts(project)
    world.insert("contacts", {"email": "new@example.com"})
    result = run(project.settings, READ)
    assert contacts(project) == before + 1
    assert int(reader.query("SELECT count(*) AS n FROM contacts").column("n")[0].as_py()) == before
    generation = current(published_folder(project.settings.state))
    assert generation is not None
    assert generation.run == result.run


def test_a_generation_is_the_same_by_whatever_path_its_folder_is_named(
    tmp_path: Path, account: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers that were made ahead belong to it, so two ways to write a path must not throw each other's away."""
    monkeypatch.chdir(tmp_path)
    here, whole = opened(Path(), account), opened(tmp_path, account)
    run(whole.settings, READ)
    assert here.settings.warehouse != whole.settings.warehouse
    assert generation_of(here.settings) == generation_of(whole.settings)


def test_a_reader_does_not_wait_for_who_holds_the_warehouse(tmp_path: Path, account: Running) -> None:
    """Neither after the last run, nor while a run that has changed the file already still goes on."""
    from filelock import FileLock

    project = opened(tmp_path, account, ACFLOW_WAREHOUSE_PATIENCE="0")
    run(project.settings, READ)
    seen = contacts(project)
    warehouse = project.warehouse()
    assert isinstance(warehouse, DuckDBWarehouse)
    with FileLock(project.settings.state / "lock"):
        warehouse.execute(["DELETE FROM activecampaign.contacts WHERE TRUE"])
        with warehouse.held():
            assert contacts(project) == seen


def test_what_was_changed_by_other_hands_is_published_when_somebody_reads(tmp_path: Path, account: Running) -> None:
    """A run that was killed before it published leaves the same behind as somebody's own SQL."""
    project = opened(tmp_path, account)
    run(project.settings, READ)
    project.warehouse().execute(["DELETE FROM activecampaign.contacts WHERE TRUE"])
    assert contacts(project) == 0


def test_nobody_is_made_to_publish(tmp_path: Path, account: Running) -> None:
    """Without copies readers open the warehouse itself, and copies of earlier runs go."""
    run(opened(tmp_path, account).settings, READ)
    project = opened(tmp_path, account, ACFLOW_PUBLISH="false")
    run(project.settings, READ)
    assert isinstance(project.reader(), DuckDBWarehouse)
    assert not isinstance(project.reader(), PublishedWarehouse)
    assert list(published_folder(project.settings.state).glob("*.duckdb")) == []


def test_no_copy_remembers_who_was_erased(tmp_path: Path, account: Running, world: World) -> None:
    """Also none that a program still had open by its name."""
    key = world.insert("contacts", {"email": "ada.of.nowhere@example.com"})
    project = opened(tmp_path, account)
    run(project.settings, READ)
    run(project.settings, READ)
    purge(project.settings, str(key), lambda _: True)
    copies = list(published_folder(project.settings.state).glob("*.duckdb"))
    assert copies
    for copy in copies:
        assert b"ada.of.nowhere" not in copy.read_bytes()


def test_a_question_in_sql_asks_the_copy_too(tmp_path: Path, account: Running) -> None:
    """In a process of its own, which closes everything off that the copy has not closed off itself."""
    project = opened(tmp_path, account)
    run(project.settings, READ)
    answer = query(project.reader(), "SELECT count(*) AS n FROM contacts")
    assert answer.table.column("n")[0].as_py() == contacts(project)


def test_what_a_person_ordered_goes_with_the_person(tmp_path: Path, account: Running, world: World) -> None:
    """Orders and customers of shops know people by their address alone."""
    buyers = {row["email"]: row["id"] for row in world.rows("contacts")}
    email = world.rows("ecomOrders")[0]["email"]
    shops = ("ecomCustomers", "ecomOrders", "ecomOrderActivities")
    project = opened(tmp_path, account)
    run(project.settings, tuple(entity(name) for name in ("contacts", *shops)))
    others = {name: sum(row["email"] != email for row in world.rows(name)) for name in shops}
    purge(project.settings, buyers[email], lambda _: True)
    for name in shops:
        left = project.reader().query(f"SELECT email FROM {name}").column("email").to_pylist()  # noqa: S608
        assert email not in left
        assert len(left) == others[name]
