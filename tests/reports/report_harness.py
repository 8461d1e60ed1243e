"""A desk to try reports on: a warehouse of each kind with the rows of a test, in tables as declared."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlglot import exp

from acflow.engine import Warehouse, open_warehouse
from acflow.reports import Options, report, run_report
from acflow.reports.tables import schemas

Row = dict[str, Any]
DATASET = "activecampaign"
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def filled(warehouse: Warehouse, tables: Mapping[str, Sequence[Row]]) -> Warehouse:
    """Make these tables with these rows; columns that a row does not name are null."""
    statements = [f"CREATE SCHEMA IF NOT EXISTS {warehouse.dataset}"]
    for name, rows in tables.items():
        table = f'{warehouse.dataset}."{name}"'
        columns = {column: exp.DataType.build(kind).sql(warehouse.dialect) for column, kind in schemas()[name].items()}
        fields = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        statements += [f"DROP TABLE IF EXISTS {table}", f"CREATE TABLE {table} ({fields})"]
        named = [column for column in columns if any(column in row for row in rows)]
        assert all(row.keys() <= columns.keys() for row in rows), name
        if rows:
            names = ", ".join(f'"{column}"' for column in named)
            values = ", ".join(f"({', '.join(_literal(row.get(column)) for column in named)})" for row in rows)
            statements.append(f"INSERT INTO {table} ({names}) VALUES {values}")  # noqa: S608 - rows of tests
    warehouse.execute(["SET TimeZone = 'UTC'", *statements])
    return warehouse


def _literal(value: object) -> str:
    return "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"


def duckdb_with(folder: Path, **tables: Sequence[Row]) -> Warehouse:
    """Return a new DuckDB warehouse with these tables."""
    return filled(open_warehouse(f"duckdb:///{folder / 'reports.duckdb'}", DATASET, memory=512), tables)


def rows_of(warehouse: Warehouse, name: str, **options: Any) -> list[Row]:  # noqa: ANN401 - any option
    """Return the rows of a report as of the tests' own day."""
    chosen = Options(**{"as_of": NOW, **options})
    found: list[Row] = run_report(warehouse, report(name), chosen).to_pylist()
    return found


def near(row: Row, digits: int = 12) -> Row:
    """Return a row whose fractions have that many digits, and its money thousandths, beyond which databases differ."""

    def rounded(value: Any) -> Any:  # noqa: ANN401 - a value of any column
        if isinstance(value, Decimal):
            return value.quantize(Decimal("0.001"))  # a mean is a float at first, and its last digit may be a tie
        return float(f"{value:.{digits}g}") if isinstance(value, float) else value

    return {name: rounded(value) for name, value in row.items()}
