"""Change logs and daily snapshots, made in the warehouse from what has landed.

`<entity>_history` holds every version of every row: as of T it is the one with `_valid_from <= T` and `_valid_to` null
or later. `<entity>_daily` holds the counters of every row, once per day. Both are made by comparing tables with each
other, so doing it twice changes nothing.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlglot import exp

from acflow.engine import Warehouse
from acflow.engine.materialize import columns_like
from acflow.engine.sql import table
from acflow.entities.model import Entity
from acflow.load.state import instant

HISTORY, DAILY = "_history", "_daily"
VALID_FROM, VALID_TO, CHANGED = "_valid_from", "_valid_to", "_changed"
DAY, TAKEN_AT = "day", "_taken_at"
MOMENT = "TIMESTAMPTZ"
MOST_ARGUMENTS = 90  # of a function; PostgreSQL takes 100
TEXTS = frozenset({"VARCHAR", "TEXT"})


@dataclass(frozen=True, slots=True)
class LoadedTable:
    """An entity as it has just landed: the instant of the reading, and what that says of the columns.

    `columns` are those of the table with their types; only those `present` in the reading are compared, and those that
    are `fresh`, never brought by any reading before, are filled into the versions that are valid now.
    """

    warehouse: Warehouse
    entity: Entity
    at: datetime
    columns: dict[str, str]
    present: AbstractSet[str]
    fresh: AbstractSet[str] = frozenset()

    def table(self, ending: str = "") -> exp.Table:
        """Return the entity's table, or one of its history."""
        return table(f"{self.entity.name}{ending}", self.warehouse.dataset, self.warehouse.dialect)

    @property
    def compared(self) -> list[str]:
        """The columns whose change makes a new version."""
        aside = {self.entity.key, *self.entity.counters, *self.entity.noise, *self.fresh}
        return [name for name in self.columns if name in self.present and name not in aside]


def history_sql(landed: LoadedTable, *, days: int) -> list[str]:
    """Return the statements that keep the change log and, where there are counters, the snapshot of the day.

    What was over more than `days` ago is forgotten, unless `days` is 0.
    """
    statements = [*_change_log(landed)]
    oldest = landed.at - timedelta(days=days)
    if days:
        statements.append(exp.delete(landed.table(HISTORY), where=_column(VALID_TO) < instant(oldest)))
    if landed.entity.counters & landed.columns.keys():
        statements += _snapshot(landed)
        if days:
            statements.append(exp.delete(landed.table(DAILY), where=_column(DAY) < _day(oldest)))
    dialect = landed.warehouse.dialect
    return [each if isinstance(each, str) else each.sql(dialect) for each in statements]


def _change_log(landed: LoadedTable) -> Iterable[exp.Expression | str]:
    own = [_empty(VALID_FROM, MOMENT), _empty(VALID_TO, MOMENT), _empty(CHANGED, "TEXT")]
    yield from _made(landed, HISTORY, landed.columns, [*map(_column, landed.columns), *own])
    filled = [name for name in landed.columns if name in landed.fresh]
    if filled:
        values = {_column(name): _column(name, "e") for name in filled}
        row = exp.select(*(_column(name) for name in (landed.entity.key, *filled))).from_(landed.table()).subquery("e")
        mine = landed.entity.name + HISTORY
        open_now = exp.and_(_same_row(landed, mine, "e"), _column(VALID_TO, mine).is_(exp.null()))
        yield exp.update(landed.table(HISTORY), values, where=open_now, from_=exp.From(this=row))
    yield _closed(landed)
    yield _opened(landed)


def _closed(landed: LoadedTable) -> exp.Expression:
    """Return the statement that ends the versions whose row has changed or is gone."""
    mine = landed.entity.name + HISTORY
    as_it_was = exp.and_(
        _same_row(landed, "e", mine),
        *(_comparable(landed, name, "e", name_of=mine, equal=True) for name in landed.compared),
    )
    still = exp.Exists(this=exp.select("1").from_(landed.table().as_("e", table=True)).where(as_it_was))
    over = exp.and_(_column(VALID_TO, mine).is_(exp.null()), exp.not_(still))
    return exp.update(landed.table(HISTORY), {_column(VALID_TO): instant(landed.at)}, where=over)


