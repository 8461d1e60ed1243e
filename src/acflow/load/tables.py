"""Statements that make and empty tables as dlt would, in any dialect."""

from collections.abc import Container, Mapping

from sqlglot import exp, parse_one

from acflow.engine import Warehouse
from acflow.engine.sql import table
from acflow.engine.types import sql_type
from acflow.entities.types import ColumnType

CLICKHOUSE_ENGINE = "CREATE TABLE t (c INT) ENGINE=MergeTree ORDER BY tuple()"  # what dlt gives its tables there


def empty_table(name: str, dataset: str, columns: Mapping[str, ColumnType], dialect: str) -> list[str]:
    """Return the statements that leave a table without rows, and make it if it is not there."""
    emptied = exp.delete(table(name, dataset, dialect), where=exp.true())  # some refuse DELETE without WHERE
    return [*new_table(name, dataset, columns, dialect), emptied.sql(dialect)]


def new_table(name: str, dataset: str, columns: Mapping[str, ColumnType], dialect: str) -> list[str]:
    """Return the statements that make a table if it is not there."""
    definitions = [
        exp.ColumnDef(
            this=exp.to_identifier(column, quoted=True),
            kind=_data_type(kind, dialect),
        )
        for column, kind in columns.items()
    ]
    schema = exp.Schema(this=table(name, dataset, dialect), expressions=definitions)
    made = exp.Create(this=schema, kind="TABLE", exists=True)
    if dialect == "clickhouse":
        made.set("properties", parse_one(CLICKHOUSE_ENGINE, dialect=dialect).args["properties"])
        return [made.sql(dialect)]
    place = exp.Schema(this=exp.to_identifier(dataset, quoted=True))
    return [exp.Create(this=place, kind="SCHEMA", exists=True).sql(dialect), made.sql(dialect)]


def columns_like(warehouse: Warehouse, name: str, wanted: Mapping[str, str], known: Container[str]) -> list[str]:
    """Return the statements that add the columns that a table lacks, in types of the database's own words."""
    target, dialect = table(name, warehouse.dataset, warehouse.dialect), warehouse.dialect
    lacking = {column: kind for column, kind in wanted.items() if column not in known}
    return [
        _added(target, column, exp.DataType.build(kind, dialect=dialect)).sql(dialect)
        for column, kind in lacking.items()
    ]


def _added(target: exp.Table, column: str, kind: exp.DataType) -> exp.Alter:
    defined = exp.ColumnDef(this=exp.to_identifier(column, quoted=True), kind=kind)
    return exp.Alter(this=target.copy(), kind="TABLE", actions=[defined])


def truncated(name: str, dataset: str, dialect: str) -> str:
    """Return the statement that gives back the space of all rows of a table."""
    return exp.TruncateTable(expressions=[table(name, dataset, dialect)]).sql(dialect)


def _data_type(kind: ColumnType, dialect: str) -> exp.DataType:
    return exp.DataType.build(sql_type(kind, dialect), dialect=dialect)
