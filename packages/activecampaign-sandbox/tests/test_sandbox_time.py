"""A clock that can be moved, permissions that change, and keys that drift."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from activecampaign_sandbox import Behaviour, World, make_world
from asking import Ask, Client


@pytest.fixture
def world() -> World:
    """Return a small world of the test's own."""
    return make_world("small", contacts=150, deals=60)


def total(client: Client, path: str, **filters: str) -> int:
    """Return what a filtered list says of its size."""
    params = {f"filters[{name}]": value for name, value in filters.items()}
    return int(client.get(path, params=params).json()["meta"]["total"])


def test_time_passes_when_asked(ask: Ask, world: World) -> None:
    """The Date header says so, and what is written from then on is later."""
    client = ask(world)
    world.update("contacts", 1, {"firstName": "Early"})
    assert world.advance(days=3, hours=2) == world.clock()
    world.update("contacts", 2, {"firstName": "Late"})
    early, late = (datetime.fromisoformat(world.get("contacts", key)["udate"]) for key in (1, 2))
    assert timedelta(days=3) < late - early < timedelta(days=3, hours=3)
    assert parsedate_to_datetime(client.get("lists").headers["Date"]) == late == world.clock()
    assert total(client, "contacts", updated_after=(late - timedelta(hours=1)).isoformat()) == 1
    assert total(client, "contacts", updated_after=(early - timedelta(seconds=1)).isoformat()) == 2


def test_the_clock_can_be_set_and_crosses_the_change_of_summer_time(world: World) -> None:
    """Offsets follow the season, and a reset brings the clock back."""
    start = world.clock()
    for hour, offset in ((6, "-05:00"), (7, "-06:00")):
        world.set_clock(datetime(2026, 11, 1, hour, 30, tzinfo=UTC))
        assert world.get("lists", world.insert("lists", {}))["cdate"] == f"2026-11-01T01:30:01{offset}"
    with pytest.raises(ValueError, match="zone"):
        world.set_clock(datetime(2026, 11, 2, 12, 0))  # noqa: DTZ001 - that is the mistake
    world.reset()
    assert world.clock() == start


@pytest.mark.parametrize("name", ["small", "large", "hostile", "empty"])
def test_an_account_may_be_elsewhere(ask: Ask, name: str) -> None:
    """Every date of a fresh record and of the world's own rows has that offset; instants stay what they were."""
    here = make_world(name, contacts=40, deals=5, campaigns=5)  # type: ignore[arg-type]
    there = make_world(name, contacts=40, deals=5, campaigns=5, offset="+10:30")  # type: ignore[arg-type]
    key = there.insert("contacts", {})
    assert there.get("contacts", key)["cdate"] == "2026-10-31T03:30:01+10:30"
    assert there.get("contacts", key)["created_timestamp"] == "2026-10-31 03:30:01"
    if name in {"small", "large"}:
        pairs = list(zip(here.rows("contacts"), there.rows("contacts"), strict=False))
        assert all(other["cdate"].endswith("+10:30") for _, other in pairs)
        for one, other in pairs:
            assert datetime.fromisoformat(one["udate"]) == datetime.fromisoformat(other["udate"])
    assert total(ask(there), "contacts", updated_after="2026-10-31 03:30:00") >= 1
    assert total(ask(there, Behaviour(naive_dates="utc")), "contacts", created_after="2026-10-31 03:30:00") == 0


def test_an_offset_that_is_none_is_refused() -> None:
    """Before anything is made."""
    with pytest.raises(ValueError, match="offset"):
        make_world("empty", offset="Adelaide")


def test_a_deal_goes_out_of_sight_and_comes_back(ask: Ask, world: World) -> None:
    """Its date stays, and it still counts in the sums."""
    client = ask(world)
    key = next(row["id"] for row in world.rows("deals") if not row["isDisabled"])
    before, sums = world.get("deals", key), client.get("deals").json()["meta"]["currencies"]
    world.limit_deal(key)
    stub = {"title": before["title"], "status": before["status"], "id": key, "isDisabled": True}
    assert client.get(f"deals/{key}").json()["deal"] == stub
    assert client.get("deals").json()["meta"]["currencies"] == sums
    world.limit_deal(key)
    world.unlimit_deal(key)
    assert world.get("deals", key) == before
    assert client.get("deals").json()["meta"]["currencies"] == sums


