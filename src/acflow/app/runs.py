"""What earlier runs did, by whomever they were started."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from acflow.app.instants import as_text, in_utc
from acflow.app.model import DeliveryResult, FlowStatus
from acflow.errors import ConfigError

if TYPE_CHECKING:
    from acflow.app.ledger import Ledger
    from acflow.app.project import Project

LAST = "last"
LOCK = "lock"
RUNNING = "running"
CUT_OFF = "cut off"  # a flow whose run was killed while it was computed; its old table is whole
GOOD = frozenset({FlowStatus.COMPUTED, FlowStatus.UNCHANGED})


@dataclass(frozen=True, slots=True)
class RunInfo:
    """A run: `ended_at` is None while it goes on, and of one that was killed."""

    id: str
    status: str
    started_at: datetime
    ended_at: datetime | None
    account: str
    message: str | None

    @property
    def seconds(self) -> float | None:
        """How long it took."""
        return round((self.ended_at - self.started_at).total_seconds(), 1) if self.ended_at else None

    def as_dict(self) -> dict[str, Any]:
        """Return the run as JSON values."""
        moments = {"started_at": as_text(self.started_at), "ended_at": as_text(self.ended_at)}
        return asdict(self) | moments | {"seconds": self.seconds}


@dataclass(frozen=True, slots=True)
class FlowRun:
    """What became of a flow in a run. `at` is when that was noted; `started_at` when its run began, None if unknown.

    `status` is one of FlowStatus, `running`, or `cut off` if the run was killed meanwhile.
    """

    name: str
    status: str
    run: str
    at: datetime
    started_at: datetime | None = None
    rows: int | None = None
    seconds: float | None = None
    reason: str | None = None
    warnings: tuple[str, ...] = ()
    deliveries: tuple[DeliveryResult, ...] = ()

    @property
    def began(self) -> datetime:
        """When its run began, as far as that is known."""
        return self.started_at or self.at

    @property
    def computed(self) -> bool:
        """Whether its table was right when it was noted, wherever else the result went."""
        return self.status in GOOD

    @property
    def whole(self) -> bool:
        """Whether the flow and all its destinations were as they should be."""
        return self.computed and all(delivery.error is None for delivery in self.deliveries)

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return asdict(self) | {"at": as_text(self.at), "started_at": as_text(self.started_at)}


@dataclass(frozen=True, slots=True)
class RunDetail:
    """A run in full: its certificates as they were printed, and the results of its flows."""

    run: RunInfo
    certificates: Sequence[Mapping[str, Any]]
    flows: Sequence[FlowRun]

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as JSON values."""
        flows = [flow.as_dict() for flow in self.flows]
        return self.run.as_dict() | {"certificates": list(self.certificates), "flows": flows}


def history(project: "Project", limit: int = 20, before: str | None = None) -> list[RunInfo]:
    """Return the last runs, newest first; `before` is the id of the run to go on behind.

    Raises:
        ConfigError: no run has been made here yet.

    """
    with project.ledger() as ledger:
        _close_abandoned(project, ledger)
        return [_info(row) for row in ledger.runs(limit, before=before)]


def detail(project: "Project", run: str = LAST) -> RunDetail:
    """Return one run, named by its id, the beginning of it, or `last`.

    Raises:
        ConfigError: no run has been made here yet, or none or several begin so.

    """
    with project.ledger() as ledger:
        _close_abandoned(project, ledger)
        rows = ledger.runs(1) if run == LAST else ledger.runs(2, begins=run)
        if len(rows) != 1:
            raise ConfigError(f"{'Several runs begin' if rows else 'No run begins'} with {run!r}.")
        info = _info(rows[0])
        flows = [_flow_run(row | {"run_status": info.status}, info.started_at) for row in ledger.flows(info.id)]
        return RunDetail(info, ledger.certificates(info.id), flows)


def last_flow_runs(project: "Project") -> dict[str, FlowRun]:
    """Return the last result of each flow; none if nothing was ever run here."""
    if not project.has_ledger:
        return {}
    with project.ledger() as ledger:
        _close_abandoned(project, ledger)
        return {name: _flow_run(row, row["started_at"]) for name, row in ledger.last_flows().items()}


def runs_of(project: "Project", flow: str, limit: int = 20) -> list[FlowRun]:
    """Return the last results of one flow, newest first."""
    if not project.has_ledger:
        return []
    with project.ledger() as ledger:
        _close_abandoned(project, ledger)
        return [_flow_run(row, row["started_at"]) for row in ledger.results_of(flow, limit)]


def landed_certificates(project: "Project", until: datetime | None = None) -> list[dict[str, Any]]:
    """Return the certificate of the reading that each entity's table holds, or held after runs begun `until` then.

    There are none if others filled the warehouse. Each comes with its `run`, when that was `started_at`, and `at`.
    """
    if not project.has_ledger:
        return []
    with project.ledger() as ledger:
        return ledger.landed_certificates(until)


def newest_certificates(project: "Project") -> list[dict[str, Any]]:
    """Return the certificate of the last reading of each entity, whether or not its table holds it."""
    if not project.has_ledger:
        return []
    with project.ledger() as ledger:
        return ledger.newest_certificates()


def _close_abandoned(project: "Project", ledger: "Ledger") -> None:
    """Call a run killed that says it goes on while nobody holds the project's lock."""
    if not ledger.is_running():
        return
    from filelock import FileLock, Timeout

    # Held by a run that really goes on, or in a folder that is not ours to write to.
    with suppress(OSError, Timeout), FileLock(project.state / LOCK, timeout=0):
        ledger.close_abandoned()


def _info(row: Mapping[str, Any]) -> RunInfo:
    ended = row["ended_at"]
    return RunInfo(
        id=row["id"],
        status=row["status"],
        started_at=in_utc(row["started_at"]),
        ended_at=in_utc(ended) if ended else None,
        account=row["account"],
        message=row["message"],
    )


def _flow_run(row: Mapping[str, Any], started_at: datetime | None) -> FlowRun:
    cut_off = row["status"] == RUNNING and row["run_status"] != RUNNING
    return FlowRun(
        name=row["name"],
        status=CUT_OFF if cut_off else row["status"],
        run=row["run"],
        at=in_utc(row["at"]),
        started_at=in_utc(started_at) if started_at else None,
        rows=row.get("rows"),
        seconds=row.get("seconds"),
        reason=row.get("reason"),
        warnings=tuple(row.get("warnings", ())),
        deliveries=tuple(_delivery(content) for content in row.get("deliveries", ())),
    )


def _delivery(content: Mapping[str, Any]) -> DeliveryResult:
    """Return a delivery as the record has it; records of other versions may have more or fewer words."""
    return DeliveryResult(**{name: content[name] for name in DeliveryResult.__slots__ if name in content})
