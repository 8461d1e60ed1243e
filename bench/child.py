"""Run a program and learn from the operating system what it cost."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from model import Ran

MEGABYTE = 1_000_000


def run(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str], bound: float) -> Ran:
    """Run to the end or to the time bound.

    The peak is that of the largest single process. A child's peak starts at its parent's, so whoever calls this must
    stay smaller than what it measures: nothing heavy is imported in the bench itself.
    """
    with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        cut = threading.Event()
        timer = threading.Timer(bound, _cut, (process.pid, cut))
        timer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        finally:
            timer.cancel()
        seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    peak = usage.ru_maxrss * 1024 / MEGABYTE
    return Ran(process.returncode, seconds, usage.ru_utime + usage.ru_stime, peak, cut.is_set())


def _cut(group: int, cut: threading.Event) -> None:
    cut.set()
    os.killpg(group, signal.SIGKILL)
