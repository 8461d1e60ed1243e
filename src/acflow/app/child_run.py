"""A run in a process of its own: its events come back as JSON lines, and a signal ends it early.

A long-lived process that starts runs stays small and quick this way: what a run needs of memory goes back with its
process, and whatever a run does to its process concerns nobody else.
"""

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import IO, Any

from acflow import errors
from acflow.app.cancel import CancelToken
from acflow.app.events import Event, OnEvent, from_dict, ignore
from acflow.app.model import RunRequest, RunResult
from acflow.app.project import Project
from acflow.errors import AcflowError, Action, RefusedTablesError

LOOK_EVERY = 0.2  # seconds between looks whether the run is to end


class LostRunError(AcflowError):
    """The process of a run ended before it said how the run went."""


def run_in_child(
    project: Project, request: RunRequest, on_event: OnEvent = ignore, cancel: CancelToken | None = None
) -> RunResult:
    """Run a request as `acflow.app.pipeline.run` does, in a process of its own.

    Raises:
        AcflowError: what the run raised there; `LostRunError` if its process was killed, or failed unexpectedly.

    """
    cancel = cancel or CancelToken()
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "acflow.app.child_run"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin  # noqa: S101 - asked for
        assert process.stdout  # noqa: S101 - asked for
        process.stdin.write(pickle.dumps((project.reopened(), request)))
        process.stdin.flush()  # it stays open: its end tells the run that nobody is left to hear of it
        watch = threading.Thread(target=_cancelled_with, args=(process, cancel), daemon=True)
        watch.start()
        try:
            end = _heard(process.stdout, on_event)
        except BaseException:
            process.terminate()
            raise
        finally:
            process.stdin.close()
        status = process.wait()
    if end is None and cancel.cancelled:  # before it had begun
        cancel.raise_if_cancelled()
    if end is None:
        raise LostRunError(
            f"The process of the run ended without a word (status {status}). Every table is whole; run again."
        )
    if "error" in end:
        raise _error_of(end["error"])
    result: RunResult = _results().validate_python(end["result"])
    return result


def _cancelled_with(process: "subprocess.Popen[bytes]", cancel: CancelToken) -> None:
    while process.poll() is None:
        if cancel.wait(LOOK_EVERY):
            process.terminate()
            return


def _heard(lines: IO[bytes], on_event: OnEvent) -> Mapping[str, Any] | None:
    """Pass on the events; return what is said last."""
    end = None
    for line in lines:
        said: dict[str, Any] = json.loads(line)
        if "event" in said:
            on_event(from_dict(said))
        else:
            end = said
    return end


def _error_of(said: Mapping[str, Any]) -> AcflowError:
    kind: type[AcflowError] = getattr(errors, said["type"], LostRunError)
    error = kind(said["message"])
    error.action = said["action"] and Action(said["action"]["kind"], tuple(said["action"]["names"]))
    return error


def _results() -> Any:  # noqa: ANN401 - pydantic's adapter, which is heavy to import
    from pydantic import TypeAdapter

    return TypeAdapter(RunResult)


def main() -> None:
    """Carry out the request on stdin, and say on stdout how it goes."""
    from acflow.app.pipeline import run
    from acflow.engine.redaction import redactor

    project, request = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
    cancel, hidden = CancelToken(), redactor(())
    signal.signal(signal.SIGTERM, lambda *_: cancel.cancel())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl-C to all; the other process tells this one
    threading.Thread(target=_cancelled_at_end, args=(cancel,), daemon=True).start()
    try:
        hidden = redactor(project.settings.secrets)
        result = run(project, request, _say, cancel)
    except AcflowError as error:
        action = error.action and {"kind": error.action.kind, "names": error.action.names}
        _write({"error": {"type": _known_kind(error), "message": hidden(str(error)), "action": action}})
    except Exception as error:  # noqa: BLE001 - whoever started this one tells people
        message = hidden(f"Something unexpected went wrong: {type(error).__name__}: {error}")
        _write({"error": {"type": "Exception", "message": message, "action": None}})
    else:
        _write({"result": _results().dump_python(result, mode="json")})


def _known_kind(error: AcflowError) -> str:
    """Return the name of the nearest kind of error that every part of acflow knows and that a text is enough for."""
    known = (kind.__name__ for kind in type(error).__mro__ if kind.__module__ == errors.__name__)
    return next(name for name in known if name != RefusedTablesError.__name__)


def _cancelled_at_end(cancel: CancelToken) -> None:
    while os.read(0, 4096):  # past Python's buffers, which must not be in use when the process ends
        pass
    cancel.cancel()


def _say(event: Event) -> None:
    _write(event.as_dict())


def _write(said: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
