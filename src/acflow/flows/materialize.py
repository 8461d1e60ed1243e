"""Results kept as tables of the warehouse.

A result is computed beside its table and takes its place, or goes into it, in one transaction. So whoever reads sees
the old rows or the new ones, and a kill at any moment leaves the old ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from acflow.engine import Warehouse
from acflow.engine.materialize import WarehouseTarget, Write, build
from acflow.flows.compile import CompiledFlow
from acflow.flows.draft import Draft
from acflow.flows.relation import ENTITIES, FLOWS
from acflow.flows.relation import table as table_in
from acflow.flows.render import Places, render
from acflow.flows.report_tables import inline_reports, report_of
from acflow.flows.spec import Flow, FlowFile
from acflow.reports.option_parsing import options_from
from acflow.reports.session import ReportSession

STAGE = "_new"  # no flow's name begins so; flows are computed one after the other, so one is enough


def needs_table(name: str, flow: Flow, compiled: CompiledFlow) -> bool:
    """Whether a flow needs a table of its own, or is what its entity's table holds: an entity merges by its id."""
    return compiled.passthrough != name or not _as_it_lands(flow)


def _as_it_lands(flow: Flow) -> bool:
    return flow.mode == "replace" or (flow.mode == "merge" and flow.key in (None, ["id"]))


def table_of(name: str, file: FlowFile, compiled: CompiledFlow) -> str:
    """Return the table that holds a flow: by its own name, unless its entity has landed there."""
    flow = file.flows[name]
    return f"{name}_flow" if flow.entity == name and needs_table(name, flow, compiled) else name


def check_tables(draft: Draft) -> None:
    """Note a flow whose table would be that of a flow named like its entity."""
    for name, flow in draft.file.flows.items():
        twin = next((other for other in draft.file.flows if other.lower() == f"{name}_flow".lower()), None)
        if twin and flow.entity == name and (flow.transformed or not _as_it_lands(flow)):
            path = ("flows", twin)
            message = f"`{twin}` is the table of `{name}`, which its entity's name belongs to."
            draft.document.report(path, message, "Rename one.", at=draft.document.place(path, key=True))


@dataclass(frozen=True, slots=True)
class Materializer:
    """Where the flows of a file stand in a warehouse."""

    warehouse: Warehouse
    file: FlowFile
    compiled: Mapping[str, CompiledFlow]
    report_options: str = ""  # of reports whose flow chooses none
    of_each: Mapping[str, CompiledFlow] = field(default_factory=dict)  # flows of each account that tables stand for

    @property
    def dialect(self) -> str:
        """The warehouse's SQL, as sqlglot calls it."""
        return self.warehouse.dialect

    def table(self, name: str) -> str:
        """Return the table of a flow."""
        return table_of(name, self.file, self.compiled[name])

    def sql(self, query: exp.Query, *, dialect: str | None = None, pretty: bool = False) -> str:
        """Write a query over the tables where they really are, in the warehouse's dialect if no other is named."""
        placed = query.copy()
        inline_reports(placed, lambda report, flow: self._session(flow).query(report, ENTITIES))
        for table in list(placed.find_all(exp.Table)):
            if table.db not in {ENTITIES, FLOWS}:
                continue
            real = self.table(table.name) if table.db == FLOWS and table.name in self.compiled else table.name
            if real == table.name:
                continue
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name, quoted=True)))
            table.set("this", exp.to_identifier(real, quoted=True))
        places = Places(entities=self.warehouse.dataset, flows=self.warehouse.dataset)
        return render(placed, dialect or self.dialect, places, pretty=pretty)

    def report_notes(self, name: str) -> tuple[str, ...]:
        """Return what the reports that a flow is made of cannot know."""
        tables = [table.name for table in self.compiled[name].query.find_all(exp.Table) if table.db == ENTITIES]
        named = {table: report for table in tables if (report := report_of(table))}
        notes = [
            note for table, report in named.items() for note in self._session(table.partition("@")[2]).notes(report)
        ]
        return tuple(dict.fromkeys(notes))

    def _session(self, flow: str) -> ReportSession:
        """Look at the warehouse with the options of a flow's report."""
        options = self.file.flows[flow].options if flow else None
        return ReportSession.open(self.warehouse, options_from(options or {}, self.report_options))

    def rows(self, name: str) -> int | None:
        """Return how many rows a flow has, None if there is no table."""
        return self._count(name) if self.warehouse.columns(self.table(name)) else None

    def build(self, name: str) -> int:
        """Compute a flow and keep it; return how many rows its table then holds.

        Raises:
            WarehouseError: the database could not compute it; the old table stays.
            ConfigError: the rows cannot be merged.

        """
        if not needs_table(name, self.file.flows[name], self.compiled[name]):
            return self._count(name)
        flow = self.file.flows[name]
        write = Write(self.table(name), flow.mode, tuple(self.compiled[name].key or ()), title=name)
        build(
            WarehouseTarget(self.warehouse), write, self.sql(self.compiled[name].query), STAGE, self.warehouse.dataset
        )
        return self._count(name)

    def _count(self, name: str) -> int:
        counted = exp.select(exp.Count(this=exp.Star()).as_("n")).from_(table_in(name, FLOWS))
        return int(self.warehouse.query(self.sql(counted)).column("n")[0].as_py())
