"""An account of the sandbox in a process of its own, and what it saw."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from envs import HERE
from model import Job
from traffic import Request

PATIENCE = 60  # seconds that a server of a million contacts may take to answer a question or to stop


@dataclass(frozen=True, slots=True)
class Account:
    """Where it listens, and the key that it takes."""

    url: str
    key: str

    def log(self) -> list[Request]:
        """Every request so far, oldest first."""
        with urllib.request.urlopen(f"{self.url}/_sandbox/log", timeout=PATIENCE) as answer:  # noqa: S310 - loopback
            return [Request(line["at"], line["path"], line["status"]) for line in json.load(answer)]


@contextmanager
def account(job: Job, folder: Path) -> Iterator[Account]:
    """Start the job's account and stop it afterwards, whatever happened in between."""
    wanted = json.dumps({"rows": job.rows, "entity": job.entity, "latency": job.latency, "rate": job.rate})
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
