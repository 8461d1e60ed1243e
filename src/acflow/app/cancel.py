"""How a run is asked to end early, from another thread or from a signal."""

import threading

from acflow.errors import RunCancelledError


class CancelToken:
    """Handed to a run by whoever may want to end it.

    A run looks at it between pages, before it loads, and between flows and deliveries: where every table is whole.
    """

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask for the end; may be called from any thread, and more than once."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether the end was asked for."""
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Sleep, but not beyond the moment when the end is asked for; return whether it was."""
        return self._event.wait(seconds)

    def raise_if_cancelled(self) -> None:
        """Raise RunCancelledError if the end was asked for."""
        if self._event.is_set():
            raise RunCancelledError("The run was cancelled. Every table is whole: as it was before, or entirely new.")
