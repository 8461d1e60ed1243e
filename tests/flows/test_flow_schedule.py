"""When flows run: intervals that stay where they are, cron lines, clocks that change."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acflow.flows.schedule import Schedule

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


def at(text: str) -> datetime:
    """Return a moment of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "moment", "following"),
    [
        ({"every": "15m"}, "2026-05-01 10:07", "2026-05-01 10:15"),
        ({"every": "15m"}, "2026-05-01 10:15", "2026-05-01 10:30"),
        ({"every": "1h"}, "2026-05-01 10:59:59", "2026-05-01 11:00"),
        ({"every": "1d"}, "2026-05-01 10:00", "2026-05-02 00:00"),
        ({"every": "1d", "timezone": "Europe/Rome"}, "2026-05-01 10:00", "2026-05-01 22:00"),
        ({"every": "1w"}, "2026-05-01 10:00", "2026-05-04 00:00"),
        ({"cron": "0 6 * * *"}, "2026-05-01 10:00", "2026-05-02 06:00"),
        ({"cron": "0 6 * * *", "timezone": "America/New_York"}, "2026-05-01 09:00", "2026-05-01 10:00"),
        ({"cron": "30 8 * * mon-fri"}, "2026-05-01 09:00", "2026-05-04 08:30"),
        ({"cron": "0 0 * * 0"}, "2026-05-01 00:00", "2026-05-03 00:00"),
        # In Rome the clock goes from 2 to 3 on 2026-03-29, and from 3 back to 2 on 2026-10-25.
        ({"cron": "30 2 * * *", "timezone": "Europe/Rome"}, "2026-03-28 12:00", "2026-03-29 01:30"),
        ({"cron": "30 2 * * *", "timezone": "Europe/Rome"}, "2026-03-29 01:30", "2026-03-30 00:30"),
        ({"cron": "30 2 * * *", "timezone": "Europe/Rome"}, "2026-10-24 12:00", "2026-10-25 00:30"),
        ({"cron": "30 2 * * *", "timezone": "Europe/Rome"}, "2026-10-25 00:30", "2026-10-26 01:30"),
        ({"every": "1h", "timezone": "Europe/Rome"}, "2026-10-25 00:30", "2026-10-25 01:00"),
    ],
)
def test_the_next_time(schedule: dict[str, str], moment: str, following: str) -> None:
    """Sunday is 0, a skipped hour is made up for, a doubled one runs once, and an hour is always an hour."""
    assert Schedule.model_validate(schedule).next_after(at(moment)) == at(following)


def test_the_zone_of_the_file_holds_where_the_schedule_names_none() -> None:
    """One line in the file spares one in every flow."""
    schedule = Schedule(cron="0 6 * * *")
    assert schedule.next_after(at("2026-07-01 00:00"), "Europe/Rome") == at("2026-07-01 04:00")


@given(
    moment=MOMENTS,
    schedule=st.sampled_from(["5m", "7m", "1h", "6h", "1d", "1w", "*/10 * * * *", "0 6 * * 1", "0 2 1 * *"]),
    zone=st.sampled_from(["UTC", "Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]),
)
def test_time_goes_on(moment: datetime, schedule: str, zone: str) -> None:
    """The next time is later, and nothing lies between a time and the one that follows it."""
    key = "cron" if " " in schedule else "every"
    made = Schedule.model_validate({key: schedule, "timezone": zone})
    first = made.next_after(moment)
    assert first > moment
    assert made.next_after(first - timedelta(seconds=1)) == first
