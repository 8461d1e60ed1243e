"""A service on a sandbox: what runs when, what is told, and what a broken file or a second process changes."""

import hashlib
import hmac
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from serve_desk import Desk, receiving

from acflow.ledger import Ledger
from acflow.run import run_flows
from acflow.sandbox import Fault, Running, make_world, running
from acflow.serve.tickets import State
from acflow.settings import Settings

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
def desk(sandbox: Running, settings_of: Callable[..., Settings], tmp_path: Path) -> Desk:
    """Return a project of three flows."""
    made = Desk(settings_of(sandbox), tmp_path / "acflow.yaml")
    made.write(TWO)
    return made


def runs(desk: Desk) -> list[str]:
    """Return the status of each run, newest first."""
    ledger = Ledger.at(desk.settings.state)
    try:
        return [row["status"] for row in ledger.runs()]
    finally:
        ledger.close()


def test_what_is_due_together_goes_into_one_run(desk: Desk, sandbox: Running) -> None:
    """Two flows of one entity read it once."""
    service = desk.service()
    assert service.run_pending() == ()
    desk.clock.forward(hours=1)
    assert service.run_pending() == ("some", "all")
    assert runs(desk) == ["ok"]
    asked = [(record.path, str(record.params)) for record in sandbox.requests]
    assert {path for path, _ in asked} == {"/api/3/users/me", "/api/3/lists"}
    assert len(set(asked)) == len(asked), "no page is asked for twice"
    assert service.run_pending() == ()


def test_missed_runs_are_made_up_for_once(desk: Desk) -> None:
    """Also by another process, which asks the ledger; three days are one run."""
    first = desk.service()
    desk.clock.forward(hours=1)
    first.run_pending()
    desk.clock.forward(days=3)
    second = desk.service()
    assert second.run_pending() == ("some", "all")
    assert second.run_pending() == ()
    assert len(runs(desk)) == 2


def test_a_run_by_hand_counts(desk: Desk) -> None:
    """Whoever ran the flow, it has run."""
    project = desk.load()
    run_flows(project.settings, project.file, ["some"])
    desk.clock.forward(minutes=1)
    shown = {flow["name"]: flow for flow in desk.service().flows()}
    assert (shown["some"]["status"], shown["some"]["rows"]) == ("computed", 1)
    assert shown["all"]["status"] is None


def test_a_broken_file_keeps_the_old_schedules(desk: Desk) -> None:
    """It is said what is wrong, and the mended file is taken over."""
    service, told = desk.service(), []
    service.changed = lambda: told.append(sorted(service.timetable.schedules))
    desk.write(TWO + "  wrong: {entity: lits}\n")
    service.look()
    assert "Did you mean `lists`?" in desk.said[-1]
    assert sorted(service.timetable.schedules) == ["all", "other", "some"]
    said = len(desk.said)
    service.look()
    assert len(desk.said) == said, "once is enough"
    desk.write("flows:\n  only: {entity: forms, schedule: {every: 1h}}\n")
    service.look()
    assert told == [["only"]]
    desk.clock.forward(hours=1)
    assert service.run_pending() == ("only",)


def test_a_wish_is_fulfilled_and_can_be_asked_after(desk: Desk) -> None:
    """Whoever asks twice before it begins gets one run."""
    service = desk.service()
    ticket = service.ask("other")
    assert service.ask("other") is ticket
    assert service.run_pending() == ("other",)
    assert (ticket.state, service.find(ticket.handle)) == (State.DONE, ticket)
    assert ticket.run is not None
    assert service.ask("other") is not ticket


def test_it_waits_for_a_run_of_another_process(desk: Desk) -> None:
    """And does not give up after a while, as a command would."""
    waits = threading.Event()
    service = desk.service(lambda text: waits.set() if "waiting" in text else None)
    service.ask("other")
    desk.settings.state.mkdir(parents=True)
    worker = threading.Thread(target=service.run_pending)
    with FileLock(desk.settings.state / "lock"):
        worker.start()
        assert waits.wait(10)
        assert runs(desk) == []
    worker.join(30)
    assert runs(desk) == ["ok"]


def test_stopping_leaves_the_run_that_goes_on(desk: Desk, sandbox: Running) -> None:
    """The ledger says so, and the next service makes up for it."""
    sandbox.add_fault(Fault("slow", path="lists", seconds=0.5))
    begun = threading.Event()
    service = desk.service(lambda text: begun.set() if "Running" in text else None)
    desk.clock.forward(hours=1)
    worker = threading.Thread(target=service.work)
    worker.start()
    assert begun.wait(10)
    service.stop()
    worker.join(30)
    assert not worker.is_alive()
    assert runs(desk) == ["interrupted"]


def test_a_failure_is_told_and_signed(desk: Desk, sandbox: Running) -> None:
    """The receiver can check who speaks; the message names the flows, and holds neither key nor data."""
    with receiving() as receiver:
        desk.write(f"notify: [{{url: {receiver.url}/in, secret: {SECRET}}}]\n{TWO}")
        sandbox.add_fault(Fault("forbidden", path="lists", count=None))
        service = desk.service()
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
    desk: Desk, sandbox: Running, settings_of: Callable[..., Settings]
) -> None:
    """A withdrawn key fails the flows that were due, once for each time of theirs."""
    with receiving() as receiver:
        desk.write(f"notify: [{receiver.url}]\n{TWO}")
        desk.settings = settings_of(sandbox, key="withdrawn")
        service = desk.service()
        desk.clock.forward(hours=1)
        assert service.run_pending() == ("some", "all")
        assert service.run_pending() == ()
    (got,) = receiver.got
    assert [flow["name"] for flow in got.data["flows"]] == ["some", "all"]
    assert "refused the API key" in got.data["message"]


def test_a_receiver_that_is_gone_fails_no_run(desk: Desk) -> None:
    """The run has ended when others are told of it."""
    desk.write(f"notify: [{{url: http://127.0.0.1:1, on: success}}]\n{TWO}")
    service = desk.service()
    ticket = service.ask("other")
    with pytest.raises(Exception, match="no answer"):
        service.run_pending()  # the desk sends in place, so its trouble comes up here; Sender keeps it to itself
    assert (ticket.state, runs(desk)) == (State.DONE, ["ok"])


def test_a_stale_flow_is_told_once(desk: Desk, sandbox: Running) -> None:
    """And again only after it was well in between."""
    with receiving() as receiver:
        desk.write(f"notify: [{{url: {receiver.url}, on: stale}}]\n{TWO}")
        sandbox.add_fault(Fault("forbidden", path="lists", count=None))
        service = desk.service()
        for _ in range(4):
            desk.clock.forward(hours=1)
            service.run_pending()
            service.look()
        service.look()
    (got,) = receiver.got
    assert [flow["name"] for flow in got.data["flows"]] == ["some", "all"]
    assert got.data["event"] == "stale"


def test_a_run_that_was_killed_is_made_up_for(desk: Desk) -> None:
    """What the ledger holds of a flow that never came to its end is no run of it."""
    ledger = Ledger.at(desk.settings.state)
    ledger.keep_flows(ledger.start("account"), [{"name": "other", "status": "running"}])
    ledger.close()
    desk.clock.forward(minutes=1)
    service = desk.service()
    assert service.run_pending() == ("other",)
    assert service.run_pending() == ()
    assert runs(desk) == ["ok", "killed"]
