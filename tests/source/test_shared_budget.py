"""Processes of one machine that read one account share its five requests a second."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from acflow.source.pace import OwnBudget, Pace
from acflow.source.shared_budget import SharedBudget, budget_of
from activecampaign_sandbox import Behaviour, Running, make_world, running

READER = """
import sys, threading
from acflow.source.client import Client
with Client(sys.argv[1], sys.argv[2]) as client:
    def ask():
        while True:
            client.probe()
    for _ in range(3):
        threading.Thread(target=ask, daemon=True).start()
    sys.stdin.read()
"""


@contextmanager
def reader(sandbox: Running) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process that reads an account as fast as it may."""
    with subprocess.Popen([sys.executable, "-c", READER, sandbox.url, sandbox.key], stdin=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(sandbox: Running, requests: int) -> None:
    """Wait until so many requests have come."""
    deadline = time.monotonic() + 60
    while len(sandbox.requests) < requests and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(sandbox.requests) >= requests


def test_two_processes_draw_no_429_and_a_killed_one_frees_its_share() -> None:
    """Together they send what one may, and one alone sends it again as soon as the other is gone."""
    with running(make_world("empty"), Behaviour(rate=5)) as sandbox:
        with reader(sandbox) as first:
            wait_for(sandbox, 3)
            with reader(sandbox):
                together = len(sandbox.requests)
                wait_for(sandbox, together + 30)
                first.kill()
                first.wait()
                alone = len(sandbox.requests)
                wait_for(sandbox, alone + 15)
        records = sandbox.requests[: alone + 15]
        # A machine that has much else to do may hold up a request on its way; two budgets would draw twenty.
        assert sum(record.status == 429 for record in records) <= 2
        moments = [record.time for record in records]
        assert 4 < 30 / (moments[together + 29] - moments[together - 1]) < 5.2
        assert 3.5 < 14 / (moments[alone + 14] - moments[alone]) < 5.2  # what it had reserved is lost, and no more


def test_the_state_is_one_for_all_who_open_the_file(tmp_path: Path) -> None:
    """Also what the account has asked for."""
    one, other = (Pace(5, SharedBudget(tmp_path / "a.budget")) for _ in range(2))
    one.left(one.wait())
    before = time.monotonic()
    other.left(other.wait())
    assert time.monotonic() - before > 0.15
    one.pause(0.4)
    before = time.monotonic()
    other.left(other.wait())
    assert time.monotonic() - before > 0.35


@pytest.mark.parametrize("content", [b"", b"broken", bytes(200)])
def test_what_cannot_be_read_is_forgotten(tmp_path: Path, content: bytes) -> None:
    """A writer that was killed, or another version: the account is read all the same."""
    path = tmp_path / "a.budget"
    path.write_bytes(content)
    pace = Pace(5, SharedBudget(path))
    before = time.monotonic()
    pace.left(pace.wait())
    assert time.monotonic() - before < 0.2


def test_moments_of_before_a_restart_mean_nothing(tmp_path: Path) -> None:
    """The machine's clock begins anew with it, and nobody waits for a moment of a year ago."""
    earlier = SharedBudget(tmp_path / "a.budget", clock=lambda: time.monotonic() + 1e7)
    with earlier.open() as state:
        state.paused_until = time.monotonic() + 1e7
    with SharedBudget(tmp_path / "a.budget").open() as state:
        assert state.paused_until == 0


def test_where_there_is_no_place_to_share_each_process_has_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that is not ours is not used."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert isinstance(budget_of("https://a.example"), SharedBudget)
    assert (tmp_path / "acflow").stat().st_mode & 0o777 == 0o700
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "file"))
    assert isinstance(budget_of("https://a.example"), OwnBudget)