def test_what_happens_to_a_deal_out_of_sight_shows_when_it_is_back(world: World) -> None:
    """Somebody else may see it all the time."""
    key = world.insert("deals", {"title": "Tea", "value": "100"})
    world.limit_deal(key)
    world.update("deals", key, {"title": "More tea", "value": "900"})
    assert world.get("deals", key) == {"title": "More tea", "status": "0", "id": key, "isDisabled": True}
    world.unlimit_deal(key)
    row = world.get("deals", key)
    assert (row["title"], row["value"]) == ("More tea", "900")
    assert row["mdate"] > row["cdate"]


def test_a_deal_that_was_never_seen_can_come_into_sight(world: World) -> None:
    """With the value that counted in the sums all along."""
    key, item = next(
        (key, item) for key in world.ids("deals") if (item := world.tables["deals"].get(key)) and item.row["isDisabled"]
    )
    world.unlimit_deal(key)
    row = world.get("deals", key)
    assert (row["isDisabled"], row["value"], row["currency"]) == (False, item.facts["value"], item.facts["currency"])


def test_the_deals_of_a_pipeline_that_is_gone_become_stubs(ask: Ask, world: World) -> None:
    """Its stages are gone too."""
    client = ask(world)
    single = client.get("dealGroups/3").json()
    assert {stage["group"] for stage in single["dealStages"]} == {"3"}
    assert "count" not in single["dealGroup"]
    own = [row["id"] for row in world.rows("deals") if row.get("group") == "3"]
    world.delete("dealGroups", 3)
    assert own
    assert all(world.get("deals", key)["isDisabled"] for key in own)
    assert "3" not in {row["group"] for row in world.rows("dealStages")}
    assert any(row["isDisabled"] is False for row in world.rows("deals"))


def test_a_key_is_renamed_and_back(ask: Ask, world: World) -> None:
    """In lists, in single records and in new rows, with no date moving."""
    client = ask(world)
    before = world.rows("contacts")
    world.rename_key("contacts", "email_domain", "emailDomain")
    new = world.insert("contacts", {"email": "new@example.org"})
    for row in (*client.get("contacts").json()["contacts"], client.get(f"contacts/{new}").json()["contact"]):
        assert "email_domain" not in row
        assert row["emailDomain"] == row["email"].rpartition("@")[2]
    world.delete("contacts", new)
    world.rename_key("contacts", "emailDomain", "email_domain")
    assert world.rows("contacts") == before
    assert "email_domain" in client.get("contacts").json()["contacts"][0]


def test_keys_go_and_come(ask: Ask, world: World) -> None:
    """Known ones and new ones; stubs of limited deals have none of them."""
    client, before = ask(world), world.rows("deals")
    world.remove_key("deals", "winProbability")
    world.add_key("deals", "score", 9.75)
    for row in client.get("deals", params={"limit": "100"}).json()["deals"]:
        assert "winProbability" not in row
        assert ("score" in row) != row["isDisabled"]
    world.add_key("deals", "winProbability")
    world.remove_key("deals", "score")
    assert world.rows("deals") == before


def test_values_change_their_type_and_back(ask: Ask, world: World) -> None:
    """As totals did between 2020 and 2026; what is no number stays a text."""
    client, before = ask(world), world.rows("forms")
    world.retype_key("forms", "entries", "text")
    world.retype_key("forms", "id", "number")
    world.retype_key("forms", "name", "number")
    rows = client.get("forms", params={"limit": "100"}).json()["forms"]
    assert {type(row["entries"]) for row in rows} == {type(row["name"]) for row in rows} == {str}
    assert {type(row["id"]) for row in rows} == {int}
    for name in ("entries", "id", "name"):
        world.retype_key("forms", name, None)
    assert world.rows("forms") == before
    with pytest.raises(ValueError, match="number"):
        world.retype_key("forms", "id", "hologram")


def test_included_rows_drift_too(ask: Ask, world: World) -> None:
    """A key has one name, wherever its rows are."""
    world.insert("fieldValues", {"contact": "1", "value": "tea"})
    world.rename_key("fieldValues", "value", "val")
    body = ask(world).get("contacts", params={"include": "fieldValues", "limit": "100"}).json()
    assert [one["val"] for one in body["fieldValues"] if one["contact"] == "1"][-1] == "tea"
