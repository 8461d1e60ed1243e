"""The command `acflow` as people start it: a process of its own, in a folder, with an environment."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from activecampaign_sandbox import Running

COMMAND = (sys.executable, "-m", "acflow")
LONGEST = 300.0  # seconds that any command may take on a machine that has much else to do


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
    *arguments: str, folder: Path, env: Mapping[str, str] | None = None, stdin: str = "", timeout: float = LONGEST
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


def on_terminal(
    *arguments: str, folder: Path, env: Mapping[str, str], answers: Sequence[str] = (), columns: int = 100
) -> tuple[int, str]:
    """Run a command on a terminal of that width, and return its exit code and all that is on the screen.

    Each answer is typed when its question stands there: what was typed before a password is asked for gets lost.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    screen, answered, waiting = b"", 0, list(answers)
    deadline = time.monotonic() + LONGEST
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs
    ) as run:
        os.close(theirs)
        with suppress(OSError):  # the other end is closed: there is no more to come
            while time.monotonic() < deadline:
                if select.select([ours], [], [], 0.05)[0]:
                    if not (part := os.read(ours, 65536)):
                        break
                    screen += part
                elif waiting and len(screen) > answered and screen.endswith(b": "):
                    answered = len(screen)
                    os.write(ours, f"{waiting.pop(0)}\n".encode())
            else:
                run.kill()
        code = run.wait(timeout=LONGEST)
    os.close(ours)
    return code, screen.decode().replace("\r\n", "\n")
