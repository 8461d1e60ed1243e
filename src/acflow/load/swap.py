"""How staged rows take their place in a table, as the statements of one transaction.

In the same transaction rows that are gone move to `<table>_deleted`, the change log and the snapshot of the day are
kept, and it is noted how far the reading went. So a table, its history and its bookmark agree at every moment, and a
kill leaves all of them as they were.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot import exp

from acflow.engine import Warehouse
from acflow.engine.materialize import columns_like, emptied, inserted, merged, new_table
from acflow.engine.sql import AT_ONCE, DELETED_AT, table
from acflow.engine.types import of_hint
from acflow.entities import entity
from acflow.entities.types import INSTANT
from acflow.load.event_state import save_event_state_sql
from acflow.load.history import LoadedTable, history_sql
from acflow.load.job import REJECTS_COLUMNS, REJECTS_TABLE, LoadJob, Part
from acflow.load.prepare import staging
from acflow.load.state import delete_bookmark_sql, instant, save_bookmark_sql

DELETED = "_deleted"
LOADER = "_dlt"
MOMENT = "TIMESTAMPTZ"
ALIAS = "t"


@dataclass(frozen=True, slots=True)
class Swap:
    """Statements, and how many rows of the table they move to `<table>_deleted`."""

    statements: list[str]
    gone: int


def own_columns(warehouse: Warehouse, name: str) -> dict[str, str]:
    """Return the columns of a table and their types, without the loader's."""
    return {column: kind for column, kind in warehouse.columns(name).items() if not column.startswith(LOADER)}


def swap(warehouse: Warehouse, job: LoadJob) -> Swap:
    """Return how the staged rows of a job go into its table."""
    made = _Swapping(warehouse, staging(warehouse), job)
    dialect = warehouse.dialect
    conditions = list(made.gone()) if made.known else []
    gone = sum(made.count(condition) for condition in conditions)
    statements = [
        *made.tables(),
        *(made.moved(conditions) if gone else made.taken_away(conditions)),
        *made.rejects(),
        *made.filled(),
        *made.followed(),
        exp.Drop(this=made.stage(), kind="TABLE"),
    ]
    return Swap([each if isinstance(each, str) else each.sql(dialect) for each in statements], gone)


