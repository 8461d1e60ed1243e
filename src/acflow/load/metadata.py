"""What a dataset says of itself, as names and values in one small table: whose data it holds, and its layout."""

from collections.abc import Mapping

from acflow.engine import Warehouse
from acflow.engine.materialize import new_table
from acflow.engine.sql import table
from acflow.entities.types import TEXT, ColumnType

METADATA = "_acflow"
ACCOUNT, LAYOUT = "account", "layout"
OVER_ACCOUNTS = "all accounts"  # whose data the dataset of the roll-ups holds
NEWEST_LAYOUT = 2  # of the tables; `acflow.app.upgrade` has a step to each
COLUMNS: Mapping[str, ColumnType] = {"name": TEXT, "value": TEXT}


def metadata(warehouse: Warehouse) -> dict[str, str]:
    """Return what the dataset says of itself, empty if nothing has landed there."""
    from sqlglot import exp

    if not warehouse.columns(METADATA):
        return {}
    query = exp.select("*").from_(table(METADATA, warehouse.dataset, warehouse.dialect)).sql(warehouse.dialect)
    return {row["name"]: row["value"] for row in warehouse.query(query).to_pylist()}


def save_metadata_sql(warehouse: Warehouse, values: Mapping[str, str]) -> list[str]:
    """Return the statements that put these values in the place of what was said under their names."""
    from sqlglot import exp

    dataset, dialect = warehouse.dataset, warehouse.dialect
    target = table(METADATA, dataset, dialect)
    names = [exp.to_identifier(name, quoted=True) for name in COLUMNS]
    statements = new_table(METADATA, dataset, COLUMNS, dialect)
    for name, value in values.items():
        row = exp.select(exp.Literal.string(name), exp.Literal.string(value))
        statements.append(exp.delete(target, where=exp.column("name", quoted=True).eq(name)).sql(dialect))
        statements.append(exp.insert(row, target, columns=names).sql(dialect))
    return statements
