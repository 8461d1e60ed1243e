"""Has the answers of reports made ahead, each time the warehouse holds something newer and no run goes on."""

import threading
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING

from acflow.errors import AcflowError

if TYPE_CHECKING:
    import subprocess

    from acflow.app.project import Project
    from acflow.web.accounts import Slots

LOOK_EVERY = 2.0  # seconds between two looks for a newer generation
WAIT = 15.0  # seconds that a page waits for an answer that is being made
STEP = 0.1


class AnswerMaker:
    """Watches a project; `project` returns it as its files are now, `busy` says whether a run goes on.

    The processes that make answers share `slots` with those of others, if there are any.
    """

    def __init__(
        self, project: "Callable[[], Project]", busy: Callable[[], bool], slots: "Slots | None" = None
    ) -> None:
        self._project, self._busy, self._slots = project, busy, slots
        self._stop = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._tried = ""

    def work(self) -> None:
        """Look until `stop` is called."""
        while not self._stop.wait(LOOK_EVERY):
            with suppress(AcflowError, OSError):  # nothing is loaded, or the flow file has mistakes: looked at again
                self._look()

    def stop(self) -> None:
        """End, and leave what is being made."""
        self._stop.set()
        if process := self._process:
            process.kill()
            process.wait()

    def await_answer(self, there: Callable[[], bool]) -> None:
        """Wait for an answer while the answers are being made: to compute it here as well would take no less long."""
        end = time.monotonic() + WAIT
        while self._process is not None and not there() and time.monotonic() < end and not self._stop.is_set():
            time.sleep(STEP)

    def _look(self) -> None:
        from acflow.app.answers import answers_folder, are_made, start_making

        project = self._project()
        if self._busy() or not project.has_ledger or not project.settings.prepare_reports or are_made(project):
            return
        if (wanted := answers_folder(project).name) == self._tried:
            return  # it went wrong once; pages compute their answer themselves and say why
        self._tried = wanted
        with self._slots.taken_unless(self._stop.is_set) if self._slots else nullcontext():
            if self._stop.is_set():
                return
            self._process = start_making(project)
            try:
                self._process.wait()
            finally:
                self._process = None
