"""The one way by which tables are made, replaced, appended to and merged.

Rows are staged in a table beside their target and then take its place, go below its rows, or renew those with the same
key, in one transaction: whoever reads sees the old rows or the new ones. The functions at the end build statements and
touch nothing; `build` and `apply_stage` carry them out over a `Target`.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, Protocol

from sqlglot import exp, parse_one

from acflow.engine.model import Warehouse
from acflow.engine.sql import table as table_of
from acflow.engine.types import sql_type
from acflow.entities.types import INSTANT, ColumnType
from acflow.errors import ConfigError

Mode = Literal["replace", "append", "merge"]
Statement = exp.Expression | str

SYNCED_AT = "_synced_at"  # when a row was appended
IN_UTC = "SET TimeZone = 'UTC'"
CLICKHOUSE_ENGINE = "CREATE TABLE t (c INT) ENGINE=MergeTree ORDER BY tuple()"  # what the loader gives its tables there


class Target(Protocol):
    """Where tables are written.

    With `refills`, new rows of the same columns go into the old table, where a view or a grant on it would stand in the
    way of a new one, or be lost. With `updates_rows`, a merge updates them in place, so that what refers to them stays;
    else it deletes and inserts them, which costs less where columns lie by themselves.
    """

    @property
    def dialect(self) -> str:
        """What sqlglot calls its SQL."""

    @property
    def refills(self) -> bool:
        """Whether rows of the same columns go into the old table."""

    @property
    def updates_rows(self) -> bool:
        """Whether a merge updates rows in place."""

    def table(self, name: str) -> exp.Table:
        """Return a table by its name, qualified."""

    def columns(self, name: str) -> Mapping[str, str]:
        """Return the columns of a table and their types, in the database's words; empty if there is none."""

    def execute(self, statements: Sequence[str]) -> None:
        """Carry out these statements, all or none."""

    def rows(self, sql: str) -> Sequence[Sequence[object]]:
        """Return the rows of a query."""


@dataclass(frozen=True, slots=True)
class WarehouseTarget:
    """The dataset of a warehouse."""

    warehouse: Warehouse
    updates_rows: bool = False

    @property
    def dialect(self) -> str:
        """The warehouse's SQL."""
        return self.warehouse.dialect

    @property
    def refills(self) -> bool:
        """Whether views stand in the way of a new table."""
        return self.warehouse.kind.views_hold_tables

    def table(self, name: str) -> exp.Table:
        """Return a table of the dataset."""
        return table_of(name, self.warehouse.dataset, self.warehouse.dialect)

    def columns(self, name: str) -> Mapping[str, str]:
        """Return the columns of a table."""
        return self.warehouse.columns(name)

    def execute(self, statements: Sequence[str]) -> None:
        """Carry out statements in one transaction, with UTC for what has no zone."""
        self.warehouse.execute([IN_UTC, *statements])

    def rows(self, sql: str) -> Sequence[Sequence[object]]:
        """Return the rows of a query."""
        return [tuple(row.values()) for row in self.warehouse.query(sql).to_pylist()]

    def count(self, name: str) -> int:
        """Return how many rows a table has."""
        counted = exp.select(exp.Count(this=exp.Star()).as_("n")).from_(self.table(name))
        return int(self.warehouse.query(counted.sql(self.dialect)).column("n")[0].as_py())


@dataclass(frozen=True, slots=True)
class Write:
    """Which table is written and how; a merge tells rows apart by `key`, and errors call the rows by `title`."""

    name: str
    mode: Mode = "replace"
    key: tuple[str, ...] = ()
    title: str = ""


def build(target: Target, write: Write, query: str, stage: str, schema: str | None = None) -> None:
    """Write the rows of a query, which are computed into `stage` first.

    Raises:
        ConfigError: the rows cannot be merged; the table is as it was.
        WarehouseError: the database could not compute them; the table is as it was.

    """
    made: list[Statement] = (
        [exp.Create(this=exp.Schema(this=identifier(schema)), kind="SCHEMA", exists=True)] if schema else []
    )
    made += [drop(target.table(stage)), f"CREATE TABLE {target.table(stage).sql(target.dialect)} AS {query}"]
    if write.mode == "replace" and not target.refills:
        run(target, [*made, *swapped(target, write.name, stage)])
        return
    run(target, made)
    apply_stage(target, write, stage)


def apply_stage(target: Target, write: Write, stage: str, columns: Mapping[str, ColumnType] | None = None) -> None:
    """Let the staged rows into their table, by its mode; the stage is gone then.

    With `columns` the stage is a temporary table, which cannot take another's place: one that is missing is made.
    """
    if write.mode == "merge":
        check_key(target, write, stage)
    known, staged = target.columns(write.name), target.columns(stage)
    if columns is not None and (not known or (write.mode == "replace" and list(known.items()) != list(staged.items()))):
        run(
            target,
            [
                *([drop(target.table(write.name))] if known else []),
                *new_like(target.table(write.name), columns, target.dialect),
            ],
        )
        known = staged
    plan = {"replace": _replaced, "append": _appended, "merge": _merged}[write.mode]
    run(target, plan(target, write, stage, known, staged))


