"""The budget, on a clock that is moved by hand."""

import threading
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from acflow.source.pace import LONGEST_INTERVAL, LONGEST_PAUSE, Pace


class Clock:
    """Seconds that pass only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def paced(per_second: float = 5.0) -> tuple[Pace, Clock, Callable[[], float]]:
    """Return a pace, its clock, and a way to send that returns the moment."""
    clock = Clock()
    pace = Pace(per_second, clock=clock, sleep=clock.sleep)

    def send() -> float:
        pace.left(pace.wait())
        return clock.now

    return pace, clock, send


@given(st.lists(st.floats(0, 3), min_size=10, max_size=60))
def test_no_second_ever_sees_a_sixth_request(pauses: list[float]) -> None:
    """However the work comes in, no window of one second holds more than five."""
    _, clock, send = paced()
    moments = []
    for pause in pauses:
        clock.sleep(pause)
        moments.append(send())
    for first, sixth in zip(moments, moments[5:], strict=False):
        assert sixth - first > 1.0


def test_who_oversleeps_keeps_the_next_from_crowding_the_window() -> None:
    """A request that left late counts from when it left, and the lost time is made up behind it."""
    pace, clock, send = paced()
    moments = [send() for _ in range(10)]
    slot = pace.wait()
    clock.sleep(0.09)
    pace.left(slot)
    moments.append(clock.now)
    moments += [send() for _ in range(20)]
    for first, sixth in zip(moments, moments[5:], strict=False):
        assert sixth - first > 1.0
    assert moments[-1] - moments[0] < 30 * 0.2 * 1.04


def test_a_request_that_hangs_is_not_waited_for() -> None:
    """One connection that does not come about must not stop the account."""
    pace, clock, send = paced()
    pace.wait()
    before = clock.now
    for _ in range(5):
        send()
    assert clock.now - before < 2


def test_the_budget_is_used_to_the_full() -> None:
    """A hundred requests take twenty seconds and a little."""
    _, clock, send = paced()
    start = clock.now
    for _ in range(101):
        send()
    assert 20 <= clock.now - start <= 20 * 1.03


def test_everyone_waits_when_the_account_says_so() -> None:
    """Retry-After holds for the next request of whoever comes."""
    pace, clock, send = paced()
    send()
    told = clock.now
    assert pace.pause(30) == 30
    assert send() >= told + 30


def test_without_retry_after_pauses_grow_and_are_bounded() -> None:
    """Each strike doubles the pause; a good answer forgets them."""
    pace, _, send = paced()
    pauses = []
    for _ in range(10):
        send()
        pauses.append(pace.pause(None))
    assert pauses[:4] == [1, 2, 4, 8]
    assert max(pauses) <= LONGEST_PAUSE
    pace.good()
    send()
    assert pace.pause(None) == 1


def test_threads_that_are_told_together_count_once() -> None:
    """Three 429s of one burst are one strike."""
    pace, _, send = paced()
    send()
    assert [pace.pause(None) for _ in range(3)] == [1, 1, 1]


def test_a_budget_that_others_share_is_used_more_slowly_and_closes_up_again() -> None:
    """Each 429 widens the interval, each good answer narrows it a little, to the full budget again."""
    pace, clock, send = paced()
    for _ in range(20):
        send()
        pace.pause(0)
    before = clock.now
    send()
    send()
    assert 0.5 < clock.now - before <= 2 * LONGEST_INTERVAL
    for _ in range(1000):
        pace.good()
    send()
    before = clock.now
    send()
    assert clock.now - before < 0.21


def test_refusals_teach_to_keep_a_wider_distance_at_a_price_that_is_small() -> None:
    """Requests that leave a second apart may arrive closer together, on this network for good."""
    pace, _, send = paced()
    for _ in range(5):
        send()
        pace.pause(0)
    for _ in range(1000):
        pace.good()
    moments = [send() for _ in range(101)]
    assert all(sixth - first > 1.025 for first, sixth in zip(moments[10:], moments[15:], strict=False))
    assert moments[-1] - moments[10] < 90 / 5 / 0.97


def test_zero_sends_without_pause() -> None:
    """The sandbox may be read as fast as this machine can."""
    _, clock, send = paced(0)
    start = clock.now
    for _ in range(1000):
        send()
    assert clock.now == start


def test_threads_share_one_budget() -> None:
    """Eight threads get evenly spaced moments, none of them twice."""
    pace = Pace(500)
    moments: list[float] = []

    def work() -> None:
        for _ in range(10):
            pace.left(pace.wait())
            moments.append(pace.last_sent)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pace.sent == 80
    assert max(moments) - min(moments) >= 79 / 500
