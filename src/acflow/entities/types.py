"""The one table of types: what a field of an entity is in Arrow, in SQL, to the loader, in Excel and in words.

SQL is DuckDB's here; `acflow.engine.types` says what it is called elsewhere, and which of these a column of Arrow is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from acflow.entities.model import Entity, Type

if TYPE_CHECKING:
    import pyarrow as pa

EXCEL_DIGITS = 15  # a spreadsheet's numbers have no more


@dataclass(frozen=True, slots=True)
class ColumnType:
    """A type of column.

    `sql` is what DuckDB calls it, `factory` pyarrow's function for it with its arguments, `loader` dlt's hint, `excel`
    the format that shows its values (None: the general one), `words` what the docs say.
    """

    sql: str
    factory: tuple[Any, ...]
    loader: Mapping[str, Any]
    excel: str | None
    words: str

    @property
    def arrow(self) -> "pa.DataType":
        """The type as Arrow has it."""
        import pyarrow as pa

        name, *arguments = self.factory
        return getattr(pa, name)(*arguments)


BIGINT = ColumnType("BIGINT", ("int64",), {"data_type": "bigint"}, "0", "64-bit integer")
DOUBLE = ColumnType("DOUBLE", ("float64",), {"data_type": "double"}, None, "double")
BOOLEAN = ColumnType("BOOLEAN", ("bool_",), {"data_type": "bool"}, None, "boolean")
INSTANT = ColumnType(
    "TIMESTAMP WITH TIME ZONE",
    ("timestamp", "us", "UTC"),
    {"data_type": "timestamp", "timezone": True},
    "yyyy-mm-dd hh:mm:ss",
    "timestamp with time zone",
)
LOCAL_TIMESTAMP = ColumnType(
    "TIMESTAMP",
    ("timestamp", "us"),
    {"data_type": "timestamp", "timezone": False},
    "yyyy-mm-dd hh:mm:ss",
    "timestamp",
)
DATE = ColumnType("DATE", ("date32",), {"data_type": "date"}, "yyyy-mm-dd", "date")
TEXT = ColumnType("VARCHAR", ("string",), {"data_type": "text"}, None, "text")
JSON = ColumnType("JSON", ("string",), {"data_type": "json"}, None, "text")


def decimal(precision: int, scale: int) -> ColumnType:
    """Return a decimal; in Excel with two places always, as money is read, and further ones where they are not zero."""
    always = min(scale, 2)
    return ColumnType(
        f"DECIMAL({precision},{scale})",
        ("decimal128", precision, scale),
        {"data_type": "decimal", "precision": precision, "scale": scale},
        f"#,##0{'.' if scale else ''}{'0' * always}{'#' * (min(scale, EXCEL_DIGITS) - always)}",
        f"decimal({precision}, {scale})",
    )


MONEY = decimal(28, 4)

COLUMN_TYPES: Mapping[Type, ColumnType] = {
    Type.ID: BIGINT,
    Type.FOREIGN_KEY: BIGINT,
    Type.INTEGER: BIGINT,
    Type.NUMBER: DOUBLE,
    Type.BOOLEAN: BOOLEAN,
    Type.TIMESTAMP: INSTANT,
    Type.LOCAL_TIMESTAMP: LOCAL_TIMESTAMP,
    Type.DATE: DATE,
    Type.MONEY: MONEY,
    Type.TEXT: TEXT,
    Type.JSON: JSON,
}


def columns_of(entity: Entity) -> dict[str, str]:
    """Return the declared columns of an entity and their types in DuckDB's SQL, in order."""
    return {column.name: COLUMN_TYPES[column.type].sql for column in entity.columns}
