"""The command line."""

import contextlib
import os
import sys
from pathlib import Path
from typing import Any, TextIO, cast


class Talk:
    """A stream that nobody need listen to: work does not end because its talk does."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, if anybody is still there."""
        with contextlib.suppress(BrokenPipeError):
            return self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush, likewise."""
        with contextlib.suppress(BrokenPipeError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever streams have
        return getattr(self._stream, name)


def main() -> None:
    """Run the command line, and end the process with the exit code of what happened."""
    nowhere = Path(os.devnull)
    sys.stdout = sys.stdout or nowhere.open("w", encoding="utf-8")  # a process may be started without them
    sys.stderr = cast("TextIO", Talk(sys.stderr or nowhere.open("w", encoding="utf-8")))
    try:
        from acflow.cli.app import start

        code = start(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    if code == 130:  # noqa: PLR2004 - Ctrl-C
        _leave_at_once(code)
    sys.exit(code)


def _leave_at_once(code: int) -> None:
    """End without waiting for threads: one may be asleep for a minute because the account asked for it."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
    os._exit(code)
