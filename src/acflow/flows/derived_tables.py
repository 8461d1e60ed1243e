"""Tables that a run makes from what it has read: custom fields made wide, change logs, snapshots, deleted rows.

A flow may be made of them as of any entity. What they are made of is then read, and what they lack is told by name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from acflow.custom.model import OWNERS, TYPES, CustomField
from acflow.custom.objects import PREFIX, RECORDS, SCHEMAS
from acflow.engine import DELETED_AT
from acflow.entities import ALL, HELPERS, generation, known_entities, types
from acflow.entities.choice import VALUES
from acflow.entities.model import Entity
from acflow.entities.types import BIGINT, BOOLEAN, COLUMN_TYPES, DATE, MONEY, columns_of
from acflow.flows.report_tables import report_of
from acflow.reports.assemble import tables_of

KEY = {"id": BIGINT.sql}
INSTANT, TEXT = types.INSTANT.sql, types.TEXT.sql
VERSION = {"_valid_from": INSTANT, "_valid_to": INSTANT, "_changed": TEXT}
READING = {"day": DATE.sql, **KEY, "_taken_at": INSTANT}
REGISTRY = "_custom_fields"
REGISTERED = {
    "entity": TEXT,
    "field_id": BIGINT.sql,
    "column_name": TEXT,
    "title": TEXT,
    "type": TEXT,
    "kind": TEXT,
    "role": TEXT,
    "currency": TEXT,
    "first_seen": INSTANT,
    "present": BOOLEAN.sql,
}


@dataclass(frozen=True, slots=True)
class Derived:
    """A table and what makes it: the entities to read, and what to do where it is missing.

    `columns` are the declared ones, to which `fields_of` adds the custom fields of that entity; `key` tells rows apart.
    """

    name: str
    reads: tuple[str, ...]
    columns: Mapping[str, str]
    key: tuple[str, ...]
    missing: str
    fields_of: str | None = None


def derived_tables() -> Mapping[str, Derived]:
    """Return every such table by its name."""
    return _derived(generation())


@cache
def _derived(_: int) -> Mapping[str, Derived]:
    found = [each for entity in known_entities() for each in _history(entity)]
    whole = {entity.name: columns_of(entity) for entity in ALL}
    both: tuple[str, ...] = ()
    for owner in OWNERS:
        made_of = (owner.fields, owner.values)
        if owner.entity in VALUES:  # what is read only when named makes nothing else wait for it
            both += (owner.fields,)
        missing = f"there are no custom fields of {owner.entity}, or their values have not landed. {_run(*made_of)}"
        found.append(Derived(owner.custom, made_of, KEY, ("id",), missing, owner.entity))
        wide, columns = (owner.entity, *made_of), whole[owner.entity]
        found.append(Derived(owner.wide, wide, columns, ("id",), missing, owner.entity))
    missing = f"no custom fields have landed. {_run(*both)}"
    found.append(Derived(REGISTRY, both, REGISTERED, ("entity", "field_id"), missing))
    return {each.name: each for each in found}


def derived_table(name: str) -> Derived | None:
    """Return what a table is that a run makes of entities, None for any other; kinds of custom objects go by name."""
    if name.startswith(PREFIX):
        made_of = (SCHEMAS, RECORDS)
        return Derived(name, made_of, {}, ("id",), f"no custom object has landed as {name}. {_run(*made_of)}")
    return derived_tables().get(name)


def _history(entity: Entity) -> list[Derived]:
    """Return the change log of an entity, what is gone of it and, where it has counters, its daily snapshots."""
    columns, name, reads = columns_of(entity), entity.name, (entity.name,)
    missing = f"no history of {name} has been kept. Name {name} in ACFLOW_HISTORY, then read it again."
    found = [Derived(f"{name}_history", reads, columns | VERSION, ("id", "_valid_from"), missing)]
    lacking = f"{name} have not landed. {_run(name)}"
    found.append(Derived(f"{name}_deleted", reads, columns | {DELETED_AT: INSTANT}, ("id",), lacking))
    if counters := {column: kind for column, kind in columns.items() if column in entity.counters}:
        found.append(Derived(f"{name}_daily", reads, READING | counters, ("day", "id"), missing))
    return found


def _run(*entities: str) -> str:
    return f"Read {' and '.join(entities)} first."


def read_for(name: str) -> tuple[str, ...]:
    """Return the entities that must be read for a table of the account: itself, or what it is made of."""
    if report := report_of(name):
        return _reads_of(report.table)
    derived = derived_table(name)
    return derived.reads if derived else (name,)


@cache
def _reads_of(table: str) -> tuple[str, ...]:
    """Return the entities that a report is made of."""
    report, names = report_of(table), {entity.name for entity in ALL}
    tables = tables_of(report) if report else ()
    return tuple(dict.fromkeys(read for table in tables for read in read_for(table) if read in names))


def made_of(entity: str) -> tuple[str, ...]:
    """Return the tables that are made of an entity."""
    return tuple(name for name, derived in derived_tables().items() if entity in derived.reads)


def reports_resting_on(entity: Entity, reports: Iterable[str]) -> tuple[str, ...]:
    """Return those of these reports that say nothing true without an entity; helpers only add to what they say."""
    return tuple(
        name for name in reports if report_of(name) and entity not in HELPERS and entity.name in read_for(name)
    )


def key_of(name: str, columns: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the columns that tell the rows of a table apart."""
    derived = derived_tables().get(name)
    if derived:
        return derived.key
    return ("id",) if "id" in columns else None


def columns_of_field(field: CustomField) -> dict[str, str]:
    """Return the columns of a custom field."""
    sql_types = (COLUMN_TYPES[TYPES[field.kind]].sql, MONEY.sql, TEXT)
    return dict(zip(field.columns, sql_types, strict=False))
