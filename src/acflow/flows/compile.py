"""From the flow file to SQL: one SELECT for each flow, with the columns that it gives and all that is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sqlglot import exp

from acflow.engine.sql import ACCOUNT_COLUMN
from acflow.flows.appends import append
from acflow.flows.catalog import Columns
from acflow.flows.derived_tables import key_of, read_for
from acflow.flows.draft import Draft
from acflow.flows.expression import find_name
from acflow.flows.joins import JoinCheck, join
from acflow.flows.money import Columns as MoneyColumns
from acflow.flows.money import money_of
from acflow.flows.plan import Plan, flows_used, make_plan, resolve, uses_of
from acflow.flows.privacy import check_privacy
from acflow.flows.problems import SqlMistakeError, suggest
from acflow.flows.relation import ENTITIES, FLOWS, Builder, Relation, SchemaInferrer, table
from acflow.flows.report_tables import order_of, table_with_options
from acflow.flows.spec import Flow
from acflow.flows.sqlflow import sql_rows
from acflow.flows.steps import shape, sort_term
from acflow.reports.registry import report


@dataclass(frozen=True)
class CompiledFlow:
    """One flow as SQL.

    `query` reads tables of the logical schemas `entities` and `flows`; `render.render` puts real ones there.
    `columns` are the result's, in order, with DuckDB's types. `key` are columns that tell its rows apart, None if that
    is not certain. `order` is its sorting as (column, descending), for what reads the table later. `passthrough` is
    the entity that the flow is without any change, so that no table needs to be computed.
    """

    name: str
    query: exp.Query
    columns: Mapping[str, str]
    key: tuple[str, ...] | None
    order: tuple[tuple[str, bool], ...] = ()
    checks: tuple[JoinCheck, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    passthrough: str | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """The rows that a flow begins with, and what is to be told of them."""

    relation: Relation
    checks: tuple[JoinCheck, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass
class _Compiler:
    draft: Draft
    entities: dict[str, Relation]
    describer: SchemaInferrer
    of_each: Mapping[str, CompiledFlow]
    done: dict[str, CompiledFlow] = field(default_factory=dict)
    flows: dict[str, Relation] = field(default_factory=dict)

    def find(self, name: str) -> Relation | None:
        """Return the flow or the entity of a name, whatever its case."""
        for known in (self.flows, self.entities):
            exact = name if name in known else find_name(name, known)
            if exact:
                return known[exact]
        return None

    def money_of(self, source: exp.Table) -> MoneyColumns:
        """Return the money columns of an entity or a flow."""
        return money_of(source, {name: flow.query for name, flow in {**self.of_each, **self.done}.items()})

    def compile(self, name: str, flow: Flow) -> None:
        """Compile one flow whose needs are compiled; what is wrong with it is noted in the draft."""
        builder = Builder(name, self.describer, self.draft.document)
        begin = self._start(builder, flow)
        if begin is None:
            return
        relation = shape(builder, flow, begin.relation, self.money_of, self.find)
        key = self._key(builder, flow, relation)
        check_privacy(builder, flow, relation)
        if builder.failed and builder.lost:
            return
        # What was appended by other runs may hold the same rows again.
        lasting = Relation(table(name, FLOWS), dict(relation.columns), None if flow.mode == "append" else key)
        self.flows[name] = lasting
        self.describer.declare(lasting.table, lasting.columns)
        if builder.failed or self._misfit(builder, relation):
            return
        self.done[name] = CompiledFlow(
            name,
            builder.query(),
            lasting.columns,
            key,
            _order(flow, lasting.columns),
            begin.checks,
            begin.renamed,
            begin.notes,
            passthrough=None if flow.transformed else flow.entity,
        )

    def _start(self, builder: Builder, flow: Flow) -> Start | None:
        """Return the rows that a flow starts from, or None if they are not known."""
        if flow.entity is not None:
            return Start(self.entities[flow.entity])
        if flow.report is not None:
            return Start(self._report(builder.name, flow))
        if flow.from_ is not None:
            found = self.find(flow.from_)
            return Start(found) if found else None
        if flow.join is not None:
            left, right = self.find(flow.join.left), self.find(flow.join.right)
            along = (ACCOUNT_COLUMN,) if flow.over else ()
            joined = join(builder, flow.join, left, right, along) if left and right else None
            return Start(joined.relation, checks=(joined.check,), renamed=joined.renamed) if joined else None
        if flow.append is not None:
            inputs = [(name, found) for name in flow.append if (found := self.find(name))]
            relation, notes = append(builder, inputs)
            return Start(relation, notes=tuple(notes))
        rows = sql_rows(builder, flow.sql or "", self.find, over_accounts=bool(flow.over))
        return Start(rows) if rows else None

    def _report(self, name: str, flow: Flow) -> Relation:
        """Return the rows of a report, under a name of their own where the flow chooses options."""
        shared = self.entities[report(flow.report or "").table]
        if flow.options is None:
            return shared
        own = Relation(table(table_with_options(shared.table.name, name), ENTITIES), shared.columns)
        self.describer.declare(own.table, own.columns)
        return own

    def _key(self, builder: Builder, flow: Flow, relation: Relation) -> tuple[str, ...] | None:
        """Return the key of the result, having checked each key that the file names."""
        wanted: list[tuple[tuple[str | int, ...], str, list[str] | None]] = [(("key",), flow.mode, flow.key)]
        wanted += [(("deliver", index, "key"), to.mode, to.key) for index, to in enumerate(flow.deliver)]
        for parts, mode, key in wanted:
            for name in key or []:
                if name not in relation.columns:
                    fix = suggest(name, relation.columns, "columns")
                    builder.report(builder.path(*parts), SqlMistakeError(f"unknown column `{name}`.", fix))
            if mode == "merge" and key is None and not relation.unique:
                path = builder.path(*parts[:-1], "mode")
                fix = "Name the columns that tell rows apart: `key: [id]`."
                builder.report(path, SqlMistakeError("merge needs a key, and none is certain.", fix))
        if flow.over and flow.key and ACCOUNT_COLUMN in relation.columns:
            return tuple(dict.fromkeys((ACCOUNT_COLUMN, *flow.key)))
        return tuple(flow.key) if flow.key else relation.unique

    def _misfit(self, builder: Builder, relation: Relation) -> bool:
        """Let DuckDB read the whole flow once more; what it finds now was written by acflow."""
        try:
            described = self.describer.columns(builder.query())
        except SqlMistakeError as error:
            builder.report(builder.path(), error)
            return True
        if described != list(relation.columns.items()):
            message = f"the result would be {described}, not {list(relation.columns.items())}."
            builder.report(builder.path(), SqlMistakeError(message, "Please report this as a bug of acflow."))
            return True
        return False


def _order(flow: Flow, columns: Columns) -> tuple[tuple[str, bool], ...]:
    """Return the order of a result: that of the file, or of the report that it is."""
    if flow.sort or flow.report is None or flow.metrics:
        return tuple(sort_term(term, columns) for term in flow.sort or [])
    order = order_of(report(flow.report))
    return order if all(column in columns for column, _ in order) else ()


def _report_unlanded(draft: Draft, schemas: Mapping[str, Columns]) -> None:
    """Note flows made of a table that the account alone knows of, before it has landed."""
    for name, flow in draft.file.flows.items():
        for use in uses_of(name, flow):
            target = resolve(use, draft.names, schemas)
            if target and not target[1] and target[0] not in schemas:
                fix = f"Read {' and '.join(read_for(target[0]))} first, by themselves."
                draft.document.report(use.path, f"no custom object has landed as `{target[0]}`.", fix)
                draft.broken.add(name)


def compile_draft(
    draft: Draft,
    schemas: Mapping[str, Columns],
    describer: SchemaInferrer,
    keys: Mapping[str, tuple[str, ...] | None] | None = None,
    of_each: Mapping[str, CompiledFlow] = MappingProxyType({}),
) -> tuple[Plan, dict[str, CompiledFlow]]:
    """Compile every flow that has no mistake so far; new ones are noted in the draft.

    A flow that uses one with a mistake is left out without a word, since its own columns cannot be known. `keys` tell
    the rows of the tables apart, by default as those of entities; some tables may be flows `of_each` account.
    """
    _report_unlanded(draft, schemas)
    sound = {name: flow for name, flow in draft.file.flows.items() if name not in draft.broken}
    plan = make_plan(draft.file.model_copy(update={"flows": sound}), schemas)
    if keys is None:
        keys = {name: key_of(name, columns) for name, columns in schemas.items()}
    entities = {
        name: Relation(table(name, ENTITIES), dict(columns), keys.get(name)) for name, columns in schemas.items()
    }
    for name in plan.entities():
        describer.declare(entities[name].table, entities[name].columns)
    compiler = _Compiler(draft, entities, describer, of_each)
    for name in plan.order():
        if all(used in compiler.flows for used in flows_used(name, sound[name], draft.names, schemas)):
            compiler.compile(name, sound[name])
    return plan, compiler.done
