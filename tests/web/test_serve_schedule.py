"""Which flows are due or stale, as a matter of arithmetic; and that APScheduler rings at the times it is given."""

import threading
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from acflow.app.schedules import Last, Timetable
from acflow.flows.file import load_flow_text
from acflow.web.schedule import Scheduler

FILE = load_flow_text("""
timezone: Europe/Rome
flows:
  often: {entity: forms, schedule: {every: 15m}}
  daily: {entity: lists, schedule: "0 6 * * *"}
  never: {entity: deals}
""")
SINCE = datetime(2026, 5, 1, 10, 7, tzinfo=UTC)
TABLE = Timetable.of(FILE, SINCE)


def test_a_flow_that_never_ran_waits_for_its_first_time() -> None:
    """Starting a service is no reason to read a whole account."""
    assert TABLE.due({}, SINCE) == ()
    assert TABLE.due({}, SINCE + timedelta(minutes=7)) == ()
    assert TABLE.due({}, SINCE + timedelta(minutes=8)) == ("often",)


def test_flows_due_at_one_time_are_due_together() -> None:
    """So they go into one run, which reads each entity once."""
    assert TABLE.due({}, SINCE + timedelta(days=1)) == ("often", "daily")


def test_however_many_times_were_missed_the_next_is_one() -> None:
    """A computer that was off for a month runs each flow once, and then goes on as before."""
    month_ago = Last(tried=SINCE - timedelta(days=30))
    assert TABLE.due({"daily": month_ago}, SINCE) == ("daily",)
    assert TABLE.due({"daily": Last(tried=SINCE)}, SINCE) == ()
    assert TABLE.next("daily", Last(tried=SINCE)) == datetime(2026, 5, 2, 4, tzinfo=UTC)


def test_a_run_that_was_cut_off_is_due_at_once() -> None:
    """It has not done what its time was for."""
    assert TABLE.due({"daily": Last(tried=SINCE - timedelta(minutes=1), cut_off=True)}, SINCE) == ("daily",)


def test_a_flow_is_stale_after_two_intervals_without_success() -> None:
    """Failed runs count as much as none: what matters is how old the table is."""
    well = SINCE + timedelta(days=1, minutes=-7)  # 10:00; due at 10:15, so the limit is 10:45
    lasts = {"often": Last(tried=well + timedelta(minutes=31), well=well)}
    assert TABLE.stale(lasts, well + timedelta(minutes=45)) == ()
    assert "often" in TABLE.stale(lasts, well + timedelta(minutes=46))


def test_nobody_is_stale_before_there_was_a_chance() -> None:
    """After a month without power, the first thing told is not that everything is late."""
    assert TABLE.stale({"daily": Last(well=SINCE - timedelta(days=30))}, SINCE + timedelta(minutes=20)) == ()


@given(ago=st.integers(0, 10**7), pause=st.integers(1, 10**6))
def test_a_flow_that_has_just_run_is_not_due(ago: int, pause: int) -> None:
    """Whatever the moment, a run satisfies every time up to it, and the next time comes again."""
    now = SINCE + timedelta(seconds=ago)
    lasts = {name: Last(tried=now) for name in TABLE.schedules}
    assert TABLE.due(lasts, now) == ()
    assert TABLE.next("often", lasts["often"]) <= now + timedelta(minutes=15)
    assert set(TABLE.due(lasts, now + timedelta(seconds=pause))) <= {"often", "daily"}


def test_the_alarm_rings_at_the_times_of_now_and_no_others() -> None:
    """After a change of the file, the old times are over."""
    old, new, looked = threading.Event(), threading.Event(), threading.Event()
    soon = timedelta(milliseconds=20)
    scheduler = Scheduler(every=0.02, look=looked.set)
    scheduler.set([("a", lambda moment: moment + timedelta(hours=1))], old.set)
    scheduler.set([("a", lambda moment: moment + soon), ("b", lambda moment: moment + soon)], new.set)
    scheduler.start()
    try:
        assert new.wait(10)
        new.clear()
        assert new.wait(10), "it rings more than once"
        assert looked.wait(10)
    finally:
        scheduler.stop()
    assert not old.is_set()
