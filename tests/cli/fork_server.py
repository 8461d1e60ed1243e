"""Commands from a process that has loaded acflow already: each is a fork of it, on its own in all but its start.

To load what a command needs takes most of the time of most commands, and the tests start hundreds of them.
"""

import io
import json
import os
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO


def load() -> None:
    """Import what commands need, none of which starts threads or opens files."""
    import acflow.app.data
    import acflow.app.flows
    import acflow.app.ledger
    import acflow.app.pipeline
    import acflow.app.reading
    import acflow.app.reports
    import acflow.cli.app
    import acflow.cli.rows
    import acflow.engine.duck
    import acflow.load.loader
    import acflow.reports.document.build
    import acflow.reports.document.html
    import acflow.source.client  # noqa: F401


def carry_out(arguments: Sequence[str], env: Mapping[str, str], folder: str, files: Sequence[str]) -> int:
    """Be the command, with files in the place of stdin, stdout and stderr; return its exit code."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    for number, (path, flags) in enumerate(zip(files, (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY), strict=True)):
        descriptor = os.open(path, flags)
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin, sys.stdout, sys.stderr = _text(0), _text(1), _text(2)
    sys.argv = ["acflow", *arguments]
    sys.path[0] = folder
    from acflow.cli import main

    try:
        main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 - as Python ends a process
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _text(number: int) -> TextIO:
    stream: io.RawIOBase = io.FileIO(number, "w" if number else "r", closefd=False)
    if not number:
        return io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8")
    errors = "strict" if number == 1 else "backslashreplace"
    return io.TextIOWrapper(io.BufferedWriter(stream), encoding="utf-8", errors=errors, line_buffering=number == 2)


def serve() -> None:
    """Answer each line of JSON, a command, with the exit code of its process."""
    load()
    for line in sys.stdin:
        wanted: dict[str, Any] = json.loads(line)
        child = os.fork()
        if not child:
            code = carry_out(**wanted)
            threading._shutdown()  # type: ignore[attr-defined]  # wait for threads, as Python does at its end
            os._exit(code)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    serve()
