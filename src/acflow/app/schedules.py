"""When flows are due: worked out from their schedules and their last runs. No clock is read here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from acflow.app.runs import CUT_OFF, RUNNING, last_flow_runs, runs_of
from acflow.flows.schedule import Schedule
from acflow.flows.spec import FlowFile

if TYPE_CHECKING:
    from acflow.app.project import Project

PATIENCE = 2  # intervals that a flow may be late before it is stale
LOOK_BACK = 100  # runs of a flow among which its last success is looked for


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


def lasts(project: "Project") -> dict[str, Last]:
    """Return the last run of each flow that ever ran here, by whomever it was started."""
    result = {}
    for name, last in last_flow_runs(project).items():
        past = (last,) if last.whole else runs_of(project, name, LOOK_BACK)
        well = next((run.began for run in past if run.whole), None)
        # What still says it runs is known to be cut off by whoever may begin a run, so holds the project's lock.
        cut_off = last.status in {CUT_OFF, RUNNING}
        result[name] = Last(last.began, well, last.run, last.status, last.rows, cut_off)
    return result


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
