"""Erasing a person: nothing names them any more, and everybody else is as before."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from acflow.app.purge import Purged, purge
from acflow.cli.app import start
from acflow.errors import ConfigError
from acflow.flows.file import load_flow_file
from activecampaign_sandbox import World
from tests.history.history_harness import KINDS, Project
from tests.run_harness import run_flows

Make = Callable[..., Project]
WHO, NAMESAKE = "ada.of.nowhere@example.com", "nada.of.nowhere@example.com"
READ = ("contacts", "deals", "fields", "fieldValues", "contactLists", "contactTags", "notes", "dealTasks", "users")
FLOWS = """
flows:
  people: {entity: contacts, columns: [id, email, firstName]}
  log: {entity: contacts, columns: [email], mode: append}
"""


def settled(world: World) -> int:
    """Give somebody rows of every kind, of which some do not convert; return the contact's id."""
    key = int(world.insert("contacts", {"email": WHO, "firstName": "Ada", "phone": "+1555000111", "sentcnt": "12abc"}))
    world.insert("contacts", {"email": NAMESAKE, "firstName": "Nada"})
    mine = {"contact": str(key)}
    value = world.insert("fieldValues", {**mine, "field": world.ids("fields")[0], "value": WHO})
    world.update("fieldValues", value, {"cdate": f"since {WHO}"})
    world.insert("contactLists", {**mine, "list": str(world.ids("lists")[0])})
    world.insert("contactTags", {**mine, "tag": str(world.ids("tags")[0])})
    world.insert("notes", {"reltype": "Subscriber", "relid": str(key), "note": f"Wrote from {WHO}."})
    world.insert("deals", {"title": f"Tea for {WHO.upper()}", **mine})
    return key


def erase(project: Project, contact: str, *, agreed: bool = True) -> Purged | None:
    """Erase a contact."""
    return purge(project.settings, contact, lambda _: agreed)


def bytes_of(project: Project, kind: str, folder: Path) -> bytes:
    """Return all that lies in the files of a warehouse and in the state folder."""
    found = b"".join(path.read_bytes() for path in project.settings.state.rglob("*") if path.is_file())
    if kind == "DuckDB":
        return found + b"".join(path.read_bytes() for path in folder.glob("*.duckdb*"))
    files = "SELECT pg_read_binary_file(pg_relation_filepath(c.oid)) AS bytes FROM pg_class AS c WHERE c.relkind = 'r'"
    named = f"{files} AND c.relname NOT LIKE 'pg_%' AND c.relname NOT LIKE 'sql_%'"
    return found + b"".join(row["bytes"] for row in project.rows(named))


@pytest.mark.parametrize("kind", KINDS)
def test_a_person_is_gone_from_every_table_and_file(project_of: Make, tmp_path: Path, kind: str) -> None:
    """Rows, versions, values, notes, rejects, flows; what names them otherwise is told, and others stay."""
    project = project_of(kind, contacts=30, deals=5, history="contacts,deals")
    world = project.world
    key = settled(world)
    project.run(*READ)
    file = tmp_path / "acflow.yaml"
    file.write_text(FLOWS, encoding="utf-8")
    run_flows(project.settings, load_flow_file(file, env={}), read=False)
    project.sleep()
    world.update("contacts", key, {"firstName": "Augusta"})
    project.run("contacts")
    for name in ("spool", "load", "dlt"):
        (project.settings.state / name).mkdir(exist_ok=True)
        (project.settings.state / name / "left").write_text(WHO)
    others = {name: len(project.rows(f'SELECT * FROM "{name}"')) for name in project.warehouse.tables()}  # noqa: S608
    assert WHO.encode() in bytes_of(project, kind, tmp_path)
    assert erase(project, WHO, agreed=False) is None
    done = erase(project, WHO.upper())
    assert done is not None
    assert done.rows == {
        "_rejects": 3,
        "contacts": 1,
        "contacts_custom": 1,
        "contacts_daily": 2,
        "contacts_history": 2,
        "contactLists": 1,
        "contactTags": 1,
        "fieldValues": 1,
        "log": 1,
        "notes": 1,
        "people": 1,
    }
    assert (done.still, done.rewritten) == ({"deals.title": 1, "deals_history.title": 1}, True)
    left = {name: len(project.rows(f'SELECT * FROM "{name}"')) for name in project.warehouse.tables()}  # noqa: S608
    assert {name: left[name] + done.rows.get(name, 0) for name in others} == others
    assert {row["email"] for row in project.rows("SELECT email FROM log")} >= {NAMESAKE}
    assert WHO.encode() not in bytes_of(project, kind, tmp_path).replace(NAMESAKE.encode(), b"")
    [noted] = project.rows('SELECT contact, "rows", "tables" FROM _purges')
    assert (noted["rows"], json.loads(noted["tables"])) == (sum(done.rows.values()), done.rows)
    assert len(noted["contact"]) == 64
    with pytest.raises(ConfigError, match="holds a contact"):
        erase(project, WHO)


