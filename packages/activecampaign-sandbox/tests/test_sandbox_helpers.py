"""The records that help to read others: their types, their pages, and what comes beside them."""

import json
from typing import Any

import pytest

from activecampaign_sandbox import Behaviour, World, make_world
from activecampaign_sandbox.endpoints import ENDPOINTS, Endpoint
from asking import Ask, Client


@pytest.fixture(scope="module")
def worlds() -> dict[str, World]:
    """Return worlds that no test changes, by name."""
    return {"empty": make_world("empty"), "hostile": make_world("hostile")}


@pytest.fixture
def world() -> World:
    """Return an account with one person, one firm, one deal, and what goes with them."""
    world = make_world("empty")
    world.insert("contacts", {"email": "ada@example.com"})
    world.insert("accounts", {"name": "Harbour Foods"})
    world.insert("deals", {"title": "Tea", "contact": "1", "account": "1"})
    return world


def whole(client: Client, path: str, **params: object) -> dict[str, Any]:
    """Return a body that came with 200."""
    answer = client.get(path, params={name: str(value) for name, value in params.items()})
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.parametrize("endpoint", [one for one in ENDPOINTS if one.listed], ids=lambda one: one.path)
@pytest.mark.parametrize("name", ["empty", "hostile"])
def test_every_path_answers_in_every_world(ask: Ask, worlds: dict[str, World], endpoint: Endpoint, name: str) -> None:
    """With its own key, its own kind of total, and single records that are there."""
    world = worlds[name]
    client = ask(world)
    body = whole(client, endpoint.path, limit=5)
    rows, count = body[endpoint.collection], len(world.ids(endpoint.path))
    if endpoint.path != "dealCustomFieldMeta":
        assert len(rows) == min(5, count)
    written = world.totals.get(endpoint.path, endpoint.total)
    if written == "absent":
        assert "total" not in body.get("meta", {})
    else:
        assert body["meta"]["total"] == (count if written == "int" else str(count))
    for row in rows if endpoint.keyed == "number" else ():
        assert whole(client, f"{endpoint.path}/{row['id']}")[endpoint.singular]["id"] == row["id"]


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.path)
def test_a_fresh_record_has_its_date_and_goes_with_its_owner(endpoint: Endpoint) -> None:
    """The clock of its kind: with offset, in digits, or in UTC."""
    world = make_world("empty")
    row = world.get(endpoint.path, world.insert(endpoint.path, {}))
    if endpoint.created:
        spellings = {"2026-10-30T12:00:01-05:00", "2026-10-30 12:00:01", "2026-10-30T17:00:01+00:00"}
        assert row[endpoint.created] in spellings
    assert set(endpoint.parents.values()) <= set(row)


def test_fields_come_with_all_options_and_relations_first(ask: Ask) -> None:
    """Whatever the limit; they are 100 a page by default."""
    world = make_world("hostile")
    client = ask(world)
    body = whole(client, "fields", limit=2)
    assert list(body) == ["fieldOptions", "fieldRels", "fields", "meta"]
    assert (len(body["fieldOptions"]), len(body["fields"])) == (75, 2)
    assert body["fieldRels"][0]["links"] == []
    assert len(whole(client, "fields")["fields"]) == 100


def test_one_field_comes_with_its_own_options(ask: Ask) -> None:
    """Not with everybody's."""
    world = make_world("empty")
    for field in ("1", "2"):
        world.insert("fields", {"title": f"Field {field}", "type": "dropdown"})
        world.insert("fieldOptions", {"field": field, "value": f"of {field}"})
    body = whole(ask(world), "fields/2")
    assert [one["value"] for one in body["fieldOptions"]] == ["of 2"]
    assert body["field"]["perstag"] == "FIELD_2"


def test_custom_fields_of_deals_speak_another_dialect(ask: Ask, world: World) -> None:
    """No meta, no pages, numbers where others have text, true UTC."""
    for _ in range(120):
        world.insert("dealCustomFieldMeta", {"fieldLabel": "Size"})
    world.insert("dealCustomFieldData", {"dealId": 1, "customFieldId": 7, "fieldValue": ["a", "b"]})
    world.insert("dealCustomFieldData", {"dealId": 2, "customFieldId": 7, "fieldValue": 9999, "fieldCurrency": "cad"})
    client = ask(world)
    body = whole(client, "dealCustomFieldMeta", limit=20, offset=100)
    assert list(body) == ["dealCustomFieldMeta"]
    assert len(body["dealCustomFieldMeta"]) == 120
    [datum] = whole(client, "dealCustomFieldData", **{"filters[dealId]": 1})["dealCustomFieldData"]
    assert (datum["id"], datum["dealId"], datum["dealCustomFieldMetumId"], datum["fieldValue"]) == (
        "1",
        1,
        7,
        ["a", "b"],
    )
    assert datum["createdTimestamp"].endswith("+00:00")
    paged = ask(world, Behaviour(field_meta_paged=True))
    assert len(whole(paged, "dealCustomFieldMeta", offset=100)["dealCustomFieldMeta"]) == 20


