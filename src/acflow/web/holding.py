"""The published copy that pages read, kept open while somebody looks: to open it costs more than most questions."""

import threading
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from acflow.errors import AcflowError

if TYPE_CHECKING:
    from pathlib import Path

    from acflow.app.project import Project

IDLE = 60.0  # seconds after the last page, after which it is closed and its memory given back


class HeldCopy:
    """Holds the newest copy. Nothing waits for it: a copy is never written to, and never used again under its name."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self._path: Path | None = None
        self._used = 0.0

    def use(self, project: "Project") -> None:
        """Hold the newest copy of a project, if there is one, and let go of the one before."""
        from acflow.app.publishing import published_copy

        with self._lock, suppress(AcflowError, OSError):
            self._used = time.monotonic()
            copy = published_copy(project.settings)
            if (copy.path if copy else None) == self._path:
                return
            self._release()
            if copy:
                self._stack.enter_context(copy.held(reading=True))
                self._path = copy.path

    def look(self, project: "Project") -> None:
        """Let go of what nobody has looked at for a while, and of what is not the newest any more."""
        from acflow.app.publishing import published_copy

        with self._lock, suppress(AcflowError, OSError):
            copy = published_copy(project.settings)
            if self._path and (time.monotonic() - self._used > IDLE or not copy or copy.path != self._path):
                self._release()

    def _release(self) -> None:
        self._path = None
        self._stack.close()
