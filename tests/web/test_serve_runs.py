"""A service on a sandbox: what runs when, what is told, and what a broken file or a second process changes."""

import hashlib
import hmac
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from acflow.app.ledger import Ledger
from acflow.settings import Settings
from acflow.web.jobs import State
from activecampaign_sandbox import Fault, Running, make_world, running
from tests.run_harness import run_flows
from tests.web.serve_harness import Harness, receiving

TWO = """
flows:
  some: {entity: lists, limit: 1, schedule: {every: 1h}}
  all: {entity: lists, columns: [id, name], schedule: {every: 1h}}
  other: {entity: forms, schedule: {every: 1d}}
"""
SECRET = "s3cr3t-and-long-enough"  # noqa: S105 - of a test


@pytest.fixture
def sandbox() -> Iterator[Running]:
    """Serve the small world."""
    with running(make_world("small")) as account:
        yield account


@pytest.fixture
def harness(sandbox: Running, settings_of: Callable[..., Settings], tmp_path: Path) -> Harness:
    """Return a project of three flows."""
    made = Harness(settings_of(sandbox), tmp_path / "acflow.yaml")
    made.write(TWO)
    return made


def runs(harness: Harness) -> list[str]:
    """Return the status of each run, newest first."""
    ledger = Ledger.at(harness.settings.state)
    try:
        return [row["status"] for row in ledger.runs()]
    finally:
        ledger.close()


def test_what_is_due_together_goes_into_one_run(harness: Harness, sandbox: Running) -> None:
    """Two flows of one entity read it once."""
    service = harness.service()
    assert service.run_pending() == ()
    harness.clock.forward(hours=1)
    assert service.run_pending() == ("some", "all")
    assert runs(harness) == ["ok"]
    asked = [(record.path, str(record.params)) for record in sandbox.requests]
    assert {path for path, _ in asked} == {"/api/3/users/me", "/api/3/lists"}
    assert len(set(asked)) == len(asked), "no page is asked for twice"
    assert service.run_pending() == ()


def test_missed_runs_are_made_up_for_once(harness: Harness) -> None:
    """Also by another process, which asks the ledger; three days are one run."""
    first = harness.service()
    harness.clock.forward(hours=1)
    first.run_pending()
    harness.clock.forward(days=3)
    second = harness.service()
    assert second.run_pending() == ("some", "all")
    assert second.run_pending() == ()
    assert len(runs(harness)) == 2


def test_a_run_by_hand_counts(harness: Harness) -> None:
    """Whoever ran the flow, it has run."""
    project = harness.load()
    run_flows(project.settings, project.file, ["some"])
    harness.clock.forward(minutes=1)
    shown = {flow["name"]: flow for flow in harness.service().flows()}
    assert (shown["some"]["status"], shown["some"]["rows"]) == ("computed", 1)
    assert shown["all"]["status"] is None


def test_a_broken_file_keeps_the_old_schedules(harness: Harness) -> None:
    """It is said what is wrong, and the mended file is taken over."""
    service, told = harness.service(), []
    service.changed = lambda: told.append(sorted(service.timetable.schedules))
    harness.write(TWO + "  wrong: {entity: lits}\n")
    service.look()
    assert "Did you mean `lists`?" in harness.said[-1]
    assert sorted(service.timetable.schedules) == ["all", "other", "some"]
    said = len(harness.said)
    service.look()
    assert len(harness.said) == said, "once is enough"
    harness.write("flows:\n  only: {entity: forms, schedule: {every: 1h}}\n")
    service.look()
    assert told == [["only"]]
    harness.clock.forward(hours=1)
    assert service.run_pending() == ("only",)