class _Swapping:
    """One table and the one beside it. `known` and `came` are their columns."""

    def __init__(self, warehouse: Warehouse, place: Warehouse, job: LoadJob) -> None:
        self.warehouse, self.place, self.job = warehouse, place, job
        self.known, self.came = own_columns(warehouse, job.table), own_columns(place, job.table)
        self.known.pop(DELETED_AT, None)  # of tables that marked such rows, as version 0.1 did

    def target(self, ending: str = "") -> exp.Table:
        """Return the table, or one beside it."""
        return table(f"{self.job.table}{ending}", self.warehouse.dataset, self.warehouse.dialect)

    def stage(self, name: str | None = None) -> exp.Table:
        """Return the table of the staged rows, or another one there."""
        return table(name or self.job.table, self.place.dataset, self.place.dialect)

    def tables(self) -> Iterator[str]:
        """Yield what makes the table and `<table>_deleted`, or gives them the columns that they lack."""
        dataset, dialect, name = self.warehouse.dataset, self.warehouse.dialect, self.job.table
        if self.known:
            yield from columns_like(self.warehouse, name, self.came, self.known)
        else:
            yield from new_table(name, dataset, self.job.types, dialect)
        if not self.job.keeps_deleted:
            return
        if there := self.warehouse.columns(name + DELETED):
            yield from columns_like(self.warehouse, name + DELETED, self.known | self.came, there)
        elif self.known:  # which may have columns that this reading did not bring
            mark = exp.Alias(this=exp.cast(exp.null(), MOMENT), alias=exp.to_identifier(DELETED_AT, quoted=True))
            layout = exp.select(*map(_column, self.known | self.came), mark).from_(self.target()).where(exp.false())
            yield exp.Create(this=self.target(DELETED), kind="TABLE", expression=layout).sql(dialect)
        else:
            yield from new_table(name + DELETED, dataset, {**self.job.types, DELETED_AT: INSTANT}, dialect)

    def gone(self) -> Iterator[exp.Expression]:
        """Yield the conditions on rows of the table that the account has no more; they do not overlap."""
        if self.job.whole:
            yield self._not_staged()
        elif part := self.job.part:
            yield from (exp.and_(condition, self._not_staged()) for condition in self._spoken_of(part))

    def _spoken_of(self, part: Part) -> Iterator[exp.Expression]:
        of = _column(part.column, ALIAS)
        named: exp.Expression = exp.true()
        if part.owner and self.warehouse.columns(part.owner):
            owners = table(part.owner, self.warehouse.dataset, self.warehouse.dialect).as_("o", table=True)
            there = exp.Exists(this=exp.select("1").from_(owners).where(_column("id", "o").eq(of)))
            yield exp.and_(of.is_(exp.null()).not_(), exp.not_(there))
            named = there
        for start in range(0, len(part.owners), AT_ONCE):
            yield exp.and_(named.copy(), of.copy().isin(*part.owners[start : start + AT_ONCE]))

    def _not_staged(self) -> exp.Expression:
        same = _column(self.job.key, "s").eq(_column(self.job.key, ALIAS))
        staged = exp.select("1").from_(self.stage().as_("s", table=True)).where(same)
        return exp.not_(exp.Exists(this=staged))

    def count(self, condition: exp.Expression) -> int:
        """Return how many rows of the table a condition is true of."""
        counted = exp.select(exp.Count(this=exp.Star()).as_("rows")).from_(self.target().as_(ALIAS, table=True))
        found = self.warehouse.query(counted.where(condition).sql(self.warehouse.dialect))
        return int(found.column("rows")[0].as_py())

    def moved(self, conditions: Sequence[exp.Expression]) -> Iterator[exp.Expression]:
        """Yield what moves the rows that are gone, and takes back those that are there again."""
        if self.job.keeps_deleted:
            for condition in conditions:
                rows = exp.select(*(_column(name, ALIAS) for name in self.known), instant(self.job.at))
                chosen = rows.from_(self.target().as_(ALIAS, table=True)).where(condition)
                yield exp.insert(chosen, self.target(DELETED), columns=_names([*self.known, DELETED_AT]))
        yield from self.taken_away(conditions)

    def taken_away(self, conditions: Sequence[exp.Expression]) -> Iterator[exp.Expression]:
        """Yield what takes away the rows that are gone, and from those that are gone the ones that are there again."""
        if not self.job.whole:
            for condition in conditions:
                ids = exp.select(_column(self.job.key, ALIAS)).from_(self.target().as_(ALIAS, table=True))
                yield exp.delete(self.target(), where=self._in(ids.where(condition)))
        if self.job.keeps_deleted:
            yield exp.delete(self.target(DELETED), where=self._in(self._staged_ids()))

    def rejects(self) -> Iterator[exp.Expression | str]:
        """Yield what puts the rejects of this reading in the place of earlier ones of the same rows."""
        there, came = self.warehouse.columns(REJECTS_TABLE), self.place.columns(REJECTS_TABLE)
        if not there and not came:
            return
        target = table(REJECTS_TABLE, self.warehouse.dataset, self.warehouse.dialect)
        ours = _column("entity").eq(self.job.table)
        columns = {name: of_hint(hint) for name, hint in REJECTS_COLUMNS.items()}
        yield from new_table(REJECTS_TABLE, self.warehouse.dataset, columns, self.warehouse.dialect)
        stale = exp.true() if self.job.whole else _column("id").isin(query=self._staged_ids())
        yield exp.delete(target, where=exp.and_(ours, stale))
        if came:
            chosen = exp.select(*map(_column, REJECTS_COLUMNS)).from_(self.stage(REJECTS_TABLE)).where(ours.copy())
            yield exp.insert(chosen, target, columns=_names(list(REJECTS_COLUMNS)))

    def filled(self) -> Iterator[exp.Expression | str]:
        """Yield what puts the staged rows in the place of those that they replace."""
        key = self.job.key
        if self.job.whole:
            yield emptied(self.target())
            yield inserted(self.target(), self.stage(), list(self.came))
            return
        if kept := [name for name in self.came if name in self.known and name not in {*self.job.present, key}]:
            old = exp.select(*map(_column, (key, *kept))).from_(self.target()).subquery("o")
            values = {_column(name): _column(name, "o") for name in kept}
            same = _column(key, self.job.table).eq(_column(key, "o"))
            yield exp.update(self.stage(), values, where=same, from_=exp.From(this=old))
        yield from merged(self.target(), self.stage(), [key], list(self.came))

    def followed(self) -> Iterator[str]:
        """Yield what keeps the history, and notes how far this reading went."""
        job = self.job
        if job.versions:
            columns = self.known | self.came
            loaded = LoadedTable(self.warehouse, entity(job.table), job.at, columns, job.present, job.versions.fresh)
            yield from history_sql(loaded, days=job.versions.days)
        if job.outdated:
            yield from delete_bookmark_sql(self.warehouse, job.outdated)
        if job.bookmark:
            yield from save_bookmark_sql(self.warehouse, job.bookmark)
        if job.event_state:
            yield from save_event_state_sql(self.warehouse, job.event_state)

    def _staged_ids(self) -> exp.Select:
        return exp.select(_column(self.job.key)).from_(self.stage())

    def _in(self, ids: exp.Select) -> exp.Expression:
        return _column(self.job.key).isin(query=ids)


def _column(name: str, owner: str | None = None) -> exp.Column:
    return exp.column(name, owner, quoted=True)


def _names(columns: Sequence[str]) -> list[exp.Identifier]:
    return [exp.to_identifier(name, quoted=True) for name in columns]
