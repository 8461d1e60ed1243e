"""Statements that every warehouse understands, made by sqlglot and never by pasting."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlglot import exp

    from acflow.engine.model import Warehouse
    from acflow.source.certificate import Filled

DELETED_AT = "_deleted_at"  # in `<table>_deleted`: since when a row is gone from the account
ACCOUNT_COLUMN = "_account"  # the name of its account, in front of every row of what goes over several
AT_ONCE = 5000  # ids in one statement
PREFIX_MARK = "___"  # how dlt parts dataset and table where a database has no schemas, such as ClickHouse


def quoted(name: str, dialect: str = "duckdb") -> str:
    """Return an identifier as it stands in SQL, whatever it holds."""
    from sqlglot import exp

    return exp.to_identifier(name, quoted=True).sql(dialect)


def literal(text: str, dialect: str = "duckdb") -> str:
    """Return a text as it stands in SQL, whatever it holds."""
    from sqlglot import exp

    return exp.Literal.string(text).sql(dialect)


def table_name(name: str, dataset: str, dialect: str = "duckdb") -> str:
    """Return the qualified name of a table as it stands in SQL."""
    return table(name, dataset, dialect).sql(dialect)


def table(name: str, dataset: str, dialect: str) -> "exp.Table":
    """Return a table of a dataset."""
    from sqlglot import exp

    if dialect == "clickhouse":
        return exp.table_(f"{dataset}{PREFIX_MARK}{name}", quoted=True)
    return exp.table_(name, db=dataset, quoted=True)


def filled(template: str, dialect: str, **values: str) -> str:
    """Return a statement with its `:name` places filled by texts."""
    from sqlglot import exp, parse_one

    return exp.replace_placeholders(parse_one(template, dialect=dialect), **values).sql(dialect)


def count_rows(warehouse: "Warehouse", name: str) -> int | None:
    """Return how many rows a table holds; None if there is no such table."""
    from sqlglot import exp

    if not warehouse.columns(name):
        return None
    source = table(name, warehouse.dataset, warehouse.dialect)
    counted = exp.select(exp.Count(this=exp.Star()).as_("rows")).from_(source)
    return int(warehouse.query(counted.sql(warehouse.dialect)).column("rows")[0].as_py())


def count_tables(warehouse: "Warehouse", names: Sequence[str]) -> dict[str, int]:
    """Return how many rows each of these tables holds, by one statement: opening a database costs more than counting.

    Raises:
        ConfigError: one of them is not there.

    """
    from sqlglot import exp

    if not names:
        return {}
    counts = [
        exp.select(exp.Literal.string(name).as_("name"), exp.Count(this=exp.Star()).as_("rows")).from_(
            table(name, warehouse.dataset, warehouse.dialect)
        )
        for name in names
    ]
    together: exp.Query = counts[0]
    for count in counts[1:]:
        together = exp.union(together, count, distinct=False, copy=False)
    answered = warehouse.query(together.sql(warehouse.dialect)).to_pylist()
    return {row["name"]: int(row["rows"]) for row in answered}


def filled_rows(warehouse: "Warehouse", name: str, columns: Mapping[str, bool]) -> "Filled | None":
    """Count the rows that hold something in each of some columns, which are true where empty text is nothing.

    None if there is no such table.
    """
    from sqlglot import exp

    there = warehouse.columns(name)
    if not there:
        return None
    quoted = {column: exp.column(column, quoted=True) for column in columns if column in there}
    counts = [
        exp.Count(this=exp.Nullif(this=quoted[column], expression=exp.Literal.string("")) if text else quoted[column])
        for column, text in columns.items()
        if column in there
    ]
    numbered = [count.as_(f"n{place}") for place, count in enumerate((exp.Count(this=exp.Star()), *counts))]
    counted = exp.select(*numbered).from_(table(name, warehouse.dataset, warehouse.dialect))
    (row,) = warehouse.query(counted.sql(warehouse.dialect)).to_pylist()
    rows, *filled = row.values()
    from acflow.source.certificate import Filled

    return Filled(int(rows), dict(zip(quoted, map(int, filled), strict=True)))


def rows_by_id(warehouse: "Warehouse", name: str, ids: Sequence[int], column: str = "id") -> "pa.Table | None":
    """Return the rows of a table whose id, or another column, is among these, None if there is no such table."""
    from sqlglot import exp

    if not ids or not warehouse.columns(name):
        return None
    condition = exp.column(column, quoted=True).isin(*ids)
    return warehouse.query(
        exp.select("*").from_(table(name, warehouse.dataset, warehouse.dialect)).where(condition).sql(warehouse.dialect)
    )


def ids_where(
    warehouse: "Warehouse",
    name: str,
    *,
    flag: str | None = None,
    among: "Sequence[int] | None" = None,
) -> list[int]:
    """Return the ids of the rows of a table, of those that have a flag set, or of those that are among these."""
    from sqlglot import exp

    if not warehouse.columns(name):
        return []
    query = exp.select(exp.column("id", quoted=True)).from_(table(name, warehouse.dataset, warehouse.dialect))
    if flag:
        query = query.where(exp.column(flag, quoted=True))
    found: list[int] = []
    for start in range(0, 1 if among is None else len(among), AT_ONCE):
        part = among and among[start : start + AT_ONCE]
        asked = query.where(exp.column("id", quoted=True).isin(*part)) if part else query
        found += warehouse.query(asked.sql(warehouse.dialect)).column("id").to_pylist()
    return found
