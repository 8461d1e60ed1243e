"""When flows are due: worked out from their schedules and their last runs. No clock is read here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apscheduler.triggers.base import BaseTrigger

from acflow.flows.schedule import Schedule
from acflow.flows.spec import FlowFile

PATIENCE = 2  # intervals that a flow may be late before it is stale


@dataclass(frozen=True, slots=True)
class Last:
    """The last time that a flow was run, what became of it, and the last time that it went well.

    A run that was `cut_off`, by a kill or a power failure, has to be made up for.
    """

    tried: datetime | None = None
    well: datetime | None = None
    run: str | None = None
    status: str | None = None
    rows: int | None = None
    cut_off: bool = False


NEVER = Last()


@dataclass(frozen=True)
class Timetable:
    """The schedules of a flow file. A flow that never ran counts from `since`, when somebody began to look."""

    schedules: Mapping[str, Schedule]
    zone: str
    since: datetime

    @classmethod
    def of(cls, file: FlowFile, since: datetime) -> "Timetable":
        """Return the timetable of a flow file."""
        schedules = {name: flow.schedule for name, flow in file.flows.items() if flow.schedule}
        return cls(schedules, file.timezone, since)

    def following(self, name: str, moment: datetime) -> datetime:
        """Return the first time of a flow after a moment."""
        return self.schedules[name].next_after(moment, self.zone)

    def next(self, name: str, last: Last) -> datetime:
        """Return when a flow is due; that may have passed, however many times over."""
        if last.cut_off and last.tried:
            return last.tried
        return self.following(name, last.tried or self.since)

    def due(self, lasts: Mapping[str, Last], now: datetime) -> tuple[str, ...]:
        """Return the flows whose time has come since their last run, each once, in the order of the file."""
        return tuple(name for name in self.schedules if self.next(name, lasts.get(name, NEVER)) <= now)

    def stale(self, lasts: Mapping[str, Last], now: datetime) -> tuple[str, ...]:
        """Return the flows that should have gone well more than two of their intervals ago, and did not.

        Nobody is late for what was due before somebody looked: the interval counts from `since` at the earliest.
        """
        return tuple(name for name in self.schedules if now > self._latest(name, lasts.get(name, NEVER)))

    def _latest(self, name: str, last: Last) -> datetime:
        first = max(self.following(name, last.well or self.since), self.since)
        return first + PATIENCE * (self.following(name, first) - first)


class Times(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """Gives APScheduler the times of a flow file's schedule, which keeps its own word on clocks that change."""

    def __init__(self, following: Callable[[datetime], datetime]) -> None:
        self._following = following

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return self._following(previous_fire_time or now)


class Scheduler:
    """Wakes somebody at each time of a timetable, and every few seconds beside it."""

    def __init__(self, *, every: float, look: Callable[[], None]) -> None:
        from apscheduler.executors.debug import DebugExecutor
        from apscheduler.schedulers.background import BackgroundScheduler

        # Jobs only ring, so they need no threads of their own.
        defaults = {"coalesce": True, "misfire_grace_time": None}
        self._scheduler: Any = BackgroundScheduler(
            executors={"default": DebugExecutor()}, job_defaults=defaults, timezone="UTC"
        )
        self._scheduler.add_job(look, "interval", seconds=every, id="look")

    def set(self, times: Iterable[tuple[str, Callable[[datetime], datetime]]], wake: Callable[[], None]) -> None:
        """Ring at these times, and at no others that were set before."""
        for job in self._scheduler.get_jobs():
            if job.id != "look":
                job.remove()
        for name, following in times:
            self._scheduler.add_job(wake, Times(following), id=f"flow {name}")

    def start(self) -> None:
        """Begin, in a thread."""
        self._scheduler.start()

    def stop(self) -> None:
        """End; nothing rings any more."""
        self._scheduler.shutdown(wait=False)
