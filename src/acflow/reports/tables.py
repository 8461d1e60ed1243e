"""The tables that reports may read, with the columns that they have by declaration."""

from collections.abc import Mapping
from functools import cache

from acflow.entities import ALL
from acflow.entities.types import INSTANT as INSTANT_TYPE
from acflow.entities.types import columns_of

INSTANT = INSTANT_TYPE.sql
DELETED = {"_deleted_at": INSTANT}
VERSION = {"_valid_from": INSTANT, "_valid_to": INSTANT, "_changed": "VARCHAR"}
READING = {"day": "DATE", "_taken_at": INSTANT}
OTHERS: Mapping[str, Mapping[str, str]] = {
    "_rejects": {"entity": "VARCHAR", "id": "BIGINT", "field": "VARCHAR", "raw": "VARCHAR", "run": "VARCHAR"},
    "_readings": {"entity": "VARCHAR", "read_at": INSTANT},
    "deals_custom": {"id": "BIGINT", "forecasted_close_date": "TIMESTAMP"},
}
# Tables that are logs, by the column that says when a row came: as of an instant they are what came until then.
DATED: dict[str, str] = {"dealActivities": "cdate", "_readings": "read_at"}
for _entity in ALL:
    DATED |= {
        f"{_entity.name}_history": "_valid_from",
        f"{_entity.name}_daily": "_taken_at",
        f"{_entity.name}_deleted": "_deleted_at",
    }


@cache
def schemas() -> Mapping[str, Mapping[str, str]]:
    """Return the columns of every table by its name: entities, their histories and days, and a few others."""
    found: dict[str, Mapping[str, str]] = dict(OTHERS)
    for entity in ALL:
        columns = columns_of(entity)
        found[entity.name] = columns | DELETED
        found[f"{entity.name}_deleted"] = columns | DELETED
        found[f"{entity.name}_history"] = columns | VERSION
        found[f"{entity.name}_daily"] = READING | columns
    return found
