"""What contacts did with campaigns agrees with the campaigns' counters, and is told as each version tells it."""

import httpx2
import pytest

from activecampaign_sandbox import Behaviour, World, make_world
from activecampaign_sandbox.events.mailing import Mailing, count
from activecampaign_sandbox.life import Life
from asking import Ask, Client


def counted(made: Mailing) -> dict[str, int]:
    """Return the counters that the events of a campaign add up to."""
    return {
        "send_amt": len(made.sends),
        "uniqueopens": len(made.opens),
        "opens": sum(event.times for event in made.opens),
        "verified_unique_opens": sum(not event.prefetched for event in made.opens),
        "subscriberclicks": len({event.contact for event in made.clicks}),
        "uniquelinkclicks": len(made.clicks),
        "linkclicks": sum(event.times for event in made.clicks),
        "hardbounces": sum(event.hard for event in made.bounces),
        "softbounces": sum(not event.hard for event in made.bounces),
        "unsubscribes": len(made.unsubscribes),
        "uniqueforwards": len(made.forwards),
    }


def events(world: World) -> dict[int, Mailing]:
    """Return what became of every campaign."""
    with world.held():
        return {made.key: made for made in world.mail.all()}


def test_events_add_up_to_the_counters_and_go_on_doing_so() -> None:
    """In a company with a story, before and after a month of life; and what has happened stays."""
    world = make_world("small", contacts=200, deals=1)
    before: dict[int, Mailing] = {}
    for _ in range(3):
        for key, made in events(world).items():
            row = world.get("campaigns", key)
            assert {name: count(row, name) for name in counted(made)} == counted(made), row["name"]
            for kind in ("opens", "clicks", "bounces", "unsubscribes"):
                was = {event.contact for event in getattr(before.get(key, made), kind)}
                assert was <= {event.contact for event in getattr(made, kind)}
        before = events(world)
        Life(world).days(9)


def test_a_very_large_account_has_as_many() -> None:
    """Without keeping any of them, and with contacts that are there."""
    world = make_world("large", contacts=400_000, deals=1, campaigns=3)
    for key, made in events(world).items():
        row = world.get("campaigns", key)
        assert {name: count(row, name) for name in counted(made)} == counted(made)
        assert all(world.has("contacts", event.contact) for event in made.opens[:50])


OPENS = {"api_action": "campaign_report_open_list", "api_output": "json", "sort_direction": "DESC"}


@pytest.fixture
def world() -> World:
    """Return an account with a campaign that 25 people opened."""
    world = make_world("empty")
    for _ in range(40):
        world.insert("contacts", {})
    sent = {"sdate": "2026-10-20T09:00:00-05:00", "ldate": "2026-10-20T09:00:00-05:00", "send_amt": "40"}
    world.insert("campaigns", {**sent, "uniqueopens": "25", "opens": "30", "subscriberclicks": "4", "linkclicks": "5"})
    return world


def legacy(client: Client, **params: object) -> httpx2.Response:
    """Ask version 1 for opens, newest first."""
    given = {**OPENS, "campaignid": 1, **params}
    return client.get(f"{client.sandbox.url}/admin/api.php", params={name: str(one) for name, one in given.items()})


def test_version_1_numbers_twenty_rows_a_page_and_says_when_there_is_nothing(ask: Ask, world: World) -> None:
    """Newest first; beyond the last page, and of a campaign that nobody knows, nothing is returned, with 200."""
    client = ask(world)
    first, second = legacy(client).json(), legacy(client, page=2).json()
    assert [len([key for key in page if key.isdecimal()]) for page in (first, second)] == [20, 5]
    stamps = [page[str(row)]["tstamp_iso"] for page, rows in ((first, 20), (second, 5)) for row in range(rows)]
    assert stamps == sorted(stamps, reverse=True)
    for beyond in (legacy(client, page=3), legacy(client, campaignid=99)):
        assert (beyond.status_code, beyond.json()["result_code"]) == (200, 0)
        assert beyond.json()["result_message"] == "Failed: Nothing is returned"


def test_version_1_refuses_in_xml_and_with_200(ask: Ask, world: World) -> None:
    """A key that is wrong, or that it looks for in the address where a client sends a header."""
    for behaviour in (Behaviour(legacy="refused"), Behaviour(legacy_key="query")):
        refused = legacy(ask(world, behaviour))
        assert (refused.status_code, b"<not_allowed>" in refused.content) == (200, True)
    client = ask(world, Behaviour(legacy_key="query"))
    assert legacy(client, api_key=client.sandbox.key).json()["result_code"] == 1
    assert legacy(ask(world, Behaviour(legacy="off"))).status_code == 404
    assert legacy(ask(world, Behaviour(legacy_nothing="empty")), page=9).content == b""
    again = ask(world, Behaviour(legacy_repeats=True))
    assert legacy(again, page=2).json() == legacy(again, page=1).json()


def test_links_bring_their_contacts_and_may_bring_more_than_they_count(ask: Ask, world: World) -> None:
    """Those of a message that was asked for, or of all messages."""
    world.update("campaigns", 1, {"numberOfMessages": "2", "message_id": "5", "verified_unique_opens": "25"})
    for behaviour, within in ((Behaviour(), True), (Behaviour(nested_clicks="all"), False)):
        client = ask(world, behaviour)
        links = legacy(client, api_action="campaign_report_link_list", messageid=5).json()
        rows = [link for key, link in links.items() if key.isdecimal()]
        assert (sum(int(row["a_unique"]) for row in rows) == sum(len(row["info"]) for row in rows)) is within


def test_the_campaign_reports_have_rules_of_their_own(ask: Ask, world: World) -> None:
    """There only if the account has them; no total but for bounces, and 422 for a limit that is too large."""
    assert ask(world).get("campaigns/1/reports/opens").status_code == 404
    client = ask(world, Behaviour(campaign_reports=True))
    opens = client.get("campaigns/1/reports/opens", params={"limit": "1000"}).json()
    assert (list(opens), len(opens["opens"])) == (["opens"], 25)
    assert client.get("campaigns/1/reports/bounces").json()["meta"] == {"total": "0"}
    for path, limit in (("opens", "1001"), ("bounces", "101"), ("opens", "0"), ("opens", "many")):
        assert client.get(f"campaigns/1/reports/{path}", params={"limit": limit}).status_code == 422
    assert client.get("campaigns/9/reports/opens").status_code == 404
