"""How an account writes time: with its own offset, without any, or as a zero that means never."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from functools import cache

NOW = datetime(2026, 10, 30, 17, 0, tzinfo=UTC)  # the day on which the worlds begin
ZERO_DATE = "0000-00-00"
ZERO_TIME = "0000-00-00 00:00:00"

_SUNDAY = 6
_offset: ContextVar[timedelta | None] = ContextVar("offset of the account", default=None)  # None is US Central


@contextmanager
def zone(offset: timedelta | None) -> Iterator[None]:
    """Write and read times of an account with this offset, all year round, or with that of US Central."""
    before = _offset.set(offset)
    try:
        yield
    finally:
        _offset.reset(before)


def offset_of(text: str) -> timedelta | None:
    """Return the offset that a text such as +10:30 names; nothing names US Central.

    Raises ValueError for a text that names none.
    """
    if not text:
        return None
    found = re.fullmatch(r"([+-])(\d\d):(\d\d)", text)
    if not found:
        raise ValueError(f"{text!r} is no offset such as +10:30 or -05:00")
    size = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return -size if found[1] == "-" else size


def fixed_offset() -> timedelta | None:
    """Return the offset of an account that has the same one all year round."""
    return _offset.get()


@cache
def _sunday(year: int, month: int, nth: int) -> datetime:
    first = datetime(year, month, 1, tzinfo=UTC)
    return first + timedelta(days=(_SUNDAY - first.weekday()) % 7 + 7 * (nth - 1))


def offset_at(moment: datetime) -> timedelta:
    """Return the account's offset; US Central is reckoned here because not every machine has a zone database."""
    offset = _offset.get()
    if offset is not None:
        return offset
    summer_starts = _sunday(moment.year, 3, 2) + timedelta(hours=8)
    summer_ends = _sunday(moment.year, 11, 1) + timedelta(hours=7)
    return timedelta(hours=-5 if summer_starts <= moment < summer_ends else -6)


def _wall(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) + offset_at(moment)


def stamp(moment: datetime) -> str:
    """Write a moment as cdate, udate, mdate and their like have it: 2026-05-28T05:07:18-05:00."""
    minutes = int(offset_at(moment).total_seconds() // 60)
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    return f"{_wall(moment):%Y-%m-%dT%H:%M:%S}{sign}{hours:02d}:{rest:02d}"


def digits(moment: datetime) -> str:
    """Write a moment without zone, in the account's wall clock: 2026-05-28 05:07:18."""
    return f"{_wall(moment):%Y-%m-%d %H:%M:%S}"


def utc_stamp(moment: datetime) -> str:
    """Write a moment as the custom fields of deals have it, in true UTC: 2020-05-24T10:22:32+00:00."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}+00:00"


def mislabelled(moment: datetime) -> str:
    """Write a moment as stages have it when they are edited: a UTC clock with the account's offset, off by that."""
    return utc_stamp(moment)[:19] + stamp(moment)[19:]


def written(moment: datetime, field: str, *, utc: bool = False) -> str:
    """Write a moment as a field of this name has it; `utc` says that the record keeps true UTC."""
    if field.endswith("_timestamp"):
        return digits(moment)
    return utc_stamp(moment) if utc else stamp(moment)


def without_zone(stamped: str) -> str:
    """Turn the one form into the other: the `*_utc_timestamp` fields hold these local digits."""
    return stamped[:19].replace("T", " ")


def read(text: object) -> datetime | None:
    """Return the instant of a stamped or naive time (naive means the account's wall clock), or None."""
    if not isinstance(text, str) or not text or text.startswith("0000"):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is not None:
        return moment
    return (moment - offset_at(moment.replace(tzinfo=UTC))).replace(tzinfo=UTC)
