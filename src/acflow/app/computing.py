"""Compute flows in their order; one that fails takes those that need it along, and nothing else."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from acflow.app.delivering import missing_files
from acflow.app.events import Step
from acflow.app.instants import in_utc
from acflow.app.model import FlowResult, FlowStatus
from acflow.app.prepare import PreparedRun
from acflow.app.run_context import RunContext
from acflow.entities import entity
from acflow.errors import AcflowError, MemoryLimitError
from acflow.flows.derived_tables import derived_tables, made_of, read_for, reports_resting_on
from acflow.flows.input_hash import flow_hash, table_hash
from acflow.flows.materialize import Materializer
from acflow.flows.report_tables import report_of
from acflow.flows.warnings import warnings_of
from acflow.reports.session import ages_in_words
from acflow.source.certificate import Certificate

RUNNING = "running"


def compute_flows(
    context: RunContext,
    prepared: PreparedRun,
    certificates: Sequence[Certificate],
    *,
    only_changed: bool,
) -> list[FlowResult]:
    """Return a result for each flow of the job."""
    if not prepared.order:
        return []
    context.enter(Step.COMPUTE, prepared.order)
    computing = _Computing(context, prepared, prepared.materializer(), only_changed=only_changed)
    computing.mark_unavailable(certificates)
    results = []
    for name in prepared.order:
        context.cancel.raise_if_cancelled()
        result = computing.flow(name)
        context.ledger.keep_flows(context.run, [result.as_dict()])
        context.emit(result.event)
        results.append(result)
    return results


class _Computing:
    """One run over the flows. `_lost` is what cannot be used: for each name, whose fault, the reason and its code."""

    def __init__(
        self, context: RunContext, prepared: PreparedRun, materializer: Materializer, *, only_changed: bool
    ) -> None:
        self.context, self.prepared, self.materializer, self.only_changed = (
            context,
            prepared,
            materializer,
            only_changed,
        )
        self._unavailable: dict[tuple[str, bool], tuple[str, str, int]] = {}
        self._hashes: dict[tuple[str, bool], str | None] = {}
        earlier = context.ledger.landed_certificates()
        self._read_at = {each["entity"]: in_utc(each["started_at"]) for each in earlier}

    def mark_unavailable(self, certificates: Sequence[Certificate]) -> None:
        """Take note of entities that did not land, or never have."""
        needed = self.prepared.plan.entities(self.prepared.order)
        self._read_at |= {each.entity: datetime.now(UTC) for each in certificates if each.landed}
        for each in certificates:
            if not each.landed:
                reports = reports_resting_on(entity(each.entity), needed)
                for table in (each.entity, *made_of(each.entity), *reports):
                    self._unavailable[table, False] = (each.entity, each.reason or each.verdict.value, 3)
        there = set(self.prepared.warehouse.tables())
        for table in needed:
            if table in there or (table, False) in self._unavailable or report_of(table):
                continue
            if self.prepared.warehouse.columns(table):  # a view, as wide tables are
                continue
            derived = derived_tables().get(table)
            reason = derived.missing if derived else "it has never landed, and this run was not to read"
            self._unavailable[table, False] = (table, reason, 6)

    def flow(self, name: str) -> FlowResult:
        """Compute one flow whose needs have had their turn."""
        blocked = self._blocked(name)
        if blocked:
            return blocked
        started = time.monotonic()
        try:
            made = self._hash(name) if self.only_changed else None
            if made and self._same(name, made):
                return FlowResult(name, FlowStatus.UNCHANGED, rows=self.materializer.rows(name), hash=made)
            self.context.ledger.keep_flows(self.context.run, [{"name": name, "status": RUNNING}])
            rows = self.materializer.build(name)
            self._hashes[name, True] = self._after(name, made)
            warnings = (*warnings_of(self.materializer, name, rows), *self._ages(name))
            result = FlowResult(name, FlowStatus.COMPUTED, rows, warnings=warnings, hash=made)
        except AcflowError as error:
            reason = str(error)
            if isinstance(error, MemoryLimitError):
                reason = reason.replace("ACFLOW_MEMORY", "ACFLOW_FLOW_MEMORY")
            self._unavailable[name, True] = (name, reason, error.exit_code)
            result = FlowResult(name, FlowStatus.FAILED, reason=reason, code=error.exit_code)
        return replace(result, seconds=round(time.monotonic() - started, 3))

    def _ages(self, name: str) -> Iterator[str]:
        """Say which entities that reach the flow are behind the others; reports say so of theirs."""
        needed = [table for table in self.prepared.plan.entities([name]) if not report_of(table)]
        entities = dict.fromkeys(read for table in needed for read in read_for(table))
        yield from ages_in_words({entity: self._read_at[entity] for entity in entities if entity in self._read_at})

    def _blocked(self, name: str) -> FlowResult | None:
        needs = self.prepared.plan.needs[name]
        for need in [(each, False) for each in needs.entities] + [(each, True) for each in needs.flows]:
            if need in self._unavailable:
                culprit, why, code = self._unavailable[need]
                through = f" (for {need[0]})" if need[0] != culprit else ""
                self._unavailable[name, True] = (culprit, why, code)
                reason = f"needs {culprit}{through}, which failed: {why.rstrip('.')}. The old result stays."
                return FlowResult(name, FlowStatus.BLOCKED, reason=reason, code=code)
        return None

    def _hash(self, name: str) -> str | None:
        """Return what the flow would be computed from now."""
        needs = self.prepared.plan.needs[name]
        inputs = [self._table_hash(table) for table in needs.entities]
        inputs += [self._hashes.get((flow, True)) for flow in needs.flows]
        made = flow_hash(self.prepared.flow(name), self.prepared.compiled[name], inputs)
        self._hashes[name, True] = made
        return made

    def _table_hash(self, table: str) -> str | None:
        if report_of(table):
            return None  # it speaks of the moment at which it is asked
        if (table, False) not in self._hashes:
            self._hashes[table, False] = table_hash(self.prepared.warehouse, table)
        return self._hashes[table, False]

    def _same(self, name: str, made: str) -> bool:
        """Whether the table is there and was computed from the same, and every destination holds it."""
        last = self.context.ledger.last_computed(name)
        if last is None or last.get("hash") != made or last["run"] is None:
            return False
        if any(delivery["error"] for delivery in last.get("deliveries", ())):
            return False
        self._hashes[name, True] = self._after(name, made, last["run"])
        return self.materializer.rows(name) is not None and not missing_files(self.prepared.targets[name])

    def _after(self, name: str, made: str | None, run: str | None = None) -> str | None:
        """Return what tells the table after this run; what keeps rows of earlier runs depends on those too."""
        if made is None or self.prepared.flow(name).mode == "replace":
            return made
        return f"{made}@{run or self.context.run}"
