"""Filters: which rows a list brings."""

from datetime import datetime
from typing import Literal

import pytest

from activecampaign_sandbox import Behaviour, World, make_world
from asking import Ask, Client

SINCE = "2026-09-01T00:00:00.000Z"


def total(client: Client, entity: str, params: dict[str, str]) -> int:
    """Return how many rows a filter leaves."""
    return int(client.get(entity, params={"limit": "1", **params}).raise_for_status().json()["meta"]["total"])


def test_contacts_updated_after_follows_udate(ask: Ask, small: World) -> None:
    """Not `updated_timestamp`, and not including the moment itself."""
    found = total(ask(small), "contacts", {"filters[updated_after]": SINCE})
    since = datetime.fromisoformat(SINCE)
    assert found == sum(datetime.fromisoformat(row["udate"]) > since for row in small.rows("contacts"))
    assert 0 < found < 3000


def test_the_bound_is_outside_for_contacts_and_inside_for_deals(ask: Ask) -> None:
    """As their two documentations word it."""
    world = make_world("empty")
    moment = "2026-05-05T05:05:05-05:00"
    world.insert("contacts", {"udate": moment})
    world.insert("deals", {"cdate": moment})
    client = ask(world)
    assert total(client, "contacts", {"filters[updated_after]": moment}) == 0
    assert total(client, "deals", {"filters[updated_after]": moment}) == 1
    assert total(client, "deals", {"filters[created_before]": moment}) == 0


@pytest.mark.parametrize(("includes", "found"), [("as documented", 0), ("yes", 1), ("no", 0)])
def test_whether_the_moment_itself_is_after_it_can_be_chosen(
    ask: Ask, includes: Literal["as documented", "yes", "no"], found: int
) -> None:
    """In memory as in generated tables."""
    for name in ("empty", "large"):
        world = make_world(name, contacts=0, deals=0, campaigns=0)
        world.insert("contacts", {"udate": "2026-05-05T12:00:00-05:00"})
        world.insert("deals", {"mdate": "2026-05-05T12:00:00-05:00"})
        client = ask(world, Behaviour(after_includes=includes))
        params = {"filters[updated_after]": "2026-05-05T12:00:00-05:00"}
        assert total(client, "contacts", params) == found
        assert total(client, "deals", params) == (0 if includes == "no" else 1)


def test_limited_deals_pass_every_date_filter(ask: Ask, small: World) -> None:
    """They have no dates, and come all the same."""
    limited = sum(row["isDisabled"] for row in small.rows("deals"))
    client = ask(small)
    assert limited > 5
    assert total(client, "deals", {"filters[updated_after]": "2099-01-01"}) == limited
    assert total(client, "deals", {"filters[created_before]": "1999-01-01"}) == limited


@pytest.mark.parametrize("entity", ["campaigns", "lists", "segments", "forms"])
def test_the_others_cannot_be_filtered_by_date(ask: Ask, small: World, entity: str) -> None:
    """The filter is ignored, not refused."""
    assert total(ask(small), entity, {"filters[updated_after]": "2099-01-01"}) == len(small.rows(entity))


def test_a_date_without_zone_is_read_in_the_zone_of_the_account_or_as_utc(ask: Ask) -> None:
    """Nobody knows which."""
    world = make_world("empty")
    world.insert("contacts", {"udate": "2026-05-05T12:00:00-05:00"})
    params = {"filters[updated_after]": "2026-05-05 14:00:00"}
    assert total(ask(world), "contacts", params) == 0
    assert total(ask(world, Behaviour(naive_dates="utc")), "contacts", params) == 1


def test_a_filter_may_look_at_days_only(ask: Ask) -> None:
    """Then what was changed earlier on that day comes too."""
    world = make_world("empty")
    world.insert("contacts", {"udate": "2026-05-05T12:00:00+00:00"})
    params = {"filters[updated_after]": "2026-05-05T18:00:00Z"}
    assert total(ask(world), "contacts", params) == 0
    assert total(ask(world, Behaviour(date_step="day")), "contacts", params) == 1


