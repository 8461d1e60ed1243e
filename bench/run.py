"""acflow beside what people use today, against one sandbox.

`make bench`, or `make bench ARGS=--quick`. The table goes to stdout, progress to stderr, every figure to
`bench/.work/results.json`.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import envs
import goals
from measure import measure
from model import Job, Result
from plan import FULL, QUICK, Plan, chosen, jobs
from report import OURS, Results, markdown
from tools import BY_NAME, TOOLS

WORK = envs.HERE / ".work"
SIDE_BY_SIDE = 8  # paced runs sleep most of the time; each has an account and a server of its own
MEMORY_SIDE_BY_SIDE = 2  # a peak does not depend on the company


def main() -> int:
    """Measure everything that was asked for; a tool that fails is a line in the table, not an end."""
    options = _options()
    plan = QUICK if options.quick else FULL
    todo = chosen(jobs(plan), options.only)
    for name in sorted({BY_NAME[job.tool].env for job in todo} - {OURS}):
        envs.ensure(name)
    WORK.mkdir(exist_ok=True)
    results = _measure_all(todo, options.side_by_side)
    print(_preamble(plan, {BY_NAME[job.tool].env for job in todo}))
    print()
    print(markdown(Results(results), plan))
    print()
    print(goals.markdown(Results(results), plan, _help_time(todo)))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run.py", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small accounts; a few minutes")
    parser.add_argument("--side-by-side", type=int, default=SIDE_BY_SIDE, help="paced runs of rivals at a time")
    parser.add_argument(
        "--only",
        nargs="+",
        default=[],
        metavar="WORD",
        help="only runs whose name has every word; `pace acflow,dlt contacts` offers a choice of tools",
    )
    return parser.parse_args()


def _measure_all(todo: list[Job], side_by_side: int) -> list[Result]:
    """Ours, and all whose CPU counts, alone; the rivals' long waits beside each other, the longest first."""
    results: list[Result] = []
    waiting = [job for job in todo if job.rate is not None and job.tool != OURS]
    waiting.sort(key=lambda job: (job.tool == "airbyte20", job.latency), reverse=True)
    large = [job for job in todo if job.kind == "memory" and job.tool != OURS]
    alone = [job for job in todo if job not in waiting + large]
    for batch, width in ((alone, 1), (waiting, side_by_side), (large, MEMORY_SIDE_BY_SIDE)):
        with ThreadPoolExecutor(width) as pool:
            for result in pool.map(lambda job: measure(job, WORK), batch):
                results.append(result)
                _tell(result, len(results), len(todo))
                _keep(results)
    return results


def _help_time(todo: list[Job]) -> float | None:
    try:
        return goals.help_ms() if any(job.tool == OURS for job in todo) else None
    except subprocess.CalledProcessError as error:
        print(f"acflow --help: {error}", file=sys.stderr)
        return None


def _tell(result: Result, done: int, total: int) -> None:
    ran = result.ran
    what = result.failure or f"{result.rows:,} rows, {ran.seconds:.1f} s, {ran.cpu:.1f} CPU s, {ran.peak_mb:.0f} MB"
    print(f"[{done}/{total}] {result.job.label}: {what}", file=sys.stderr, flush=True)


def _keep(results: list[Result]) -> None:
    """After every run, so that an interrupted bench is not lost."""
    beside = WORK / "results.json.new"
    beside.write_text(json.dumps([result.as_json() for result in results], indent=1))
    beside.replace(Path(WORK / "results.json"))


def _preamble(plan: Plan, names: set[str]) -> str:
    packages = dict.fromkeys((tool.env, tool.package) for tool in TOOLS if tool.env in names)
    versions = ", ".join(f"{package} {envs.version(env, package)}" for env, package in packages)
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    return f"{versions}; {machine}. One run may take at most {plan.bound:,.0f} s."


if __name__ == "__main__":
    raise SystemExit(main())
