"""What is wanted of a run, and what it did."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from acflow.app.events import DeliveryDone, FlowDone
from acflow.errors import OK, PARTIAL, AcflowError, ApiError, DeliveryError, RefusedReplaceError
from acflow.lake.result import LakeResult
from acflow.source.certificate import Certificate


def utc_now() -> datetime:
    """Return what our own clock says."""
    return datetime.now(UTC)


class FlowStatus(StrEnum):
    """What became of a flow in a run."""

    COMPUTED = "computed"  # its table holds what the run made
    UNCHANGED = "unchanged"  # nothing that it is made of has changed, so it was left as it is
    FAILED = "failed"  # it could not be computed; the old table stays
    BLOCKED = "blocked"  # something that it needs failed; the old table stays


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What became of one destination of a flow; `error` is None if it was written."""

    to: str
    kind: str
    rows: int | None = None
    size: int | None = None  # bytes, of files
    error: str | None = None
    code: int = OK

    def event(self, flow: str) -> DeliveryDone:
        """Return what is told of it while the run goes on."""
        return DeliveryDone(flow, self.to, self.kind, self.rows, self.size, self.error)


@dataclass(frozen=True, slots=True)
class FlowResult:
    """Per flow and run: what became of it. `hash` tells what it was computed from, where that was looked at.

    `code` is the exit code of what stopped it, `rows` what its table holds now.
    """

    name: str
    status: FlowStatus
    rows: int | None = None
    seconds: float = 0.0
    reason: str | None = None
    warnings: tuple[str, ...] = ()
    deliveries: tuple[DeliveryResult, ...] = ()
    hash: str | None = None
    code: int = OK

    @property
    def whole(self) -> bool:
        """Whether the flow and all its destinations are as they should be."""
        return self.fresh and all(delivery.error is None for delivery in self.deliveries)

    @property
    def fresh(self) -> bool:
        """Whether its table is as it should be, wherever else the result went."""
        return self.status in {FlowStatus.COMPUTED, FlowStatus.UNCHANGED}

    @property
    def event(self) -> FlowDone:
        """What is told of it while the run goes on."""
        return FlowDone(self.name, self.status.value, self.rows, self.seconds, self.reason, self.warnings)

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return {**asdict(self), "status": self.status.value}


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run did: a certificate per entity, a result per flow, the lake, and what else the reader should know."""

    run: str
    certificates: tuple[Certificate, ...]
    remarks: tuple[str, ...] = ()
    flows: tuple[FlowResult, ...] = ()
    lake: LakeResult | None = None

    @property
    def exit_code(self) -> int:
        """0 if all went well, 7 if all but deliveries did, 5 if some did, else by the kind of what stopped it."""
        read = [one for one in self.certificates if not one.lacking]
        landed = [one.landed and not one.stopped for one in read]
        if all(landed) and all(flow.fresh for flow in self.flows):
            delivered = all(flow.whole for flow in self.flows) and not (self.lake and self.lake.error)
            return OK if delivered else DeliveryError.exit_code
        if any(one.landed for one in read) or any(flow.fresh for flow in self.flows):
            return PARTIAL
        if landed:
            unread = all(c.verdict.value in {"partial", "forbidden"} for c in self.certificates)
            return ApiError.exit_code if unread else RefusedReplaceError.exit_code
        return next((flow.code for flow in self.flows if flow.code), AcflowError.exit_code)

    @property
    def status(self) -> str:
        """The word for the record of runs."""
        return {OK: "ok", PARTIAL: "partial", DeliveryError.exit_code: "partial"}.get(self.exit_code, "failed")

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return {
            "run": self.run,
            "status": self.status,
            "exit_code": self.exit_code,
            "certificates": [certificate.as_dict() for certificate in self.certificates],
            "flows": [flow.as_dict() for flow in self.flows],
            "lake": self.lake.as_dict() if self.lake else None,
            "remarks": list(self.remarks),
        }


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How the account is to be read; the word "all" in a set stands for every entity.

    Tables that `accept_shrink` names may lose most of their rows. Of those that `incremental` names only what changed
    is read, where the account can tell, unless a `sweep` is wished for. `renamed_from` is the address that the account
    had when the dataset's data was read; `clock` is our own, with which the account's is compared.
    """

    accept_shrink: frozenset[str] = frozenset()
    incremental: frozenset[str] = frozenset()
    sweep: bool = False
    renamed_from: str = ""
    clock: Callable[[], datetime] = utc_now

    def accepts_shrink(self, entity: str) -> bool:
        """Whether this table may lose most of its rows."""
        return not self.accept_shrink.isdisjoint({entity, "all"})

    def reads_changes(self, entity: str) -> bool:
        """Whether what changed is enough."""
        return not self.incremental.isdisjoint({entity, "all"})


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What is asked of a run.

    `names` are flows, with all that they need, or entities; everything if none is named. With `entities_alone` flows
    are no concern of it, and the entities named that are `optional` may be lacking. With `only_changed` flows are left
    alone if nothing that they are made of has changed; without `read` they are computed from what was loaded before.
    With `keep_going` a destination that cannot be written does not end the run before anything is read.
    """

    names: tuple[str, ...] = ()
    entities_alone: bool = False
    optional: frozenset[str] = frozenset()
    only_changed: bool = False
    read: bool = True
    keep_going: bool = False
    options: RunOptions = RunOptions()
