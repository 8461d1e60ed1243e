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


def columns_of(entity: Entity) -> dict[str, str]:
    """Return the declared columns of an entity in their order."""
    return {column.name: SQL_TYPES[column.type] for column in entity.columns}


def entity_schemas() -> dict[str, dict[str, str]]:
    """Return the columns of every entity that acflow reads."""
    from acflow.entities import ALL

    return {entity.name: columns_of(entity) for entity in ALL}
