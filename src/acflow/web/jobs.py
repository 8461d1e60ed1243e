"""RunOptions for a run from outside, and what became of them."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

MOST_KEPT = 1000  # wishes that can still be asked after


class State(StrEnum):
    """How far a wish has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(slots=True)
class Job:
    """A wish for one run of one flow. `run` is the ledger's id, once there is one to look up."""

    job_id: str
    flow: str
    state: State = State.WAITING
    run: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """Return the ticket as JSON values."""
        return {"handle": self.job_id, "flow": self.flow, "state": self.state.value, "run": self.run}


class Jobs:
    """Who asked for what. A flow that waits already is not put down twice; one that runs is, to run once more."""

    def __init__(self) -> None:
        self._all: OrderedDict[str, Job] = OrderedDict()
        self._waiting: dict[str, Job] = {}

    def ask(self, flow: str) -> Job:
        """Put down a wish."""
        if flow not in self._waiting:
            job = Job(uuid4().hex, flow)
            self._waiting[flow] = self._all[job.job_id] = job
            while len(self._all) > MOST_KEPT:
                self._all.popitem(last=False)
        return self._waiting[flow]

    def find(self, job_id: str) -> Job | None:
        """Return the ticket of a handle."""
        return self._all.get(job_id)

    def forget(self) -> None:
        """Leave what waits undone."""
        for job in self._waiting.values():
            job.state = State.FAILED
        self._waiting.clear()

    @property
    def waiting(self) -> tuple[str, ...]:
        """The flows that somebody waits for."""
        return tuple(self._waiting)

    def begin(self, flows: Iterable[str]) -> list[Job]:
        """Take the tickets of these flows off the pile; they run now."""
        begun = [self._waiting.pop(flow) for flow in flows if flow in self._waiting]
        for job in begun:
            job.state = State.RUNNING
        return begun
