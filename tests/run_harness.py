"""Runs of settings and entities or flows that a test has at hand, without a project's folder around them."""

from collections.abc import Sequence
from dataclasses import replace

from acflow.app.cancel import CancelToken
from acflow.app.events import OnEvent, ignore
from acflow.app.model import RunOptions, RunResult
from acflow.app.pipeline import DEFAULT_OPTIONS, RunPlan, carry_out, plan_flows
from acflow.entities.model import Entity
from acflow.flows.spec import FlowFile
from acflow.settings import Settings


def run(  # noqa: PLR0913 - each is a part of a run
    settings: Settings,
    entities: Sequence[Entity],
    *,
    optional: frozenset[str] = frozenset(),
    options: RunOptions = DEFAULT_OPTIONS,
    on_event: OnEvent = ignore,
    cancel: CancelToken | None = None,
) -> RunResult:
    """Read entities and load them."""
    return carry_out(settings, RunPlan(tuple(entities), optional=optional, options=options), on_event, cancel)


def run_flows(  # noqa: PLR0913 - each is a part of a run
    settings: Settings,
    file: FlowFile,
    wanted: Sequence[str] | None = None,
    *,
    only_changed: bool = False,
    read: bool = True,
    keep_going: bool = False,
    options: RunOptions = DEFAULT_OPTIONS,
    on_event: OnEvent = ignore,
    cancel: CancelToken | None = None,
) -> RunResult:
    """Run flows of a file, by default all."""
    plan = plan_flows(settings, file, wanted, only_changed=only_changed, read=read, options=options)
    return carry_out(settings, replace(plan, keep_going=keep_going), on_event, cancel)
