"""The columns of entities as they have landed: declared ones, and text for fields that nobody has declared."""

from collections.abc import Iterable

from sqlglot import exp

from acflow.custom.objects import object_kinds
from acflow.custom.registry import known_fields
from acflow.engine import DELETED_AT, Warehouse
from acflow.entities.types import columns_of
from acflow.flows.catalog import entity_schemas
from acflow.flows.derived_tables import columns_of_field, derived_tables
from acflow.flows.report_tables import report_schemas

LOADER = "_dlt"


def landed_schemas(warehouse: Warehouse) -> dict[str, dict[str, str]]:
    """Return the columns of every entity, as types of DuckDB's SQL."""
    schemas = entity_schemas()
    with_fields = [derived for derived in derived_tables().values() if derived.fields_of]
    for field in known_fields(warehouse):
        for derived in with_fields:
            if derived.fields_of == field.entity:
                schemas[derived.name] |= columns_of_field(field)
    schemas |= {kind.entity.name: columns_of(kind.entity) for kind in object_kinds(warehouse)}
    for entity, column in _columns(warehouse, schemas.keys() - report_schemas().keys()):
        if column not in schemas[entity] and column != DELETED_AT and not column.startswith(LOADER):
            schemas[entity][column] = "VARCHAR"
    return schemas


def _columns(warehouse: Warehouse, tables: Iterable[str]) -> list[tuple[str, str]]:
    if not warehouse.tables():
        return []
    table, column = exp.column("table_name"), exp.column("column_name")
    query = (
        exp.select(table, column)
        .from_(exp.table_("columns", db="information_schema"))
        .where(exp.column("table_schema").eq(warehouse.dataset), table.isin(*tables))
        .order_by("table_name", "ordinal_position")
    )
    found = warehouse.query(query.sql(warehouse.dialect))
    return [(str(row["table_name"]), str(row["column_name"])) for row in found.to_pylist()]
