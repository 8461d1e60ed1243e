"""What is measured, and what a measurement says."""

from dataclasses import asdict, dataclass
from typing import Any

BUDGET = 5  # requests a second that ActiveCampaign grants an account


@dataclass(frozen=True, slots=True)
class Job:
    """One tool reading one entity of one account.

    `kind` says what the run is for: "pace" (latency under the limit), "start" (an almost empty account), "cpu" (no
    latency, no limit), "memory" (the same with a million rows) or "moving" (rows come and go meanwhile).
    """

    kind: str
    tool: str
    entity: str
    rows: int
    latency: float = 0.0
    rate: int | None = None
    bound: float = 600.0
    repeat: int = 1

    @property
    def label(self) -> str:
        """The words by which `--only` finds this job, and under which its files lie."""
        return f"{self.kind} {self.tool} {self.entity} {self.rows} {self.latency:g}s"


@dataclass(frozen=True, slots=True)
class Ran:
    """What the operating system says of a finished process and its children."""

    code: int
    seconds: float
    cpu: float
    peak_mb: float
    cut: bool


@dataclass(frozen=True, slots=True)
class Traffic:
    """What the account saw of a run. `steady` is the share of the budget from the first full second on."""

    requests: int
    limited: int
    pages: int
    steady: float | None
    whole: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """A job, and what came of it; `failure` is empty if the tool did what it should.

    `missing` are ids of a moving account that were there from beginning to end and did not arrive.
    """

    job: Job
    ran: Ran
    traffic: Traffic
    rows: int = 0
    distinct: int = 0
    missing: int = 0
    failure: str = ""

    @property
    def complete(self) -> bool:
        """Every row of the account arrived, and none twice."""
        return not self.failure and self.rows == self.distinct == self.job.rows

    def as_json(self) -> dict[str, Any]:
        """Make what the results file keeps."""
        return asdict(self) | {"label": self.job.label, "complete": self.complete}
