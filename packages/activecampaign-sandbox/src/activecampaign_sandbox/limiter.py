"""The account's budget of requests, in the two kinds of window that a server may use."""

from collections import deque

from activecampaign_sandbox.behaviour import Behaviour


class Limiter:
    """Counts requests per window; asked and answered on the server's one thread."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._rate, self._width = behaviour.rate, behaviour.window_seconds
        self._fixed, self._count_rejected = behaviour.window == "fixed", behaviour.rejected_count
        self._taken: deque[float] = deque()

    def admits(self, now: float) -> bool:
        """Tell whether a request at this moment is within the budget, and count it."""
        if self._rate is None:
            return True
        start = now // self._width * self._width if self._fixed else now - self._width
        while self._taken and (self._taken[0] < start if self._fixed else self._taken[0] <= start):
            self._taken.popleft()
        admitted = len(self._taken) < self._rate
        if admitted or self._count_rejected:
            self._taken.append(now)
        return admitted
