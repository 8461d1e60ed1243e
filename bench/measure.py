"""One run: an account of its own, the tool as a child process, and what both say afterwards."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import envs
from account import account
from child import run
from model import Job, Ran, Result, Traffic
from tools import BY_NAME, environment
from traffic import traffic


def measure(job: Job, work: Path) -> Result:
    """Run the job as often as it says and keep the cheapest run, or the first that failed."""
    results = [_once(job, work) for _ in range(job.repeat)]
    return min(results, key=lambda result: (not result.failure, result.ran.cpu))


def _once(job: Job, work: Path) -> Result:
    """Never raises for a tool's sake: whatever goes wrong is the result's `failure`."""
    tool = BY_NAME[job.tool]
    folder = Path(tempfile.mkdtemp(prefix=f"{job.kind}-{job.tool}-", dir=work))
    try:
        with account(job, folder) as server:
            command = tool.command(job, folder, server.url, server.key)
            ran = run(command, folder, environment(job, folder, server.url, server.key), job.bound)
            seen = traffic(server.log(), job.entity)
        rows, distinct = _count(tool.kind, folder / tool.output, job.entity)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        return Result(job, Ran(-1, 0, 0, 0, cut=False), Traffic(0, 0, 0, None, None), 0, 0, f"{error}")
    failure = _failure(ran, folder)
    if not failure:
        shutil.rmtree(folder)
    return Result(job, ran, seen, rows, distinct, failure)


def _count(kind: str, file: Path, entity: str) -> tuple[int, int]:
    """Count in another process: what the bench holds in memory would be added to the next tool's peak."""
    command: list[str | Path] = [sys.executable, envs.HERE / "count_rows.py", kind, file, entity]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    counted = json.loads(answer.stdout)
    return int(counted["rows"]), int(counted["distinct"])


def _failure(ran: Ran, folder: Path) -> str:
    if ran.cut:
        return f"cut off after {ran.seconds:.0f} s"
    if ran.code:
        lines = (folder / "stderr").read_text(errors="replace").strip().splitlines()
        return f"exit {ran.code}: {lines[-1][:200] if lines else 'no message'}"
    return ""
