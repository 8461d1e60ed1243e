"""`acflow serve` as a process: it answers, starts flows, tells others, and ends when asked."""

import json
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from acflow.web.hooks import OFTEN
from activecampaign_sandbox import Behaviour, Running, make_world, running
from tests.cli.cli_harness import COMMAND, acflow, environment
from tests.web.serve_harness import Receiver, receiving

VARIABLE = "ACFLOW_SERVE_TOKEN"
FLOWS = """
flows:
  few: {{entity: lists, limit: 2, schedule: {{cron: "0 6 1 1 *", timezone: Europe/Rome}}}}
  people: {{entity: contacts}}
notify:
  - {{url: {url}/told, on: [success, failure]}}
"""


@dataclass(frozen=True, slots=True)
class Served:
    """A service that listens."""

    process: "subprocess.Popen[str]"
    url: str

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, Any]:
        """Return status and content of an answer."""
        reply = httpx2.request(method, self.url + path, headers=headers, timeout=10, trust_env=False)
        is_json = reply.headers["content-type"] == "application/json"
        return reply.status_code, reply.json() if is_json else reply.text

    def end(self, kind: signal.Signals) -> tuple[int, str]:
        """Ask it to end; return its exit code and what it said since it began to listen."""
        self.process.send_signal(kind)
        _, said = self.process.communicate(timeout=60)
        return self.process.returncode, said


