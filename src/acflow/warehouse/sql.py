"""Statements that every warehouse understands, made by sqlglot and never by pasting."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlglot import exp

    from acflow.warehouse.model import Warehouse

PREFIX_MARK = "___"  # how dlt parts dataset and table where a database has no schemas, such as ClickHouse


def quoted(name: str, dialect: str = "duckdb") -> str:
    """Return an identifier as it stands in SQL, whatever it holds."""
    from sqlglot import exp

    return exp.to_identifier(name, quoted=True).sql(dialect)


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
    """Return how many rows a table holds, None if there is no such table."""
    from sqlglot import exp

    if not warehouse.columns(name):
        return None
    counted = exp.select(exp.Count(this=exp.Star()).as_("rows")).from_(
        table(name, warehouse.dataset, warehouse.dialect)
    )
    return int(warehouse.query(counted.sql(warehouse.dialect)).column("rows")[0].as_py())


def rows_by_id(warehouse: "Warehouse", name: str, ids: Sequence[int]) -> "pa.Table | None":
    """Return the rows of a table whose id is among these, None if there is no such table."""
    from sqlglot import exp

    if not ids or not warehouse.columns(name):
        return None
    condition = exp.column("id", quoted=True).isin(*ids)
    return warehouse.query(
        exp.select("*").from_(table(name, warehouse.dataset, warehouse.dialect)).where(condition).sql(warehouse.dialect)
    )
