"""The columns that entities bring, as types of DuckDB's SQL."""

from collections.abc import Mapping

from acflow.entities.model import Entity, Type

Columns = Mapping[str, str]

SQL_TYPES: dict[Type, str] = {
    Type.ID: "BIGINT",
    Type.FOREIGN_KEY: "BIGINT",
    Type.INTEGER: "BIGINT",
    Type.NUMBER: "DOUBLE",
    Type.BOOLEAN: "BOOLEAN",
    Type.TIMESTAMP: "TIMESTAMP WITH TIME ZONE",
    Type.LOCAL_TIMESTAMP: "TIMESTAMP",
    Type.DATE: "DATE",
    Type.MONEY: "DECIMAL(28,4)",
    Type.TEXT: "VARCHAR",
    Type.JSON: "JSON",
}

KEY = {"id": SQL_TYPES[Type.ID]}


def columns_of(entity: Entity) -> dict[str, str]:
    """Return the declared columns of an entity in their order."""
    return {column.name: SQL_TYPES[column.type] for column in entity.columns}


def entity_schemas() -> dict[str, dict[str, str]]:
    """Return the columns of every entity that acflow reads, and of the tables that a run makes from them.

    Which custom fields there are depends on the account; the warehouse knows it once they have landed.
    """
    from acflow.entities import ALL
    from acflow.flows.derived import derived_tables

    declared = {entity.name: columns_of(entity) for entity in ALL}
    return declared | {name: dict(derived.columns) for name, derived in derived_tables().items()}
