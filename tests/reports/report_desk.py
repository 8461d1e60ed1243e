"""A desk to try reports on: a warehouse of each kind with the rows of a test, in tables as declared."""

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlglot import exp

from acflow.reports import Options, report, run_report
from acflow.reports.tables import schemas
from acflow.warehouse import Warehouse, open_warehouse

sys.path.append(str(Path(__file__).parent.parent / "load"))

Row = dict[str, Any]
DATASET = "activecampaign"
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def filled(warehouse: Warehouse, tables: Mapping[str, Sequence[Row]]) -> Warehouse:
    """Make these tables with these rows; columns that a row does not name are null."""
    dialect = warehouse.dataset, warehouse.dialect
    statements = [exp.Create(this=exp.to_identifier(dialect[0]), kind="SCHEMA", exists=True).sql(dialect[1])]
    for name, rows in tables.items():
        columns = schemas()[name]
        table = exp.table_(name, db=warehouse.dataset, quoted=True)
        kinds = [
            exp.ColumnDef(this=exp.to_identifier(column, quoted=True), kind=exp.DataType.build(kind))
            for column, kind in columns.items()
        ]
        made = exp.Create(this=exp.Schema(this=table, expressions=kinds), kind="TABLE")
        statements += [exp.Drop(this=table, kind="TABLE", exists=True).sql(dialect[1]), made.sql(dialect[1])]
        for start in range(0, len(rows), 200):
            statements.append(_insert(table, columns, rows[start : start + 200]).sql(dialect[1]))
    warehouse.execute(["SET TimeZone = 'UTC'", *statements])
    return warehouse


def _insert(table: exp.Table, columns: Mapping[str, str], rows: Sequence[Row]) -> exp.Insert:
    named = [name for name in columns if any(name in row for row in rows)]
    stray = {name for row in rows for name in row} - columns.keys()
    assert not stray, f"{table.name} has no column {stray}"
    values = [
        exp.Tuple(expressions=[exp.cast(_literal(row.get(name)), columns[name]) for name in named]) for row in rows
    ]
    identifiers = [exp.to_identifier(name, quoted=True) for name in named]
    return exp.insert(exp.Values(expressions=values), table, columns=identifiers)


def _literal(value: object) -> exp.Expression:
    return exp.null() if value is None else exp.Literal.string(str(value))


def duckdb_with(folder: Path, **tables: Sequence[Row]) -> Warehouse:
    """Return a new DuckDB warehouse with these tables."""
    return filled(open_warehouse(f"duckdb:///{folder / 'reports.duckdb'}", DATASET, memory=512), tables)


def rows_of(warehouse: Warehouse, name: str, **options: Any) -> list[Row]:  # noqa: ANN401 - any option
    """Return the rows of a report as of the tests' own day."""
    chosen = Options(**{"as_of": NOW, **options})
    found: list[Row] = run_report(warehouse, report(name), chosen).to_pylist()
    return found
