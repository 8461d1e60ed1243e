"""Changing a world by hand: what moves with it, and what does not."""

from threading import Thread

import pytest

from activecampaign_sandbox import World, make_world


@pytest.fixture
def world() -> World:
    """Return a small world of the test's own."""
    return make_world("small", contacts=200, deals=60)


def test_an_inserted_row_has_every_key_and_a_new_id(world: World) -> None:
    """What is not given is as a fresh record has it."""
    known, highest = set(world.rows("contacts")[0]), max(int(row["id"]) for row in world.rows("contacts"))
    key = world.insert("contacts", {"email": "new@example.com"})
    row = world.get("contacts", key)
    assert int(key) == highest + 1
    assert set(row) == known
    assert (row["email"], row["email_domain"], row["bounced_date"]) == ("new@example.com", "example.com", None)
    assert row["cdate"] == row["udate"] == "2026-10-30T12:00:01-05:00"


def test_the_first_write_turns_null_into_zero(world: World) -> None:
    """The same "never", in another spelling."""
    key = world.insert("contacts", {})
    world.update("contacts", key, {"firstName": "Ada"})
    row = world.get("contacts", key)
    assert row["bounced_date"] == row["rating_tstamp"] == "0000-00-00"
    assert row["deleted_at"] == row["sms_consent_updated_at"] == "0000-00-00 00:00:00"
    assert (row["ua"], row["best_send_hour"], row["created_by"]) == ("", "0", "0")
    assert row["adate"] is None


def test_a_written_deal_gets_its_next_task_key(world: World) -> None:
    """Null, but there."""
    key = world.insert("deals", {"title": "New"})
    assert "nextTask" not in world.get("deals", key)
    world.update("deals", key, {"title": "Newer"})
    row = world.get("deals", key)
    assert (row["nexttaskid"], row["nextTask"], row["edate"]) == ("0", None, "0000-00-00 00:00:00")


@pytest.mark.parametrize(("entity", "date"), [("contacts", "udate"), ("deals", "mdate"), ("lists", "udate")])
def test_an_update_moves_the_date_forward(world: World, entity: str, date: str) -> None:
    """Past everything that was there before."""
    key = world.insert(entity, {})
    before = max(row.get(date) or "" for row in world.rows(entity))
    world.update(entity, key, {"name": "Other"})
    assert world.get(entity, key)[date] > before


def test_an_edited_list_shows_it_in_one_clock_only(world: World) -> None:
    """As recorded: `updated_timestamp` stays."""
    before = world.get("lists", 1)
    world.update("lists", 1, {"name": "Renamed"})
    after = world.get("lists", 1)
    assert before["udate"] != after["udate"]
    assert before["updated_timestamp"] == after["updated_timestamp"]


def test_an_edited_stage_is_dated_in_the_future(world: World) -> None:
    """A UTC clock with the account's offset, as recorded."""
    assert world.get("dealStages", 1)["udate"] is None
    world.update("dealStages", 1, {"title": "Renamed"})
    assert world.get("dealStages", 1)["udate"] == "2026-10-30T17:00:01-05:00"


@pytest.mark.parametrize(
    ("entity", "counter"),
    [("campaigns", "opens"), ("lists", "active_subscribers"), ("forms", "entries")],
)
def test_counters_move_without_any_date(world: World, entity: str, counter: str) -> None:
    """Only a full read finds them."""
    before = world.get(entity, 1)
    world.update(entity, 1, {counter: "12345"})
    assert world.get(entity, 1) == {**before, counter: "12345"}


def test_a_limited_deal_stays_limited(world: World) -> None:
    """An update elsewhere does not give it dates."""
    key = world.insert("deals", {"title": "Secret", "isDisabled": True})
    world.update("deals", key, {"title": "Still secret"})
    assert world.get("deals", key) == {"title": "Still secret", "status": "0", "id": key, "isDisabled": True}


def test_a_deleted_row_is_gone_without_a_trace(world: World) -> None:
    """Unless a tombstone is asked for."""
    world.delete("contacts", 1)
    assert "1" not in {row["id"] for row in world.rows("contacts")}
    world.delete("contacts", 2, tombstone=True)
    assert world.get("contacts", 2)["deleted"] == "1"
    with pytest.raises(KeyError, match="contacts/1"):
        world.get("contacts", 1)


def test_reset_brings_everything_back(world: World) -> None:
    """The clock too."""
    before, moment = world.rows("contacts"), world.clock()
    world.delete("contacts", 1)
    world.insert("contacts", {})
    world.reset()
    assert world.rows("contacts") == before
    assert world.clock() == moment


def test_changes_from_many_threads_all_arrive(world: World) -> None:
    """No id is given twice."""
    keys: list[str] = []
    threads = [Thread(target=lambda: keys.extend(world.insert("lists", {}) for _ in range(50))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 400
    assert len(world.rows("lists")) == 413
