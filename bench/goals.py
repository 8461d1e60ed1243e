"""What acflow promises of its cost, and whether these results bear it out."""

import statistics
import subprocess
import time
from collections.abc import Iterator
from math import ceil

from envs import python_of
from plan import ENTITIES, Plan
from report import OURS, Results, cpu_per_row, table

SHARE = 0.97
ROWS_PER_CPU_SECOND = 25_000
TIMES = {"singer": 20, "airbyte100": 4, "airbyte20": 4}
PEAK_MB = 400
FLAT = 0.2  # how far the peaks of the two sizes may lie apart
PAGE, HANDFUL = 100, 10
HELP_MS = 300
HELP_RUNS = 9

Goal = tuple[str, str, bool]


def help_ms() -> float:
    """Time `acflow --help` as a user meets it: process start to end, median."""
    seconds = []
    for _ in range(HELP_RUNS):
        begun = time.perf_counter()
        subprocess.run([python_of(OURS).parent / OURS, "--help"], stdout=subprocess.DEVNULL, check=True)
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds) * 1000


def markdown(results: Results, plan: Plan, help_time: float | None) -> str:
    """List the goals that these results can speak of."""
    goals = [*_pace(results, plan), *_cost(results), *_memory(results, plan)]
    if help_time is not None:
        goals.append((f"`acflow --help` within {HELP_MS} ms", f"{help_time:.0f} ms", help_time <= HELP_MS))
    if not goals:
        return ""
    rows = [[goal, figure, "yes" if reached else "**no**"] for goal, figure, reached in goals]
    return f"**Goals of acflow**\n\n{table(['goal', 'measured', 'reached'], rows)}"


def _pace(results: Results, plan: Plan) -> Iterator[Goal]:
    for entity in ENTITIES:
        for latency in plan.latencies:
            run = results.get("pace", OURS, entity, latency)
            if run and not run.failure:
                share, limited = run.traffic.steady or 0.0, run.traffic.limited
                goal = f"{entity} at {latency:g} s: {SHARE:.0%} of the budget, no 429"
                yield goal, f"{share:.1%}, {limited} 429s", share >= SHARE and not limited
                extra = run.traffic.requests - ceil(run.job.rows / PAGE)
                goal = f"{entity} at {latency:g} s: one request per {PAGE} rows and at most {HANDFUL} more"
                yield goal, f"{extra} more", extra <= HANDFUL


def _cost(results: Results) -> Iterator[Goal]:
    ours = cpu_per_row(results, OURS)
    if ours is None:
        return
    yield f"{ROWS_PER_CPU_SECOND:,} contacts per CPU second", f"{1 / ours:,.0f}", 1 / ours >= ROWS_PER_CPU_SECOND
    for tool, wanted in TIMES.items():
        theirs = cpu_per_row(results, tool)
        if theirs is not None:
            yield f"{wanted}x the rows per CPU second of {tool}", f"{theirs / ours:.1f}x", theirs / ours >= wanted


def _memory(results: Results, plan: Plan) -> Iterator[Goal]:
    small, large = (results.get(kind, OURS) for kind in ("cpu", "memory"))
    if large and not large.failure:
        peak = large.ran.peak_mb
        yield f"{PEAK_MB} MB at {plan.memory_rows:,} contacts", f"{peak:.0f} MB", peak <= PEAK_MB
    if small and large and not small.failure and not large.failure:
        apart = large.ran.peak_mb / small.ran.peak_mb - 1
        goal = f"peak at {plan.cpu_rows:,} within {FLAT:.0%} of that at {plan.memory_rows:,}"
        yield goal, f"{apart:+.0%}", abs(apart) <= FLAT
