"""Statements that make and empty tables as dlt would, in any dialect."""

from collections.abc import Container, Mapping
from typing import TYPE_CHECKING, Any

from acflow.engine import Warehouse
from acflow.engine.sql import table

if TYPE_CHECKING:
    from sqlglot import exp

# Where sqlglot's type is not the one that dlt makes. PostgreSQL's json can be neither compared nor grouped.
TYPES: Mapping[tuple[str, str], str] = {
    ("postgres", "JSON"): "JSONB",
    ("clickhouse", "TIMESTAMP"): "Nullable(DateTime64(6))",
    ("clickhouse", "TIMESTAMPTZ"): "Nullable(DateTime64(6, 'UTC'))",
}
CLICKHOUSE_ENGINE = "CREATE TABLE t (c INT) ENGINE=MergeTree ORDER BY tuple()"  # what dlt gives its tables there


def empty_table(name: str, dataset: str, columns: dict[str, Any], dialect: str) -> list[str]:
    """Return the statements that leave a table without rows, and make it if it is not there."""
    from sqlglot import exp

    emptied = exp.delete(table(name, dataset, dialect), where=exp.true())  # some refuse DELETE without WHERE
    return [*new_table(name, dataset, columns, dialect), emptied.sql(dialect)]


def new_table(name: str, dataset: str, columns: dict[str, Any], dialect: str) -> list[str]:
    """Return the statements that make a table if it is not there."""
    from sqlglot import exp, parse_one

    definitions = [
        exp.ColumnDef(this=exp.to_identifier(column, quoted=True), kind=_sql_type(hint, dialect))
        for column, hint in columns.items()
    ]
    schema = exp.Schema(this=table(name, dataset, dialect), expressions=definitions)
    made = exp.Create(this=schema, kind="TABLE", exists=True)
    if dialect == "clickhouse":
        made.set("properties", parse_one(CLICKHOUSE_ENGINE, dialect=dialect).args["properties"])
        return [made.sql(dialect)]
    place = exp.Schema(this=exp.to_identifier(dataset, quoted=True))
    return [exp.Create(this=place, kind="SCHEMA", exists=True).sql(dialect), made.sql(dialect)]


def new_columns(name: str, dataset: str, columns: dict[str, Any], dialect: str) -> list[str]:
    """Return the statements that add columns to a table."""
    target = table(name, dataset, dialect)
    return [_added(target, column, _sql_type(hint, dialect)).sql(dialect) for column, hint in columns.items()]


def columns_like(warehouse: Warehouse, name: str, wanted: Mapping[str, str], known: Container[str]) -> list[str]:
    """Return the statements that add the columns that a table lacks, in types of the database's own words."""
    from sqlglot import exp

    target, dialect = table(name, warehouse.dataset, warehouse.dialect), warehouse.dialect
    lacking = {column: kind for column, kind in wanted.items() if column not in known}
    return [
        _added(target, column, exp.DataType.build(kind, dialect=dialect)).sql(dialect)
        for column, kind in lacking.items()
    ]


def _added(target: "exp.Table", column: str, kind: "exp.DataType") -> "exp.Alter":
    from sqlglot import exp

    defined = exp.ColumnDef(this=exp.to_identifier(column, quoted=True), kind=kind)
    return exp.Alter(this=target.copy(), kind="TABLE", actions=[defined])


def truncated(name: str, dataset: str, dialect: str) -> str:
    """Return the statement that gives back the space of all rows of a table."""
    from sqlglot import exp

    return exp.TruncateTable(expressions=[table(name, dataset, dialect)]).sql(dialect)


def _sql_type(hint: dict[str, Any], dialect: str) -> "exp.DataType":
    """Return the type for a dlt hint, the one that dlt itself would make."""
    from sqlglot import exp

    kind = str(hint["data_type"])
    if kind == "timestamp":
        kind = "TIMESTAMPTZ" if hint.get("timezone", True) else "TIMESTAMP"
    elif kind == "decimal":
        kind = f"DECIMAL({hint['precision']}, {hint['scale']})"
    else:
        kind = {"text": "VARCHAR", "bool": "BOOLEAN"}.get(kind, kind.upper())
    own = TYPES.get((dialect, kind))
    return exp.DataType.build(own, dialect=dialect) if own else exp.DataType.build(kind)
