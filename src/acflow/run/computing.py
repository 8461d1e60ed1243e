"""Compute flows in their order; one that fails takes those that need it along, and nothing else."""

import time
from collections.abc import Sequence
from dataclasses import replace

from acflow.certificate import Certificate
from acflow.errors import AcflowError, MemoryLimitError
from acflow.flows.derived import derived_tables, made_of
from acflow.flows.fingerprint import flow_print, table_print
from acflow.flows.keep import Keeper
from acflow.flows.warnings import warnings_of
from acflow.run.delivering import missing_files
from acflow.run.desk import Desk
from acflow.run.job import Job
from acflow.run.model import FlowResult, FlowStatus, Listener

RUNNING = "running"


def compute_flows(
    desk: Desk, job: Job, certificates: Sequence[Certificate], listener: Listener, *, only_changed: bool
) -> list[FlowResult]:
    """Return a result for each flow of the job."""
    if not job.order:
        return []
    listener.said(f"Computing {len(job.order)} flow{'s' if len(job.order) > 1 else ''}")
    computing = _Computing(desk, job, job.keeper(), only_changed=only_changed)
    computing.lose(certificates)
    results = []
    for name in job.order:
        result = computing.flow(name)
        desk.ledger.keep_flows(desk.run, [result.as_dict()])
        listener.flowed(result)
        results.append(result)
    return results


class _Computing:
    """One run over the flows. `_lost` is what cannot be used: for each name, whose fault, the reason and its code."""

    def __init__(self, desk: Desk, job: Job, keeper: Keeper, *, only_changed: bool) -> None:
        self.desk, self.job, self.keeper, self.only_changed = desk, job, keeper, only_changed
        self._lost: dict[tuple[str, bool], tuple[str, str, int]] = {}
        self._prints: dict[tuple[str, bool], str | None] = {}

    def lose(self, certificates: Sequence[Certificate]) -> None:
        """Take note of entities that did not land, or never have."""
        for each in certificates:
            if not each.landed:
                for table in (each.entity, *made_of(each.entity)):
                    self._lost[table, False] = (each.entity, each.reason or each.verdict.value, 3)
        there = set(self.job.warehouse.tables())
        for entity in self.job.plan.entities(self.job.order):
            if entity in there or (entity, False) in self._lost or self.job.warehouse.columns(entity):  # may be a view
                continue
            derived = derived_tables().get(entity)
            reason = derived.missing if derived else "it has never landed. Run without --no-read first"
            self._lost[entity, False] = (entity, reason, 6)

    def flow(self, name: str) -> FlowResult:
        """Compute one flow whose needs have had their turn."""
        blocked = self._blocked(name)
        if blocked:
            return blocked
        started = time.monotonic()
        try:
            made = self._print(name) if self.only_changed else None
            if made and self._same(name, made):
                return FlowResult(name, FlowStatus.UNCHANGED, rows=self.keeper.rows(name), hash=made)
            self.desk.ledger.keep_flows(self.desk.run, [{"name": name, "status": RUNNING}])
            rows = self.keeper.keep(name)
            self._prints[name, True] = self._after(name, made)
            result = FlowResult(
                name, FlowStatus.COMPUTED, rows, warnings=warnings_of(self.keeper, name, rows), hash=made
            )
        except AcflowError as error:
            reason = str(error)
            if isinstance(error, MemoryLimitError):
                reason = reason.replace("ACFLOW_MEMORY", "ACFLOW_FLOW_MEMORY")
            self._lost[name, True] = (name, reason, error.exit_code)
            result = FlowResult(name, FlowStatus.FAILED, reason=reason, code=error.exit_code)
        return replace(result, seconds=round(time.monotonic() - started, 3))

    def _blocked(self, name: str) -> FlowResult | None:
        needs = self.job.plan.needs[name]
        for need in [(each, False) for each in needs.entities] + [(each, True) for each in needs.flows]:
            if need in self._lost:
                culprit, why, code = self._lost[need]
                through = f" (for {need[0]})" if need[0] != culprit else ""
                self._lost[name, True] = (culprit, why, code)
                reason = f"needs {culprit}{through}, which failed: {why.rstrip('.')}. The old result stays."
                return FlowResult(name, FlowStatus.BLOCKED, reason=reason, code=code)
        return None

    def _print(self, name: str) -> str | None:
        """Return what the flow would be computed from now."""
        needs = self.job.plan.needs[name]
        inputs = [self._entity_print(entity) for entity in needs.entities]
        inputs += [self._prints.get((flow, True)) for flow in needs.flows]
        made = flow_print(self.job.flow(name), self.job.compiled[name], inputs)
        self._prints[name, True] = made
        return made

    def _entity_print(self, entity: str) -> str | None:
        if (entity, False) not in self._prints:
            self._prints[entity, False] = table_print(self.job.warehouse, entity)
        return self._prints[entity, False]

    def _same(self, name: str, made: str) -> bool:
        """Whether the table is there and was computed from the same, and every destination holds it."""
        last = self.desk.ledger.last_computed(name)
        if last is None or last.get("hash") != made or last["run"] is None:
            return False
        if any(delivery["error"] for delivery in last.get("deliveries", ())):
            return False
        self._prints[name, True] = self._after(name, made, last["run"])
        return self.keeper.rows(name) is not None and not missing_files(self.job.targets[name])

    def _after(self, name: str, made: str | None, run: str | None = None) -> str | None:
        """Return what tells the table after this run; what keeps rows of earlier runs depends on those too."""
        if made is None or self.job.flow(name).mode == "replace":
            return made
        return f"{made}@{run or self.desk.run}"
