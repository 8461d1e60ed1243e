"""What a warehouse should hold of an account, worked out from the account's own rows, without reading it over HTTP."""

from collections.abc import Callable, Container, Mapping
from datetime import date, datetime
from typing import Any

import orjson

from acflow.entities import entity
from acflow.source.decode import decode_rows
from activecampaign_sandbox import World
from tests.history.history_harness import Row

MARKS = ("_dlt", "_valid", "_changed")
Rows = dict[int, Row]
DRIFTING = {"contacts": {"email_domain", "emailDomain"}, "deals": {"score"}}  # keys that change without moving a date
CUSTOM: Mapping[str, tuple[str, str, str, str, str, str]] = {
    "contacts": ("fieldValues", "contact", "field", "value", "fields", "type"),
    "deals": ("dealCustomFieldData", "dealId", "customFieldId", "fieldValue", "dealCustomFieldMeta", "fieldType"),
}


def now(world: World, name: str) -> Rows:
    """Return the rows of an entity as its columns, by id."""
    found = decode_rows(entity(name), world.rows(name)).table.to_pylist()
    return {row["id"]: row for row in found}


def believed(before: Rows, world: World, name: str) -> Rows:
    """Return what is to be in the table after a complete reading, from what was before: a hidden deal keeps all."""
    flag = entity(name).limited
    found = now(world, name)
    for key, row in found.items():
        if flag and row[flag] and key in before:
            found[key] = before[key] | {column: value for column, value in row.items() if value is not None}
    return found


def landed(rows: list[Row]) -> Rows:
    """Return the rows of a table by id, without what acflow adds."""
    return {row["id"]: {name: value for name, value in row.items() if not name.startswith(MARKS)} for row in rows}


def differences(found: Rows, truth: Rows, unsaid: Container[tuple[int, str]] = ()) -> list[str]:
    """Return where a table is not as it should be; a column that there is not is one of nulls.

    Of the columns of rows that are `unsaid` nothing is expected.
    """
    said = [f"{key}: should {'be gone' if key in found else 'be there'}" for key in found.keys() ^ truth.keys()]
    for key in found.keys() & truth.keys():
        mine, right = found[key], truth[key]
        said += [
            f"{key}.{name}: {mine.get(name)!r} is not {right.get(name)!r}"
            for name in mine.keys() | right.keys()
            if plain(mine.get(name)) != plain(right.get(name)) and (key, name) not in unsaid
        ]
    return said


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    """Return a value as all databases write it."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        return orjson.dumps(orjson.loads(value), option=orjson.OPT_SORT_KEYS)
    if isinstance(value, (dict, list)):
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return value


def custom(world: World, name: str, columns: Mapping[int, str]) -> dict[int, Row]:
    """Return what the wide table should hold: by record and column, the newest value, typed by its field's kind."""
    values, of, field, value, fields, kind = CUSTOM[name]
    kinds = {int(row["id"]): row[kind] for row in world.rows(fields)}
    found: dict[int, Row] = {}
    for row in sorted(world.rows(values), key=lambda row: int(row["id"])):
        if (key := int(row[field])) in kinds and key in columns:
            found.setdefault(int(row[of]), {})[columns[key]] = typed(row[value], kinds[key])
    return found


KINDS: Mapping[str, Callable[[Any], Any]] = {
    "date": date.fromisoformat,
    "datetime": lambda text: datetime.fromisoformat(text).replace(tzinfo=None),
    "number": float,
    "currency": int,
    **dict.fromkeys(
        ("checkbox", "listbox", "multiselect"),
        lambda chosen: orjson.dumps([one for one in chosen.split("||") if one] if isinstance(chosen, str) else chosen),
    ),
}


def typed(value: Any, kind: str) -> Any:  # noqa: ANN401 - whatever a custom field holds
    """Return a value of a custom field as its column holds it."""
    return None if value in ("", None, []) else KINDS.get(kind, str)(value)
