"""What a run tells while it goes on, and how it is ended: by values and a token, in one process or between two."""

import json
import random
import threading
import time
from pathlib import Path

import pytest

from acflow.app import events, runs
from acflow.app.cancel import CancelToken
from acflow.app.events import EntityCertified, EntityProgress, Event, FlowDone, Phase, RunFinished, RunStarted, Step
from acflow.app.model import RunRequest
from acflow.app.pipeline import run
from acflow.app.project import Project
from acflow.errors import INTERRUPTED, RunCancelledError
from activecampaign_sandbox import Fault, World, make_world, running
from tests.depth import deep, moments, times

FILE = """\
flows:
  people: {entity: contacts, columns: [id, email]}
  few: {from: people, limit: 3, deliver: few.csv}
"""
CANCELS = times(8, 40)


@pytest.fixture
def world() -> World:
    """Return an account of three pages of contacts."""
    return make_world("small", contacts=300, deals=0)


def opened(folder: Path, url: str, key: str) -> Project:
    """Return a project with two flows."""
    (folder / "acflow.yaml").write_text(FILE, encoding="utf-8")
    env = {"ACTIVECAMPAIGN_URL": url, "ACTIVECAMPAIGN_KEY": key, "ACFLOW_PACE": "0"}
    return Project.open(folder, env)


def test_events_come_in_the_order_of_the_run_and_survive_json(tmp_path: Path, world: World) -> None:
    """Another process that reads them as lines has the same values."""
    told: list[Event] = []
    with running(world) as sandbox:
        result = run(opened(tmp_path, sandbox.url, sandbox.key), on_event=told.append)
    steps = [event.step for event in told if isinstance(event, Phase)]
    assert steps == [Step.READ, Step.LOAD, Step.COMPUTE, Step.DELIVER, Step.PUBLISH]
    assert isinstance(told[0], RunStarted)
    assert told[-1] == RunFinished(result.run, "ok", 0)
    certified = {event.entity: event.rows for event in told if isinstance(event, EntityCertified)}
    assert certified["contacts"] == 300
    last = [event for event in told if isinstance(event, EntityProgress) and event.entity == "contacts"][-1]
    assert (last.rows, last.done, last.missing) == (300, True, 0)
    assert [event.flow for event in told if isinstance(event, FlowDone)] == ["people", "few"]
    assert [events.from_dict(json.loads(json.dumps(event.as_dict()))) for event in told] == told


@deep
def test_a_cancelled_run_leaves_every_table_whole(tmp_path: Path, world: World) -> None:
    """At any moment: the table is all old or all new, and the record of runs says what became of the run."""
    chance = random.Random(20)
    with running(world) as sandbox:
        project = opened(tmp_path, sandbox.url, sandbox.key)
        told: list[Event] = []
        mark(world, 0)
        run(project, on_event=told.append)
        length = len(told)
        for generation, moment in moments(chance, length, CANCELS):
            mark(world, generation)
            cancel = CancelToken()
            status = _cancelled_at(project, cancel, int(moment))
            assert runs.history(project, 1)[0].status == status
            names = project.warehouse().query("select distinct lastName from contacts").column(0).to_pylist()
            counted = project.warehouse().query("select count(*) from contacts").column(0).to_pylist()
            assert (len(names), counted) == (1, [300])


def mark(world: World, generation: int) -> None:
    """Give every contact the same new last name."""
    for row in world.rows("contacts"):
        world.update("contacts", row["id"], {"lastName": f"generation {generation}"})


def _cancelled_at(project: Project, cancel: CancelToken, moment: int) -> str:
    """Run, cancel with the event of that number, and return how the run ended."""
    number = 0

    def count(_: Event) -> None:
        nonlocal number
        number += 1
        if number == moment:
            cancel.cancel()

    try:
        return run(project, on_event=count, cancel=cancel).status
    except RunCancelledError:
        return "cancelled"


def test_what_was_loaded_before_a_cancel_is_on_record(tmp_path: Path, world: World) -> None:
    """The certificate of a table tells what it holds, also where the flows were never computed."""
    cancel = CancelToken()

    def stop(event: Event) -> None:
        if isinstance(event, FlowDone):
            cancel.cancel()

    with running(world) as sandbox:
        project = opened(tmp_path, sandbox.url, sandbox.key)
        with pytest.raises(RunCancelledError) as caught:
            run(project, on_event=stop, cancel=cancel)
    assert caught.value.exit_code == INTERRUPTED
    detail = runs.detail(project)
    assert detail.run.status == "cancelled"
    assert {certificate["entity"]: certificate["landed"] for certificate in detail.certificates}["contacts"] is True
    assert [flow.name for flow in detail.flows] == ["people"]


def test_a_wait_for_the_account_ends_with_the_cancel(tmp_path: Path, world: World) -> None:
    """Nobody waits out the pause that an account asks for."""
    pause = Fault("rate-limited", retry_after=25, path="contacts", count=None)
    with running(world, faults=[pause]) as sandbox:
        project = opened(tmp_path, sandbox.url, sandbox.key)
        cancel = CancelToken()
        timer = threading.Timer(1, cancel.cancel)
        began = time.monotonic()
        timer.start()
        with pytest.raises(RunCancelledError):
            run(project, RunRequest(("people",)), cancel=cancel)
        assert time.monotonic() - began < 20
        timer.join()
