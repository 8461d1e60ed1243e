"""Single records, errors, and who is let in."""

import pytest

from activecampaign_sandbox import KEY, Behaviour, World, make_world
from asking import Ask


def test_the_probe_tells_whose_key_it_is(ask: Ask, small: World) -> None:
    """The cheapest request there is."""
    assert ask(small).get("users/me").json()["user"]["email"] == "odile@larkspur.example.com"


@pytest.mark.parametrize("entity", ["contacts", "campaigns", "lists", "deals", "segments", "forms", "users"])
def test_a_record_can_be_asked_for_by_its_id(ask: Ask, small: World, entity: str) -> None:
    """Under its singular."""
    wanted = small.rows(entity)[0]["id"]
    answer = ask(small).get(f"{entity}/{wanted}").json()
    assert answer[entity.removesuffix("s")]["id"] == wanted


def test_list_and_single_answer_disagree_about_a_form(ask: Ask, small: World) -> None:
    """Recorded two minutes apart, without a change between."""
    client = ask(small)
    listed, single = client.get("forms", params={"limit": 1}).json()["forms"][0], client.get("forms/2").json()["form"]
    assert listed["id"] == single["id"] == "2"
    assert (listed["options"], single["options"]) == ({}, {"useBgColor": True, "useBgImage": False})
    assert (type(listed["entries"]), type(single["entries"])) == (int, str)
    assert set(listed) - set(single) == {"defaultscreenshot", "recent", "contacts", "deals"}


def test_a_contact_comes_with_its_collections_first(ask: Ask, small: World) -> None:
    """Six of them, before the record."""
    answer = ask(small).get("contacts/1").json()
    assert list(answer)[-1] == "contact"
    assert list(answer)[:3] == ["contactAutomations", "contactLists", "deals"]
    assert answer["contact"]["fieldValues"] == [row["id"] for row in answer["fieldValues"]] != []


def test_a_limited_deal_is_limited_alone_too(ask: Ask, small: World) -> None:
    """Four keys, and no more."""
    limited = next(row for row in small.rows("deals") if row["isDisabled"])
    assert ask(small).get(f"deals/{limited['id']}").json()["deal"] == limited
    assert set(limited) == {"id", "title", "status", "isDisabled"}


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("contacts/999999", 404, "No Result found for Subscriber with id 999999"),
        ("lists/0", 404, "No Result found for _List with id 0"),
        ("contacts/", 404, "No Result found for Subscriber with id 0"),
        ("deals/abc", 404, "No Result found for Deal with id 0"),
        ("forms/77", 403, "No Result found for Form with id 77"),
        ("audiences", 404, "Not Found"),
        ("nothing", 404, "Not Found"),
        ("contacts/1/notes/2", 404, "Not Found"),
    ],
)
def test_what_is_not_there_has_its_own_words(ask: Ask, small: World, path: str, status: int, said: str) -> None:
    """Internal names included."""
    answer = ask(small).get(path)
    assert (answer.status_code, answer.json()) == (status, {"message": said})


@pytest.mark.parametrize("key", ["wrong", "", KEY.upper()])
def test_a_wrong_key_is_refused(ask: Ask, small: World, key: str) -> None:
    """With 403; there is no 401."""
    client = ask(small)
    client.headers["Api-Token"] = key
    answer = client.get("contacts")
    assert (answer.status_code, answer.json()) == (403, {"message": "Forbidden"})


def test_a_missing_key_may_be_refused_without_a_word(ask: Ask, small: World) -> None:
    """No body, not even a type of one."""
    client = ask(small, Behaviour(refusal="empty"))
    del client.headers["Api-Token"]
    answer = client.get("contacts")
    assert (answer.status_code, answer.content) == (403, b"")
    assert "content-type" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written(ask: Ask, method: str) -> None:
    """A reader that tries is told so, and nothing changes."""
    world = make_world("small")
    before = world.rows("contacts")
    assert ask(world).request(method, "contacts/1", json={"contact": {}}).status_code == 405
    assert world.rows("contacts") == before


def test_segments_of_the_second_kind_can_be_switched_on(ask: Ask, small: World) -> None:
    """Pages count from 1, and ids are others."""
    client = ask(small, Behaviour(audiences=True))
    first = client.get("audiences", params={"page": 1, "page_size": 5}).json()["data"]
    second = client.get("audiences", params={"page": 2, "page_size": 5}).json()["data"]
    assert len(first) == 5
    assert not {row["id"] for row in first} & {row["id"] for row in second}
    assert client.get(f"segmentsV2/{first[0]['id']}").json()["data"] == first[0]
    assert client.get("segmentsV2/none").json()["errors"][0]["status"] == "404"
