"""Kills while flows are computed: the table is entirely old or entirely new, and the next run just works."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from activecampaign_sandbox import make_world
from tests.depth import deep, moments, times
from tests.flows.run_harness import Harness, harness
from tests.load.warehouse_harness import MAKERS

KILLS = times(3, 12)
RUN = """
import sys
from acflow.flows.file import load_flow_text
from acflow.app.pipeline import carry_out, plan_flows
from acflow.settings import load_settings
settings = load_settings()
plan = plan_flows(settings, load_flow_text(sys.argv[1], env={}), read=False)
carry_out(settings, plan, lambda event: print(event.as_dict(), flush=True))
"""
FLOWS = """
flows:
  heavy:
    sql: >
      select {generation} as generation, a.id as a, b.id as b, sum(c.id + d.id) as total
      from contacts a, contacts b, contacts c, contacts d group by a.id, b.id
"""


def start(this: Harness, generation: int) -> subprocess.Popen[str]:
    """Start a run in a process of its own, and return when it begins to compute."""
    settings = this.settings
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, FLOWS.format(generation=generation)],
        env=os.environ | {"ACFLOW_WAREHOUSE": settings.warehouse, "ACFLOW_STATE": str(settings.state)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert any("'step': <Step.COMPUTE" in line for line in process.stdout)
    return process


@deep
@pytest.mark.parametrize("kind", MAKERS)
def test_a_kill_while_computing_leaves_the_table_old_or_new(tmp_path: Path, kind: str) -> None:
    """At random moments; nobody cleans up by hand afterwards."""
    chance = random.Random(kind)
    with harness(make_world("small", contacts=32, deals=0), tmp_path, kind) as this:
        this.run("  contacts: {entity: contacts}\n")
        began = time.monotonic()
        assert not start(this, 0).communicate(timeout=60)[1]
        length = time.monotonic() - began
        landed = 0
        for generation, moment in moments(chance, length, KILLS):
            process = start(this, generation)
            time.sleep(moment)
            process.kill()
            process.communicate(timeout=60)
            found = this.rows("heavy")
            assert len(found) == 32 * 32
            (now,) = {row[0] for row in found}
            assert now in {landed, generation}
            landed = now
        assert not start(this, 99).communicate(timeout=60)[1]
        assert {row[0] for row in this.rows("heavy")} == {99}
        assert this.tables() == ["contacts", "heavy"]


def told(this: Harness) -> dict[str, Any]:
    """Return what `acflow runs show last` says from another process."""
    said = subprocess.run(
        [sys.executable, "-m", "acflow", "runs", "show", "last", "--json"],
        env=os.environ | {"ACFLOW_STATE": str(this.settings.state)},
        capture_output=True,
        check=True,
    )
    run: dict[str, Any] = json.loads(said.stdout)
    return run | {"flows": {flow["name"]: flow["status"] for flow in run["flows"]}}


def test_a_killed_run_is_told_before_the_next_one(tmp_path: Path) -> None:
    """While it runs it says so; once its process is gone nobody is told that it still does."""
    with harness(make_world("small", contacts=150, deals=0), tmp_path) as this:
        this.run("  contacts: {entity: contacts}\n")
        process = start(this, 0)
        until = time.monotonic() + 60
        while not (run := told(this))["flows"] and time.monotonic() < until:
            assert process.poll() is None
        assert (run["status"], run["flows"]) == ("running", {"heavy": "running"})
        process.kill()
        process.communicate(timeout=60)
        run = told(this)
        assert (run["status"], run["flows"]) == ("killed", {"heavy": "cut off"})
