"""One budget of requests per account, shared by every thread of the process."""

import threading
import time
from collections.abc import Callable

MARGIN = 1.015  # five evenly spaced requests take 1.015 s: jitter must not squeeze a sixth into one second
LONGEST_INTERVAL = 2.0
LONGEST_PAUSE = 60.0


class Pace:
    """Hands out evenly spaced moments to send.

    A burst of five draws 429s from a sliding window, so requests leave one by one. When the account says that its
    budget is spent (other programs share it) every thread waits, and the interval widens until answers are good again.
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
        self._shortest = MARGIN / per_second if per_second else 0.0
        self._interval = self._shortest
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._next = 0.0
        self._paused_until = 0.0
        self._strikes = 0
        self.sent = 0
        self.last_sent = 0.0  # seconds of the clock

    def wait(self) -> None:
        """Return when it is this caller's turn to send."""
        while True:
            with self._lock:
                slot = max(self._clock(), self._next, self._paused_until)
                self._next = slot + self._interval
            self._sleep_until(slot)
            with self._lock:
                if slot >= self._paused_until:
                    self.sent += 1
                    self.last_sent = self._clock()
                    return

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
                self._interval = min(max(self._interval, 0.02) * 1.25, LONGEST_INTERVAL)
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
