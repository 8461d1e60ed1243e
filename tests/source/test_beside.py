"""What is to come along with another entity is proved by the keys that its rows name."""

from typing import Any

import pytest

from acflow.entities import entity
from acflow.errors import ContractError
from acflow.source.protocol import Answer, Page, Request, read_page
from acflow.source.read_stats import ReadStats
from acflow.source.sideloads import SideloadPlan

CONTACTS, VALUES = entity("contacts"), entity("fieldValues")
ASKED = Request("contacts")


def page(named: dict[int, Any], came: list[int]) -> Page:
    """Return a page of contacts that name these values, with those that came."""
    return Page(
        [{"id": str(contact), "fieldValues": keys} for contact, keys in named.items()],
        total=None,
        sideloaded=[{"id": str(key), "value": "x"} for key in came],
    )


def test_what_was_named_and_came_is_complete() -> None:
    """Pages overlap, so a contact and its values may come twice and land once."""
    plan = SideloadPlan(VALUES, CONTACTS)
    assert plan.next(9) is None
    assert len(plan.take(ASKED, page({1: ["1", "2"], 2: []}, [1, 2]))) == 2
    assert [row["id"] for row in plan.take(ASKED, page({2: [], 1: ["1", "2"], 3: [5]}, [1, 2, 5]))] == ["5"]
    plan.close(ReadStats(CONTACTS))
    assert (plan.done, plan.stats.first_total, plan.stats.received, plan.stats.duplicates) == (True, 3, 3, 0)
    assert plan.stats.unproved == []


def test_what_was_named_and_did_not_come_is_told() -> None:
    """An account that cuts off what it includes must not look like one with fewer values."""
    plan = SideloadPlan(VALUES, CONTACTS)
    plan.take(ASKED, page({1: ["1", "2", "3"]}, [1]))
    plan.close(ReadStats(CONTACTS))
    assert plan.stats.unproved == ["2 rows that contacts name did not come beside them"]


def test_contacts_that_are_not_proved_prove_nothing_beside_them() -> None:
    """The values of a contact that slipped are named by nobody."""
    plan = SideloadPlan(VALUES, CONTACTS)
    plan.take(ASKED, page({1: ["1"]}, [1]))
    plan.close(ReadStats(CONTACTS, last_total=2))
    assert plan.stats.unproved == ["contacts themselves could not be proved complete"]


@pytest.mark.parametrize("keys", [None, "1,2", 3])
def test_rows_that_name_nothing_mean_that_the_account_includes_nothing(keys: object) -> None:
    """An account that passes over the parameter sends contacts as ever, without the key or with another meaning."""
    plan = SideloadPlan(VALUES, CONTACTS)
    assert plan.take(ASKED, Page([{"id": "1", "fieldValues": keys}], None)) == []
    assert plan.refused


@pytest.mark.parametrize("nothing", [[], None, "", {}])
def test_a_contact_without_values_may_say_so_in_any_way_of_php(nothing: object) -> None:
    """Beside others that have some, or alone on a page that has the list of values."""
    plan = SideloadPlan(VALUES, CONTACTS)
    assert len(plan.take(ASKED, page({1: ["1"], 2: nothing}, [1]))) == 1
    assert plan.take(ASKED, page({3: nothing}, [])) == []
    plan.close(ReadStats(CONTACTS))
    assert (plan.refused, set(plan.owners), plan.stats.unproved) == (False, {1, 2, 3}, [])


def test_a_contact_that_lacks_what_the_others_have_told_nothing() -> None:
    """The values of the others come; what the table knows of its own stays."""
    plan = SideloadPlan(VALUES, CONTACTS)
    contacts: list[dict[str, Any]] = [{"id": "1", "fieldValues": ["7"]}, {"id": "2"}]
    assert plan.take(ASKED, Page(contacts, None, sideloaded=[{"id": "7"}])) == [{"id": "7"}]
    assert (plan.refused, set(plan.owners), set(plan.silent)) == (False, {1}, {2})


def test_an_account_that_stops_including_midway_is_not_taken_for_one_without_values() -> None:
    """A page without any list tells nothing of its contacts."""
    plan = SideloadPlan(VALUES, CONTACTS)
    plan.take(ASKED, page({1: ["7"]}, [7]))
    assert plan.take(ASKED, Page([{"id": "2"}, {"id": "3"}], None)) == []
    assert plan.refused


@pytest.mark.parametrize(
    ("beside", "rows"), [("null", []), ("{}", []), ('""', []), ("[]", []), ('"odd"', None), ("[1]", None)]
)
def test_the_list_beside_may_be_empty_in_any_way_of_php(beside: str, rows: object) -> None:
    """And whatever else stands there is no breach of the contacts' own list."""
    body = f'{{"fieldValues":{beside},"contacts":[{{"id":"1"}}]}}'.encode()
    read = read_page(CONTACTS.including(VALUES), ASKED, Answer(200, {}, body))
    assert [row["id"] for row in read.rows] == ["1"]
    assert (read.sideloaded if read.sideloaded is None else list(read.sideloaded)) == rows


@pytest.mark.parametrize("flag", [True, 1, "1"])
def test_deals_that_the_key_may_not_see_in_full_name_nothing_and_refuse_nothing(flag: object) -> None:
    """Such a deal is a title and a flag; the values of all others are proved as ever."""
    plan = SideloadPlan(entity("dealCustomFieldData"), entity("deals"))
    stub = {"id": "1", "title": "Hidden", "isDisabled": flag}
    seen = {"id": "2", "isDisabled": False, "dealCustomFieldData": ["7"]}
    assert plan.take(ASKED, Page([stub], None)) == []
    assert plan.take(ASKED, Page([stub, seen], None, sideloaded=[{"id": "7"}])) == [{"id": "7"}]
    plan.close(ReadStats(entity("deals")))
    assert (plan.refused, plan.stats.received, plan.stats.unproved) == (False, 1, [])


@pytest.mark.parametrize("flag", [False, 0, "0", None])
def test_deals_that_are_seen_in_full_and_name_nothing_refuse(flag: object) -> None:
    """The account passed over the parameter."""
    plan = SideloadPlan(entity("dealCustomFieldData"), entity("deals"))
    plan.take(ASKED, Page([{"id": "1", "isDisabled": flag}], None))
    assert plan.refused


def test_a_key_that_is_none_is_refused() -> None:
    """Without keys nothing can be counted."""
    with pytest.raises(ContractError, match="no usable id"):
        SideloadPlan(VALUES, CONTACTS).take(ASKED, page({1: ["one"]}, []))
