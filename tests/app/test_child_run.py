"""A run in a process of its own tells the same, ends when asked, and its end is known however it came."""

import os
import signal
from pathlib import Path

import pytest

from acflow.app.cancel import CancelToken
from acflow.app.child_run import LostRunError, run_in_child
from acflow.app.events import EntityProgress, Event, RunFinished, RunStarted
from acflow.app.model import RunRequest
from acflow.app.pipeline import run
from acflow.app.project import Project
from acflow.app.runs import history
from acflow.engine import count_rows
from acflow.errors import BadKeyError, ConfigError, RunCancelledError
from activecampaign_sandbox import Behaviour, Running, make_world, running
from tests.app.test_events import opened

EVERYTHING = RunRequest()


def children() -> list[int]:
    """Return the runs that this process has started and that are not over; other tests start other processes."""
    started = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    return [
        int(number) for number in started if b"acflow.app.child_run" in Path(f"/proc/{number}/cmdline").read_bytes()
    ]


def project_of(folder: Path, account: Running) -> Project:
    """Return a project with two flows."""
    return opened(folder, account.url, account.key)


def test_it_tells_and_returns_what_a_run_here_does(tmp_path: Path) -> None:
    """The same events, certificates and flows, but for times and the run's name."""
    with running(make_world("small", contacts=300, deals=0)) as account:
        project = project_of(tmp_path, account)
        told: list[Event] = []
        result = run_in_child(project, EVERYTHING, told.append)
        again = run(project.reopened(), EVERYTHING)
    assert isinstance(told[0], RunStarted)
    assert told[-1] == RunFinished(result.run, "ok", 0)
    assert [(c.entity, c.verdict, c.received, c.landed) for c in result.certificates] == [
        (c.entity, c.verdict, c.received, c.landed) for c in again.certificates
    ]
    assert [(flow.name, flow.status, flow.rows) for flow in result.flows] == [
        (flow.name, flow.status, flow.rows) for flow in again.flows
    ]
    assert not children()


def test_it_ends_by_the_token(tmp_path: Path) -> None:
    """Its tables are whole, and the record of runs knows that it was cancelled."""
    world = make_world("small", contacts=1500, deals=0)
    with running(world, Behaviour(latency=0.05)) as account:
        project, cancel = project_of(tmp_path, account), CancelToken()
        run_in_child(project, EVERYTHING)

        def at_first_rows(event: Event) -> None:
            if isinstance(event, EntityProgress) and event.rows:
                cancel.cancel()

        with pytest.raises(RunCancelledError):
            run_in_child(project, EVERYTHING, at_first_rows, cancel)
    assert history(project)[0].status == "cancelled"
    assert count_rows(project.warehouse(), "contacts") == 1500


def test_one_that_was_killed_is_told_of(tmp_path: Path) -> None:
    """By whatever the system does when it has no memory left; the next run tidies up."""
    with running(make_world("small", contacts=300, deals=0)) as account:
        project = project_of(tmp_path, account)

        def kill(event: Event) -> None:
            if isinstance(event, RunStarted):
                for number in children():
                    os.kill(number, signal.SIGKILL)

        with pytest.raises(LostRunError, match="ended without a word"):
            run_in_child(project, EVERYTHING, kill)
        assert run_in_child(project, EVERYTHING).status == "ok"
    assert "killed" in {seen.status for seen in history(project)}


def test_errors_come_across_without_the_key(tmp_path: Path) -> None:
    """With their kind, by which fronts choose words and status, and with what can be done next."""
    with running(make_world("empty")) as account:
        project = opened(tmp_path, account.url, "a-key-of-somebody-else")
        with pytest.raises(BadKeyError) as caught:
            run_in_child(project, EVERYTHING)
    assert caught.value.action is not None
    assert caught.value.action.kind == "connect"
    assert "a-key-of-somebody-else" not in str(caught.value)
    with pytest.raises(ConfigError, match="nothing_like_it"):
        run_in_child(project, RunRequest(("nothing_like_it",)))
