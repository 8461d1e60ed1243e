"""Rings at the times of a timetable; when flows are due is worked out by `acflow.app.schedules`."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from apscheduler.triggers.base import BaseTrigger


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