def test_accounts_count_only_when_asked(ask: Ask, world: World) -> None:
    """The "0" of other answers means not computed."""
    world.insert("accountContacts", {"account": "1", "contact": "1"})
    client = ask(world)
    [plain] = whole(client, "accounts")["accounts"]
    [counted] = whole(client, "accounts", count_deals="true")["accounts"]
    assert (plain["contactCount"], plain["dealCount"]) == ("0", "0")
    assert (counted["contactCount"], counted["dealCount"]) == ("1", "1")
    assert "dealCount" not in whole(client, "accounts/1")["account"]


@pytest.mark.parametrize(
    ("path", "params", "count"),
    [
        ("fieldValues", {"filters[fieldid]": "2"}, 2),
        ("fieldValues", {"filters[fieldid]": "2", "filters[val]": "tea"}, 1),
        ("dealActivities", {"deal": "1"}, 3),
        ("dealActivities", {"deal": "1", "exclude": "1"}, 2),
        ("dealActivities", {"filters[data_type]": "note", "filters[data_id]": "291"}, 1),
        ("accountContacts", {"filters[contact]": "1"}, 1),
        ("dealTasks", {"filters[reltype]": "Deal"}, 1),
        ("dealTasks", {"filters[due_after]": "2026-11-01T00:00:00Z"}, 1),
        ("dealTasks", {"Fitlers[due_before]": "2026-11-01T00:00:00Z"}, 1),
        ("tags", {"search": "VIP"}, 2),
        ("tags", {"filters[search][eq]": "vip"}, 1),
        ("fields", {"filters[perstag]": "FAVOURITE_TEA"}, 1),
    ],
)
def test_documented_filters_choose(ask: Ask, world: World, path: str, params: dict[str, str], count: int) -> None:
    """And nothing else does."""
    for field, value in (("1", "tea"), ("2", "tea"), ("2", "coffee")):
        world.insert("fieldValues", {"contact": "1", "field": field, "value": value})
    world.delete("deals", 1)
    for kind, thing in (("", "0"), ("note", "291"), ("email", "5")):
        world.insert("dealActivities", {"deal": "1", "dataType": kind, "dataId": thing})
    world.insert("accountContacts", {"account": "1", "contact": "1"})
    world.insert("accountContacts", {"account": "1", "contact": "2"})
    world.insert("dealTasks", {"owner": {"type": "deal", "id": "1"}, "duedate": "2026-10-31T12:00:00-05:00"})
    world.insert("dealTasks", {"owner": {"type": "contact", "id": "1"}, "duedate": "2026-11-05T12:00:00-06:00"})
    for name in ("vip", "Not VIP", "other"):
        world.insert("tags", {"tag": name})
    world.insert("fields", {"title": "Favourite tea"})
    world.insert("fields", {"title": "Birthday"})
    assert len(whole(ask(world), path, **params)[path]) == count


def test_what_the_plan_lacks_is_refused(ask: Ask, world: World) -> None:
    """With 403, or with 404; the rest answers."""
    client = ask(world, Behaviour(not_in_plan=("accounts", "notes", "dealTasks")))
    assert {client.get(path).status_code for path in ("accounts", "notes", "dealTasks", "accounts/1")} == {403}
    assert client.get("contacts").status_code == 200
    assert ask(world, Behaviour(not_in_plan=("notes",), plan_status=404)).get("notes").status_code == 404


def test_a_page_of_tasks_may_have_the_documented_status(ask: Ask, world: World) -> None:
    """201, though nothing was created."""
    assert ask(world).get("dealTasks").status_code == 200
    assert ask(world, Behaviour(task_status=201)).get("dealTasks").status_code == 201


def test_automations_say_more_in_their_meta(ask: Ask, world: World) -> None:
    """Arrays that are no rows."""
    client = ask(world)
    assert whole(client, "automations")["meta"] == {"total": "0", "starts": [], "filtered": False, "smsLogs": []}
    assert whole(client, "contactAutomations")["meta"] == {"total": "0", "showcase_stats": []}


