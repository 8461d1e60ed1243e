"""What goes wrong in the field, and what acflow does about it: nothing is lost, half-written or said too late."""

import multiprocessing
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from acflow.app.model import RunOptions, RunResult
from acflow.engine import count_rows, open_warehouse
from acflow.entities import ENTITIES, entity
from acflow.errors import (
    BadKeyError,
    ConfigError,
    ConnectionFailedError,
    ContractError,
    WarehouseBusyError,
    WrongServerError,
)
from acflow.settings import Settings
from acflow.source.certificate import Certificate, Verdict
from activecampaign_sandbox import Behaviour, Fault, World, chaos, make_world, running
from tests.run_harness import run

SettingsOf = Callable[..., Settings]


def of(report: RunResult, name: str) -> Certificate:
    """Return the certificate of one entity."""
    return next(c for c in report.certificates if c.entity == name)


def rows(settings: Settings, name: str) -> int | None:
    """Return how many rows landed."""
    return count_rows(open_warehouse(settings.warehouse, settings.dataset), name)


def ids(settings: Settings, name: str) -> set[int]:
    """Return the ids that landed."""
    table = open_warehouse(settings.warehouse, settings.dataset).query(f"SELECT id FROM {name}")  # noqa: S608
    return set(table.column("id").to_pylist())


def no_key_anywhere(folder: Path, key: str, *texts: str) -> None:
    """Search every file below the folder, and these texts, for the key."""
    for text in texts:
        assert key not in text
    for path in folder.rglob("*"):
        if path.is_file():
            assert key.encode() not in path.read_bytes(), path


@pytest.fixture(scope="module")
def small() -> World:
    """Return the company of the demonstration; tests that change it make their own."""
    return make_world("small")


def test_a_wrong_key_is_told_from_a_wrong_address(small: World, settings_of: SettingsOf, tmp_path: Path) -> None:
    """The message says where both are found, and the key stands nowhere."""
    with running(small) as sandbox, pytest.raises(BadKeyError, match="refused the key") as caught:
        run(settings_of(sandbox, key="wrong-but-secret-8d1"), ENTITIES)
    no_key_anywhere(tmp_path, "wrong-but-secret-8d1", str(caught.value), repr(caught.value))


@pytest.mark.parametrize("kind", ["forbidden", "no-feature", "not-found"])
def test_an_entity_without_rights_fails_alone(
    small: World,
    settings_of: SettingsOf,
    kind: Any,  # noqa: ANN401 - one of the sandbox's words
) -> None:
    """The others land, that one is forbidden and keeps its old table, and the exit code says partial."""
    with running(small) as sandbox:
        settings = settings_of(sandbox)
        run(settings, [entity("deals")])
    with running(small, faults=[Fault(kind, path="deals", count=None)]) as sandbox:
        report = run(settings_of(sandbox), ENTITIES, options=RunOptions(renamed_from=settings.url))
    assert of(report, "deals").verdict is Verdict.FORBIDDEN
    assert {c.entity for c in report.certificates if c.landed} == {e.name for e in ENTITIES} - {"deals"}
    assert report.exit_code == 5
    assert rows(settings, "deals") == len(small.rows("deals"))


def test_a_sporadic_403_is_not_believed(small: World, settings_of: SettingsOf) -> None:
    """ActiveCampaign sends some 403 at random; two repeats tell them from a missing right."""
    with running(small, faults=[Fault("forbidden", path="deals", at=2, count=2)]) as sandbox:
        report = run(settings_of(sandbox), [entity("deals")])
    assert of(report, "deals").verdict is Verdict.COMPLETE


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://10.0.0.1", "would send the key unencrypted"),
        ("http://name.api-us1.com", "Use https://name.api-us1.com"),
        ("name.api-us1.com", "no address of an account"),
        ("ftp://name.api-us1.com", "no address of an account"),
        ("https://user:secret@name.api-us1.com", "only a scheme and a host"),
    ],
)
def test_an_address_that_cannot_be_is_refused_before_anything_is_sent(
    small: World,
    settings_of: SettingsOf,
    url: str,
    message: str,
) -> None:
    """Plain http leaves the machine for the sandbox alone."""
    with running(small) as sandbox, pytest.raises(ConfigError, match=message):
        run(settings_of(sandbox, url=url), ENTITIES)


def test_a_host_that_does_not_exist_is_not_waited_for(small: World, settings_of: SettingsOf) -> None:
    """A name that no server knows is told at once."""
    with running(small) as sandbox, pytest.raises(ConnectionFailedError, match="Check the address"):
        run(settings_of(sandbox, url="https://no-such-account.invalid", retry_patience=1), ENTITIES)