def test_a_person_is_found_in_nested_columns_and_by_id(project_of: Make, tmp_path: Path) -> None:
    """In a struct, a list and a map; and in what an append flow has kept of an address that is known no more."""
    project = project_of("DuckDB", contacts=5, history="")
    key = settled(project.world)
    flows = (
        "flows:\n  nested: {sql: 'select {''mail'': email} as s, [email] as l, map([email], [1]) as m from contacts'}\n"
        "  log: {entity: contacts, columns: [id, email], mode: append}\n"
    )
    file = tmp_path / "acflow.yaml"
    file.write_text(flows, encoding="utf-8")
    project.run(*READ)
    run_flows(project.settings, load_flow_file(file, env={}), read=False)
    project.world.update("contacts", key, {"email": "ada.now@example.com"})
    project.run("contacts")
    run_flows(project.settings, load_flow_file(file, env={}), ["nested"], read=False)
    (project.settings.state / "tmp").mkdir()
    (project.settings.state / "tmp" / "left").write_text(WHO)
    run_flows(project.settings, load_flow_file(file, env={}), ["log"], read=False)
    assert not (project.settings.state / "tmp" / "left").exists()
    done = erase(project, "ada.now@example.com")
    assert done is not None
    assert (done.rows["log"], done.rows["nested"]) == (2, 1)
    assert project.rows(f"SELECT id FROM log WHERE id = {key}") == []  # noqa: S608


def test_a_run_brings_back_whom_the_account_still_has(project_of: Make) -> None:
    """As the command says; whom it has no more stays away, and no other row is missed or marked as gone."""
    project = project_of(contacts=30, history="contacts")
    stays, goes = project.world.ids("contacts")[:2]
    project.run("contacts")
    for key in (stays, goes):
        erase(project, str(key))
    project.world.delete("contacts", goes)
    project.sleep()
    project.run("contacts")
    assert project.alive("contacts").keys() == set(project.world.ids("contacts"))
    assert stays in project.alive("contacts")
    assert project.rows(f"SELECT id FROM contacts WHERE id = {goes}") == []  # noqa: S608
    assert len(project.rows(f'SELECT id FROM contacts_history WHERE id = {stays} AND "_valid_to" IS NULL')) == 1  # noqa: S608


def test_the_command_asks_before_it_erases(
    project_of: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a terminal and without --yes nothing goes; afterwards it says what is out of its reach."""
    project = project_of(contacts=20)
    project.run("contacts")
    monkeypatch.chdir(tmp_path)
    key = project.world.ids("contacts")[0]
    assert start(["purge", str(key)]) == ConfigError.exit_code
    said = capsys.readouterr().err
    assert "contacts: 1" in said
    assert "--yes" in said
    assert key in project.alive("contacts")
    (tmp_path / "acflow.yaml").write_text("flows: {all: {entity: contacts, deliver: [{to: out/all.csv}]}}\n")
    assert start(["purge", str(key), "--yes", "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["rows"] == {"contacts": 1}
    assert "the account itself" in told.err
    assert "out/all.csv" in told.err
    assert key not in project.alive("contacts")
