"""Days of a company's life: repeatable, sound, and found by those who know how to look."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest

from activecampaign_sandbox import Life, World, make_world
from activecampaign_sandbox.endpoints import ENDPOINTS
from asking import Ask, Client

Rows = dict[str, dict[str, Any]]
NOT_OF_THE_ROW = frozenset({"email_domain", "emailDomain", "score"})  # keys that drift


def company() -> World:
    """Return a small company."""
    return make_world("small", contacts=120, deals=50)


def keyed(world: World, entity: str) -> Rows:
    """Return rows by id, without the keys that drift."""
    return {
        row["id"]: {name: value for name, value in row.items() if name not in NOT_OF_THE_ROW}
        for row in world.rows(entity)
    }


@pytest.fixture(scope="module")
def month() -> tuple[World, Counter[str]]:
    """Return a company after thirty days, and what was done how often."""
    world = company()
    life = Life(world, seed=3)
    done = Counter(f"{step['do']} {step.get('entity', 'deals')}" for _ in range(30) for step in life.day())
    return world, done


def test_the_same_seed_lives_the_same_days() -> None:
    """Row by row in every table; another seed lives others."""
    worlds = company(), company(), company()
    for world, seed in zip(worlds, (1, 1, 2), strict=True):
        Life(world, seed).days(5)
    one, same, other = ({end.path: world.rows(end.path) for end in ENDPOINTS} for world in worlds)
    assert one == same
    assert one["contacts"] != other["contacts"]


def test_everything_that_a_reader_must_find_happens_in_a_month(month: tuple[World, Counter[str]]) -> None:
    """Inserts, edits, deletions, permissions, sendings, drift."""
    world, done = month
    often = {
        *("insert contacts", "update contacts", "delete contacts", "insert contactTags", "delete contactTags"),
        *("insert contactLists", "update contactLists", "insert fieldValues", "update fieldValues"),
        *("insert deals", "update deals", "limit deals", "unlimit deals", "insert campaigns", "update campaigns"),
    }
    assert min(done[one] for one in often) > 5
    once = {"delete deals", "delete campaigns", "delete segments", "update lists", "update forms", "insert segments"}
    assert min(done[one] for one in once) >= 1
    assert (done["rename-key contacts"], done["remove-key lists"], done["add-key deals"]) == (2, 1, 1)
    assert timedelta(days=30) == world.clock() - world.start
    assert {"d_stageid", "status", "userid", "value"} <= {row["dataType"] for row in world.rows("dealActivities")}


def test_after_a_month_the_api_tells_what_the_world_holds(ask: Ask, month: tuple[World, Counter[str]]) -> None:
    """Every row of every kind, page by page."""
    world, _ = month
    client = ask(world)
    for end in (end for end in ENDPOINTS if end.listed):
        read: list[dict[str, Any]] = []
        while rows := client.get(end.path, params={"limit": "100", "offset": str(len(read))}).json()[end.collection]:
            read += rows
            if end.path == "dealCustomFieldMeta":
                break
        assert sorted(read, key=str) == sorted(world.rows(end.path), key=str)


def test_a_company_can_begin_from_nothing() -> None:
    """And then its counters, memberships and stages agree with each other."""
    world = make_world("empty")
    Life(world).days(12)
    members = world.rows("contactLists")
    contacts, pipelines = set(world.ids("contacts")), {row["id"]: row["stages"] for row in world.rows("dealGroups")}
    assert len(contacts) > 30
    assert {int(row["contact"]) for row in members} <= contacts
    for row in world.rows("lists"):
        active = sum(one["list"] == row["id"] and one["status"] == "1" for one in members)
        assert row["active_subscribers"] == str(active)
    for row in world.rows("tags"):
        assert row["subscriber_count"] == str(sum(one["tag"] == row["id"] for one in world.rows("contactTags")))
    for row in world.rows("deals"):
        assert row["isDisabled"] or row["stage"] in pipelines[row["group"]]
    for row in world.rows("campaigns"):
        assert int(row["send_amt"]) >= int(row["uniqueopens"]) >= int(row["subscriberclicks"])


def changed(world: World, entity: str, live: Callable[[], object]) -> tuple[datetime, Rows, Rows]:
    """Return the time before a day, and rows before and after of what was there both times and changed."""
    start, before = world.clock(), keyed(world, entity)
    live()
    after = keyed(world, entity)
    both = {key for key in before.keys() & after.keys() if before[key] != after[key]}
    return start, {key: before[key] for key in both}, {key: after[key] for key in both}


@pytest.mark.parametrize(("entity", "date"), [("contacts", "udate"), ("deals", "mdate")])
def test_every_change_that_a_filter_can_find_has_moved_its_date(entity: str, date: str) -> None:
    """Apart from deals that went out of sight or came back."""
    world = company()
    found = 0
    for _ in range(15):
        start, before, after = changed(world, entity, Life(world, seed=5).day)
        for key, row in after.items():
            if "isDisabled" in row and (row["isDisabled"] or before[key]["isDisabled"]):
                continue
            assert datetime.fromisoformat(row[date]) >= start
            found += 1
    assert found > 30


def test_a_quiet_life_has_changes_that_no_filter_finds() -> None:
    """Opens, and rewrites by the vendor."""
    world = company()
    life = Life(world, quiet=True)
    life.days(9)
    start, _, after = changed(world, "contacts", life.day)
    unseen = [row for row in after.values() if datetime.fromisoformat(row["udate"]) < start]
    assert [row for row in unseen if row["last_open_date"]]
    assert [row for row in unseen if row["updated_timestamp"] > row["udate"][:19].replace("T", " ")]


def test_counters_of_campaigns_grow_for_days_while_dates_stand_still() -> None:
    """And never fall."""
    world = make_world("empty")
    life = Life(world, pace=3)
    life.days(8)
    grown = 0
    for _ in range(5):
        _, before, after = changed(world, "campaigns", life.day)
        for key, row in after.items():
            assert all(int(row[name]) >= int(before[key][name]) for name in ("opens", "uniqueopens", "linkclicks"))
            if row["name"] == before[key]["name"]:
                assert (row["mdate"], row["sdate"]) == (before[key]["mdate"], before[key]["sdate"])
                grown += 1
    assert grown > 3


@pytest.mark.parametrize("name", ["large", "hostile"])
def test_life_goes_on_in_every_world(name: Any) -> None:  # noqa: ANN401 - a literal
    """In generated tables and among oddities too."""
    world = make_world(name, contacts=400, deals=80, campaigns=10)
    Life(world).days(3)
    assert world.clock() - world.start == timedelta(days=3)


def test_days_pass_from_outside(ask: Ask) -> None:
    """While the sandbox listens."""
    client: Client = ask(make_world("empty"))
    lived = httpx2.post(f"{client.sandbox.url}/_sandbox/live", json={"days": 2, "seed": 4}, timeout=30)
    assert lived.status_code == 200
    assert len(client.get("contacts").json()["contacts"]) > 2
    assert "01 Nov 2026" in client.get("lists").headers["Date"]
    assert httpx2.post(f"{client.sandbox.url}/_sandbox/live", json={"weeks": 2}, timeout=30).status_code == 400
