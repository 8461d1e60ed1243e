"""The budget of requests, by a clock that the test moves."""

import pytest

from activecampaign_sandbox import Behaviour, World
from activecampaign_sandbox.limiter import Limiter
from asking import Ask


def admitted(behaviour: Behaviour, *moments: float) -> list[bool]:
    """Return which of the requests at these moments get through."""
    limiter = Limiter(behaviour)
    return [limiter.admits(moment) for moment in moments]


def test_a_sliding_window_counts_the_last_second() -> None:
    """Five at the end of one second leave nothing for the beginning of the next."""
    late = [10.8, 10.82, 10.84, 10.86, 10.88]
    assert admitted(Behaviour(rate=5), *late, 11.1, 11.81, 11.815) == [True] * 5 + [False, True, False]


def test_a_fixed_window_starts_anew_with_each_second() -> None:
    """The same requests get through here."""
    late = [10.8, 10.82, 10.84, 10.86, 10.88]
    behaviour = Behaviour(rate=5, window="fixed")
    assert admitted(behaviour, *late, 10.99, 11.1, 11.2) == [True] * 5 + [False, True, True]


def test_even_spacing_is_never_refused() -> None:
    """Four a second, one every quarter of it."""
    assert all(admitted(Behaviour(rate=4), *(n * 0.25 for n in range(100))))


def test_refused_requests_may_cost_too() -> None:
    """Then whoever hammers gets nothing at all."""
    moments = [n * 0.1 for n in range(40)]
    assert sum(admitted(Behaviour(rate=5), *moments)) == 20
    assert sum(admitted(Behaviour(rate=5, rejected_count=True), *moments)) == 5


def test_without_a_rate_everything_gets_through() -> None:
    """The default, for tests."""
    assert all(admitted(Behaviour(), *([1.0] * 1000)))


@pytest.mark.parametrize(("status", "wait"), [(429, 1), (429, 30), (429, None), (503, None)])
def test_the_server_refuses_what_is_over_the_budget(ask: Ask, small: World, status: int, wait: int | None) -> None:
    """And says how long to wait, or not; the log counts it."""
    behaviour = Behaviour(rate=3, window_seconds=3600, rate_status=status, retry_after=wait)  # type: ignore[arg-type]
    client = ask(small, behaviour)
    answers = [client.get("lists") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, status, status]
    assert answers[4].headers.get("retry-after") == (str(wait) if wait else None)
    assert [record.status for record in client.sandbox.requests] == [200, 200, 200, status, status]