def wait_for(moment: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not moment():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_wish_is_fulfilled_and_can_be_asked_after(harness: Harness) -> None:
    """Whoever asks twice before it begins gets one run."""
    service = harness.service()
    job = service.ask("other")
    assert service.ask("other") is job
    assert service.run_pending() == ("other",)
    assert (job.state, service.find(job.job_id)) == (State.DONE, job)
    assert job.run is not None
    assert service.ask("other") is not job


def test_it_waits_for_a_run_of_another_process(harness: Harness) -> None:
    """And does not give up after a while, as a command would."""
    waits = threading.Event()
    service = harness.service(lambda text: waits.set() if "waiting" in text else None)
    service.ask("other")
    harness.settings.state.mkdir(parents=True)
    worker = threading.Thread(target=service.run_pending)
    with FileLock(harness.settings.state / "lock"):
        worker.start()
        assert waits.wait(10)
        assert runs(harness) == []
    worker.join(30)
    assert runs(harness) == ["ok"]


def test_stopping_leaves_the_run_that_goes_on(harness: Harness, sandbox: Running) -> None:
    """The ledger says so, and the next service makes up for it."""
    sandbox.add_fault(Fault("slow", path="lists", seconds=2.0, count=None))
    service = harness.service()
    harness.clock.forward(hours=1)
    worker = threading.Thread(target=service.work)
    worker.start()
    wait_for(lambda: runs(harness) == ["running"])
    service.stop()
    worker.join(30)
    assert not worker.is_alive()
    assert runs(harness) == ["cancelled"]


def test_cancelling_ends_the_run_and_not_the_service(harness: Harness, sandbox: Running) -> None:
    """What was due waits for its next time, and is not begun again at once."""
    sandbox.add_fault(Fault("slow", path="lists", seconds=2.0, count=None))
    service = harness.service()
    harness.clock.forward(hours=1)
    worker = threading.Thread(target=service.run_pending)
    worker.start()
    wait_for(lambda: runs(harness) == ["running"])
    service.cancel()
    worker.join(30)
    assert runs(harness) == ["cancelled"]
    assert service.run_pending() == ()
    service.ask("other")
    assert service.run_pending() == ("other",)
    assert runs(harness) == ["ok", "cancelled"]


def test_a_failure_is_told_and_signed(harness: Harness, sandbox: Running) -> None:
    """The receiver can check who speaks; the message names the flows, and holds neither key nor data."""
    with receiving() as receiver:
        harness.write(f"notify: [{{url: {receiver.url}/in, secret: {SECRET}}}]\n{TWO}")
        sandbox.add_fault(Fault("forbidden", path="lists", count=None))
        service = harness.service()
        for name in ("some", "other"):
            service.ask(name)
        service.run_pending()
    (got,) = receiver.got
    assert got.data["event"] == got.headers["acflow-event"] == "failure"
    assert [(flow["name"], flow["status"]) for flow in got.data["flows"]] == [("some", "blocked")]
    assert (got.data["status"], bool(got.data["run"])) == ("partial", True)
    assert sandbox.key not in got.body.decode()
    stamp, _, signed = got.headers["acflow-signature"].partition(",v1=")
    wanted = hmac.new(SECRET.encode(), stamp.removeprefix("t=").encode() + b"." + got.body, hashlib.sha256)
    assert signed == wanted.hexdigest()


def test_a_run_that_cannot_begin_is_told_and_not_repeated(
    harness: Harness, sandbox: Running, settings_of: Callable[..., Settings]
) -> None:
    """A withdrawn key fails the flows that were due, once for each time of theirs."""
    with receiving() as receiver:
        harness.write(f"notify: [{receiver.url}]\n{TWO}")
        harness.settings = settings_of(sandbox, key="withdrawn")
        service = harness.service()
        harness.clock.forward(hours=1)
        assert service.run_pending() == ("some", "all")
        assert service.run_pending() == ()
    (got,) = receiver.got
    assert [flow["name"] for flow in got.data["flows"]] == ["some", "all"]
    assert "refused the API key" in got.data["message"]


def test_a_receiver_that_is_gone_fails_no_run(harness: Harness) -> None:
    """The run has ended when others are told of it."""
    harness.write(f"notify: [{{url: http://127.0.0.1:1, on: success}}]\n{TWO}")
    service = harness.service()
    job = service.ask("other")
    with pytest.raises(Exception, match="no answer"):
        service.run_pending()  # the desk sends in place, so its trouble comes up here; Sender keeps it to itself
    assert (job.state, runs(harness)) == (State.DONE, ["ok"])


def test_a_stale_flow_is_told_once(harness: Harness, sandbox: Running) -> None:
    """And again only after it was well in between."""
    with receiving() as receiver:
        harness.write(f"notify: [{{url: {receiver.url}, on: stale}}]\n{TWO}")
        sandbox.add_fault(Fault("forbidden", path="lists", count=None))
        service = harness.service()
        for _ in range(4):
            harness.clock.forward(hours=1)
            service.run_pending()
            service.look()
        service.look()
    (got,) = receiver.got
    assert [flow["name"] for flow in got.data["flows"]] == ["some", "all"]
    assert got.data["event"] == "stale"


def test_a_run_that_was_killed_is_made_up_for(harness: Harness) -> None:
    """What the ledger holds of a flow that never came to its end is no run of it."""
    ledger = Ledger.at(harness.settings.state)
    ledger.keep_flows(ledger.start("account"), [{"name": "other", "status": "running"}])
    ledger.close()
    harness.clock.forward(minutes=1)
    service = harness.service()
    assert service.run_pending() == ("other",)
    assert service.run_pending() == ()
    assert runs(harness) == ["ok", "killed"]
