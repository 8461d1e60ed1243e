"""What a change brings about elsewhere: dates, counters, logs, and what goes when its owner goes."""

from typing import Any

import pytest

from activecampaign_sandbox import Behaviour, World, make_world
from activecampaign_sandbox.endpoints import ENDPOINTS, Endpoint
from asking import Ask

BEFORE = "2026-10-30T11:00:00-05:00"


@pytest.fixture
def world() -> World:
    """Return an account with one of each that others belong to, all of it an hour old."""
    world = make_world("empty")
    for entity in ("contacts", "tags", "lists", "deals", "automations", "campaigns"):
        world.insert(entity, {"cdate": BEFORE})
    for entity in ("accounts", "fields", "dealCustomFieldMeta", "dealGroups"):
        world.insert(entity, {})
    world.insert("contacts", {"cdate": BEFORE, "email": "other@example.com"})
    return world


def test_tagging_moves_the_contact_and_the_tag(world: World) -> None:
    """To the same second, as recorded; taking the tag away moves the contact only."""
    given = world.insert("contactTags", {"contact": "1", "tag": "1"})
    tag, contact = world.get("tags", 1), world.get("contacts", 1)
    assert contact["udate"] == world.get("contactTags", given)["cdate"] > BEFORE
    assert tag["updated_timestamp"] == contact["updated_timestamp"] > tag["created_timestamp"]
    assert tag["subscriber_count"] == "1"
    world.advance(hours=1)
    world.delete("contactTags", given)
    assert world.get("tags", 1) == {**tag, "subscriber_count": "0"}
    assert world.get("contacts", 1)["udate"] > contact["udate"]


def test_tags_and_lists_choose_contacts_at_once(ask: Ask, world: World) -> None:
    """What `tagid` and `listid` find follows what was given and taken."""
    client = ask(world)

    def found(**params: str) -> list[str]:
        return [row["id"] for row in client.get("contacts", params=params).json()["contacts"]]

    tagging = world.insert("contactTags", {"contact": "2", "tag": "1"})
    membership = world.insert("contactLists", {"contact": "1", "list": "1"})
    assert (found(tagid="1"), found(listid="1")) == (["2"], ["1"])
    world.delete("contactTags", tagging)
    world.update("contactLists", membership, {"status": "2"})
    assert (found(tagid="1"), found(listid="1", status="1"), found(listid="1", status="2")) == ([], [], ["1"])


@pytest.mark.parametrize(
    ("status", "active", "there"), [("1", "1", "1"), ("2", "0", "1"), ("0", "0", "1"), ("91", "0", "0")]
)
def test_members_move_counters_of_lists_and_none_of_their_dates(
    world: World, status: str, active: str, there: str
) -> None:
    """Unsubscribing moves the contact's date and the membership's."""
    before = world.get("lists", 1)
    membership = world.insert("contactLists", {"contact": "1", "list": "1"})
    joined = world.get("contacts", 1)["udate"]
    assert world.get("contactLists", membership)["udate"] is None
    world.update("contactLists", membership, {"status": status})
    after = world.get("lists", 1)
    assert after == {**before, "active_subscribers": active, "non_deleted_subscribers": there}
    assert world.get("contacts", 1)["udate"] == world.get("contactLists", membership)["udate"] > joined


def test_a_custom_value_may_move_the_date_of_its_owner(ask: Ask, world: World) -> None:
    """Nobody knows whether it does."""
    world.insert("fieldValues", {"contact": "1", "field": "1", "value": "tea"})
    world.insert("dealCustomFieldData", {"dealId": 1, "customFieldId": 1, "fieldValue": "big"})
    assert world.get("contacts", 1)["udate"] > BEFORE
    assert world.get("deals", 1)["mdate"] > BEFORE
    ask(world, Behaviour(values_touch=False))
    quiet = world.get("contacts", 1), world.get("deals", 1)
    world.update("fieldValues", 1, {"value": "coffee"})
    world.update("dealCustomFieldData", 1, {"fieldValue": "small"})
    assert (world.get("contacts", 1), world.get("deals", 1)) == quiet
    assert world.get("fieldValues", 1)["udate"] > world.get("fieldValues", 1)["cdate"]


def test_a_deal_keeps_a_log(world: World) -> None:
    """Added, with its contact; then every change of stage, status, owner and value."""
    key = world.insert("deals", {"contact": "1", "owner": "3", "stage": "1"})
    world.update("deals", key, {"stage": "2", "title": "No entry for this"})
    world.update("deals", key, {"status": "1", "value": "900"})
    log = [row for row in world.rows("dealActivities") if row["deal"] == key]
    assert [(row["dataType"], row["dataAction"], row["dataOldval"]) for row in log] == [
        ("", "add", ""),
        ("contact", "add", ""),
        ("d_stageid", "2", "1"),
        ("status", "1", "0"),
        ("value", "900", "0"),
    ]
    assert (log[2]["stage"], log[3]["stage"], log[2]["user"]) == ("2", None, "3")
    assert log[-1]["cdate"] == world.get("deals", key)["mdate"]


def test_an_account_may_keep_no_log(ask: Ask, world: World) -> None:
    """What a deal's log holds is documented for additions only."""
    ask(world, Behaviour(deal_log=False))
    before = world.ids("dealActivities")
    world.update("deals", 1, {"stage": "9"})
    world.insert("deals", {})
    assert world.ids("dealActivities") == before


def test_automations_count_who_enters_and_leaves(world: World) -> None:
    """Without any date."""
    before = world.get("automations", 1)
    entry = world.insert("contactAutomations", {"contact": "1", "automation": "1"})
    world.update("contactAutomations", entry, {"remdate": BEFORE, "completed": 1})
    world.update("contactAutomations", entry, {"timespan": "9"})
    assert world.get("automations", 1) == {**before, "entered": "1", "exited": "1"}


@pytest.mark.parametrize(
    ("child", "link", "parent", "ids"),
    [
        ("fieldOptions", {"field": "1"}, "fields", "options"),
        ("fieldRels", {"field": "1"}, "fields", "relations"),
        ("dealStages", {"group": "1"}, "dealGroups", "stages"),
        ("accountContacts", {"contact": "1", "account": "1"}, "contacts", "accountContacts"),
    ],
)
def test_records_hold_the_ids_of_what_belongs_to_them(
    world: World, child: str, link: dict[str, Any], parent: str, ids: str
) -> None:
    """For as long as it is there."""
    keys = [world.insert(child, link) for _ in range(2)]
    assert world.get(parent, 1)[ids] == keys
    world.delete(child, keys[0])
    assert world.get(parent, 1)[ids] == keys[1:]


@pytest.mark.parametrize(
    ("parent", "child"),
    [(parent, child) for child in ENDPOINTS for parent in child.parents],
    ids=lambda one: one if isinstance(one, str) else one.path,
)
def test_what_belongs_to_a_record_goes_with_it(world: World, parent: str, child: Endpoint) -> None:
    """And what belongs to another stays; deals stay when their contact goes."""
    if 1 not in world.ids(parent):
        world.insert(parent, {})
    singular = next(one.singular for one in ENDPOINTS if one.path == parent)
    field = child.parents[parent]
    own, other = (
        world.insert(child.path, {field: {"type": singular, "id": key} if field == "owner" else key})
        for key in ("1", "77")
    )
    world.delete(parent, 1)
    left = world.ids(child.path)
    assert (int(own) in left, int(other) in left) == (child.outlives, True)
