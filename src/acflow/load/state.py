"""What the warehouse itself remembers of readings, so that a row and the note of it change in one transaction."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from acflow.engine import Warehouse
from acflow.engine.materialize import new_table, replaced_rows, written
from acflow.engine.sql import table
from acflow.entities.types import INSTANT, TEXT, ColumnType

READINGS = "_readings"
COLUMNS: Mapping[str, ColumnType] = {
    "entity": TEXT,
    "account": TEXT,
    "cursor": INSTANT,
    "swept_at": INSTANT,
    "read_at": INSTANT,
    "fields": TEXT,
}


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Per entity: the account that it was read from, and instants of that account's clock.

    A wide table has one too, from when it was brought up to its values until these change.

    Everything that changed up to `cursor` has landed; at `swept_at` all rows were read, and at `read_at` some.
    `fields` are the columns that any reading so far has brought.
    """

    entity: str
    account: str
    cursor: datetime
    swept_at: datetime
    read_at: datetime
    fields: frozenset[str] = frozenset()

    def after(self, read_at: datetime, cursor: datetime, fields: frozenset[str], *, swept: bool) -> "Bookmark":
        """Return what is to be remembered after another reading."""
        swept_at = cursor if swept else self.swept_at
        return replace(self, cursor=cursor, swept_at=swept_at, read_at=read_at, fields=self.fields | fields)


def bookmarks(warehouse: Warehouse) -> dict[str, Bookmark]:
    """Return what is remembered, by entity."""
    from sqlglot import exp

    if not warehouse.columns(READINGS):
        return {}
    query = exp.select("*").from_(table(READINGS, warehouse.dataset, warehouse.dialect)).sql(warehouse.dialect)
    rows = warehouse.query(query).to_pylist()
    return {row["entity"]: Bookmark(**{**row, "fields": frozenset(json.loads(row["fields"]))}) for row in rows}


def save_bookmark_sql(warehouse: Warehouse, what: Bookmark) -> list[str]:
    """Return the statements that remember this of an entity, in place of what was remembered before."""
    from sqlglot import exp

    dataset, dialect = warehouse.dataset, warehouse.dialect
    target = table(READINGS, dataset, dialect)
    fields = json.dumps(sorted(what.fields), ensure_ascii=False)
    instants = [instant(moment) for moment in (what.cursor, what.swept_at, what.read_at)]
    texts = [exp.Literal.string(text) for text in (what.entity, what.account)]
    row = [*texts, *instants, exp.Literal.string(fields)]
    mine = exp.column("entity", quoted=True).eq(what.entity)
    replaced = replaced_rows(target, mine, list(COLUMNS), [row])
    return [*new_table(READINGS, dataset, COLUMNS, dialect), *written(replaced, dialect)]


def delete_bookmark_sql(warehouse: Warehouse, name: str) -> list[str]:
    """Return the statements that forget what is remembered under a name."""
    from sqlglot import exp

    if not warehouse.columns(READINGS):
        return []
    target = table(READINGS, warehouse.dataset, warehouse.dialect)
    return [exp.delete(target, where=exp.column("entity", quoted=True).eq(name)).sql(warehouse.dialect)]


def instant(moment: datetime) -> Any:  # noqa: ANN401 - an expression of sqlglot, which is imported when needed
    """Return an instant as it stands in SQL."""
    from sqlglot import exp

    return exp.cast(exp.Literal.string(moment.isoformat(sep=" ")), "TIMESTAMPTZ")