def test_include_brings_records_before_the_rows_and_ids_into_them(ask: Ask, world: World) -> None:
    """Only what is asked for, only of this page, and only where it is known."""
    world.insert("contacts", {"email": "bo@example.com"})
    for contact in ("1", "1", "2"):
        world.insert("fieldValues", {"contact": contact, "value": "tea"})
    world.insert("contactTags", {"contact": "2", "tag": "1"})
    client = ask(world)
    body = whole(client, "contacts", include="fieldValues,contactTags,nonsense", **{"orders[id]": "ASC"})
    assert list(body) == ["scoreValues", "contactTags", "fieldValues", "contacts", "meta"]
    assert [row["fieldValues"] for row in body["contacts"]] == [["1", "2"], ["3"]]
    assert [row["contactTags"] for row in body["contacts"]] == [[], ["1"]]
    assert [one["id"] for one in body["fieldValues"]] == ["1", "2", "3"]
    first = whole(client, "contacts", include="fieldValues", limit=1, **{"orders[id]": "ASC"})
    assert [one["id"] for one in first["fieldValues"]] == ["1", "2"]
    assert "fieldValues" not in whole(client, "contacts")


def test_deals_include_their_custom_values(ask: Ask, world: World) -> None:
    """Though one says "1" and the other 1."""
    world.insert("dealCustomFieldData", {"dealId": 1, "customFieldId": 2, "fieldValue": "big"})
    body = whole(ask(world), "deals", include="dealCustomFieldData")
    assert body["deals"][0]["dealCustomFieldData"] == ["1"]
    assert body["dealCustomFieldData"][0]["fieldValue"] == "big"


def test_what_belongs_to_one_record_comes_whole_and_without_meta(ask: Ask, world: World) -> None:
    """Below that record."""
    for tag in range(1, 31):
        world.insert("contactTags", {"contact": "1", "tag": str(tag)})
    world.insert("contactTags", {"contact": "2", "tag": "1"})
    world.insert("notes", {"owner": {"type": "deal", "id": "1"}, "note": "of the deal"})
    world.insert("notes", {"owner": {"type": "contact", "id": "1"}, "note": "of the contact"})
    client = ask(world)
    tags = whole(client, "contacts/1/contactTags")
    assert list(tags) == ["contactTags"]
    assert len(tags["contactTags"]) == 30
    assert [note["note"] for note in whole(client, "deals/1/notes")["notes"]] == ["of the deal"]
    assert whole(client, "contacts/1/organization") == {}
    assert whole(client, "contacts/1/geoIps") == {"geoIps": []}
    assert client.get("contacts/7/contactTags").json() == {"message": "No Result found for Subscriber with id 7"}
    assert client.get("contacts/1/dealStages").status_code == 404


def test_one_contact_shows_what_belongs_to_it(ask: Ask, world: World) -> None:
    """Records before it, ids within."""
    world.insert("contactLists", {"contact": "1", "list": "4"})
    body = whole(ask(world), "contacts/1")
    assert (body["contactLists"][0]["list"], body["deals"][0]["title"]) == ("4", "Tea")
    assert (body["contact"]["contactLists"], body["contact"]["deals"]) == (["1"], ["1"])


def test_what_changes_its_owner_is_found_at_the_new_one(ask: Ask, world: World) -> None:
    """Asked for before and after, in the order of the ids."""
    world.insert("deals", {"title": "Coffee"})
    for deal in ("2", "1", "2"):
        world.insert("notes", {"owner": {"type": "deal", "id": deal}})
    client = ask(world)

    def notes(deal: int) -> list[str]:
        return [note["id"] for note in whole(client, f"deals/{deal}/notes")["notes"]]

    assert (notes(1), notes(2)) == (["2"], ["1", "3"])
    world.update("notes", 3, {"owner": {"type": "deal", "id": "1"}, "relid": "1"})
    world.delete("notes", 1)
    assert (notes(1), notes(2)) == (["2", "3"], [])


def test_no_row_has_a_key_twice_when_more_is_included(ask: Ask, worlds: dict[str, World]) -> None:
    """Though some rows of the hostile world come with such a key by themselves."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    client, names = ask(worlds["hostile"]), ("contactAutomations", "contactLists", "contactTags", "fieldValues")
    for offset in range(0, 1500, 100):
        params = {"limit": "100", "offset": str(offset), "include": ",".join(names)}
        body = json.loads(client.get("contacts", params=params).text, object_pairs_hook=once)
        assert all(isinstance(row[name], list) for row in body["contacts"] for name in names)
