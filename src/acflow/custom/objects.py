"""Custom objects: a typed table for each kind that an account has made up, called `object_` and the kind's slug.

The long table of records holds their values as JSON; each kind's own table has a column per field and per relationship,
typed as the kind declares. A kind is known by its slug, so its table is made anew whenever records have landed.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import orjson

from acflow.custom.naming import free_name, slug
from acflow.engine.sql import table
from acflow.entities.model import Entity, Field, Offset, Type

if TYPE_CHECKING:
    from acflow.engine import Warehouse

SCHEMAS, RECORDS = "customObjectSchemas", "customObjectRecords"
PREFIX = "object_"
ROWS_AT_ONCE = 10_000
KINDS: Mapping[str, Type] = {
    "number": Type.NUMBER,
    "date": Type.DATE,
    "datetime": Type.TIMESTAMP,
    "boolean": Type.BOOLEAN,
    "checkbox": Type.JSON,
    "multiselect": Type.JSON,
    "listbox": Type.JSON,
    "currency": Type.JSON,  # with its currency, in a form that is not documented
}
OWN = (
    Field("id", Type.ID, "Number that acflow makes of the UUID."),
    Field("uuid", Type.TEXT, "Key of the record as the API has it."),
    Field("externalId", Type.TEXT, "Key of the record where it came from."),
    Field("createdTimestamp", Type.TIMESTAMP, "When the record was made."),
    Field("updatedTimestamp", Type.TIMESTAMP, "When the record was last edited."),
)


class ObjectKind:
    """One kind of custom object: its table, and which key of a record's values goes into which column."""

    def __init__(self, row: Mapping[str, Any], taken: set[str]) -> None:
        self.schema: int = row["id"]
        self.columns: dict[str, str] = {}  # by the id of the field
        self.ties: dict[str, str] = {}  # by the id of the relationship
        fields, names = list(OWN), {field.name.casefold() for field in OWN}
        for place, given in enumerate(_objects(row["fields"]), start=1):
            kind = KINDS.get(str(given.get("type", "")).lower(), Type.TEXT)
            fields.append(self._column(self.columns, given, place, kind, names))
        for place, given in enumerate(_objects(row["relationships"]), start=1):
            kind = Type.JSON if given.get("hasMany") else Type.FOREIGN_KEY
            fields.append(self._column(self.ties, given, place, kind, names))
        name = PREFIX + (slug(row["slug"] or "") or str(self.schema))
        self.entity = Entity(
            name=name if name not in taken else f"{name}_{self.schema % 10**6}",
            description=f"Records of the custom object {row['slug']}, one column per field and relationship.",
            fields=tuple(fields),
            paging=Offset(),
        )
        taken.add(self.entity.name)

    @staticmethod
    def _column(columns: dict[str, str], given: Mapping[str, Any], place: int, kind: Type, names: set[str]) -> Field:
        key = str(given.get("id", place))
        column = columns[key] = free_name(key, place, ("",), names)
        names.add(column.casefold())
        return Field(column, kind, f"{key}, as the account calls it.")

    def row(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return a record as a row of the kind's table."""
        found = {name.name: _plain(record[name.name]) for name in OWN}
        for value in _objects(record["fields"]):
            if column := self.columns.get(str(value.get("id"))):
                found[column] = value.get("value")
        ties = orjson.loads(record["relationships"] or "{}")
        for tie, keys in ties.items() if isinstance(ties, dict) else ():
            if column := self.ties.get(tie):
                single = next(field for field in self.entity.fields if field.name == column).type is not Type.JSON
                found[column] = (keys[0] if keys else None) if single and isinstance(keys, list) else keys
        return found


def _plain(value: object) -> str | None:
    """Return a value as text, which the columns are decoded from."""
    return None if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)


def _objects(text: str | None) -> list[dict[str, Any]]:
    """Return the objects of a JSON array."""
    read = orjson.loads(text or "[]")
    return [each for each in read if isinstance(each, dict)] if isinstance(read, list) else []


def object_kinds(warehouse: "Warehouse") -> list[ObjectKind]:
    """Return the kinds that have landed; none where their table is not there."""
    from sqlglot import exp

    if not warehouse.columns(SCHEMAS) or not warehouse.columns(RECORDS):
        return []
    query = exp.select(*(exp.column(name, quoted=True) for name in ("id", "slug", "fields", "relationships")))
    query = query.from_(table(SCHEMAS, warehouse.dataset, warehouse.dialect)).order_by(exp.column("id", quoted=True))
    taken: set[str] = set()
    return [ObjectKind(row, taken) for row in warehouse.query(query.sql(warehouse.dialect)).to_pylist()]


def records_of(warehouse: "Warehouse", kind: ObjectKind) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a kind's table, some at a time."""
    from sqlglot import exp

    names = [*(field.name for field in OWN), "fields", "relationships"]
    query = exp.select(*(exp.column(name, quoted=True) for name in names))
    query = query.from_(table(RECORDS, warehouse.dataset, warehouse.dialect))
    query = query.where(exp.column("schema", quoted=True).eq(kind.schema))
    with warehouse.stream(query.sql(warehouse.dialect)) as batches:
        for batch in batches:
            for start in range(0, len(batch), ROWS_AT_ONCE):
                yield [kind.row(record) for record in batch.slice(start, ROWS_AT_ONCE).to_pylist()]
