"""A flow file and what is wanted of it, checked to the last word before anything is read or written."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace as copy_of
from pathlib import Path
from typing import Any

from acflow.app.own_places import check_target
from acflow.destinations import Target, parse_target
from acflow.engine import Warehouse, open_warehouse
from acflow.engine.materialize import SYNCED_AT
from acflow.entities import ALIASES, HELPERS, declared, entity, known_entities
from acflow.entities.model import Entity
from acflow.errors import AcflowError, ConfigError
from acflow.flows.account_tables import AccountTables, account_tables
from acflow.flows.accounts import as_seen_by, check_accounts
from acflow.flows.catalog import Columns, entity_schemas
from acflow.flows.checks import check_names
from acflow.flows.compile import CompiledFlow, compile_draft
from acflow.flows.derived_tables import read_for
from acflow.flows.describe import EmptyWarehouseInferrer
from acflow.flows.draft import Draft
from acflow.flows.dry_run import dry_run
from acflow.flows.file import draft, read_text
from acflow.flows.materialize import Materializer, check_tables, needs_table
from acflow.flows.plan import Plan, resolve, uses_of
from acflow.flows.problems import Problem, suggest
from acflow.flows.report_tables import report_of
from acflow.flows.schemas import landed_schemas
from acflow.flows.spec import Delivery, Flow, FlowFile
from acflow.settings import Settings


@dataclass(frozen=True, slots=True)
class PreparedRun:
    """What is to be done: the flows in their order, the entities that they need, and where results go."""

    file: FlowFile
    plan: Plan
    compiled: Mapping[str, CompiledFlow]
    targets: Mapping[str, tuple[Target, ...]]
    order: tuple[str, ...]
    entities: tuple[Entity, ...]
    optional: frozenset[str]  # entities that no flow needs, and that an account may lack
    warehouse: Warehouse
    report_options: str = ""
    tables: AccountTables | None = None  # of all accounts, where the flows go over them

    def flow(self, name: str) -> Flow:
        """Return a flow as the file says it."""
        return self.file.flows[name]

    @property
    def merged(self) -> frozenset[str]:
        """The entities of which changes are enough: those with a flow that merges them and is nothing but them."""
        merging = {name: flow for name, flow in self.file.flows.items() if flow.entity and flow.mode == "merge"}
        return frozenset(
            flow.entity
            for name, flow in merging.items()
            if flow.entity and not needs_table(name, flow, self.compiled[name])
        )

    def materializer(self) -> Materializer:
        """Return what computes the flows and keeps them."""
        of_each = self.tables.compiled if self.tables else {}
        return Materializer(self.warehouse, self.file, self.compiled, self.report_options, of_each)


def flow_warehouse(settings: Settings) -> Warehouse:
    """Return the warehouse with room to compute."""
    return open_warehouse(
        settings.warehouse,
        settings.dataset,
        patience=settings.warehouse_patience,
        memory=settings.flow_memory,
        threads=settings.flow_threads,
        seconds=settings.flow_seconds,
    )


def prepare(
    settings: Settings, file: FlowFile, wanted: Sequence[str] | None = None, warehouse: Warehouse | None = None
) -> PreparedRun:
    """Check the whole file and what is wanted of it; flows are no concern of a run that only reads entities.

    `warehouse` is the one with room to compute if none is given.

    Raises:
        FlowFileError: the file has mistakes; the message tells every one.
        ConfigError: something is wanted that there is not.

    """
    warehouse = warehouse or flow_warehouse(settings)
    if file.accounts:
        return _over_accounts(settings, file, wanted, warehouse)
    # A file may be used for many runs: what is wrong with it today is noted in a list of this run's own.
    whole = Draft(file, copy_of(file.document, problems=list(file.document.problems)))
    schemas = landed_schemas(warehouse)
    plan, compiled = _compiled(whole, schemas)
    if not whole.document.problems:
        dry_run(whole, plan, compiled, schemas, warehouse)
    targets = _all_targets(whole, compiled, settings, warehouse)
    if wanted is None or set(wanted) & set(whole.names):
        whole.raise_problems()  # flows may wait for what entities alone will bring, such as custom fields
    flows, alone = _wanted(file, plan, wanted)
    always = [name for name in file.read or () if wanted is None]
    needed = dict.fromkeys((*plan.entities(flows), *alone, *always))
    entities = tuple(entity(name) for name in dict.fromkeys(each for need in needed for each in read_for(need)))
    needed_by_flows = {read for name in plan.entities(flows) if not report_of(name) for read in read_for(name)}
    return PreparedRun(
        file=file,
        plan=plan,
        compiled=compiled,
        targets=targets,
        order=plan.order(flows),
        entities=entities,
        optional=frozenset(
            {helper.name for helper in (*HELPERS, *declared()) if helper in entities} - needed_by_flows - {*alone}
        ),
        warehouse=warehouse,
        report_options=settings.report_options,
    )


def _over_accounts(
    settings: Settings, file: FlowFile, wanted: Sequence[str] | None, warehouse: Warehouse
) -> PreparedRun:
    """Check what goes over several accounts, and the flows of each that it is made of; nothing of it is read."""
    whole = Draft(file, copy_of(file.document, problems=list(file.document.problems)))
    tables, plan, compiled = _compiled_over_accounts(settings, whole)
    if not whole.document.problems:
        dry_run(whole, plan, compiled, tables.columns, warehouse)
    targets = _all_targets(whole, compiled, settings, warehouse)
    whole.raise_problems()
    for name in wanted or ():
        if name not in file.flows:
            fix = suggest(name, file.flows, "flows over all accounts")
            raise ConfigError(f"No flow over all accounts is called `{name}`. {fix}".strip())
    return PreparedRun(
        file=file,
        plan=plan,
        compiled=compiled,
        targets=targets,
        order=plan.order(wanted),
        entities=(),
        optional=frozenset(),
        warehouse=warehouse,
        tables=tables,
    )


def _compiled_over_accounts(settings: Settings, whole: Draft) -> tuple[AccountTables, Plan, dict[str, CompiledFlow]]:
    from acflow.app.gathering import landed_anywhere

    empty = EmptyWarehouseInferrer()
    try:
        tables = account_tables(whole, landed_anywhere(settings, whole.file), empty)
        return tables, *compile_draft(whole, tables.columns, empty, tables.keys, tables.compiled)
    finally:
        empty.close()


def raise_mistakes(path: Path, env: Mapping[str, str], settings_of: Callable[[FlowFile], Settings]) -> None:
    """Look at the whole of a flow file, also where parts of it cannot be understood.

    `settings_of` returns the settings that hold with what could be understood of the file.

    Raises:
        FlowFileError: all that is wrong with words, names, the SQL of flows that are else sound, and destinations.

    """
    schemas: Mapping[str, Columns] = entity_schemas()
    found = draft(read_text(path), str(path), schemas, env)
    check_names(found, schemas)
    check_accounts(found)
    settings = settings_of(found.file)
    found.file = as_seen_by(found.file, settings.account)
    warehouse = flow_warehouse(settings)
    if found.file.accounts:
        _all_targets(found, _compiled_over_accounts(settings, found)[2], settings, warehouse)
        found.raise_problems()
    with suppress(AcflowError):  # what is wrong with the warehouse is told once the file is right
        schemas = landed_schemas(warehouse)
    _all_targets(found, _compiled(found, schemas)[1], settings, warehouse)
    found.raise_problems()


def understood(path: Path, env: Mapping[str, str], mistakes: Sequence[Problem]) -> FlowFile:
    """Return a flow file without the flows that have mistakes and without those made of them."""
    schemas: Mapping[str, Columns] = entity_schemas()
    found = draft(read_text(path), str(path), schemas, env)
    wrong = found.broken | {parts[1] for problem in mistakes if (parts := problem.key.split("."))[:1] == ["flows"]}
    data = found.document.data
    written = (data.get("flows") or {}) if isinstance(data, dict) else {}  # never the flows of a file without any
    flows = {name: flow for name, flow in found.file.flows.items() if name in written and name not in wrong}
    while lost := [
        name for name, flow in flows.items() if any(resolve(use, flows, schemas) is None for use in uses_of(name, flow))
    ]:
        flows = {name: flow for name, flow in flows.items() if name not in lost}
    return found.file.model_copy(update={"flows": flows})


def _compiled(found: Draft, schemas: Mapping[str, Columns]) -> tuple[Plan, dict[str, CompiledFlow]]:
    empty = EmptyWarehouseInferrer()
    try:
        return compile_draft(found, schemas, empty)
    finally:
        empty.close()


def _all_targets(
    found: Draft, compiled: Mapping[str, CompiledFlow], settings: Settings, warehouse: Warehouse
) -> dict[str, tuple[Target, ...]]:
    """Return the destinations of every flow, having looked at the tables that flows would have."""
    check_tables(found)
    return {name: _targets(found, name, compiled.get(name), settings, warehouse) for name in found.file.flows}


def _wanted(file: FlowFile, plan: Plan, names: Sequence[str] | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the flows and the entities that are wanted."""
    if names is None:
        return tuple(plan.needs), ()
    entities = [*(each.name for each in known_entities()), *ALIASES]
    for name in names:
        if name not in file.flows and name not in entities:
            choice = list(dict.fromkeys([*file.flows, *entities]))
            raise ConfigError(
                f"There is no flow or entity `{name}`. {suggest(name, choice, 'flows and entities')}".strip()
            )
    flows = tuple(name for name in dict.fromkeys(names) if name in file.flows)
    return flows, tuple(name for name in dict.fromkeys(names) if name not in file.flows)


