"""Faults: each kind happens when it is due, and to nobody else."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from activecampaign_sandbox import Behaviour, Fault, World, chaos, make_world
from activecampaign_sandbox.faults import HARMLESS
from asking import Ask, Client


def statuses(client: Client, count: int, path: str = "lists") -> list[int]:
    """Return the statuses of some requests, one after the other."""
    return [client.get(path).status_code for _ in range(count)]


def test_a_fault_strikes_from_its_number_on_as_often_as_it_says(ask: Ask, small: World) -> None:
    """The second and third of five."""
    client = ask(small, faults=[Fault("unavailable", at=2, count=2)])
    assert statuses(client, 5) == [200, 503, 503, 200, 200]


def test_a_fault_counts_only_the_requests_that_match(ask: Ask, small: World) -> None:
    """By path, by pattern, and by parameters."""
    client = ask(
        small,
        faults=[
            Fault("forbidden", "deal*", count=None),
            Fault("error", 2, path="lists", params={"offset": "0"}, status=502),
        ],
    )
    assert [client.get(path).status_code for path in ("deals", "dealStages/1", "contacts")] == [403, 403, 200]
    assert [client.get("lists", params={"offset": n}).status_code for n in (0, 1, 0, 0)] == [200, 200, 502, 200]


@pytest.mark.parametrize(
    ("fault", "status", "header"),
    [
        (Fault("rate-limited"), 429, "1"),
        (Fault("rate-limited", retry_after=30), 429, "30"),
        (Fault("rate-limited", retry_after="Fri, 30 Oct 2026 17:00:09 GMT"), 429, "Fri, 30 Oct 2026 17:00:09 GMT"),
        (Fault("rate-limited", retry_after=None), 429, None),
        (Fault("unavailable", retry_after=2), 503, "2"),
        (Fault("unavailable", retry_after=None), 503, None),
    ],
)
def test_waiting_is_asked_for_or_not(ask: Ask, small: World, fault: Fault, status: int, header: str | None) -> None:
    """In seconds, as a date, or with silence."""
    answer = ask(small, faults=[fault]).get("lists")
    assert (answer.status_code, answer.headers.get("retry-after")) == (status, header)


@pytest.mark.parametrize("status", [500, 502, 504])
def test_gateways_fail_with_a_page(ask: Ask, small: World, status: int) -> None:
    """HTML, where JSON is expected."""
    answer = ask(small, faults=[Fault("error", status=status)]).get("lists")
    assert answer.status_code == status
    assert answer.text.startswith("<html>")


@pytest.mark.parametrize(("kind", "status"), [("forbidden", 403), ("no-feature", 403), ("not-found", 404)])
def test_rights_and_plans_refuse_in_json(ask: Ask, small: World, kind: str, status: int) -> None:
    """With a message."""
    answer = ask(small, faults=[Fault(kind, "deals", count=None)]).get("deals")  # type: ignore[arg-type]
    assert answer.status_code == status
    assert answer.json()["message"]


def test_a_good_status_may_carry_nothing_good(ask: Ask, small: World) -> None:
    """Empty, cut off though complete, or a page."""
    client = ask(small, faults=[Fault("empty", 1), Fault("truncated", 2), Fault("html", 3)])
    empty, truncated, page = (client.get("contacts") for _ in range(3))
    assert (empty.status_code, empty.content, empty.headers["content-type"]) == (200, b"", "application/json")
    assert truncated.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        truncated.json()
    assert page.text.startswith("<html>")
    assert [record.rows for record in client.sandbox.requests] == [0, 0, 0]


def test_a_connection_breaks_in_the_middle_of_an_answer(ask: Ask, small: World) -> None:
    """And the next request gets through."""
    client = ask(small, faults=[Fault("cut")])
    with pytest.raises(httpx2.RemoteProtocolError):
        client.get("contacts")
    assert client.get("contacts").status_code == 200


def test_a_connection_is_reset_before_any_answer(ask: Ask, small: World) -> None:
    """Logged with status 0."""
    client = ask(small, faults=[Fault("reset")])
    with pytest.raises((httpx2.ReadError, httpx2.RemoteProtocolError)):
        client.get("contacts")
    assert client.get("contacts").status_code == 200
    assert [record.status for record in client.sandbox.requests] == [0, 200]


def test_the_server_may_go_down_for_good(ask: Ask, small: World) -> None:
    """Then nobody listens any more."""
    client = ask(small, faults=[Fault("down", at=2)])
    assert client.get("lists").status_code == 200
    with pytest.raises((httpx2.ReadError, httpx2.RemoteProtocolError)):
        client.get("lists")
    with pytest.raises(httpx2.TransportError):
        client.get("lists")


def test_a_slow_answer_holds_nobody_else_up(ask: Ask, small: World) -> None:
    """The second request is answered while the first still waits."""
    client = ask(small, faults=[Fault("slow", 1, path="lists", seconds=1.5)])
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(client.get, "lists")
        while not client.sandbox.requests:
            time.sleep(0.005)
        quick = client.get("forms")
        assert not slow.done()
        assert (quick.status_code, slow.result().status_code) == (200, 200)


def test_a_deletion_between_two_pages_hides_a_row(ask: Ask) -> None:
    """The trap of offset paging: what stood after the gap moves up by one, past the reader."""
    world = make_world("small")
    order = [row["id"] for row in ask(world).get("deals", params={"limit": 100}).json()["deals"]]
    doomed = Fault("change-after", path="deals", action=lambda world: world.delete("deals", order[0]))
    client = ask(world, faults=[doomed])
    pages = [client.get("deals", params={"limit": 50, "offset": offset}).json() for offset in (0, 50)]
    seen = {row["id"] for page in pages for row in page["deals"]}
    assert order[50] not in seen
    assert [page["meta"]["total"] for page in pages] == [400, 399]


def test_an_insertion_before_an_answer_is_in_it(ask: Ask) -> None:
    """The change is made first."""
    world = make_world("empty")
    client = ask(world, faults=[Fault("change", 2, action=lambda world: world.insert("lists", {"name": "New"}))])
    assert [len(client.get("lists").json()["lists"]) for _ in range(3)] == [0, 1, 1]


def test_chaos_is_the_same_for_the_same_seed(ask: Ask, small: World) -> None:
    """So that a failure can be seen again."""
    kinds = HARMLESS[:3]
    runs = [statuses(ask(small, faults=chaos(0.4, seed, kinds)), 40) for seed in (3, 3, 4)]
    assert runs[0] == runs[1] != runs[2]
    assert 200 in runs[0]
    assert {429, 502, 503} & set(runs[0])


def test_a_fault_that_does_not_exist_is_refused() -> None:
    """At once, with the names of those that do."""
    with pytest.raises(ValueError, match="truncated"):
        Fault("trunkated")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="action"):
        Fault("change")


def test_latency_lets_requests_wait_beside_each_other(ask: Ask, small: World) -> None:
    """All are in the house before the first is answered."""
    client = ask(small, Behaviour(latency=1.0, jitter=0.1))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.get("lists"), range(8)))
    records = client.sandbox.requests
    assert [answer.status_code for answer in answers] == [200] * 8
    assert max(record.time for record in records) < min(record.time + record.seconds for record in records)
    assert all(record.seconds >= 1.0 for record in records)
