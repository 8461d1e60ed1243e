"""How the run that goes on now is getting along, for pages that show it."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from acflow.app import FlowResult
    from acflow.source.reader import EntityRead


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


PHASES = ("read", "load", "compute", "deliver")
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

    def walked(self, read: "EntityRead") -> None:
        """Note a page of an entity."""
        stats = read.plan.stats
        seconds = time.monotonic() - read.started
        self._entities[read.entity.name] = EntityProgress(
            name=read.entity.name,
            received=stats.received,
            total=stats.received if read.over else stats.last_total,
            over=read.over,
            per_second=stats.received / seconds if seconds >= 1 else 0.0,
            waiting_for=str(read.waiting_for or ""),
        )
        if self._now:
            entities = tuple(self._entities.values())
            phase = "load" if all(entity.over for entity in entities) else "read"
            self._set(replace(self._now, entities=entities, phase=phase))

    def flowed(self, flow: "FlowResult") -> None:
        """Note a flow."""
        if self._now:
            done = {**self._now.done, flow.name: flow.status.value}
            phase = "deliver" if set(done) >= set(self._now.flows) else "compute"
            self._set(replace(self._now, done=done, phase=phase))

    def said(self, text: str) -> None:
        """Note a line of the log."""
        if self._now:
            self._set(replace(self._now, log=(*self._now.log, text)[-LOG_LINES:]))

    def _set(self, progress: RunProgress) -> None:
        with self._changed:
            self._now = replace(progress, version=progress.version + 1)
            self._changed.notify_all()
