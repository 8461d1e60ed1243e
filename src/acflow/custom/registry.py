"""Which column a custom field has: kept in the warehouse, so that it never changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from acflow.custom.model import AMOUNT, CURRENCY, FORECAST, KINDS, CustomField, FieldKind, Owner
from acflow.custom.naming import free_name
from acflow.engine.materialize import new_table, replaced_rows, written
from acflow.engine.sql import table
from acflow.entities import entity
from acflow.entities.types import BIGINT, BOOLEAN, INSTANT, TEXT, ColumnType

if TYPE_CHECKING:
    from acflow.engine import Warehouse

REGISTRY = "_custom_fields"
COLUMNS: Mapping[str, ColumnType] = {
    "entity": TEXT,
    "field_id": BIGINT,
    "column_name": TEXT,
    "title": TEXT,
    "type": TEXT,
    "kind": TEXT,
    "role": TEXT,
    "currency": TEXT,
    "first_seen": INSTANT,
    "present": BOOLEAN,
}


def known_fields(warehouse: "Warehouse", owner: str | None = None) -> tuple[CustomField, ...]:
    """Return the custom fields that were ever seen, of contacts and deals or of one of them, by entity and number."""
    if not warehouse.columns(REGISTRY):
        return ()
    columns = [exp.column(name, quoted=True) for name in COLUMNS]
    query = exp.select(*columns).from_(table(REGISTRY, warehouse.dataset, warehouse.dialect))
    found = [_field(row) for row in warehouse.query(query.sql(warehouse.dialect)).to_pylist()]
    return tuple(
        sorted((each for each in found if owner in {None, each.entity}), key=lambda each: (each.entity, each.field_id))
    )


def _field(row: Mapping[str, Any]) -> CustomField:
    given = {**row, "column": row["column_name"], "kind": FieldKind(row["kind"]), "title": row["title"] or ""}
    return CustomField(**{name: given[name] for name in CustomField.__slots__})


def seen(
    owner: Owner, rows: Iterable[Mapping[str, Any]], before: Sequence[CustomField], landed: Iterable[str], now: datetime
) -> tuple[CustomField, ...]:
    """Return what is known of an entity's fields once these rows of its definitions have come.

    `before` is what was known, `landed` the columns that the entity's table has. A field keeps its column for good. Its
    kind only ever widens: where the account turns a date into a number, the column becomes text, which holds both.
    """
    earlier = {field.field_id: field for field in before}
    declared = {column.name for column in entity(owner.entity).columns}
    taken = {name.casefold() for name in (*declared, *landed)}
    taken |= {name.casefold() for field in before for name in (field.column, *field.columns)}
    rows = list(rows)
    forecast = _forecast(owner, rows)
    fields: dict[int, CustomField] = {}
    for row in sorted(rows, key=lambda row: (int(row["id"]) != forecast, int(row["id"]))):
        came = _came(owner, row, now)
        old = earlier.get(came.field_id)
        if old:
            kind = old.kind if old.kind is came.kind else FieldKind.TEXT
            came = replace(came, column=old.column, kind=kind, first_seen=old.first_seen)
        else:
            endings = ("", AMOUNT, CURRENCY) if came.kind is FieldKind.CURRENCY else ("",)
            title = FORECAST_TITLE if came.field_id == forecast else came.title
            came = replace(came, column=free_name(title, came.field_id, endings, taken))
            taken |= {name.casefold() for name in came.columns}
        fields[came.field_id] = replace(came, role=FORECAST) if came.field_id == forecast else came
    gone = {key: replace(field, present=False, role=None) for key, field in earlier.items() if key not in fields}
    return tuple(sorted({**gone, **fields}.values(), key=lambda field: field.field_id))


def _came(owner: Owner, row: Mapping[str, Any], now: datetime) -> CustomField:
    kind = row[owner.type] or ""
    return CustomField(  # without the zero byte that a text may hold, and no statement can
        entity=owner.entity,
        field_id=int(row["id"]),
        column="",
        title=(row[owner.title] or "").replace("\0", " "),
        type=kind.replace("\0", " "),
        kind=KINDS.get(kind.strip().lower(), FieldKind.TEXT),
        currency=(row[owner.default_currency] or None) if owner.default_currency else None,
        first_seen=now,
    )


def _forecast(owner: Owner, rows: Iterable[Mapping[str, Any]]) -> int | None:
    """Return the number of the Forecasted Close Date: by its tag, by ActiveCampaign's own number, or by its title."""
    if owner.known_id is None:
        return None
    signs: list[tuple[int, int]] = []
    for row in rows:
        tagged = (row[owner.tag] or "").upper() == FORECAST_TAG
        titled = " ".join((row[owner.title] or "").casefold().split()) == FORECAST_TITLE
        strength = 0 if tagged else 1 if row[owner.known_id] == FORECAST_ID else 2 if titled else None
        if strength is not None and KINDS.get(row[owner.type] or "") is FieldKind.DATE:
            signs.append((strength, int(row["id"])))
    return min(signs)[1] if signs else None


FORECAST_TAG, FORECAST_ID, FORECAST_TITLE = "DEAL_FORECASTED_CLOSE_DATE", 13, "forecasted close date"


def registry_sql(fields: Sequence[CustomField], dataset: str, dialect: str) -> list[str]:
    """Return the statements that put these fields, and no others, into the registry."""
    rows = []
    for field in fields:
        given = {**{name: getattr(field, name) for name in CustomField.__slots__}, "column_name": field.column}
        rows.append([_literal(given[name], COLUMNS[name]) for name in COLUMNS])
    replaced = replaced_rows(table(REGISTRY, dataset, dialect), exp.true(), list(COLUMNS), rows)
    return [*new_table(REGISTRY, dataset, COLUMNS, dialect), *written(replaced, dialect)]


def _literal(value: object, kind: ColumnType) -> Any:  # noqa: ANN401 - an expression of sqlglot
    if value is None:
        return exp.null()
    if isinstance(value, datetime):
        return exp.cast(exp.Literal.string(value.isoformat()), "TIMESTAMPTZ")
    return exp.convert(value if kind is not TEXT else str(value))
