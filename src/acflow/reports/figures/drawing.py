"""Charts drawn by other processes, so that whatever happens there costs one chart."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Timer
from typing import Any, Literal

PROGRAM = Path(__file__).with_name("chart_worker.py")
PATIENCE = 60.0  # seconds for one chart, which takes a twentieth of one
MOST_WORKERS = 4
ERROR = b"error "


@dataclass(frozen=True, slots=True)
class Drawing:
    """One chart to draw: its specification, its form, and how numbers are written on it."""

    spec: Mapping[str, Any]
    form: Literal["svg", "png", "pdf"]
    locale: Mapping[str, Any]
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture, or why there is none."""

    picture: bytes = b""
    error: str | None = None


def draw_all(drawings: Sequence[Drawing]) -> list[Drawn]:
    """Draw charts at the same time, as many as there are processors; the answers come in the order of the drawings."""
    if not drawings:
        return []
    workers = [_Worker() for _ in range(min(len(drawings), os.cpu_count() or 1, MOST_WORKERS))]
    idle: SimpleQueue[_Worker] = SimpleQueue()
    for worker in workers:
        idle.put(worker)

    def draw(drawing: Drawing) -> Drawn:
        worker = idle.get()
        try:
            return worker.draw(drawing)
        finally:
            idle.put(worker)

    try:
        with ThreadPoolExecutor(len(workers)) as threads:
            return list(threads.map(draw, drawings))
    finally:
        for worker in workers:
            worker.close()


class _Worker:
    """A process that draws one chart after the other; after a crash the next chart gets a new one."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def draw(self, drawing: Drawing) -> Drawn:
        """Return the picture, or why the process could not make it."""
        process = self._process or self._start()
        job = {"spec": drawing.spec, "form": drawing.form, "locale": drawing.locale, "scale": drawing.scale}
        watch = Timer(PATIENCE, process.kill)
        watch.start()
        try:
            return self._ask(process, json.dumps(job).encode() + b"\n")
        finally:
            watch.cancel()

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
        process.kill()
        process.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        # -P: the folder of the program holds modules that are named like those of the standard library.
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-P", str(PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self._process

    def _ask(self, process: "subprocess.Popen[bytes]", job: bytes) -> Drawn:
        assert process.stdin  # noqa: S101 - both are pipes
        assert process.stdout  # noqa: S101 - as above
        head = b""
        with suppress(OSError):  # it is gone before it has read the job
            process.stdin.write(job)
            process.stdin.flush()
            head = process.stdout.readline()
        if head.startswith(ERROR):
            return Drawn(error=head.removeprefix(ERROR).decode(errors="replace").strip())
        size = int(head) if head.strip().isdigit() else None
        picture = process.stdout.read(size) if size is not None else b""
        if size is None or len(picture) < size:
            self.close()
            return Drawn(error="the drawing library crashed or took too long")
        return Drawn(picture)
