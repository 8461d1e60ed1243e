"""Warehouses: one row per kind; connect, dialect, query to Arrow."""

from acflow.engine.duck import DuckDBWarehouse
from acflow.engine.model import Warehouse, WarehouseKind
from acflow.engine.registry import WAREHOUSES, kind_of, open_warehouse
from acflow.engine.sql import DELETED_AT, count_rows, count_tables, quoted, rows_by_id, table_name
from acflow.engine.trouble import explain, shown

__all__ = [
    "DELETED_AT",
    "WAREHOUSES",
    "DuckDBWarehouse",
    "Warehouse",
    "WarehouseKind",
    "count_rows",
    "count_tables",
    "explain",
    "kind_of",
    "open_warehouse",
    "quoted",
    "rows_by_id",
    "shown",
    "table_name",
]
