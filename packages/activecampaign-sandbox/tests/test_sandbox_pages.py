"""Pages: their size, their order, their totals, and what comes before the rows."""

from typing import Any

import pytest

from activecampaign_sandbox import Behaviour, World, make_world
from asking import Ask, Client

ENTITIES = ("contacts", "campaigns", "lists", "deals", "segments", "forms")


def rows(client: Client, entity: str, **params: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - query values
    """Return the rows of one page."""
    found: list[dict[str, Any]] = client.get(entity, params=params).raise_for_status().json()[entity]
    return found


def ids(client: Client, entity: str, **params: Any) -> list[int]:  # noqa: ANN401 - query values
    """Return the ids of one page."""
    return [int(row["id"]) for row in rows(client, entity, **params)]


def everything(client: Client, entity: str) -> list[dict[str, Any]]:
    """Read a list by offset to its end."""
    found: list[dict[str, Any]] = []
    while page := rows(client, entity, limit=100, offset=len(found)):
        found += page
    return found


def test_a_page_has_twenty_rows_unless_asked(ask: Ask, small: World) -> None:
    """The default that cuts careless readers short."""
    assert len(rows(ask(small), "contacts")) == 20


@pytest.mark.parametrize("limit", [101, 1000, 2500])
def test_a_page_never_has_more_than_a_hundred_rows(ask: Ask, small: World, limit: int) -> None:
    """A larger limit is cut without a word."""
    assert len(rows(ask(small), "contacts", limit=limit)) == 100


@pytest.mark.parametrize("limit", ["0", "-5", "many", ""])
def test_a_limit_that_is_none_means_the_default(ask: Ask, small: World, limit: str) -> None:
    """Nonsense is not an error."""
    assert len(rows(ask(small), "contacts", limit=limit)) == 20


def test_past_the_end_is_an_empty_page(ask: Ask, small: World) -> None:
    """Where a reader stops."""
    assert rows(ask(small), "contacts", limit=100, offset=3000) == []


@pytest.mark.parametrize("name", ["small", "hostile"])
@pytest.mark.parametrize("entity", ENTITIES)
def test_reading_to_the_end_brings_every_row_as_the_world_holds_it(ask: Ask, name: Any, entity: str) -> None:  # noqa: ANN401
    """What `World.rows` says is what goes over the wire, every field of it."""
    world = make_world(name)
    read = sorted(everything(ask(world), entity), key=lambda row: int(row["id"]))
    assert read == world.rows(entity)


@pytest.mark.parametrize(
    ("entity", "kind"),
    [
        *((entity, str) for entity in ("contacts", "campaigns", "lists", "segments", "forms", "users")),
        *((entity, int) for entity in ("deals", "dealGroups", "dealStages")),
    ],
)
def test_totals_have_the_recorded_types(ask: Ask, small: World, entity: str, kind: type[str | int]) -> None:
    """A number here, a text there."""
    total = ask(small).get(entity).json()["meta"]["total"]
    assert type(total) is kind
    assert int(total) == len(small.rows(entity))


@pytest.mark.parametrize(("written", "expected"), [("int", 13), ("string", "13"), ("absent", None)])
def test_totals_can_be_written_otherwise(ask: Ask, small: World, written: Any, expected: object) -> None:  # noqa: ANN401
    """They have changed before."""
    client = ask(small, Behaviour(totals={"lists": written}))
    assert client.get("lists").json().get("meta", {}).get("total") == expected


@pytest.mark.parametrize("entity", ["contacts", "deals", "campaigns", "segments"])
def test_rows_do_not_come_in_the_order_of_their_ids(ask: Ask, small: World, entity: str) -> None:
    """Nobody may rely on it."""
    got = ids(ask(small), entity)
    assert got != sorted(got)
    assert got != sorted(got, reverse=True)


def test_orders_are_followed(ask: Ask, small: World) -> None:
    """By id both ways for contacts, by date for deals with the limited ones first."""
    client = ask(small)
    ascending = ids(client, "contacts", limit=100, **{"orders[id]": "ASC"})
    assert ascending == sorted(int(row["id"]) for row in small.rows("contacts"))[:100]
    (newest,) = ids(client, "contacts", limit=1, **{"orders[id]": "DESC"})
    assert newest == max(int(row["id"]) for row in small.rows("contacts"))
    deals = rows(client, "deals", limit=100, **{"orders[cdate]": "ASC"})
    dated = [row.get("cdate", "") for row in deals]
    assert dated == sorted(dated)
    assert dated[0] == ""


@pytest.mark.parametrize("entity", ["deals", "campaigns", "lists", "segments", "forms"])
def test_keyset_and_order_by_id_are_ignored_beyond_contacts(ask: Ask, small: World, entity: str) -> None:
    """A reader that trusts them there reads the first page for ever."""
    client = ask(small)
    plain = client.get(entity).json()
    keyed = client.get(entity, params={"orders[id]": "ASC", "id_greater": "5"}).json()
    assert keyed == plain


def test_keyset_everywhere_can_be_switched_on(ask: Ask, small: World) -> None:
    """Nobody knows whether some accounts have it."""
    client = ask(small, Behaviour(keyset_everywhere=True))
    got = ids(client, "deals", limit=100, **{"orders[id]": "ASC", "id_greater": "50", "id_less": "90"})
    assert got == [int(row["id"]) for row in small.rows("deals") if 50 < int(row["id"]) < 90]


def test_the_keyset_walks_all_contacts(ask: Ask, small: World) -> None:
    """Page by page, from the last id seen."""
    client, last = ask(small), 0  # the id of the last row seen
    found: list[int] = []
    while page := ids(client, "contacts", limit=100, **{"orders[id]": "ASC", "id_greater": str(last)}):
        found += page
        last = page[-1]
    assert found == [int(row["id"]) for row in small.rows("contacts")]


@pytest.mark.parametrize(("switch", "whole"), [("filtered", False), ("all", True)])
def test_the_total_beside_a_keyset_is_either_of_two(ask: Ask, small: World, switch: Any, whole: bool) -> None:  # noqa: ANN401
    """Unknown, so both can be had."""
    client = ask(small, Behaviour(keyset_total=switch))
    total = int(client.get("contacts", params={"orders[id]": "ASC", "id_greater": "4000"}).json()["meta"]["total"])
    assert (total == 3000) is whole
    assert 0 < total <= 3000


def test_other_collections_come_before_the_records(ask: Ask, small: World) -> None:
    """The first array is not the data."""
    client = ask(small)
    assert list(client.get("contacts").json()) == ["scoreValues", "contacts", "meta"]
    assert list(client.get("dealGroups").json()) == ["dealStages", "dealGroups", "meta"]


def test_an_empty_account_answers_with_empty_lists(ask: Ask) -> None:
    """And with an array where the currencies were an object."""
    client = ask(make_world("empty"))
    assert [rows(client, entity) for entity in ENTITIES] == [[]] * 6
    assert client.get("deals").json()["meta"] == {"currencies": [], "total": 0}
    assert client.get("lists").json()["meta"] == {"total": "0"}
    assert client.get("users/me").json()["user"]["id"] == "1"


def test_currencies_count_what_is_hidden(ask: Ask, small: World) -> None:
    """The visible deals add up to less."""
    currencies = ask(small).get("deals").json()["meta"]["currencies"]
    visible = [row for row in small.rows("deals") if not row["isDisabled"]]
    assert sum(int(one["total"]) for one in currencies.values()) == len(small.rows("deals")) > len(visible)
    assert sum(int(one["value"]) for one in currencies.values()) > sum(int(row["value"]) for row in visible)
    assert set(currencies) == {"USD", "EUR", "JPY"}


def test_slashes_and_letters_are_escaped(ask: Ask, small: World) -> None:
    """Bytes as PHP writes them."""
    body = ask(small).get("contacts", params={"limit": 100}).content
    assert body.isascii()
    assert b"https:\\/\\/account.example.com\\/api\\/3" in body


def test_headers_are_those_of_the_recordings(ask: Ask, small: World) -> None:
    """Cookies and a date, and nothing about a budget."""
    headers = ask(small).get("contacts").headers
    assert headers["content-type"] == "application/json"
    assert headers["date"] == "Fri, 30 Oct 2026 17:00:00 GMT"
    assert "PHPSESSID" in headers["set-cookie"]
    assert not [name for name in headers if "ratelimit" in name.lower()]


def test_answers_can_come_in_chunks(ask: Ask, small: World) -> None:
    """Without saying how long they are."""
    answer = ask(small, Behaviour(chunked=True)).get("contacts")
    assert "content-length" not in answer.headers
    assert len(answer.json()["contacts"]) == 20