def test_list_and_status_count_members(ask: Ask, small: World) -> None:
    """The counters on the list agree with the filter."""
    client = ask(small)
    for row in small.rows("lists"):
        assert total(client, "contacts", {"listid": row["id"], "status": "1"}) == int(row["active_subscribers"])
        assert total(client, "contacts", {"listid": row["id"]}) == int(row["non_deleted_subscribers"])


def test_forms_count_the_contacts_they_brought(ask: Ask, small: World) -> None:
    """As the form's own counter says."""
    form = small.rows("forms")[0]
    assert total(ask(small), "contacts", {"formid": form["id"]}) == form["contacts"] > 0


@pytest.mark.parametrize("name", ["small", "hostile"])
def test_a_form_and_a_range_of_ids_narrow_contacts_together(ask: Ask, name: Literal["small", "hostile"]) -> None:
    """Both hold, in the order of ids, and the two ends of the form's contacts make up the whole."""
    world = make_world(name)
    client, through = ask(world), {"formid": "1", "orders[id]": "ASC"}
    told = sorted(int(one.row["id"]) for one in world.tables["contacts"].items() if "1" in one.facts["forms"])
    middle = told[50]
    above = client.get("contacts", params={**through, "id_greater": str(middle), "limit": "20"}).json()
    assert [int(row["id"]) for row in above["contacts"]] == told[51:71]
    assert above["meta"]["page_input"]["formid"] == 1
    below = client.get("contacts", params={**through, "id_less": str(middle), "limit": "100"}).json()
    assert [int(row["id"]) for row in below["contacts"]] == told[:50]


def test_a_segment_is_empty_until_its_query_has_ended(ask: Ask) -> None:
    """The first answer is not the result."""
    client = ask(make_world("small"))
    assert total(client, "contacts", {"segmentid": "1"}) == 0
    assert total(client, "contacts", {"segmentid": "1"}) > 100


def test_search_and_email_find_people(ask: Ask, small: World) -> None:
    """By exact address, or by part of anything."""
    client, person = ask(small), small.rows("contacts")[7]
    assert client.get("contacts", params={"email": person["email"]}).json()["contacts"] == [person]
    assert total(client, "contacts", {"search": person["email"][2:-3].upper()}) == 1
    assert total(client, "contacts", {"search": ""}) == 3000
    assert total(client, "contacts", {"ids": f"{person['id']},999999"}) == 1
    assert total(client, "contacts", {"exclude": person["id"]}) == 2999


@pytest.mark.parametrize(("name", "value"), [("stage", "5"), ("group", "3"), ("status", "1"), ("owner", "2")])
def test_deals_are_found_by_where_they_stand(ask: Ask, small: World, name: str, value: str) -> None:
    """Stage, pipeline, status and owner."""
    expected = sum(row.get(name) == value for row in small.rows("deals"))
    assert total(ask(small), "deals", {f"filters[{name}]": value}) == expected > 0


def test_bounds_of_value_are_in_major_units(ask: Ask, small: World) -> None:
    """While the rows hold minor ones."""
    expected = sum(int(row.get("value", 0)) >= 500_000 for row in small.rows("deals"))
    assert total(ask(small), "deals", {"filters[minimum_value]": "5000"}) == expected > 0


def test_lists_are_found_by_name(ask: Ask, small: World) -> None:
    """Exactly, or with an operator."""
    client = ask(small)
    assert total(client, "lists", {"filters[name]": "Newsletter"}) == 1
    assert total(client, "lists", {"filters[name][contains]": "w"}) >= 2
    assert total(client, "lists", {"filters[name][starts_with]": "New"}) == 1


def test_unknown_parameters_are_ignored_or_refused(ask: Ask, small: World) -> None:
    """Nobody knows which; the sandbox can do both."""
    assert ask(small).get("lists", params={"colour": "red"}).status_code == 200
    refused = ask(small, Behaviour(unknown_parameter="refused")).get("lists", params={"orders[colour]": "ASC"})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["source"] == {"parameter": "orders[colour]"}
