"""The command line."""

import contextlib
import os
import sys


def main() -> None:
    """Run the command line, and end the process with the exit code of what happened."""
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
