"""Stamps by table: writing a time is the dearest part of writing a row."""

from datetime import UTC, datetime
from functools import lru_cache

from activecampaign_sandbox import clock

MINUTES_AND_SECONDS = tuple(f":{second // 60:02d}:{second % 60:02d}" for second in range(3600))


@lru_cache(maxsize=200_000)  # an entry per hour: more than twenty years
def _hour(hour: int) -> tuple[str, str]:
    stamped = clock.stamp(datetime.fromtimestamp(hour * 3600, UTC))
    return stamped[:13], stamped[19:]


def stamp(seconds: int) -> str:
    """Write seconds since 1970 with the account's offset."""
    if clock.fixed_offset() is not None:
        return clock.stamp(datetime.fromtimestamp(seconds, UTC))
    hour, rest = divmod(seconds, 3600)
    start, offset = _hour(hour)
    return start + MINUTES_AND_SECONDS[rest] + offset
