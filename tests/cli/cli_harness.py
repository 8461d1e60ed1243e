"""The command `acflow` as people start it: a process of its own, in a folder, with an environment."""

import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from activecampaign_sandbox import Running

COMMAND = (sys.executable, "-m", "acflow")
STARTS = ("PYTHON", "LC_", "LANG")  # variables by which Python chooses how it starts
_one_at_a_time = threading.Lock()
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
    """Run a command to its end; it has a start of its own where the environment says how Python starts."""
    env = env or environment()
    if timeout == LONGEST and _starts_as_usual(env):
        return _forked(arguments, folder, env, stdin)
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=env,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=timeout,
    )
    return Said(done.returncode, done.stdout, done.stderr)


def _starts_as_usual(env: Mapping[str, str]) -> bool:
    usual = environment()
    return all(env.get(name) == usual.get(name) for name in env.keys() | usual.keys() if name.startswith(STARTS))


def _forked(arguments: Sequence[str], folder: Path, env: Mapping[str, str], stdin: str) -> Said:
    """Run a command as a fork of a process that has loaded acflow."""
    with tempfile.TemporaryDirectory() as name, _one_at_a_time:
        files = [Path(name) / stream for stream in ("in", "out", "err")]
        for file, text in zip(files, (stdin, "", ""), strict=True):
            file.write_text(text, encoding="utf-8")
        wanted = {
            "arguments": arguments,
            "env": dict(env),
            "folder": str(folder.absolute()),
            "files": [*map(str, files)],
        }
        server = _fork_server()
        assert server.stdin
        assert server.stdout
        server.stdin.write(json.dumps(wanted) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        return Said(code, files[1].read_text(encoding="utf-8"), files[2].read_text(encoding="utf-8"))


@cache
def _fork_server() -> "subprocess.Popen[str]":
    """Start the server; it ends when the tests do, and with them its stdin."""
    command = [sys.executable, "-m", "tests.cli.fork_server"]
    folder, pipe = Path(__file__).parents[2], subprocess.PIPE
    return subprocess.Popen(command, cwd=folder, env=environment(), stdin=pipe, stdout=pipe, encoding="utf-8")


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
