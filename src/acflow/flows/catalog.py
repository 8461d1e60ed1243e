"""The columns that entities bring, as types of DuckDB's SQL."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from acflow.entities.model import Entity, Type

if TYPE_CHECKING:
    from acflow.custom.model import CustomField

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
    """Return the columns of every entity that acflow reads, and of the wide tables of custom fields.

    Which columns these have depends on the account; the warehouse knows it once they have landed.
    """
    from acflow.custom.model import OWNERS
    from acflow.entities import ALL

    return {entity.name: columns_of(entity) for entity in ALL} | {owner.custom: dict(KEY) for owner in OWNERS}


def columns_of_field(field: "CustomField") -> dict[str, str]:
    """Return the columns of a custom field."""
    from acflow.custom.model import TYPES

    types = (SQL_TYPES[TYPES[field.kind]], SQL_TYPES[Type.MONEY], SQL_TYPES[Type.TEXT])
    return dict(zip(field.columns, types, strict=False))
