"""How the run that goes on now is getting along, for pages that show it."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from acflow.app import events
from acflow.app.events import Event, Step


@dataclass(frozen=True, slots=True)
class EntityProgress:
    """How far the reading of one entity has come; `seconds_left` is None where nobody can tell."""

    name: str
    received: int
    total: int | None
    over: bool
    per_second: float
    waiting_for: str = ""

    @property
    def seconds_left(self) -> float | None:
        """How long it will take if it goes on so."""
        if self.over or self.total is None or not self.per_second:
            return None
        return max(0, self.total - self.received) / self.per_second


@dataclass(frozen=True, slots=True)
class RunProgress:
    """The run that goes on: what it runs, which phase it is in, and what is done. `version` grows with every change."""

    flows: tuple[str, ...]
    began: datetime
    phase: str = "read"
    entities: tuple[EntityProgress, ...] = ()
    done: Mapping[str, str] = field(default_factory=dict)  # status by flow
    log: tuple[str, ...] = ()
    cancelling: bool = False
    version: int = 0


PHASES = tuple(step.value for step in Step)
LOG_LINES = 200


class Live:
    """Listens to a run; pages ask for `now`, and wait for the next change in `wait`."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._now: RunProgress | None = None
        self._entities: dict[str, EntityProgress] = {}
        self.ended = 0  # how many runs have ended since the start

    @property
    def now(self) -> RunProgress | None:
        """The run that goes on, None if there is none."""
        return self._now

    def wait(self, version: int, seconds: float) -> RunProgress | None:
        """Return the run that goes on once it differs from a version, or after these seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._now is None or self._now.version != version, seconds)
            return self._now

    def settle(self, seconds: float) -> None:
        """Let some changes come together before they are shown; ends early with the run."""
        with self._changed:
            self._changed.wait_for(lambda: self._now is None, seconds)

    def begin(self, flows: tuple[str, ...]) -> None:
        """Note that a run begins."""
        self._entities = {}
        self._set(RunProgress(flows, datetime.now(UTC)))

    def end(self) -> None:
        """Note that it has ended."""
        with self._changed:
            self._now = None
            self.ended += 1
            self._changed.notify_all()

    def cancelling(self) -> None:
        """Note that somebody wants it to end."""
        if self._now:
            self._set(replace(self._now, cancelling=True))

    def take(self, event: Event) -> None:
        """Note what the run tells."""
        if self._now is None:
            return
        if isinstance(event, events.EntityProgress):
            self._entities[event.entity] = _shown(event)
            self._set(replace(self._now, entities=tuple(self._entities.values())))
        elif isinstance(event, events.Phase):
            names = f": {', '.join(event.names)}" if event.names else ""
            log = self._logged(f"{event.step.value}{names}")
            self._set(replace(self._now, phase=event.step.value, log=log))
        elif isinstance(event, events.FlowDone):
            self._set(replace(self._now, done={**self._now.done, event.flow: event.status}))
        elif isinstance(event, events.Remark):
            self._set(replace(self._now, log=self._logged(event.text)))

    def _logged(self, line: str) -> tuple[str, ...]:
        return (*(self._now.log if self._now else ()), line)[-LOG_LINES:]

    def _set(self, progress: RunProgress) -> None:
        with self._changed:
            self._now = replace(progress, version=progress.version + 1)
            self._changed.notify_all()


def _shown(event: events.EntityProgress) -> EntityProgress:
    return EntityProgress(
        name=event.entity,
        received=event.rows,
        total=event.rows if event.done else event.total,
        over=event.done,
        per_second=event.rows / event.seconds if event.seconds >= 1 else 0.0,
        waiting_for=event.waiting_for or "",
    )
