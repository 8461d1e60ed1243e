"""The large world: rows by arithmetic, which must agree with rows by looking."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activecampaign_sandbox import World, make_world
from activecampaign_sandbox.answers import answer
from activecampaign_sandbox.behaviour import Behaviour
from activecampaign_sandbox.clock import NOW
from activecampaign_sandbox.query import read
from activecampaign_sandbox.table import MemoryTable
from activecampaign_sandbox.worlds.large.contacts import Contacts
from activecampaign_sandbox.worlds.large.places import Ids, Line, Shuffle
from activecampaign_sandbox.worlds.large.table import GeneratedTable


def ask(world: World, entity: str, **params: Any) -> dict[str, Any]:  # noqa: ANN401 - query values
    """Ask without HTTP."""
    pairs = tuple((name, str(value)) for name, value in params.items())
    said: dict[str, Any] = json.loads(answer(world, Behaviour(), f"/api/3/{entity}", pairs).body)
    return said


def ids(world: World, entity: str, **params: Any) -> list[int]:  # noqa: ANN401 - query values
    """Return the ids of one page."""
    return [int(row["id"]) for row in ask(world, entity, **params)[entity]]


@pytest.fixture
def thousand() -> World:
    """Return a large world that is small enough to look at every row."""
    return make_world("large", contacts=1_000, deals=700, campaigns=10)


@given(st.integers(0, 3_000))
def test_ids_ascend_and_lead_back_to_their_rows(count: int) -> None:
    """Whatever the size."""
    places = Ids(count)
    keys = [places.key(index) for index in range(count)]
    assert keys == sorted(set(keys))
    assert [places.index(key) for key in keys] == list(range(count))


@given(st.integers(1, 500), st.integers(-5, 1_000))
def test_the_first_row_from_an_id_on_is_found_by_arithmetic(count: int, key: int) -> None:
    """Also from within a gap, and beyond both ends."""
    places = Ids(count)
    by_looking = next((index for index in range(count) if places.key(index) >= key), count)
    assert places.first_from(key) == by_looking


@given(st.integers(1, 2_000))
def test_the_shuffled_order_holds_every_row_once(count: int) -> None:
    """And can be read backwards."""
    shuffle = Shuffle.of(count)
    order = [shuffle.index(position) for position in range(count)]
    assert sorted(order) == list(range(count))
    assert [shuffle.position(index) for index in order] == list(range(count))


@given(st.sets(st.integers(0, 60)), st.integers(0, 70), st.integers(0, 70), st.integers(0, 30))
def test_a_line_with_gaps_counts_and_walks_as_a_list_would(gone: set[int], low: int, more: int, count: int) -> None:
    """Skipping what was taken out."""
    line, high = Line(), low + more
    for position in gone:
        line.take_out(position)
    left = [position for position in range(low, high) if position not in gone]
    assert line.between(low, high) == len(left)
    assert line.walk(low, high, count) == left[:count]
    if count < len(left):
        assert line.walk(line.skip(low, count), high, 1) == [left[count]]


def test_a_million_contacts_are_there_at_once(large: World) -> None:
    """The newest, the oldest, and one in the middle, without making the others."""
    assert len(large.tables["contacts"]) == 1_000_000
    (newest,) = ids(large, "contacts", limit=1, **{"orders[id]": "DESC"})
    (oldest,) = ids(large, "contacts", limit=1, **{"orders[id]": "ASC", "id_greater": 0})
    (middle,) = ids(large, "contacts", limit=1, **{"orders[id]": "ASC", "id_greater": 600_000, "id_less": 600_010})
    assert (oldest, newest) == (1, large.tables["contacts"].next_key() - 1)
    assert 600_000 < middle < 600_010
    assert ask(large, "contacts", limit=1, offset=999_999)["contacts"]


class Watched(Contacts):
    """Remembers which rows were made."""

    def __init__(self) -> None:
        super().__init__(1, NOW, 1_000_000)
        self.made: list[int] = []

    def bodies(self, indexes: Sequence[int]) -> list[bytes]:
        """Make them as always."""
        self.made += indexes
        return super().bodies(indexes)


def test_selecting_makes_only_the_rows_of_its_page() -> None:
    """However deep the page is."""
    recipe = Watched()
    world = World("watched", lambda: [GeneratedTable(recipe)])
    ids(world, "contacts", limit=100, **{"orders[id]": "ASC", "id_greater": 900_000})
    ids(world, "contacts", limit=100, offset=987_600)
    ids(world, "contacts", limit=1, **{"orders[id]": "DESC"})
    assert len(recipe.made) == 201


@pytest.mark.parametrize("entity", ["contacts", "deals"])
def test_reading_by_offset_brings_every_row_once(thousand: World, entity: str) -> None:
    """In an order that is not that of the ids."""
    found = [key for offset in range(0, 1100, 100) for key in ids(thousand, entity, limit=100, offset=offset)]
    assert found != sorted(found)
    assert sorted(found) == [int(row["id"]) for row in thousand.rows(entity)]


def test_ids_agree_with_rows(thousand: World) -> None:
    """Also after a change."""
    thousand.delete("contacts", thousand.ids("contacts")[5])
    thousand.insert("contacts", {})
    assert thousand.ids("contacts") == [int(row["id"]) for row in thousand.rows("contacts")]


def test_rows_by_id_agree_with_rows_in_lists(thousand: World) -> None:
    """One by one."""
    (row,) = ask(thousand, "contacts", limit=1, **{"id_greater": 500, "orders[id]": "ASC"})["contacts"]
    assert ask(thousand, f"contacts/{row['id']}")["contact"].items() >= row.items()
    assert thousand.get("contacts", row["id"]) == row


@pytest.mark.parametrize("name", ["filters[updated_after]", "filters[created_before]", "filters[updated_before]"])
@pytest.mark.parametrize("entity", ["contacts", "deals"])
def test_date_filters_agree_with_those_of_a_kept_table(thousand: World, entity: str, name: str) -> None:
    """Arithmetic on seconds against reading the rows."""
    table = thousand.tables[entity]
    kept = MemoryTable(table.endpoint, {int(item.row["id"]): item for item in table.items()})
    query = read(((name, "2025-05-05T05:05:05Z"), ("limit", "1")), Behaviour())
    assert table.select(query, Behaviour()).total == kept.select(query, Behaviour()).total
    assert table.select(query, Behaviour()).sums == kept.select(query, Behaviour()).sums


@pytest.mark.parametrize("entity_filter", [("formid", "3"), ("listid", "3"), ("status", "2")])
def test_filters_by_what_is_not_sent_agree_with_those_of_a_kept_table(
    thousand: World, entity_filter: tuple[str, str]
) -> None:
    """Forms and lists stand in no row, so no row is made to look at them; an edited one keeps its own."""
    thousand.insert("contacts", {"email": "late@example.com"}, {"forms": ["3"], "lists": {"3": "2"}})
    table = thousand.tables["contacts"]
    kept = MemoryTable(table.endpoint, {int(item.row["id"]): item for item in table.items()})
    for more in ((), (("id_greater", "900"),)):
        query = read((entity_filter, ("orders[id]", "ASC"), *more), Behaviour())
        found = table.select(query, Behaviour())
        assert (found.total, found.keys) == (
            kept.select(query, Behaviour()).total,
            kept.select(query, Behaviour()).keys,
        )
        assert 0 < found.total < 1_000


def test_deals_by_date_start_with_the_limited_ones(thousand: World) -> None:
    """As in the other worlds."""
    deals = [
        row
        for offset in range(0, 700, 100)
        for row in ask(thousand, "deals", limit=100, offset=offset, **{"orders[cdate]": "ASC"})["deals"]
    ]
    dates = [row.get("cdate", "") for row in deals]
    assert [bool(row["isDisabled"]) for row in deals] == sorted(
        (bool(row["isDisabled"]) for row in deals), reverse=True
    )
    assert [date[:10] for date in dates] == sorted(date[:10] for date in dates)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_changes_by_hand_are_seen_in_every_order(data: st.DataObject) -> None:
    """Rows deleted, added and renamed, against a list that is kept beside."""
    world = make_world("large", contacts=120, deals=0, campaigns=0)
    there = {int(row["id"]) for row in world.rows("contacts")}
    for _ in range(data.draw(st.integers(0, 30))):
        gone = data.draw(st.just(0) | st.sampled_from(sorted(there)))
        if gone:
            world.delete("contacts", gone)
            there.remove(gone)
        else:
            there.add(int(world.insert("contacts", {"firstName": "New"})))
    by_id = ids(world, "contacts", limit=100, **{"orders[id]": "ASC"})
    assert by_id == sorted(there)[:100]
    assert ids(world, "contacts", limit=100, **{"orders[id]": "DESC"}) == sorted(there, reverse=True)[:100]
    by_offset = [key for offset in range(0, 200, 50) for key in ids(world, "contacts", limit=50, offset=offset)]
    assert sorted(by_offset) == sorted(there)
    assert int(ask(world, "contacts")["meta"]["total"]) == len(there)


def test_an_updated_row_keeps_its_place(thousand: World) -> None:
    """With the new value, by id and in the list, and found by the date filter."""
    key = ids(thousand, "contacts", limit=1, **{"orders[id]": "ASC"})[0]
    thousand.update("contacts", key, {"firstName": "Changed"})
    (row,) = ask(thousand, "contacts", limit=1, **{"orders[id]": "ASC"})["contacts"]
    assert (int(row["id"]), row["firstName"]) == (key, "Changed")
    changed = ids(thousand, "contacts", **{"filters[updated_after]": "2026-10-30T12:00:00-05:00"})
    assert changed == [key]
