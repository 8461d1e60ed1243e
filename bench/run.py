"""acflow beside what people use today, against one sandbox.

`make bench`, or `make bench ARGS=--quick`. The table goes to stdout, progress to stderr, every figure to
`bench/.work/results.json`. With `--only`, the rest of the table comes from that file.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import envs
import goals
import kept
from measure import measure
from model import Job, Result
from plan import FULL, QUICK, Plan, chosen, jobs
from report import OURS, Results, markdown
from tools import BY_NAME, TOOLS

WORK = envs.HERE / ".work"
RESULTS = WORK / "results.json"
SIDE_BY_SIDE = 8  # of runs that mostly wait; each has an account and a server of its own
SLOW = 0.5  # seconds of latency from which a run mostly waits


def main() -> int:
    """Measure everything that was asked for; a tool that fails is a line in the table, not an end."""
    options = _options()
    plan = QUICK if options.quick else FULL
    todo = chosen(jobs(plan), options.only)
    for name in sorted({BY_NAME[job.tool].env for job in todo} - {OURS}):
        envs.ensure(name)
    WORK.mkdir(exist_ok=True)
    for folder in filter(Path.is_dir, WORK.iterdir()):
        shutil.rmtree(folder)
    measured = _measure_all(todo, options.side_by_side)
    results = [measured[job.label] for job in jobs(plan) if job.label in measured]
    print(_preamble(plan, results, len(todo)))
    print()
    print(markdown(Results(results), plan))
    print()
    print(goals.markdown(Results(results), plan, _help_time(todo)))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run.py", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small accounts; a few minutes")
    parser.add_argument(
        "--side-by-side", type=int, default=SIDE_BY_SIDE, help="runs of rivals at a time that mostly wait"
    )
    parser.add_argument(
        "--only",
        nargs="+",
        default=[],
        metavar="WORD",
        help="only runs whose name has every word; `pace acflow,dlt contacts` offers a choice of tools",
    )
    return parser.parse_args()


def _measure_all(todo: list[Job], side_by_side: int) -> dict[str, Result]:
    """Run ours, and all whose CPU counts, alone; the rivals' long waits beside each other, the longest first.

    The largest runs of the rivals are for their memory, so they follow while the longest waits still last. Adds to what
    earlier benches measured, so that a part can be measured anew.
    """
    anew = {job.label for job in todo}
    results = {label: result for label, result in kept.load(RESULTS).items() if label not in anew}
    done = 0
    waiting = [job for job in todo if job.rate is not None and job.tool != OURS]
    waiting.sort(key=lambda job: (job.tool == "airbyte20", job.latency), reverse=True)
    brisk = [job for job in waiting if job.latency < SLOW]
    large = [job for job in todo if job.kind == "memory" and job.tool != OURS]
    slow = [job for job in waiting if job not in brisk]
    alone = [job for job in todo if job not in waiting + large]
    for batch, width in ((alone, 1), (brisk, 2), (slow + large, side_by_side)):
        with ThreadPoolExecutor(width) as pool:
            for result in pool.map(lambda job: measure(job, WORK), batch):
                results[result.job.label] = result
                done += 1
                _tell(result, done, len(todo))
                kept.save(RESULTS, results.values())
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


def _preamble(plan: Plan, results: list[Result], fresh: int) -> str:
    names = {BY_NAME[result.job.tool].env for result in results}
    packages = dict.fromkeys((tool.env, tool.package) for tool in TOOLS if tool.env in names)
    versions = ", ".join(f"{package} {envs.version(env, package)}" for env, package in packages)
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    known = len(results)
    older = f" {known - fresh} of the {known} runs are kept from an earlier bench." if known > fresh else ""
    bounds = f"One run may take at most {plan.bound:,.0f} s, the largest {plan.memory_bound:,.0f} s."
    return f"{versions}; {machine}. {bounds}{older}"


if __name__ == "__main__":
    raise SystemExit(main())
