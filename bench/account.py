"""An account of the sandbox in a process of its own, and what it saw."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from envs import HERE
from model import Job

PATIENCE = 10  # seconds to stop in


@dataclass(frozen=True, slots=True)
class Account:
    """Where it listens, the key that it takes, and the ids that it holds if they are going to move."""

    url: str
    key: str
    ids: list[int]


@contextmanager
def account(job: Job, folder: Path) -> Iterator[Account]:
    """Start the job's account and stop it afterwards, whatever happened in between."""
    sizes = {"entity": job.entity, "rows": job.rows, "moving": job.kind == "moving"}
    wanted = json.dumps(sizes | {"latency": job.latency, "rate": job.rate})
    with (
        (folder / "account.log").open("wb") as talk,
        subprocess.Popen(
            [sys.executable, HERE / "serve_account.py", wanted], stdout=subprocess.PIPE, stderr=talk
        ) as server,
    ):
        try:
            assert server.stdout is not None  # noqa: S101 - asked for a pipe
            ready = server.stdout.readline()
            if not ready:
                last = (folder / "account.log").read_text().strip().splitlines()[-1:]
                raise OSError(f"the sandbox did not start: {''.join(last)}")
            yield Account(**json.loads(ready))
        finally:
            server.terminate()
            try:
                server.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                server.kill()