def _opened(landed: LoadedTable) -> exp.Expression:
    """Return the statement that begins a version for each row that has none now.

    What the reading did not bring is taken from the version that has just ended.
    """
    names = list(landed.columns)
    brought = landed.present | {landed.entity.key}
    values = [
        _column(name, "e") if name in brought else exp.func("COALESCE", _column(name, "e"), _column(name, "p"))
        for name in names
    ]
    changes = [
        exp.Case().when(_comparable(landed, name, "e", name_of="p", equal=False), exp.Literal.string(name), copy=False)
        for name in landed.compared
    ]
    changed = exp.Case().when(
        exp.not_(_column(landed.entity.key, "p").is_(exp.null())),
        _joined(changes) if changes else exp.Literal.string(""),
        copy=False,
    )
    log = landed.table(HISTORY)
    just_ended = exp.and_(_same_row(landed, "p", "e"), _column(VALID_TO, "p").eq(instant(landed.at)))
    open_now = exp.and_(_same_row(landed, "o", "e"), _column(VALID_TO, "o").is_(exp.null()))
    without = exp.not_(exp.Exists(this=exp.select("1").from_(log.as_("o", table=True)).where(open_now)))
    rows = (
        exp.select(*values, instant(landed.at), exp.cast(exp.null(), MOMENT), changed)
        .from_(landed.table().as_("e", table=True), copy=False)  # a copy each time would take longer than all else
        .join(log.as_("p", table=True), on=just_ended, join_type="left", copy=False)
        .where(without, copy=False)
    )
    return exp.insert(rows, log, columns=_names([*names, VALID_FROM, VALID_TO, CHANGED]), copy=False)


def _joined(texts: Sequence[exp.Expression]) -> exp.Expression:
    """Return texts with commas between them, nulls left out, by functions of no more arguments than all databases take.

    https://www.postgresql.org/docs/current/limits.html
    """
    comma = exp.Literal.string(",")
    while len(texts) > MOST_ARGUMENTS:
        parts = [texts[start : start + MOST_ARGUMENTS] for start in range(0, len(texts), MOST_ARGUMENTS)]
        texts = [exp.func("NULLIF", exp.func("CONCAT_WS", comma, *part), exp.Literal.string("")) for part in parts]
    return exp.func("CONCAT_WS", comma, *texts)


def _snapshot(landed: LoadedTable) -> Iterable[exp.Expression | str]:
    """Yield the statements that put the counters of now in the place of those taken earlier on the same day."""
    counters = [name for name in landed.columns if name in landed.entity.counters]
    key = landed.entity.key
    columns = {name: landed.columns[name] for name in (key, *counters)}
    layout = [_empty(DAY, "DATE"), _column(key), _empty(TAKEN_AT, MOMENT), *map(_column, counters)]
    yield from _made(landed, DAILY, columns, layout)
    yield exp.delete(landed.table(DAILY), where=_column(DAY).eq(_day(landed.at)))
    values = (_column(name, "e") for name in columns)
    rows = exp.select(*values, _day(landed.at), instant(landed.at)).from_(landed.table().as_("e", table=True))
    yield exp.insert(rows, landed.table(DAILY), columns=_names([*columns, DAY, TAKEN_AT]))


def _made(landed: LoadedTable, ending: str, columns: dict[str, str], layout: list[exp.Expression]) -> list[str]:
    """Return the statements that make a table of history if it is not there, and give it the columns it lacks."""
    name, dialect = landed.entity.name + ending, landed.warehouse.dialect
    if there := landed.warehouse.columns(name):
        return columns_like(landed.warehouse, name, columns, there)
    empty = exp.select(*layout).from_(landed.table()).where(exp.false())
    return [exp.Create(this=landed.table(ending), kind="TABLE", expression=empty).sql(dialect)]


def _empty(name: str, kind: str) -> exp.Expression:
    return exp.Alias(this=exp.cast(exp.null(), kind), alias=exp.to_identifier(name, quoted=True))


def _comparable(landed: LoadedTable, name: str, mine: str, *, name_of: str, equal: bool) -> exp.Expression:
    """Return the condition that a column is, or is not, the same in two tables; a text without letters is none."""
    sides: list[Any] = [_column(name, each) for each in (mine, name_of)]
    if landed.columns[name].upper() in TEXTS:
        sides = [exp.func("NULLIF", side, exp.Literal.string("")) for side in sides]
    kind = exp.NullSafeEQ if equal else exp.NullSafeNEQ
    return kind(this=sides[0], expression=sides[1])


def _same_row(landed: LoadedTable, one: str, other: str) -> exp.Expression:
    return _column(landed.entity.key, one).eq(_column(landed.entity.key, other))


def _day(moment: datetime) -> exp.Expression:
    return exp.cast(exp.Literal.string(f"{moment:%Y-%m-%d}"), "DATE")


def _column(name: str, owner: str | None = None) -> exp.Column:
    return exp.column(name, owner, quoted=True)


def _names(columns: Sequence[str]) -> list[exp.Identifier]:
    return [exp.to_identifier(name, quoted=True) for name in columns]
