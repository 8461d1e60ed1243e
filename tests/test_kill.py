"""Kills and interruptions at any moment: the table is entirely old or entirely new, and the next run just works."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from acflow.app.ledger import Ledger
from acflow.engine import open_warehouse
from acflow.settings import Settings
from activecampaign_sandbox import World, make_world, running
from tests.depth import deep, moments, times

KILLS = times(4, 15)  # in each phase
RUN = """
from acflow.entities import entity
from acflow.app.events import Phase
from acflow.app.pipeline import RunPlan, carry_out
from acflow.settings import load_settings
def tell(event):
    if isinstance(event, Phase):
        print(event.step.value, flush=True)
carry_out(load_settings(), RunPlan((entity("contacts"),)), tell)
print("done", flush=True)
"""


def environment(settings: Settings) -> dict[str, str]:
    """Return the settings as the variables of another process."""
    return os.environ | {
        "ACTIVECAMPAIGN_URL": settings.url,
        "ACTIVECAMPAIGN_KEY": settings.key.get_secret_value(),
        "ACFLOW_PACE": "0",
        "ACFLOW_WAREHOUSE": settings.warehouse,
        "ACFLOW_STATE": str(settings.state),
    }


def start(settings: Settings, until: str) -> subprocess.Popen[str]:
    """Start a run in a process of its own, and return when it says how far it is."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN],
        env=environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout
    for line in process.stdout:
        if line.strip() == until:
            break
    return process


def finish(process: subprocess.Popen[str]) -> int:
    """Wait for the end of a run, and return its exit code."""
    process.communicate(timeout=60)
    return process.returncode


def mark(world: World, generation: int) -> None:
    """Give every contact the same new last name."""
    for row in world.rows("contacts"):
        world.update("contacts", row["id"], {"lastName": f"generation {generation}"})


def generations(settings: Settings) -> dict[str, int]:
    """Return how many rows of each generation the table holds."""
    warehouse = open_warehouse(settings.warehouse, settings.dataset)
    table = warehouse.query("SELECT lastName, count(*) AS rows FROM contacts GROUP BY 1")
    return {row["lastName"]: row["rows"] for row in table.to_pylist()}


@deep
@pytest.mark.parametrize("phase", ["read", "load"])
def test_a_killed_run_leaves_the_table_old_or_new(
    settings_of: Callable[..., Settings],
    tmp_path: Path,
    phase: str,
) -> None:
    """Half of the kills at random moments of a whole run, half while it lands; no lock or package stays behind."""
    world = make_world("small", contacts=1500, deals=0)
    chance = random.Random(phase)
    mark(world, 0)
    with running(world) as sandbox:
        settings = settings_of(sandbox)
        process = start(settings, phase)
        began = time.monotonic()
        assert finish(process) == 0
        length = time.monotonic() - began
        landed = 0
        for generation, moment in moments(chance, length, KILLS):
            mark(world, generation)
            process = start(settings, phase)
            time.sleep(moment)
            process.kill()
            finish(process)
            found = generations(settings)
            assert set(found.values()) == {1500}, found
            (name,) = found
            shown = int(name.split()[1])
            # A killed load of certified rows is finished by the next run, so the table may also be one run behind.
            assert landed <= shown <= generation
            landed = shown
        mark(world, 99)
        process = start(settings, "done")
        assert finish(process) == 0
    assert generations(settings) == {"generation 99": 1500}
    ledger = Ledger.at(settings.state)
    assert {run["status"] for run in ledger.runs(100)} <= {"ok", "killed"}
    ledger.close()
    assert not list((tmp_path / ".acflow").glob("spool/*"))


@pytest.mark.parametrize("moment", [0.0, 0.1, 0.3])
def test_ctrl_c_leaves_the_old_table(settings_of: Callable[..., Settings], moment: float) -> None:
    """An interrupted run is told in the ledger, and the table stays as it was."""
    world = make_world("small", contacts=1500, deals=0)
    mark(world, 0)
    with running(world) as sandbox:
        settings = settings_of(sandbox)
        assert finish(start(settings, "done")) == 0
        mark(world, 1)
        process = start(settings, "read")
        time.sleep(moment)
        process.send_signal(signal.SIGINT)
        finish(process)
    assert generations(settings) in ({"generation 0": 1500}, {"generation 1": 1500})
    ledger = Ledger.at(settings.state)
    assert ledger.runs(1)[0]["status"] in {"cancelled", "ok"}
    ledger.close()


def _small_files(limit: int) -> Callable[[], None]:
    def set_limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return set_limit


@pytest.mark.parametrize("limit", [20_000, 150_000, 1_000_000], ids=["spool", "load", "late"])
def test_a_full_disk_leaves_the_old_table(settings_of: Callable[..., Settings], limit: int) -> None:
    """Wherever space runs out, the message says so, the old table is whole, and the next run just works."""
    world = make_world("small", contacts=1500, deals=0)
    mark(world, 0)
    with running(world) as sandbox:
        settings = settings_of(sandbox)
        assert finish(start(settings, "done")) == 0
        mark(world, 1)
        process = subprocess.run(
            [sys.executable, "-c", RUN],
            env=environment(settings),
            capture_output=True,
            text=True,
            preexec_fn=_small_files(limit),
            check=False,
            timeout=300,
        )
        assert "done" not in process.stdout
        assert "DiskFullError: No space left" in process.stderr
        assert generations(settings) == {"generation 0": 1500}
        assert finish(start(settings, "done")) == 0
    assert generations(settings) == {"generation 1": 1500}
