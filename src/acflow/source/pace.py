"""One budget of requests per account, shared by every thread of the process, and by other processes of this machine."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Protocol

MARGIN = 0.012  # seconds: what the network may add to one request and not to the next; each refusal adds as much
WIDEST_MARGIN = 0.03  # seconds in each: beyond 3 % of the budget it is not the network
LATEST = 0.5  # seconds: a request that is not written by then hangs, and nobody waits for it
ONE_REFUSAL, REFUSED_AGAIN = 1.05, 1.25  # how much wider the interval gets; a single 429 may be chance
LONGEST_INTERVAL = 2.0
LONGEST_PAUSE = 60.0
KEPT = 16  # slots at least, for a process that sends faster than this one


@dataclass(slots=True, eq=False)
class Slot:
    """One request's moment: when it was due, and when its last byte really left."""

    number: int
    due: float
    left: float | None = None


@dataclass(slots=True)
class PaceState:
    """What all who read an account know of its budget, in seconds of the machine's monotonic clock.

    `interval` is 0 while the account has not asked for a wider one than each reader's own.
    """

    next: float = 0.0
    paused_until: float = 0.0
    interval: float = 0.0
    margin: float = MARGIN
    strikes: int = 0
    slots: list[Slot] = field(default_factory=list)

    def find(self, number: int) -> Slot | None:
        """Return a slot, if it is not long ago."""
        return next((slot for slot in reversed(self.slots) if slot.number == number), None)


class Budget(Protocol):
    """Where the state is kept."""

    def open(self) -> AbstractContextManager[PaceState]:
        """Yield the state to one reader at a time; what is changed in it is there for the next."""


class OwnBudget:
    """The state of one process."""

    def __init__(self) -> None:
        self._state, self._lock = PaceState(), threading.Lock()

    @contextmanager
    def open(self) -> Iterator[PaceState]:
        """Yield the state to one thread at a time."""
        with self._lock:
            yield self._state


class Pace:
    """Hands out evenly spaced moments to send.

    A burst of five draws 429s from a sliding window, so requests leave one by one; and because threads oversleep, each
    also keeps its distance from the moment at which the request five places before it really left. When the account
    says that its budget is spent (other programs share it, or requests came closer together than they left) every
    thread waits, and the interval widens until answers are good again; the distance stays a little wider.
    https://developers.activecampaign.com/reference/rate-limits
    """

    def __init__(
        self,
        per_second: float,
        budget: Budget | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Set the budget in requests per second; 0 sends without pause."""
        self.per_second = per_second
        self._budget = budget or OwnBudget()
        self._shortest = 1 / per_second if per_second else 0.0
        self._window = max(1, math.ceil(per_second))  # requests
        self._window_seconds = self._window * self._shortest
        self._clock, self._sleep = clock, sleep
        self._widened = False  # whether the account has asked for more distance, as far as this reader has seen
        self.sent = 0
        self.last_sent = 0.0  # seconds of the clock

    def wait(self) -> Slot:
        """Return when it is this caller's turn to send; tell `left` when the request has."""
        while True:
            slot = self._reserved()
            self._sleep_until(slot.due)
            while True:
                with self._budget.open() as state:
                    opens = self._opens(state, slot.number - self._window)
                    if opens <= self._clock():
                        if slot.due >= state.paused_until:
                            self.sent += 1
                            self.last_sent = self._clock()
                            return slot
                        break
                self._sleep_until(opens)
            self._note_left(slot.number, slot.due)  # it never will: the account was paused meanwhile

    def _reserved(self) -> Slot:
        with self._budget.open() as state:
            number = state.slots[-1].number + 1 if state.slots else 0
            slot = Slot(number, max(self._clock(), state.next, state.paused_until))
            state.next = slot.due + max(self._shortest, state.interval)
            state.slots.append(slot)
            del state.slots[: -max(self._window + 1, KEPT)]
            self._widened = bool(state.interval or state.strikes)
            return slot

    def _opens(self, state: PaceState, number: int) -> float:
        """Return when a request, the one five places before, is out of the account's window."""
        before = state.find(number)
        if before is None or not self._shortest:
            return 0.0
        now = self._clock()
        left = before.left if before.left is not None else max(before.due, min(now, before.due + LATEST))
        return left + self._window_seconds + state.margin

    def left(self, slot: Slot) -> None:
        """Take note that a request has left for the network."""
        self._note_left(slot.number, self._clock())

    def _note_left(self, number: int, moment: float) -> None:
        with self._budget.open() as state:
            if slot := state.find(number):
                slot.left = moment

    def _sleep_until(self, moment: float) -> None:
        remaining = moment - self._clock()
        if remaining > 0:
            self._sleep(remaining)

    def pause(self, seconds: float | None) -> float:
        """Make everybody wait: the seconds the server asked for, or ever longer ones. Return the seconds."""
        with self._budget.open() as state:
            now = self._clock()
            if now >= state.paused_until:  # threads that are told at the same time count once
                state.strikes += 1
                state.margin = min(state.margin + MARGIN, WIDEST_MARGIN)
                wider = ONE_REFUSAL if state.strikes == 1 else REFUSED_AGAIN
                interval = max(state.interval, self._shortest, 0.02)
                state.interval = min(interval * wider, LONGEST_INTERVAL)
            self._widened = True
            pause = min(2.0 ** (state.strikes - 1), LONGEST_PAUSE) if seconds is None else seconds
            state.paused_until = max(state.paused_until, now + pause)
            state.next = state.paused_until
            return pause

    def good(self) -> None:
        """Take note of a good answer: strikes are forgotten and the interval closes up slowly."""
        if not self._widened:
            return
        with self._budget.open() as state:
            state.strikes = 0
            narrower = state.interval * 0.99
            state.interval = narrower if narrower > self._shortest else 0.0
