"""From results to the one table, in Markdown."""

from collections.abc import Callable, Iterable, Sequence

from churn import DELETIONS_PER_INSERT, INTERVAL
from model import Result
from plan import ENTITIES, Plan
from tools import BY_NAME, TOOLS, Tool

OURS = "acflow"
NOTHING = "-"
RIGHT = "---:"


class Results:
    """The results so far, found by what they are of."""

    def __init__(self, results: Iterable[Result]) -> None:
        self._by_place = {(r.job.kind, r.job.tool, r.job.entity, r.job.latency): r for r in results}

    def get(self, kind: str, tool: str, entity: str = "contacts", latency: float = 0.0) -> Result | None:
        """One result, if that run was made."""
        return self._by_place.get((kind, tool, entity, latency))

    def of_tool(self, tool: str, entity: str) -> list[Result]:
        """Every paced run of a tool over an entity, fastest answers first."""
        return [
            r for (kind, name, what, _), r in self._by_place.items() if (kind, name, what) == ("pace", tool, entity)
        ]


def cpu_per_row(results: Results, tool: str) -> float | None:
    """CPU seconds a row after start-up: the almost empty account's run is taken off."""
    run, start = results.get("cpu", tool), results.get("start", tool)
    if run is None or start is None or run.failure or start.failure or not run.rows:
        return None
    return max(run.ran.cpu - start.ran.cpu, 0.001) / run.rows


def markdown(results: Results, plan: Plan) -> str:
    """Every table that has anything in it, then what went wrong."""
    blocks = [_pace(results, plan, entity) for entity in ENTITIES]
    blocks += [_moving(results, plan), _cost(results, plan), _failures(results, plan)]
    return "\n\n".join(block for block in blocks if block)


def _pace(results: Results, plan: Plan, entity: str) -> str:
    seen = [tool for tool in TOOLS if results.of_tool(tool.name, entity)]
    if not seen:
        return ""
    heads = ["tool", "rows", "complete", "requests", "429s"]
    heads += [f"{latency:g} s latency" for latency in plan.latencies]
    rows = [[tool.title, *_outcome(results.of_tool(tool.name, entity))] for tool in seen]
    for row, tool in zip(rows, seen, strict=True):
        row += [_seconds(results, tool, entity, latency) for latency in plan.latencies]
    title = f"{plan.pace_rows:,} {entity} under the limit of 5 requests a second: seconds (x acflow), budget used"
    return f"**{title}**\n\n{table(heads, rows)}"


def _moving(results: Results, plan: Plan) -> str:
    latency = plan.latencies[0]
    found = [(tool, results.get("moving", tool.name, latency=latency)) for tool in TOOLS]
    rows = [
        [
            tool.title,
            f"{run.missing:,}",
            f"{run.rows - run.distinct:,}",
            f"{run.ran.seconds:.1f}",
            run.failure or "done",
        ]
        for tool, run in found
        if run
    ]
    heads = ["tool", "lost", "twice", "seconds", "it said"]
    pace = f"{1 / INTERVAL:g} of them deleted each second, {1 / INTERVAL / DELETIONS_PER_INSERT:g} added"
    return f"**{plan.moving_rows:,} contacts at {latency:g} s latency, {pace}**\n\n{table(heads, rows)}" if rows else ""


def _outcome(runs: Sequence[Result]) -> list[str]:
    """Say once what should not depend on latency, or as a range if it does."""
    return [
        _range(r.rows for r in runs),
        "yes" if all(r.complete for r in runs) else "**no**",
        _range(r.traffic.requests for r in runs),
        _range(r.traffic.limited for r in runs),
    ]


def _range(counts: Iterable[int]) -> str:
    kept = sorted(counts)
    return f"{kept[0]:,}" if kept[0] == kept[-1] else f"{kept[0]:,} to {kept[-1]:,}"


def _seconds(results: Results, tool: Tool, entity: str, latency: float) -> str:
    run, ours = (results.get("pace", name, entity, latency) for name in (tool.name, OURS))
    if run is None or run.failure:
        return NOTHING if run is None else "failed"
    share = NOTHING if run.traffic.steady is None else f"{run.traffic.steady:.0%}"
    return f"{run.ran.seconds:.1f}{_times(run, ours, lambda r: r.ran.seconds)}, {share}"


def _times(run: Result, ours: Result | None, cost: Callable[[Result], float]) -> str:
    if ours is None or ours.failure:
        return ""
    return f" ({cost(run) / cost(ours):.1f}x)"


def _cost(results: Results, plan: Plan) -> str:
    seen = [tool for tool in TOOLS if results.get("cpu", tool.name) or results.get("memory", tool.name)]
    if not seen:
        return ""
    sizes = {"cpu": plan.cpu_rows, "memory": plan.memory_rows}
    heads = ["tool", "its rows", "start-up CPU s"]
    heads += [f"rows per CPU s, {plan.cpu_rows:,}"]
    heads += [f"peak MB, {size:,}" for size in sizes.values()] + ["complete"]
    rows = [
        [tool.title, tool.lands, _start(results, tool)]
        + [_speed(results, tool)]
        + [_peak(results, kind, tool) for kind in sizes]
        + [_complete(results, tool)]
        for tool in seen
    ]
    return f"**Contacts without latency or limit: cost after start-up (x acflow)**\n\n{table(heads, rows)}"


def _start(results: Results, tool: Tool) -> str:
    run = results.get("start", tool.name)
    return NOTHING if run is None or run.failure else f"{run.ran.cpu:.1f}"


def _speed(results: Results, tool: Tool) -> str:
    cost, ours = (cpu_per_row(results, name) for name in (tool.name, OURS))
    if cost is None:
        return NOTHING
    return f"{1 / cost:,.0f}" + (f" ({cost / ours:.1f}x)" if ours else "")


def _peak(results: Results, kind: str, tool: Tool) -> str:
    run, ours = results.get(kind, tool.name), results.get(kind, OURS)
    if run is not None and run.ran.cut:
        return f"{run.ran.peak_mb:.0f} at {run.rows:,} rows"
    if run is None or run.failure:
        return NOTHING if run is None else "failed"
    return f"{run.ran.peak_mb:.0f}{_times(run, ours, lambda r: r.ran.peak_mb)}"


def _complete(results: Results, tool: Tool) -> str:
    runs = [run for kind in ("cpu", "memory") if (run := results.get(kind, tool.name))]
    return "yes" if all(run.complete for run in runs) else "**no**"


def _failures(results: Results, plan: Plan) -> str:
    places = [("pace", entity, latency) for entity in ENTITIES for latency in plan.latencies]
    places += [("moving", "contacts", plan.latencies[0])]
    places += [(kind, "contacts", 0.0) for kind in ("start", "cpu", "memory")]
    found = [results.get(kind, tool, entity, latency) for tool in BY_NAME for kind, entity, latency in places]
    lines = [f"- {run.job.label}: {run.failure}" for run in found if run and run.failure]
    return "\n".join(["**What failed**", "", *lines]) if lines else ""


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write Markdown, the first column to the left."""
    lines = [heads, ["---", *[RIGHT] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
