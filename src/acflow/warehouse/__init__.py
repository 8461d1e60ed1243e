"""Warehouses: one row per kind; connect, dialect, query to Arrow."""

from acflow.warehouse.duck import DuckDBWarehouse
from acflow.warehouse.model import Kind, Warehouse
from acflow.warehouse.registry import WAREHOUSES, kind_of, open_warehouse
from acflow.warehouse.sql import DELETED_AT, count_rows, quoted, rows_by_id, table_name
from acflow.warehouse.trouble import explain, shown

__all__ = [
    "DELETED_AT",
    "WAREHOUSES",
    "DuckDBWarehouse",
    "Kind",
    "Warehouse",
    "count_rows",
    "explain",
    "kind_of",
    "open_warehouse",
    "quoted",
    "rows_by_id",
    "shown",
    "table_name",
]
