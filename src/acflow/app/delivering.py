"""Deliver the results; a destination that cannot be written keeps what it had and holds nothing else up."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlglot import exp

from acflow.app.events import Remark, Step
from acflow.app.model import DeliveryResult, FlowResult, FlowStatus
from acflow.app.own_places import certified_tables
from acflow.app.prepare import PreparedRun
from acflow.app.run_context import WORKING, RunContext
from acflow.destinations import Delivery, Target, deliver_together, from_warehouse, group_by_target
from acflow.destinations.atomic_file import local_path, place_of, remote_scheme
from acflow.destinations.presentation import currency_columns
from acflow.destinations.privacy import privacy_key
from acflow.destinations.registry import destination
from acflow.engine.materialize import SYNCED_AT
from acflow.entities.currency import DEFAULT_EXPONENT, exponent
from acflow.errors import AcflowError, Action, DeliveryError
from acflow.flows.relation import FLOWS, table
from acflow.flows.sqltypes import data_type
from acflow.settings import Settings

TYPED = frozenset({"parquet", "duckdb", "sqlite", "postgresql"})  # destinations whose columns have decimals of a scale
AMOUNT = re.compile(r"DECIMAL\(\d+, ?4\)")  # amounts of any currency, and sums of them
PATIENCE = 10.0  # seconds to wait for a destination before a run


def missing_files(targets: Sequence[Target]) -> list[Target]:
    """Return the destinations on this machine whose file is not there."""
    files = [target for target in targets if destination(target.kind).endings and not remote_scheme(target.to)]
    return [target for target in files if not local_path(target).exists()]


def try_destinations(context: RunContext, prepared: PreparedRun, *, keep_going: bool) -> None:
    """Try every destination of the flows that run, each address once, before anything is read for them.

    Raises:
        DeliveryError: some cannot be written, and the run is not to `keep_going` without them.

    """
    targets = {
        (target.kind, place_of(target), target.table): (name, target)
        for name in prepared.order
        for target in prepared.targets[name]
    }
    failures, patience = [], min(PATIENCE, context.settings.warehouse_patience)
    for name, target in targets.values():
        context.cancel.raise_if_cancelled()
        attempt = destination(target.kind).attempt
        try:
            if attempt:
                attempt(target, name, patience)
        except AcflowError as error:
            failures.append(f"flow `{name}`: {error}")
    if not failures:
        return
    if not keep_going:
        said = "\n  ".join(["A destination cannot be written, so nothing was read.", *failures])
        raise DeliveryError(said, action=Action("keep_going"))
    for failure in failures:
        context.emit(Remark(f"A destination cannot be written now. It is tried again at the end. {failure}"))


def deliver_flows(context: RunContext, prepared: PreparedRun, results: Sequence[FlowResult]) -> list[FlowResult]:
    """Deliver what was computed; return the results with what became of each destination."""
    fresh = {
        result.name for result in results if result.status is FlowStatus.COMPUTED and prepared.targets[result.name]
    }
    if not fresh:
        return list(results)
    context.enter(Step.DELIVER, [name for name in prepared.order if name in fresh])
    delivering = _Delivering(context.settings, prepared)
    for places in delivering.places(fresh):
        context.cancel.raise_if_cancelled()
        delivering.deliver(places)
    done = [replace(result, deliveries=tuple(delivering.done.get(result.name, ()))) for result in results]
    context.ledger.keep_flows(context.run, [result.as_dict() for result in done if result.name in fresh])
    for result in done:
        for delivery in result.deliveries:
            context.emit(delivery.event(result.name))
    return done


class _Delivering:
    """One run over the destinations. What shares a place with something fresh is written again beside it."""

    def __init__(self, settings: Settings, prepared: PreparedRun) -> None:
        self.settings, self.prepared, self.materializer = settings, prepared, prepared.materializer()
        self.done: dict[str, list[DeliveryResult]] = {}

    def places(self, fresh: set[str]) -> list[list[tuple[str, Target]]]:
        """Return what must be written together: a flow and its destination, or all sheets of a workbook."""
        everything = [(name, target) for name in self.prepared.targets for target in self.prepared.targets[name]]
        groups: dict[object, list[tuple[str, Target]]] = {}
        for number, (name, target) in enumerate(everything):
            shared = destination(target.kind).shared
            groups.setdefault(place_of(target) if shared else number, []).append((name, target))
        return [group for group in groups.values() if any(name in fresh for name, _ in group)]

    def deliver(self, group: list[tuple[str, Target]]) -> None:
        """Write one place, from the tables as they are now."""
        try:
            with self.materializer.warehouse.held(
                reading=True
            ):  # not to write: a place may be the warehouse's own file
                parcels = [
                    Delivery(
                        from_warehouse(name, self.materializer.warehouse, self._sql(name, target)),
                        self._for_run(target),
                    )
                    for name, target in group
                    if self.materializer.rows(name) is not None
                ]
            sent = [delivered for each in group_by_target(parcels) for delivered in deliver_together(each)]
        except AcflowError as error:
            for name, target in group:
                failed = DeliveryResult(target.shown, target.kind, error=str(error), code=error.exit_code)
                self.done.setdefault(name, []).append(failed)
            return
        for each in sent:
            self.done.setdefault(each.name, []).append(DeliveryResult(each.to, each.kind, each.rows, each.size))

    def _for_run(self, target: Target) -> Target:
        """Return the destination with what it must keep its hands off, and with what its hashes are made with."""
        working = self.settings.state / WORKING
        target = replace(
            target,
            working=working,
            patience=self.settings.warehouse_patience,
            certified=certified_tables(self.materializer.warehouse),
        )
        if "hash" not in target.privacy.values():
            return target
        return replace(target, privacy_key=privacy_key(self.settings.state, self.settings.privacy_key))

    def _sql(self, name: str, target: Target) -> str:
        """Return the rows of a flow in its order, or in that of its key, so that the same rows give the same file."""
        compiled, mode = self.prepared.compiled[name], self.prepared.flow(name).mode
        columns = dict(compiled.columns)
        if mode == "append" and target.mode != "append":
            columns[SYNCED_AT] = "TIMESTAMP WITH TIME ZONE"
        places = self._places(name, columns) if target.mode == "replace" and target.kind in TYPED else {}
        query = exp.select(*(_as_money(each, places.get(each)) for each in columns)).from_(table(name, FLOWS))
        if mode == "append" and target.mode == "append":
            stamp = exp.column(SYNCED_AT, quoted=True)
            newest = exp.select(exp.Max(this=stamp)).from_(table(name, FLOWS)).subquery()
            query = query.where(stamp.copy().eq(newest))  # the rows of earlier runs are there already
        terms = dict(compiled.order)
        for each in compiled.key or (columns if terms else ()):
            if columns[each] != "JSON":
                terms.setdefault(each, False)
        for each, descending in terms.items():
            column = exp.column(each, quoted=True)
            column.type = data_type(columns[each])
            query = query.order_by(exp.Ordered(this=column, desc=descending, nulls_first=False))
        return self.materializer.sql(query)

    def _places(self, name: str, columns: Mapping[str, str]) -> Mapping[str, int]:
        """Return how many decimals amounts need: those of their currencies, unless a value has more."""
        money = {
            each: code for each, code in currency_columns(list(columns)).items() if AMOUNT.fullmatch(columns[each])
        }
        places = {}
        for each, code in money.items():
            currency = exp.column(code, quoted=True)
            codes = exp.select(currency.as_("code")).distinct().from_(table(name, FLOWS))
            found = [exponent(row["code"]) for row in self._rows(codes) if row["code"]]
            places[each] = max(found, default=DEFAULT_EXPONENT)
        checks = [
            exp.Count(this=exp.case().when(exp.column(each, quoted=True).neq(_rounded(each, count)), "1")).as_(
                each, quoted=True
            )
            for each, count in places.items()
        ]
        (finer,) = self._rows(exp.select(*checks).from_(table(name, FLOWS))) if checks else ({},)
        return {each: count for each, count in places.items() if not finer[each]}

    def _rows(self, query: exp.Select) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.materializer.warehouse.query(self.materializer.sql(query)).to_pylist()
        return rows


def _rounded(name: str, places: int) -> exp.Expression:
    return exp.Round(this=exp.column(name, quoted=True), decimals=exp.Literal.number(places))


def _as_money(name: str, places: int | None) -> exp.Expression:
    """Return a column, as a decimal of so many places if they are known."""
    column = exp.column(name, quoted=True)
    return column if places is None else exp.cast(column, f"DECIMAL(28, {places})").as_(name, quoted=True)
