"""The command `acflow` as people start it: a process of its own, in a folder, with an environment."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from activecampaign_sandbox import Running

COMMAND = (sys.executable, "-m", "acflow")


@dataclass(frozen=True, slots=True)
class Said:
    """What a command left: its exit code, its data, its talk."""

    code: int
    out: str
    err: str


def environment(sandbox: Running | None = None, **more: str) -> Mapping[str, str]:
    """Return the environment of somebody who has set nothing, or the address and key of a sandbox alone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ACFLOW_", "ACTIVECAMPAIGN_"))}
    if sandbox:
        kept |= {"ACTIVECAMPAIGN_URL": sandbox.url, "ACTIVECAMPAIGN_KEY": sandbox.key, "ACFLOW_PACE": "0"}
    return {**kept, "PYTHONWARNINGS": "error", **more}


def acflow(
    *arguments: str, folder: Path, env: Mapping[str, str] | None = None, stdin: str = "", timeout: float = 120
) -> Said:
    """Run a command to its end."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=env or environment(),
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=timeout,
    )
    return Said(done.returncode, done.stdout, done.stderr)