def check_key(target: Target, write: Write, stage: str) -> None:
    """Refuse rows that a merge could not tell apart; which of two wins would be chance."""
    columns = [column(name) for name in write.key]
    rows = exp.select(*columns).from_(target.table(stage)).limit(1)
    empty = rows.where(exp.or_(*(name.is_(exp.null()) for name in columns)))
    twice = rows.group_by(*columns).having(exp.Count(this=exp.Star()) > 1)
    for query, what in ((empty, "is empty"), (twice, "comes more than once")):
        if target.rows(query.sql(target.dialect)):  # which it is, is not said: errors are kept, a key may be an address
            raise ConfigError(
                f"{write.title or write.name} cannot be merged: its key {', '.join(write.key)} {what}. "
                "Nothing was changed. Add a column to the key, or make the rows distinct."
            )


def run(target: Target, statements: Sequence[Statement]) -> None:
    """Carry out statements, all or none."""
    target.execute(written(statements, target.dialect))


def written(statements: Sequence[Statement], dialect: str) -> list[str]:
    """Return statements in a dialect."""
    return [part if isinstance(part, str) else part.sql(dialect) for part in statements]


Columns = Mapping[str, str]


def _replaced(target: Target, write: Write, stage: str, known: Columns, staged: Columns) -> list[Statement]:
    if list(known.items()) != list(staged.items()):
        return swapped(target, write.name, stage)
    table = target.table(write.name)
    return [emptied(table), inserted(table, target.table(stage), list(staged)), drop(target.table(stage))]


def _appended(target: Target, write: Write, stage: str, known: Columns, staged: Columns) -> list[Statement]:
    kind = sql_type(INSTANT, target.dialect)
    stamp: exp.Expression = exp.Literal.string(datetime.now(UTC).isoformat(sep=" ", timespec="microseconds"))
    if kind != "TEXT":  # where instants are kept as text, a cast would make a number of it
        stamp = exp.cast(stamp, INSTANT.sql)
    if not known:
        stamped = exp.update(target.table(stage), {column(SYNCED_AT): stamp})
        return [added(target, stage, SYNCED_AT, kind), stamped, *swapped(target, write.name, stage)]
    table = target.table(write.name)
    return [
        *widened(target, write.name, known, {**staged, SYNCED_AT: kind}),
        inserted(table, target.table(stage), list(staged), {SYNCED_AT: stamp}),
        drop(target.table(stage)),
    ]


def _merged(target: Target, write: Write, stage: str, known: Columns, staged: Columns) -> list[Statement]:
    if not known:
        return swapped(target, write.name, stage)
    table, source = target.table(write.name), target.table(stage)
    return [
        *widened(target, write.name, known, staged),
        *merged(table, source, write.key, list(staged), in_place=target.updates_rows),
        drop(source),
    ]


# Statements.


def merged(
    table: exp.Table, stage: exp.Table, key: Sequence[str], columns: Sequence[str], *, in_place: bool = False
) -> list[Statement]:
    """Put the staged rows in the place of those with their keys, and add the others."""
    t, s = _aliased(table, "t"), _aliased(stage, "s")
    same = exp.and_(*(column(name, "t").eq(column(name, "s")) for name in key))
    if not in_place:
        return [
            exp.delete(t).where(exp.Exists(this=exp.select("1").from_(s).where(same))),
            inserted(table, stage, columns),
        ]
    values = {column(name): column(name, "s") for name in columns if name not in key}
    unknown = exp.not_(exp.Exists(this=exp.select("1").from_(t).where(same)))
    renewed: list[Statement] = [exp.update(t, values, where=same, from_=exp.From(this=s))] if values else []
    return [*renewed, inserted(table, s, columns, where=unknown)]


def replaced_rows(
    table: exp.Table, where: exp.Expression, columns: Sequence[str], rows: Sequence[Sequence[exp.Expression]]
) -> list[Statement]:
    """Put these rows in the place of those that a condition finds."""
    return [exp.delete(table, where=where), *(inserted_values(table, columns, row) for row in rows)]


def inserted_values(table: exp.Table, columns: Sequence[str], values: Sequence[exp.Expression]) -> exp.Insert:
    """Return the statement that adds one row."""
    return exp.insert(exp.select(*values), table, columns=[identifier(name) for name in columns])


