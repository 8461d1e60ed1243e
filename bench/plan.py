"""Which runs a bench is made of."""

from collections.abc import Iterator
from dataclasses import dataclass

from model import BUDGET, Job
from tools import TOOLS


@dataclass(frozen=True, slots=True)
class Plan:
    """The sizes of a bench, and the longest that one run may take, in seconds."""

    latencies: tuple[float, ...]
    pace_rows: int
    moving_rows: int
    cpu_rows: int
    memory_rows: int
    memory_tools: tuple[str, ...]
    bound: float
    memory_bound: float


EVERYONE = tuple(tool.name for tool in TOOLS)
FULL = Plan((0.2, 0.6, 1.5), 8_000, 5_000, 100_000, 1_000_000, EVERYONE, 900, 480)
QUICK = Plan((0.2, 0.6, 1.5), 2_000, 2_000, 20_000, 100_000, EVERYONE, 180, 180)
STARTS, COSTS = 3, 2  # runs, of which the cheapest counts: the others met cold caches or a busy machine
ENTITIES = ("contacts", "deals")


def jobs(plan: Plan) -> list[Job]:
    """Every run of the plan, in the order in which the table reads them."""
    return [*_pace(plan), *_moving(plan), *_cost(plan)]


def _pace(plan: Plan) -> Iterator[Job]:
    for entity in ENTITIES:
        for tool in EVERYONE:
            for latency in plan.latencies:
                yield Job("pace", tool, entity, plan.pace_rows, latency, BUDGET, plan.bound)


def _moving(plan: Plan) -> Iterator[Job]:
    for tool in EVERYONE:
        yield Job("moving", tool, "contacts", plan.moving_rows, plan.latencies[0], BUDGET, plan.bound)


def _cost(plan: Plan) -> Iterator[Job]:
    for tool in EVERYONE:
        yield Job("start", tool, "contacts", 1, bound=plan.bound, repeat=STARTS)
        yield Job("cpu", tool, "contacts", plan.cpu_rows, bound=plan.bound, repeat=COSTS)
    for tool in plan.memory_tools:
        yield Job("memory", tool, "contacts", plan.memory_rows, bound=plan.memory_bound)


def chosen(every: list[Job], only: list[str]) -> list[Job]:
    """Jobs whose label has every word; a word may offer choices: `acflow,dlt`."""
    return [job for job in every if all(any(part in job.label for part in word.split(",")) for word in only)]
