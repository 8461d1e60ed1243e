"""One budget of requests per account, shared by every thread of the process."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

MARGIN = 0.012  # seconds: what the network may add to one request and not to the next; each refusal adds as much
WIDEST_MARGIN = 0.03  # seconds in each: beyond 3 % of the budget it is not the network
LATEST = 0.5  # seconds: a request that is not written by then hangs, and nobody waits for it
ONE_REFUSAL, REFUSED_AGAIN = 1.05, 1.25  # how much wider the interval gets; a single 429 may be chance
LONGEST_INTERVAL = 2.0
LONGEST_PAUSE = 60.0


@dataclass(slots=True, eq=False)
class Slot:
    """One request's moment: when it was due, and when its last byte really left."""

    due: float
    left: float | None = None


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
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Set the budget in requests per second; 0 sends without pause."""
        self.per_second = per_second
        self._shortest = 1 / per_second if per_second else 0.0
        self._interval = self._shortest
        self._recent: deque[Slot] = deque(maxlen=max(1, math.ceil(per_second)))
        self._recent_seconds = (self._recent.maxlen or 0) * self._shortest
        self._margin = MARGIN
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._next = 0.0
        self._paused_until = 0.0
        self._strikes = 0
        self.sent = 0
        self.last_sent = 0.0  # seconds of the clock

    def wait(self) -> Slot:
        """Return when it is this caller's turn to send; tell `left` when the request has."""
        while True:
            with self._lock:
                slot = Slot(max(self._clock(), self._next, self._paused_until))
                self._next = slot.due + self._interval
                full = len(self._recent) == self._recent.maxlen
                before = self._recent[0] if full and self._shortest else None
                self._recent.append(slot)
            self._sleep_until(slot.due)
            while before and (opens := self._opens(before)) > self._clock():
                self._sleep_until(opens)
            with self._lock:
                if slot.due >= self._paused_until:
                    self.sent += 1
                    self.last_sent = self._clock()
                    return slot
                slot.left = slot.due  # it never will: the account was paused meanwhile

    def _opens(self, before: Slot) -> float:
        """Return when the request five places before is out of the account's window."""
        now = self._clock()
        left = before.left if before.left is not None else max(before.due, min(now, before.due + LATEST))
        return left + self._recent_seconds + self._margin

    def left(self, slot: Slot) -> None:
        """Take note that a request has left for the network."""
        slot.left = self._clock()

    def _sleep_until(self, moment: float) -> None:
        remaining = moment - self._clock()
        if remaining > 0:
            self._sleep(remaining)

    def pause(self, seconds: float | None) -> float:
        """Make every thread wait: the seconds the server asked for, or ever longer ones. Return the seconds."""
        with self._lock:
            now = self._clock()
            if now >= self._paused_until:  # threads that are told at the same time count once
                self._strikes += 1
                self._margin = min(self._margin + MARGIN, WIDEST_MARGIN)
                wider = ONE_REFUSAL if self._strikes == 1 else REFUSED_AGAIN
                self._interval = min(max(self._interval, 0.02) * wider, LONGEST_INTERVAL)
            pause = min(2.0 ** (self._strikes - 1), LONGEST_PAUSE) if seconds is None else seconds
            self._paused_until = max(self._paused_until, now + pause)
            self._next = self._paused_until
            return pause

    def good(self) -> None:
        """Take note of a good answer: strikes are forgotten and the interval closes up slowly."""
        if self._interval > self._shortest or self._strikes:
            with self._lock:
                self._strikes = 0
                self._interval = max(self._shortest, self._interval * 0.99)
