"""When a flow runs: a cron line or a steady interval, in a time zone."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

INTERVAL = re.compile(r"([1-9][0-9]{0,4})\s*([mhdw])")
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
CRON_FIELDS = 5
EPOCH = datetime(1970, 1, 5)  # noqa: DTZ001 - a Monday in local time, so that weeks begin there


def parse_interval(text: str) -> timedelta:
    """Read `15m`, `1h`, `1d` or `2w` as a duration."""
    found = INTERVAL.fullmatch(text.strip())
    if not found:
        raise ValueError("`every` takes a number and m, h, d or w, such as 15m, 1h or 1d")
    return int(found[1]) * UNITS[found[2]]


def check_cron(line: str) -> str:
    """Return a cron line of five fields that comes true some day; otherwise ValueError says why not."""
    from croniter import CroniterError, croniter  # type: ignore[import-untyped]

    if INTERVAL.fullmatch(line.strip()):
        raise ValueError(f"`{line}` is no cron line; write {{every: {line.strip()}}}")
    if len(line.split()) != CRON_FIELDS:
        raise ValueError('a cron line has five fields: minute, hour, day, month, weekday, such as "0 6 * * *"')
    try:
        croniter(line, EPOCH).get_next(datetime)
    except (CroniterError, ValueError) as error:
        raise ValueError(f"not a schedule that ever comes: {error}") from None
    return " ".join(line.split())


class Schedule(BaseModel):
    """Either `cron` or `every`; `timezone` falls back on that of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cron: str | None = Field(default=None, description="Minute, hour, day, month, weekday.", examples=["0 6 * * *"])
    every: str | None = Field(
        default=None, description="A steady interval: 15m, 1h, 1d, 1w.", examples=["15m", "1h", "1d"]
    )
    timezone: str | None = Field(default=None, description="Time zone of the schedule, such as Europe/Rome.")

    @field_validator("cron")
    @classmethod
    def _cron(cls, value: str | None) -> str | None:
        return None if value is None else check_cron(value)

    @field_validator("every")
    @classmethod
    def _every(cls, value: str | None) -> str | None:
        if value is not None:
            parse_interval(value)
        return value

    @field_validator("timezone")
    @classmethod
    def _timezone(cls, value: str | None) -> str | None:
        return None if value is None else check_timezone(value)

    @model_validator(mode="after")
    def _one(self) -> "Schedule":
        if (self.cron is None) == (self.every is None):
            raise ValueError("a schedule has either `cron` or `every`")
        return self

    def next_after(self, moment: datetime, zone: str = "UTC") -> datetime:
        """Return the first time after a moment, as a UTC instant.

        Minutes and hours are counted in UTC, days and weeks from midnight of the zone, so that a change of the clock
        moves neither. An hour that the clock skips is taken as the one after it; of one that comes twice, the first.
        """
        local = ZoneInfo(self.timezone or zone)
        if self.every is None:
            return self._next_cron(moment, local)
        step = parse_interval(self.every)
        if step < UNITS["d"]:
            start = EPOCH.replace(tzinfo=UTC)
            return start + ((moment - start) // step + 1) * step
        naive = moment.astimezone(local).replace(tzinfo=None)
        following = EPOCH + ((naive - EPOCH) // step + 1) * step
        return following.replace(tzinfo=local).astimezone(UTC)

    def _next_cron(self, moment: datetime, local: ZoneInfo) -> datetime:
        from croniter import croniter

        dates = croniter(self.cron, moment.astimezone(local).replace(tzinfo=None, fold=0))
        while True:
            candidate: datetime = dates.get_next(datetime)
            instant = candidate.replace(tzinfo=local).astimezone(UTC)
            if instant > moment:
                return instant


def check_timezone(name: str) -> str:
    """Return a time zone that this computer knows."""
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # not found, a folder of zones, no relative path
        raise ValueError("unknown time zone; names are like Europe/Rome, America/New_York or UTC") from None
    return name
