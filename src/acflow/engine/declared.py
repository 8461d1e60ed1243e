"""The columns that an entity's table has by declaration, in types of DuckDB's SQL."""

from collections.abc import Mapping

from acflow.entities.model import Entity, Type

SQL_TYPES: Mapping[Type, str] = {
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
    """Return the declared columns of an entity and their types, in order."""
    return {column.name: SQL_TYPES[column.type] for column in entity.columns}
