"""What leaves for a receiver, by whatever way: sent until it is taken, and a failure of one holds up nobody else."""

import threading
import time
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from typing import Protocol

import stamina

PATIENCE = 120.0  # seconds for all attempts
ATTEMPTS = 6
FIRST_WAIT = 1.0  # seconds; doubled each time


class NotTakenError(Exception):
    """A receiver did not take a message; the same one may be taken later."""


class RefusedMessageError(Exception):
    """A receiver will not take a message, however often it is sent."""


class Outgoing(Protocol):
    """One thing on its way to one receiver."""

    @property
    def what(self) -> str:
        """What it is, as in `failure notice`."""

    @property
    def shown(self) -> str:
        """Where it goes, without what may be a secret."""

    @property
    def receiver(self) -> object:
        """What is equal for everything that goes to the same receiver."""

    def attempt(self, now: int) -> None:
        """Send once; `now` is in seconds since 1970.

        Raises:
            NotTakenError: it did not arrive, and may later.
            RefusedMessageError: the receiver does not want it.

        """


def send(outgoing: Outgoing, *, first_wait: float = FIRST_WAIT, clock: Callable[[], float] = time.time) -> None:
    """Send until it is taken.

    Raises:
        NotTakenError: it did not arrive in all this time.
        RefusedMessageError: the receiver does not want it.

    """
    retrying = stamina.retry_context(
        on=NotTakenError, attempts=ATTEMPTS, timeout=PATIENCE, wait_initial=first_wait, wait_max=30, wait_jitter=0
    )
    for attempt in retrying:
        with attempt:
            outgoing.attempt(int(clock()))


def failure_of(outgoing: Outgoing, *, first_wait: float = FIRST_WAIT) -> str | None:
    """Send, and return why it did not arrive, in a sentence without its end; None if it did."""
    try:
        send(outgoing, first_wait=first_wait)
    except (NotTakenError, RefusedMessageError) as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - one receiver may not stop the others
        return type(error).__name__
    return None


class Sender:
    """Sends to each receiver in a thread of its own, in order; what fails is said and holds up nobody else."""

    def __init__(self, said: Callable[[str], None], *, first_wait: float = FIRST_WAIT) -> None:
        self._said, self._first_wait = said, first_wait
        self._waiting: dict[object, SimpleQueue[Outgoing | None]] = {}
        self._threads: list[threading.Thread] = []

    def put(self, waiting: Iterable[Outgoing]) -> None:
        """Send these when it is their turn."""
        for post in waiting:
            if post.receiver not in self._waiting:
                queue: SimpleQueue[Outgoing | None] = SimpleQueue()
                thread = threading.Thread(target=self._work, args=(queue,), name="acflow-webhooks", daemon=True)
                self._waiting[post.receiver] = queue
                self._threads.append(thread)
                thread.start()
            self._waiting[post.receiver].put(post)

    def stop(self, patience: float) -> bool:
        """Send what waits, for so many seconds; return whether all was dealt with."""
        for queue in self._waiting.values():
            queue.put(None)
        deadline = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self, waiting: "SimpleQueue[Outgoing | None]") -> None:
        while post := waiting.get():
            if failure := failure_of(post, first_wait=self._first_wait):
                self._said(f"The {post.what} did not reach {post.shown}: {failure.rstrip('.')}.")