@contextmanager
def serving(folder: Path, env: Mapping[str, str], *options: str) -> Iterator[Served]:
    """Start the command, and wait until it says where it listens."""
    command = [*COMMAND, "serve", "--port", "0", *options]
    with subprocess.Popen(command, cwd=folder, env=env, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            found = re.search(r"http://[\d.:]+", process.stderr.readline())
            assert found
            yield Served(process, found[0])
        finally:
            process.kill()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Listen for notices."""
    with receiving() as made:
        yield made


@pytest.fixture
def project(tmp_path: Path, receiver: Receiver) -> Path:
    """Return a folder with a flow file."""
    (tmp_path / "acflow.yaml").write_text(FLOWS.format(url=receiver.url))
    return tmp_path


@pytest.fixture
def sandbox() -> Iterator[Running]:
    """Serve the small world."""
    with running(make_world("small")) as account:
        yield account


def test_an_address_starts_its_flow_and_others_are_told(project: Path, sandbox: Running, receiver: Receiver) -> None:
    """The whole way: secret, POST, run, result, notice, and an end in peace."""
    env = environment(sandbox)
    made = acflow("serve", "hook", "few", folder=project, env=env)
    hook = made.out.strip()
    assert "not shown again" in made.err
    with serving(project, env) as served:
        assert served.ask("/healthz") == (200, {"status": "ok"})
        assert served.ask(hook)[0] == 405
        assert served.ask(f"{hook}x", "POST")[0] == 404
        status, job = served.ask(hook, "POST")
        assert (status, job["flow"], job["state"]) == (202, "few", "waiting")
        while job["state"] in {"waiting", "running"}:
            job = served.ask(f"/tickets/{job['handle']}")[1]
        shown = {flow["name"]: flow for flow in served.ask("/flows")[1]["flows"]}
        code, said = served.end(signal.SIGTERM)
    assert (job["state"], code) == ("done", 0), said
    assert (shown["few"]["run"], shown["few"]["rows"], shown["few"]["next_run"][4:]) == (
        job["run"],
        2,
        "-01-01T05:00:00Z",
    )
    assert shown["people"]["next_run"] is None
    listed = json.loads(acflow("flows", "--json", folder=project, env=env).out)
    assert [{**flow, "state": "idle"} for flow in listed] == list(shown.values())
    assert [got.data["event"] for got in receiver.got] == ["success"]
    assert hook.rpartition("/")[2] not in said
    assert job["run"] in acflow("runs", "--json", folder=project, env=env).out


def test_flows_are_shown_to_this_machine_alone(project: Path, sandbox: Running) -> None:
    """A page of the web that was given this machine's address comes under its own name, and sees nothing."""
    with serving(project, environment(sandbox)) as served:
        assert served.ask("/flows")[0] == 200
        for name in ("evil.example", "evil.example:8321", "127.0.0.1.evil.example", "["):
            assert served.ask("/flows", Host=name)[0] == 401
        assert served.ask("/healthz", Host="evil.example")[0] == 200


def test_on_a_network_a_token_is_needed(project: Path, sandbox: Running) -> None:
    """Without one it does not listen there; with one, nobody sees flows who does not know it."""
    said = acflow("serve", "--host", "0.0.0.0", "--port", "0", folder=project, env=environment(sandbox))  # noqa: S104
    assert said.code == 2
    assert VARIABLE in said.err
    short = environment(sandbox, **{VARIABLE: "short"})
    assert "fewer than 16" in acflow("serve", "--port", "0", folder=project, env=short).err
    env = environment(sandbox, **{VARIABLE: "0123456789abcdef"})
    hook = acflow("serve", "hook", "few", folder=project, env=env).out.strip()
    with serving(project, env, "--host", "0.0.0.0") as served:  # noqa: S104
        assert served.ask("/flows")[0] == 401
        assert served.ask("/flows", Authorization="Bearer 0123456789abcdeF")[0] == 401
        assert served.ask("/flows", Authorization="Basic 0123456789abcdef")[0] == 401
        assert served.ask("/flows", Authorization="Bearer 0123456789abcdef")[0] == 200
        assert served.ask(hook, "POST")[0] == 202


def test_calls_are_bounded(project: Path, sandbox: Running) -> None:
    """An address that somebody calls in a circle does not keep the account busy."""
    env = environment(sandbox)
    hook = acflow("serve", "hook", "few", folder=project, env=env).out.strip()
    with serving(project, env) as served:
        codes = [served.ask(hook, "POST")[0] for _ in range(OFTEN)]
        reply = httpx2.post(served.url + hook, trust_env=False)
    assert codes == [202] * OFTEN
    assert reply.status_code == 429
    assert 0 < int(reply.headers["Retry-After"]) <= 60


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_the_middle_of_a_run(project: Path, kind: signal.Signals) -> None:
    """With its next page; the ledger knows that the run was cancelled."""
    world = make_world("large", contacts=3000)
    with running(world, Behaviour(latency=0.2, rate=5)) as sandbox:
        env = environment(sandbox, ACFLOW_PACE="5")
        hook = acflow("serve", "hook", "people", folder=project, env=env).out.strip()
        with serving(project, env) as served:
            served.ask(hook, "POST")
            while not any(record.path.endswith("/contacts") for record in sandbox.requests):
                assert served.process.poll() is None
            code, said = served.end(kind)
    assert code == 0, said
    assert "every table is whole" in said
    (run,) = json.loads(acflow("runs", "--json", folder=project, env=env).out)
    assert run["status"] == "cancelled"


def test_a_port_that_is_taken_is_told(project: Path, sandbox: Running) -> None:
    """With what to do about it."""
    said = acflow("serve", "--port", str(sandbox.port), folder=project, env=environment(sandbox))
    assert said.code == 2
    assert "Choose another --port" in said.err


def test_a_flow_that_is_not_there_gets_no_address(project: Path, sandbox: Running) -> None:
    """The nearest name is offered."""
    said = acflow("serve", "hook", "fwe", folder=project, env=environment(sandbox))
    assert (said.code, said.out) == (2, "")
    assert "Did you mean `few`?" in said.err
    taken = acflow("serve", "hook", "few", "--revoke", folder=project, env=environment(sandbox))
    assert (taken.code, taken.err.strip()) == (0, "`few` had no address.")


def test_without_a_file_the_six_entities_are_served(tmp_path: Path, sandbox: Running) -> None:
    """Whoever connects on the page needs no file first."""
    with serving(tmp_path, environment(sandbox)) as served:
        _, answer = served.ask("/flows")
        assert [flow["name"] for flow in answer["flows"]] == [
            "campaigns",
            "contacts",
            "lists",
            "deals",
            "segments",
            "forms",
        ]
