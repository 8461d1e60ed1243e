"""Ctrl-C and SIGTERM, for what can end early where every table is whole."""

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

from acflow.cli import console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acflow.app.cancel import CancelToken


@contextmanager
def cancelled_by_signals() -> "Iterator[CancelToken]":
    """Yield a token that Ctrl-C and SIGTERM cancel; a second Ctrl-C does not wait for the run to come to its end."""
    from acflow.app.cancel import CancelToken

    cancel = CancelToken()

    def end(*_: object) -> None:
        if cancel.cancelled:
            raise KeyboardInterrupt
        cancel.cancel()
        console.say("Ending where every table is whole; Ctrl-C again ends at once.")

    before = {kind: signal.signal(kind, end) for kind in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield cancel
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
