"""Kills while a run lands: a table, its change log and its cursor agree at every moment."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable

from acflow.engine import open_warehouse
from acflow.settings import Settings
from activecampaign_sandbox import World, make_world, running
from tests.depth import deep, moments, times

KILLS = times(4, 16)
RUN = """
from acflow.app.events import Phase
from acflow.app.pipeline import RunPlan, carry_out
from acflow.entities import entity
from acflow.settings import load_settings
def tell(event):
    if isinstance(event, Phase):
        print(event.step.value, flush=True)
carry_out(load_settings(), RunPlan((entity("deals"),)), tell)
print("done", flush=True)
"""


def start(settings: Settings, until: str) -> subprocess.Popen[str]:
    """Start a run in a process of its own, and return when it says how far it is."""
    environment = os.environ | {
        "ACTIVECAMPAIGN_URL": settings.url,
        "ACTIVECAMPAIGN_KEY": settings.key.get_secret_value(),
        "ACFLOW_PACE": "0",
        "ACFLOW_WAREHOUSE": settings.warehouse,
        "ACFLOW_STATE": str(settings.state),
    }
    process = subprocess.Popen([sys.executable, "-c", RUN], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    for line in process.stdout:
        if line.strip() == until:
            break
    return process


def name_all(world: World, generation: int) -> None:
    """Give every deal the same new title."""
    for key in world.ids("deals"):
        world.update("deals", key, {"title": f"generation {generation}"})


def titles(settings: Settings) -> tuple[set[str], set[str]]:
    """Return the titles in the table, and those of the versions that are valid now."""
    warehouse = open_warehouse(settings.warehouse, settings.dataset)
    queries = ("SELECT title FROM deals", 'SELECT title FROM deals_history WHERE "_valid_to" IS NULL')
    now, valid = (set(warehouse.query(sql).column("title").to_pylist()) for sql in queries)
    return now, valid


@deep
def test_no_version_is_lost_whenever_a_run_is_killed(settings_of: Callable[..., Settings]) -> None:
    """After each kill the versions of now are the rows of now; at the end every title that was ever there is kept."""
    world, chance = make_world("small", contacts=0, deals=30), random.Random("history")
    seen: set[str] = set()
    with running(world) as sandbox:
        settings = settings_of(sandbox)
        name_all(world, 0)
        process = start(settings, "load")
        began = time.monotonic()
        process.communicate(timeout=300)
        assert process.returncode == 0
        length = time.monotonic() - began
        for generation, moment in moments(chance, length, KILLS):
            name_all(world, generation)
            process = start(settings, "load")
            time.sleep(moment)
            process.kill()
            process.communicate(timeout=60)
            now, valid = titles(settings)
            assert now == valid
            assert len(now) == 1
            seen |= now
        process = start(settings, "done")
        process.communicate(timeout=300)
        assert process.returncode == 0
    warehouse = open_warehouse(settings.warehouse, settings.dataset)
    kept = set(warehouse.query("SELECT title FROM deals_history").column("title").to_pylist())
    assert kept >= seen | {f"generation {KILLS}"}
