"""One run: an account of its own, the tool as a child process, and what both say afterwards."""

import json
import shutil
import subprocess
import sys
import tempfile
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import envs
from account import account
from child import run
from churn import churn
from model import Job, Ran, Result, Traffic
from tools import BY_NAME, environment


def measure(job: Job, work: Path) -> Result:
    """Run the job as often as it says and keep the cheapest run; one that failed only if all did."""
    results = [_once(job, work) for _ in range(job.repeat)]
    return min(results, key=lambda result: (bool(result.failure), result.ran.cpu))


def _once(job: Job, work: Path) -> Result:
    """Never raise for a tool's sake: whatever goes wrong is the result's `failure`."""
    tool = BY_NAME[job.tool]
    folder = Path(tempfile.mkdtemp(prefix=f"{job.kind}-{job.tool}-", dir=work))
    try:
        with account(job, folder) as server:
            command = tool.command(job, folder, server.url, server.key)
            surroundings = environment(job, folder, server.url, server.key)
            changing: AbstractContextManager[list[int]] = (
                churn(server.url, job.entity, server.ids) if job.kind == "moving" else nullcontext([])
            )
            with changing as deleted:
                ran = run(command, folder, surroundings, job.bound)
            asked = {"file": str(folder / tool.output), "kind": tool.kind, "entity": job.entity, "url": server.url}
            found = _evidence(asked | {"stayed": sorted(set(server.ids) - set(deleted))})
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        return Result(job, Ran(-1, 0, 0, 0, cut=False), Traffic(0, 0, 0, None, None), failure=f"{error}")
    failure = _failure(ran, folder)
    (folder / tool.output).unlink(missing_ok=True)  # a million rows; what went wrong stands in the other files
    if not failure:
        shutil.rmtree(folder)
    seen = Traffic(**found.pop("traffic"))
    return Result(job, ran, seen, **found, failure=failure)


def _evidence(asked: dict[str, object]) -> dict[str, Any]:
    command: list[str | Path] = [sys.executable, envs.HERE / "evidence.py", json.dumps(asked)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise ValueError(f"the output could not be read: {answer.stderr.strip().splitlines()[-1]}")
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def _failure(ran: Ran, folder: Path) -> str:
    if ran.cut:
        return f"cut off after {ran.seconds:.0f} s"
    if ran.code:
        lines = (folder / "stderr").read_text(errors="replace").strip().splitlines()
        return f"exit {ran.code}: {lines[-1][:200] if lines else 'no message'}"
    return ""
