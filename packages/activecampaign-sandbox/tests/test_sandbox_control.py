"""Steering a sandbox from another process, and stopping it."""

import socket
import subprocess
import sys

import httpx2
import pytest

from activecampaign_sandbox import KEY, World, make_world, running, serve
from asking import Ask, Client


def steer(client: Client, method: str, where: str, /, **given: object) -> httpx2.Response:
    """Send a request to the other side of the sandbox; it needs no key."""
    return httpx2.request(method, f"{client.sandbox.url}/_sandbox/{where}", json=given or None, timeout=30)


def test_the_state_tells_what_there_is(ask: Ask, small: World) -> None:
    """World, rows, behaviour, and the key to use."""
    state = steer(ask(small), "GET", "state").json()
    assert (state["world"], state["rows"]["contacts"], state["key"]) == ("small", 3000, KEY)
    assert state["behaviour"]["rate"] is None


def test_the_log_has_every_request_and_no_key(ask: Ask, small: World) -> None:
    """Path, parameters, status, rows and times."""
    client = ask(small)
    client.get("lists", params={"limit": 5})
    client.get("nothing")
    answer = steer(client, "GET", "log")
    first, second = answer.json()
    assert (first["path"], first["params"], first["status"], first["rows"]) == ("/api/3/lists", {"limit": "5"}, 200, 5)
    assert (second["status"], second["rows"]) == (404, 0)
    assert second["time"] > first["time"] > 0
    assert KEY not in answer.text


def test_steering_is_not_in_the_log_and_costs_no_budget(ask: Ask, small: World) -> None:
    """Only the API's requests count."""
    client = ask(small)
    steer(client, "GET", "state")
    assert client.sandbox.requests == []


def test_faults_are_added_and_ended_from_outside(ask: Ask, small: World) -> None:
    """With the fields that a Fault has."""
    client = ask(small)
    steer(client, "POST", "faults", kind="unavailable", path="lists", count=None).raise_for_status()
    assert client.get("lists").status_code == 503
    assert steer(client, "GET", "state").json()["faults"][0]["kind"] == "unavailable"
    steer(client, "DELETE", "faults")
    assert client.get("lists").status_code == 200


def test_the_behaviour_changes_from_outside(ask: Ask, small: World) -> None:
    """Switch by switch."""
    client = ask(small)
    steer(client, "POST", "behaviour", max_limit=7).raise_for_status()
    assert len(client.get("lists", params={"limit": 100}).json()["lists"]) == 7


def test_rows_change_from_outside_at_once_or_on_a_script(ask: Ask) -> None:
    """Insert, update, delete."""
    client = ask(make_world("empty"))
    key = steer(client, "POST", "mutate", do="insert", entity="lists", row={"name": "One"}).json()["id"]
    steer(client, "POST", "mutate", do="update", entity="lists", id=key, row={"name": "Two"}).raise_for_status()
    assert client.get(f"lists/{key}").json()["list"]["name"] == "Two"
    step = {"do": "delete", "entity": "lists", "id": key}
    steer(client, "POST", "faults", kind="change", path="forms", mutate=[step]).raise_for_status()
    assert len(client.get("lists").json()["lists"]) == 1
    client.get("forms")
    assert client.get("lists").json()["lists"] == []


def test_time_permissions_and_keys_change_from_outside(ask: Ask) -> None:
    """As in Python, step by step."""
    client = ask(make_world("empty"))
    world = client.sandbox.world
    deal = steer(client, "POST", "mutate", do="insert", entity="deals", row={"title": "Tea"}).json()["id"]
    for step in (
        {"do": "set-clock", "to": "2026-12-24T12:00:00+00:00"},
        {"do": "advance", "by": {"days": 1}},
        {"do": "limit", "id": deal},
        {"do": "rename-key", "entity": "users", "key": "lang", "to": "language"},
        {"do": "add-key", "entity": "users", "key": "mfaEnabled", "value": False},
        {"do": "remove-key", "entity": "users", "key": "signature"},
    ):
        steer(client, "POST", "mutate", **step).raise_for_status()
    assert steer(client, "GET", "state").json()["now"].startswith("2026-12-25T12:00:0")
    assert client.get(f"deals/{deal}").json()["deal"]["isDisabled"] is True
    user = client.get("users").json()["users"][0]
    assert (user["language"], user["mfaEnabled"], "signature" in user) == ("english", False, False)
    steer(client, "POST", "mutate", do="unlimit", id=deal).raise_for_status()
    assert world.get("deals", deal)["value"] == "0"
    steer(client, "POST", "reset")
    assert "lang" in client.get("users").json()["users"][0]


def test_reset_starts_over(ask: Ask) -> None:
    """Rows, faults and log."""
    client = ask(make_world("empty"))
    steer(client, "POST", "mutate", do="insert", entity="lists", row={})
    steer(client, "POST", "faults", kind="error", count=None)
    client.get("lists")
    steer(client, "POST", "reset")
    assert client.sandbox.requests == []
    assert client.get("lists").json()["lists"] == []


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("faults", {"kind": "trunkated"}),
        ("faults", {"kind": "error", "colour": "red"}),
        ("behaviour", {"speed": 9}),
        ("mutate", {"do": "drop", "entity": "lists"}),
        ("mutate", {"do": "delete", "entity": "lists", "id": "77"}),
        ("mutate", {"do": "advance", "by": {"fortnights": 1}}),
        ("mutate", {"do": "set-clock", "to": "tomorrow"}),
        ("mutate", {"do": "limit", "id": "77"}),
    ],
)
def test_nonsense_is_refused_with_a_reason(ask: Ask, path: str, given: dict[str, object]) -> None:
    """And changes nothing."""
    answer = steer(ask(make_world("empty")), "POST", path, **given)
    assert answer.status_code == 400
    assert answer.json()["message"]


def test_a_stopped_sandbox_leaves_the_port(small: World) -> None:
    """Nothing listens there any more."""
    with running(small) as sandbox:
        httpx2.get(f"{sandbox.url}/_sandbox/state", timeout=30)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", sandbox.port), timeout=5)


def test_it_serves_in_the_foreground_until_it_is_told_to_stop() -> None:
    """As the command does."""
    code = """from activecampaign_sandbox import make_world, serve
serve(make_world("empty"), port=0, ready=lambda url: print(url, flush=True))"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        answer = httpx2.get(f"{url}/api/3/lists", headers={"Api-Token": KEY})
        server.terminate()
    assert answer.json() == {"lists": [], "meta": {"total": "0"}}
    assert server.returncode != 0


def test_a_port_in_use_is_an_error_that_says_so(ask: Ask, small: World) -> None:
    """Before anything is served."""
    with pytest.raises(OSError, match="in use"):
        serve(small, port=ask(small).sandbox.port)
