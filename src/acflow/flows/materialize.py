"""Results kept as tables of the warehouse.

A result is computed beside its table and takes its place, or goes into it, in one transaction. So whoever reads sees
the old rows or the new ones, and a kill at any moment leaves the old ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlglot import exp

from acflow.engine import Warehouse, quoted
from acflow.errors import ConfigError
from acflow.flows.compile import CompiledFlow
from acflow.flows.file import Draft
from acflow.flows.relation import ENTITIES, FLOWS
from acflow.flows.relation import table as table_in
from acflow.flows.render import Places, render
from acflow.flows.spec import Flow, FlowFile

SYNCED_AT = "_synced_at"
STAGE = "_new"  # no flow's name begins so; flows are computed one after the other, so one is enough
IN_UTC = "SET TimeZone = 'UTC'"
MOMENT = "TIMESTAMPTZ"
KEEPS_WHAT_HANGS_ON_TABLES = frozenset({"postgres"})  # there a view on a table would stand in the way of a new one


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
        table, stage, mode = self._table(self.table(name)), self._table(STAGE), self.file.flows[name].mode
        made = (
            f"CREATE SCHEMA IF NOT EXISTS {quoted(self.warehouse.dataset, self.dialect)}",
            exp.Drop(this=stage, kind="TABLE", exists=True),
            f"CREATE TABLE {stage.sql(self.dialect)} AS {self.sql(self.compiled[name].query)}",
        )
        swapped = (exp.Drop(this=table, kind="TABLE", exists=True), self._renamed(name))
        if mode == "replace" and self.dialect not in KEEPS_WHAT_HANGS_ON_TABLES:
            self._execute(*made, *swapped)
        else:
            self._execute(*made)
            fill = {"append": self._append, "merge": self._merge, "replace": self._refill}[mode]
            self._execute(*(fill(name) or swapped))
        return self._count(name)

    def _count(self, name: str) -> int:
        counted = exp.select(exp.Count(this=exp.Star()).as_("n")).from_(table_in(name, FLOWS))
        return int(self.warehouse.query(self.sql(counted)).column("n")[0].as_py())

    def _refill(self, name: str) -> Sequence[exp.Expression | str]:
        """Put new rows into the old table if the columns are the same, so that views and grants on it stay."""
        columns = self.warehouse.columns(self.table(name))
        if list(columns.items()) != list(self.warehouse.columns(STAGE).items()):
            return ()
        table = self._table(self.table(name))
        return exp.delete(table), self._insert(table, list(columns)), exp.Drop(this=self._table(STAGE), kind="TABLE")

    def _append(self, name: str) -> Sequence[exp.Expression | str]:
        columns = list(self.compiled[name].columns)
        stamp = exp.cast(exp.Literal.string(datetime.now(UTC).isoformat(sep=" ")), MOMENT)
        if not self.warehouse.columns(self.table(name)):
            return (
                self._new_column(STAGE, SYNCED_AT, MOMENT),
                exp.update(self._table(STAGE), {exp.column(SYNCED_AT, quoted=True): stamp}),
                self._renamed(name),
            )
        table = self._table(self.table(name))
        return (
            *self._widen(name, {SYNCED_AT: MOMENT}),
            self._insert(table, columns, {SYNCED_AT: stamp}),
            exp.Drop(this=self._table(STAGE), kind="TABLE"),
        )

    def _merge(self, name: str) -> Sequence[exp.Expression | str]:
        key = self.compiled[name].key or ()
        self._check_key(name, key)
        if not self.warehouse.columns(self.table(name)):
            return (self._renamed(name),)
        table, stage = self._table(self.table(name)), self._table(STAGE)
        known = (
            exp.select("1")
            .from_(stage.as_("s"))
            .where(*(exp.column(part, "s", quoted=True).eq(exp.column(part, "t", quoted=True)) for part in key))
        )
        return (
            *self._widen(name),
            exp.delete(table.as_("t", table=True)).where(exp.Exists(this=known)),
            self._insert(table, list(self.compiled[name].columns)),
            exp.Drop(this=stage, kind="TABLE"),
        )

    def _check_key(self, name: str, key: Sequence[str]) -> None:
        """Refuse rows that a merge could not tell apart; which of two wins would be chance."""
        columns = [exp.column(part, quoted=True) for part in key]
        from_stage = exp.select(*columns).from_(self._table(STAGE)).limit(1)
        empty = from_stage.where(exp.or_(*(column.is_(exp.null()) for column in columns)))
        twice = from_stage.group_by(*columns).having("count(*) > 1")
        for query, what in ((empty, "is empty"), (twice, "comes more than once")):
            if found := self.warehouse.query(query.sql(self.dialect)).to_pylist():
                value = ", ".join(str(part) for part in found[0].values())
                raise ConfigError(
                    f"{name} cannot be merged: its key {', '.join(key)} {what} ({value}). "
                    "Add a column to the key, or make the rows distinct."
                )

    def _widen(self, name: str, more: Mapping[str, str] | None = None) -> list[str]:
        """Give a table the columns that it lacks; those that only it has stay, and stay empty."""
        table = self.table(name)
        known, staged = self.warehouse.columns(table), self.warehouse.columns(STAGE)
        lacking = {column: kind for column, kind in {**staged, **(more or {})}.items() if column not in known}
        return [self._new_column(table, column, kind) for column, kind in lacking.items()]

    def _new_column(self, table: str, column: str, kind: str) -> str:
        name = exp.to_identifier(column, quoted=True).sql(self.dialect)
        return f"ALTER TABLE {self._table(table).sql(self.dialect)} ADD COLUMN {name} {kind}"

    def _insert(
        self, table: exp.Table, columns: Sequence[str], more: Mapping[str, exp.Expression] | None = None
    ) -> exp.Insert:
        values = [exp.column(column, quoted=True) for column in columns]
        rows = exp.select(*values, *(more or {}).values()).from_(self._table(STAGE))
        names = [exp.to_identifier(column, quoted=True) for column in (*columns, *(more or {}))]
        return exp.insert(rows, table, columns=names)

    def _renamed(self, name: str) -> exp.Expression:
        return exp.rename_table(self._table(STAGE), exp.table_(self.table(name), quoted=True))

    def _table(self, name: str) -> exp.Table:
        return exp.table_(name, db=self.warehouse.dataset, quoted=True)

    def _execute(self, *statements: exp.Expression | str) -> None:
        texts = [each if isinstance(each, str) else each.sql(self.dialect) for each in statements]
        self.warehouse.execute([IN_UTC, *texts])