def inserted(
    table: exp.Table,
    stage: exp.Table,
    columns: Sequence[str],
    more: Mapping[str, exp.Expression] | None = None,
    where: exp.Expression | None = None,
) -> exp.Insert:
    """Return the statement that adds the rows of another table, with the same values of `more` in each."""
    rows = exp.select(*(column(name) for name in columns), *(more or {}).values()).from_(stage)
    names = [identifier(name) for name in (*columns, *(more or {}))]
    return exp.insert(rows.where(where) if where else rows, table, columns=names)


def swapped(target: Target, name: str, stage: str) -> list[Statement]:
    """Let the stage take the place and the name of a table."""
    bare = exp.table_(target.table(name).name, quoted=True)  # the new name stands without its schema
    return [drop(target.table(name)), exp.rename_table(target.table(stage), bare)]


def widened(target: Target, name: str, known: Container[str], wanted: Columns) -> list[Statement]:
    """Give a table the columns that it lacks; those that only it has stay, and stay empty."""
    return [added(target, name, missing, kind) for missing, kind in wanted.items() if missing not in known]


def added(target: Target, name: str, new: str, kind: str) -> exp.Alter:
    """Return the statement that adds a column, of a type in the database's own words."""
    return exp.Alter(this=target.table(name), kind="TABLE", actions=[_definition(new, kind)])


def columns_like(warehouse: Warehouse, name: str, wanted: Columns, known: Container[str]) -> list[str]:
    """Return the statements that add the columns that a table of a warehouse lacks."""
    target = WarehouseTarget(warehouse)
    return written(widened(target, name, known, wanted), target.dialect)


def new_table(name: str, dataset: str, columns: Mapping[str, ColumnType], dialect: str) -> list[str]:
    """Return the statements that make a table as the loader would, if it is not there."""
    schema = _defined(table_of(name, dataset, dialect), columns, dialect)
    made = exp.Create(this=schema, kind="TABLE", exists=True)
    if dialect == "clickhouse":
        made.set("properties", parse_one(CLICKHOUSE_ENGINE, dialect=dialect).args["properties"])
        return [made.sql(dialect)]
    place = exp.Schema(this=identifier(dataset))
    return [exp.Create(this=place, kind="SCHEMA", exists=True).sql(dialect), made.sql(dialect)]


def new_like(table: exp.Table, columns: Mapping[str, ColumnType], dialect: str) -> list[Statement]:
    """Return the statements that make a table, and its schema if it names one."""
    schema = exp.Schema(this=exp.table_(table.db, db=table.catalog or None, quoted=True)) if table.db else None
    made: list[Statement] = [exp.Create(this=schema, kind="SCHEMA", exists=True)] if schema else []
    return [*made, exp.Create(this=_defined(table, columns, dialect), kind="TABLE")]


def new_stage(table: exp.Table, columns: Mapping[str, ColumnType], dialect: str) -> exp.Create:
    """Return the statement that makes a temporary table."""
    temporary = exp.Properties(expressions=[exp.TemporaryProperty()])
    return exp.Create(this=_defined(table, columns, dialect), kind="TABLE", properties=temporary)


def _defined(table: exp.Table, columns: Mapping[str, ColumnType], dialect: str) -> exp.Schema:
    definitions = [_definition(name, sql_type(kind, dialect)) for name, kind in columns.items()]
    return exp.Schema(this=table, expressions=definitions)


def empty_table(name: str, dataset: str, columns: Mapping[str, ColumnType], dialect: str) -> list[str]:
    """Return the statements that leave a table without rows, and make it if it is not there."""
    return [*new_table(name, dataset, columns, dialect), emptied(table_of(name, dataset, dialect)).sql(dialect)]


def emptied(table: exp.Table) -> exp.Delete:
    """Return the statement that deletes all rows; some databases refuse DELETE without WHERE."""
    return exp.delete(table, where=exp.true())


def truncated(name: str, dataset: str, dialect: str) -> str:
    """Return the statement that gives back the space of all rows of a table."""
    return exp.TruncateTable(expressions=[table_of(name, dataset, dialect)]).sql(dialect)


def drop(table: exp.Table) -> exp.Drop:
    """Return the statement that drops a table if it is there."""
    return exp.Drop(this=table, kind="TABLE", exists=True)


def _aliased(table: exp.Table, alias: str) -> exp.Table:
    named = table.copy()
    named.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    return named


def _definition(name: str, kind: str) -> exp.ColumnDef:
    return exp.ColumnDef(this=identifier(name), kind=exp.var(kind))  # as the database says it, not translated again


def column(name: str, owner: str | None = None) -> exp.Column:
    """Return a column by its exact name."""
    return exp.column(name, owner, quoted=True)


def identifier(name: str) -> exp.Identifier:
    """Return a name as it is."""
    return exp.to_identifier(name, quoted=True)