def _targets(
    draft: Draft, name: str, compiled: CompiledFlow | None, settings: Settings, warehouse: Warehouse
) -> tuple[Target, ...]:
    """Return the destinations of a flow; what is wrong with one is noted in the draft."""
    flow, targets = draft.file.flows[name], []
    for index, delivery in enumerate(flow.deliver):
        path = ("flows", name, "deliver", index)
        if compiled is None and delivery.mode == "merge" and not delivery.key:
            continue  # its key is that of the flow, which is not known
        try:
            targets.append(parse_target(_spec(delivery, compiled), name=name, folder=_folder(draft)))
            check_target(targets[-1], name, warehouse, settings, draft.document.file)
        except ConfigError as error:
            draft.document.report(path, str(error))
    if flow.mode == "append" and compiled and SYNCED_AT in compiled.columns:
        draft.document.report(("flows", name), f"append adds a column `{SYNCED_AT}` itself.", "Rename yours.")
    return tuple(targets)


def _folder(draft: Draft) -> Path:
    """Return the folder where relative paths of a flow file begin: its own."""
    return Path(draft.document.file).parent


def _spec(delivery: Delivery, compiled: CompiledFlow | None) -> Mapping[str, Any]:
    spec = delivery.model_dump(exclude_none=True)
    if delivery.mode == "merge" and not delivery.key and compiled and compiled.key:
        spec["key"] = compiled.key
    return spec