def test_a_closed_port_is_told(small: World, settings_of: SettingsOf) -> None:
    """Nothing listens there."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with running(small) as sandbox, pytest.raises(ConnectionFailedError, match="No connection"):
        run(settings_of(sandbox, url=f"http://127.0.0.1:{port}"), ENTITIES)


@pytest.mark.parametrize("kind", ["html", "empty", "not-found"])
def test_another_kind_of_server_is_recognised(small: World, settings_of: SettingsOf, kind: Any) -> None:  # noqa: ANN401
    """A web site, or an API without this user, is not ActiveCampaign."""
    with (
        running(small, faults=[Fault(kind, count=None)]) as sandbox,
        pytest.raises(WrongServerError, match="Settings, Developer"),
    ):
        run(settings_of(sandbox), ENTITIES)


@pytest.mark.parametrize("retry_after", [1, None, 0])
def test_a_storm_of_429_is_waited_out(small: World, settings_of: SettingsOf, retry_after: int | None) -> None:
    """With or without Retry-After, the whole account waits, and every row comes."""
    faults = [Fault("rate-limited", path="contacts", at=3, count=3, retry_after=retry_after)]
    with running(small, faults=faults) as sandbox:
        report = run(settings_of(sandbox, retry_patience=30.0), [entity("contacts")])
    assert of(report, "contacts").verdict is Verdict.COMPLETE
    assert of(report, "contacts").retries == 3


@pytest.mark.parametrize("kind", ["unavailable", "error", "truncated", "empty", "html", "cut", "reset"])
def test_a_broken_answer_is_asked_for_again(small: World, settings_of: SettingsOf, kind: Any) -> None:  # noqa: ANN401
    """No broken or empty answer is taken for the end of the list."""
    faults = [Fault(kind, path="deals", at=n, retry_after=0.1) for n in (1, 3)]
    with running(small, faults=faults) as sandbox:
        report = run(settings_of(sandbox, retry_patience=20.0), [entity("deals")])
    deals = of(report, "deals")
    assert (deals.verdict, deals.received) == (Verdict.COMPLETE, len(small.rows("deals")))
    assert deals.retries >= 2


def test_a_bad_hour_in_which_a_fifth_of_all_answers_is_broken(small: World, settings_of: SettingsOf) -> None:
    """Everything comes all the same."""
    with running(small, faults=chaos(0.2)) as sandbox:
        report = run(settings_of(sandbox, retry_patience=60.0), ENTITIES)
    assert [c.verdict for c in report.certificates] == [Verdict.COMPLETE] * 6
    assert [c.received for c in report.certificates] == [len(small.rows(e.name)) for e in ENTITIES]


def test_when_the_api_goes_down_in_the_middle_old_tables_stay(settings_of: SettingsOf) -> None:
    """What was read before stays whole, and the certificate says why."""
    world = make_world("small")
    with running(world) as sandbox:
        settings = settings_of(sandbox)
        run(settings, [entity("contacts")])
    before = ids(settings, "contacts")
    world.delete("contacts", min(before))
    with running(world, faults=[Fault("down", path="contacts", at=10)]) as sandbox:
        moved = RunOptions(renamed_from=settings.url)
        report = run(settings_of(sandbox, retry_patience=1.0), [entity("contacts")], options=moved)
    contacts = of(report, "contacts")
    assert (contacts.verdict, contacts.landed, report.exit_code) == (Verdict.PARTIAL, False, 3)
    assert "old table stays" in (contacts.reason or "")
    assert ids(settings, "contacts") == before


def test_an_empty_account_leaves_empty_tables_with_all_columns(settings_of: SettingsOf) -> None:
    """Nothing in it is a complete reading too."""
    with running(make_world("empty")) as sandbox:
        settings = settings_of(sandbox)
        report = run(settings, ENTITIES)
    assert report.exit_code == 0
    warehouse = open_warehouse(settings.warehouse, settings.dataset)
    for thing in ENTITIES:
        assert list(warehouse.columns(thing.name)) == [column.name for column in thing.columns]
        assert count_rows(warehouse, thing.name) == 0


def test_an_account_that_suddenly_shows_nothing_is_refused(small: World, settings_of: SettingsOf) -> None:
    """Good data is not replaced by an empty answer, unless the user says that it is right."""
    with running(small) as sandbox:
        settings = settings_of(sandbox)
        run(settings, [entity("lists")])
    with running(make_world("empty")) as sandbox:
        report = run(settings_of(sandbox), [entity("lists")], options=RunOptions(renamed_from=settings.url))
        assert (report.exit_code, of(report, "lists").landed) == (5, False)
        assert "accept in the next run that lists shrink" in (of(report, "lists").reason or "")
        assert rows(settings, "lists") == len(small.rows("lists"))
        accepted = RunOptions(accept_shrink=frozenset({"lists"}), renamed_from=settings.url)
        report = run(settings_of(sandbox), [entity("lists")], options=accepted)
    assert (report.exit_code, rows(settings, "lists")) == (0, 0)


def _hold(path: str, held: Any, done: Any) -> None:  # noqa: ANN401 - multiprocessing's events have no public type
    with duckdb.connect(path):
        held.set()
        done.wait(30)


def test_a_duckdb_file_that_is_open_elsewhere_is_waited_for_and_named(
    small: World,
    settings_of: SettingsOf,
    tmp_path: Path,
) -> None:
    """The error names the file and the process that holds it; once it is free, the next run just works."""
    context = multiprocessing.get_context("spawn")
    held, done = context.Event(), context.Event()
    holder = context.Process(target=_hold, args=(str(tmp_path / "acflow.duckdb"), held, done))
    holder.start()
    assert held.wait(30)
    try:
        with running(small) as sandbox:
            settings = settings_of(sandbox, warehouse_patience=0.5)
            with pytest.raises(WarehouseBusyError, match=rf"acflow\.duckdb is open in .+{holder.pid}"):
                run(settings, [entity("lists")])
            done.set()
            holder.join()
            assert run(settings, [entity("lists")]).exit_code == 0
    finally:
        done.set()
        holder.join()


def test_a_field_that_turns_from_string_to_object_is_kept(settings_of: SettingsOf) -> None:
    """Text columns hold its JSON, and no type changes."""
    world = make_world("small")
    first = world.rows("lists")[0]
    with running(world) as sandbox:
        settings = settings_of(sandbox)
        run(settings, [entity("lists")])
        types = open_warehouse(settings.warehouse, settings.dataset).columns("lists")
        world.update("lists", first["id"], {"to_name": {"first": "Sub", "last": "Scriber"}, "userid": {"id": 1}})
        report = run(settings, [entity("lists")])
    warehouse = open_warehouse(settings.warehouse, settings.dataset)
    assert warehouse.columns("lists") == types
    landed = warehouse.query(f"SELECT to_name, userid FROM lists WHERE id = {int(first['id'])}").to_pylist()  # noqa: S608
    assert landed == [{"to_name": '{"first":"Sub","last":"Scriber"}', "userid": None}]
    assert of(report, "lists").rejects == 1


def test_a_value_that_is_no_count_is_a_reject(settings_of: SettingsOf) -> None:
    """`12abc` is null in its column and stands in `_rejects`; the next good reading clears it away."""
    world = make_world("small")
    first = world.rows("campaigns")[0]["id"]
    warehouse_query = "SELECT entity, id, field, raw, run FROM _rejects"
    with running(world) as sandbox:
        settings = settings_of(sandbox)
        warehouse = open_warehouse(settings.warehouse, settings.dataset)
        world.update("campaigns", first, {"opens": "12abc"})
        report = run(settings, [entity("campaigns"), entity("lists")])
        reject = {"entity": "campaigns", "id": int(first), "field": "opens", "raw": "12abc", "run": report.run}
        assert warehouse.query(warehouse_query).to_pylist() == [reject]
        world.update("campaigns", first, {"opens": "12"})
        run(settings, [entity("lists")])
        assert warehouse.query(warehouse_query).to_pylist() == [reject]
        run(settings, [entity("campaigns")])
        assert warehouse.query(warehouse_query).to_pylist() == []


def test_a_record_without_an_id_is_refused(settings_of: SettingsOf) -> None:
    """Without keys nothing can be proved; the old table stays."""
    world = make_world("small")
    with running(world) as sandbox:
        settings = settings_of(sandbox)
        run(settings, [entity("forms")])
        world.update("forms", world.rows("forms")[0]["id"], {"id": "eleven"})
        report = run(settings, [entity("forms")])
    assert of(report, "forms").landed is False
    assert "no usable id" in (of(report, "forms").reason or "")
    assert issubclass(ContractError, Exception)
    assert rows(settings, "forms") == len(world.rows("forms"))


def test_the_key_stands_nowhere(small: World, settings_of: SettingsOf, tmp_path: Path) -> None:
    """Not in the ledger, the warehouse, a load package or any other file, after good and bad runs."""
    with running(small, faults=[Fault("forbidden", path="forms", count=None)]) as sandbox:
        settings = settings_of(sandbox)
        report = run(settings, ENTITIES)
    no_key_anywhere(tmp_path, sandbox.key, repr(report), repr(settings), str(settings))


def test_rows_that_come_and_go_while_reading_lose_nothing(settings_of: SettingsOf) -> None:
    """All that existed throughout is there, and the certificate says that the account moved."""
    world = make_world("small")
    before = {name: {int(row["id"]) for row in world.rows(name)} for name in ("contacts", "deals")}
    deleted: dict[str, set[int]] = {"contacts": set(), "deals": set()}

    def change(name: str) -> Callable[[World], None]:
        def action(world: World) -> None:
            victim = sorted(before[name] - deleted[name])[len(deleted[name]) * 7 % 90]
            deleted[name].add(victim)
            world.delete(name, victim)
            world.insert(name, {"title": "New", "email": f"new{len(deleted[name])}@example.com"})

        return action

    faults = [Fault("change", path=name, at=3, count=20, action=change(name)) for name in before]
    with running(world, faults=faults, behaviour=Behaviour(latency=0.01)) as sandbox:
        settings = settings_of(sandbox)
        report = run(settings, [entity("contacts"), entity("deals")])
    for name, existed in before.items():
        assert deleted[name]
        assert not existed - deleted[name] - ids(settings, name)
        assert of(report, name).verdict is Verdict.MOVED
        assert of(report, name).landed


@pytest.mark.parametrize("many", [1, 200])
def test_deals_that_the_key_loses_sight_of_while_they_are_read_are_not_lost(settings_of: SettingsOf, many: int) -> None:
    """They come first from then on; one that was read is deleted at the same moment, and the counts agree."""
    world = make_world("small", contacts=10, deals=700)
    before = sorted(int(row["id"]) for row in world.rows("deals"))
    deleted = set()

    def change(world: World) -> None:
        for row in [row for row in world.rows("deals") if row["isDisabled"] is False][-many:]:
            world.limit_deal(row["id"])
        deleted.add(before[0])
        world.delete("deals", before[0])
        world.insert("deals", {"title": "New"})

    faults = [Fault("change", path="deals", at=4, action=change)]
    with running(world, faults=faults, behaviour=Behaviour(latency=0.01)) as sandbox:
        settings = settings_of(sandbox)
        deals = of(run(settings, [entity("deals")]), "deals")
    assert deleted
    assert not set(before) - deleted - ids(settings, "deals")
    assert (deals.verdict, deals.landed) == (Verdict.MOVED, True)


def test_a_deal_that_the_key_loses_sight_of_keeps_what_was_known(settings_of: SettingsOf) -> None:
    """Its stub brings title and flag; value, stage and owner stay as they were, and the certificate counts it."""
    world = make_world("small")
    deal = next(row for row in world.rows("deals") if row["isDisabled"] is False and row["value"] != "0")
    with running(world) as sandbox:
        settings = settings_of(sandbox)
        run(settings, [entity("deals")])
        before = of(run(settings, [entity("deals")]), "deals").limited
        world.update("deals", deal["id"], {"isDisabled": True, "title": "Hidden now"})
        report = run(settings, [entity("deals")])
    assert of(report, "deals").limited == before + 1
    sql = f"SELECT title, value, stage, owner, isDisabled FROM deals WHERE id = {int(deal['id'])}"  # noqa: S608
    (landed,) = open_warehouse(settings.warehouse, settings.dataset).query(sql).to_pylist()
    known = {name: int(deal[name]) for name in ("value", "stage", "owner")}
    assert landed == {"title": "Hidden now", "isDisabled": True, **known}


@pytest.mark.parametrize(("kind", "at"), [("firewall", 1), ("firewall", 3), ("forbidden", 3), ("not-found", 3)])
def test_a_refusal_that_is_none_of_the_api_s_is_no_missing_right(
    small: World,
    settings_of: SettingsOf,
    kind: Any,  # noqa: ANN401 - one of the sandbox's words
    at: int,
) -> None:
    """A bot check before the API, or any refusal after good pages: the reading is partial, not forbidden."""
    with running(small, faults=[Fault(kind, path="deals", at=at, count=None)]) as sandbox:
        deals = of(run(settings_of(sandbox, retry_patience=0.5), [entity("deals")]), "deals")
    assert (deals.verdict, deals.landed) == (Verdict.PARTIAL, False)
    assert "admin's key" not in (deals.reason or "")
    assert "firewall" in (deals.reason or "")


@pytest.mark.parametrize("status", [408, 425])
def test_what_may_be_repeated_is_repeated(small: World, settings_of: SettingsOf, status: int) -> None:
    """A request that came too late or too early is asked again."""
    with running(small, faults=[Fault("error", path="deals", at=2, status=status)]) as sandbox:
        deals = of(run(settings_of(sandbox), [entity("deals")]), "deals")
    assert (deals.verdict, deals.retries) == (Verdict.COMPLETE, 1)
