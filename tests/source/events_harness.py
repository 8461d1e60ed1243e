"""An account with campaigns whose events a test runs against, and what its tables then hold."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from acflow.entities import entity
from acflow.settings import Settings
from acflow.source.certificate import Certificate
from activecampaign_sandbox import Running, World, make_world
from tests.run_harness import run

SENT = {"status": "5", "sdate": "2026-10-20T09:00:00-05:00", "ldate": "2026-10-20T09:10:00-05:00"}


def account(contacts: int = 60, **counters: int) -> World:
    """Return an account with one campaign that counts so much, three weeks old, and another that counts nothing."""
    world = make_world("empty")
    for _ in range(contacts):
        world.insert("contacts", {})
    mailed(world, **counters)
    mailed(world)
    return world


def mailed(world: World, **counters: int) -> int:
    """Send one more campaign; return its id."""
    return int(world.insert("campaigns", {**SENT, **{name: str(count) for name, count in counters.items()}}))


def read(settings: Settings, *names: str, **options: Any) -> dict[str, Certificate]:  # noqa: ANN401 - of a run
    """Read entities; return their certificates."""
    return {one.entity: one for one in run(settings, [entity(name) for name in names], **options).certificates}


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    """Return what a warehouse answers."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.sql(query).fetchall()


def asked(sandbox: Running, since: int = 0) -> Sequence[dict[str, str]]:
    """Return the parameters of the requests to version 1."""
    return [record.params for record in sandbox.requests[since:] if record.path == "/admin/api.php"]


Settle = Callable[..., Settings]
