"""What a run tells while it goes on: small values that any process can send to another as JSON."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, ClassVar, Self


class Step(StrEnum):
    """The parts of a run, in their order."""

    READ = "read"
    LOAD = "load"
    GATHER = "gather"  # the tables of several accounts
    COMPUTE = "compute"
    DELIVER = "deliver"
    PUBLISH = "publish"
    LAKE = "lake"  # Delta tables for other engines


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a run. `kind` says what, for those who read it as JSON."""

    kind: ClassVar[str] = ""

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values; `from_dict` takes them back."""
        values = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}
        return {"event": self.kind, **values}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Return the event of this kind that has these values."""
        given = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        return cls(**{name: given[name] for name in cls.__dataclass_fields__ if name in given})


@dataclass(frozen=True, slots=True)
class RunStarted(Event):
    """A run has begun; `account` is its address."""

    kind: ClassVar[str] = "run_started"
    run: str
    account: str


@dataclass(frozen=True, slots=True)
class Phase(Event):
    """A part of the run begins; `names` are the entities or flows that it is about."""

    kind: ClassVar[str] = "phase"
    step: Step
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Take the step as JSON has it."""
        object.__setattr__(self, "step", Step(self.step))


@dataclass(frozen=True, slots=True)
class EntityProgress(Event):
    """A page of an entity has come, or a request is repeated, in which case `waiting_for` says why.

    `total` is what the account promises, None if it does not say; `missing` is what is still to come of it.
    `seconds` are since the entity's reading began. `done` is set once nothing more will be asked.
    """

    kind: ClassVar[str] = "entity_progress"
    entity: str
    rows: int
    total: int | None
    missing: int
    pages: int
    requests: int
    retries: int
    seconds: float
    done: bool
    waiting_for: str | None = None


@dataclass(frozen=True, slots=True)
class EntityCertified(Event):
    """What was proved of an entity, and whether its table now holds the reading; `reason` says why not."""

    kind: ClassVar[str] = "entity_certified"
    entity: str
    verdict: str
    rows: int
    promised: int | None
    landed: bool
    reason: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FlowDone(Event):
    """What became of a flow; `status` is one of FlowStatus."""

    kind: ClassVar[str] = "flow_done"
    flow: str
    status: str
    rows: int | None
    seconds: float
    reason: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeliveryDone(Event):
    """What became of one destination of a flow; `error` is None if it was written. `size` is in bytes, of files."""

    kind: ClassVar[str] = "delivery_done"
    flow: str
    to: str
    destination: str
    rows: int | None = None
    size: int | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Remark(Event):
    """Something that the reader should know, in words."""

    kind: ClassVar[str] = "remark"
    text: str


@dataclass(frozen=True, slots=True)
class RunFinished(Event):
    """The run has ended: ok, partial, failed or cancelled."""

    kind: ClassVar[str] = "run_finished"
    run: str | None
    status: str
    exit_code: int
    message: str | None = None


EVENTS: tuple[type[Event], ...] = (
    RunStarted,
    Phase,
    EntityProgress,
    EntityCertified,
    FlowDone,
    DeliveryDone,
    Remark,
    RunFinished,
)
OnEvent = Callable[[Event], object]


def from_dict(values: Mapping[str, Any]) -> Event:
    """Return the event that `as_dict` gave; KeyError if there is no such kind of event."""
    kinds = {event.kind: event for event in EVENTS}
    return kinds[values["event"]].of(values)


def ignore(_: Event) -> None:
    """Tell nobody."""
