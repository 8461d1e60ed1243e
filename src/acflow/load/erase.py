"""What a person has left in a warehouse, and the statements that erase it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from acflow.engine import Warehouse
from acflow.engine.sql import table
from acflow.entities import ALL
from acflow.entities.model import Type
from acflow.load.history import DAILY, HISTORY
from acflow.load.job import REJECTS_TABLE
from acflow.load.metadata import METADATA
from acflow.load.state import READINGS
from acflow.load.swap import DELETED

PURGES = "_purges"
CUSTOM = "_custom"
OWN = frozenset({METADATA, READINGS, PURGES, "_custom_fields"})
SHORTEST = 6  # letters of a number by which a person is looked for
APART = r"""[\s"'<>(),;:|/{}=\[\]]"""  # what parts an address from other words; jo@x.com is not in bojo@x.com

CONTACT_IDS = (
    "contact",
    "contactid",
    "contact_id",
    "subscriber",
    "subscriberid",
    "subscriber_id",
    "person_id",
    "primary_contact",
)
WITHOUT_TEXT = re.compile(
    r"(big|small|tiny|huge|u\w*)?int(eger)?\d*|bool(ean)?|double( precision)?|real|float\d*|date|interval"
    r"|(decimal|numeric)(\(.*\))?|time(stamp)?(tz)?(\(\d\))?( with(out)? time zone)?|timestamp_\w+",
    re.IGNORECASE,
)

# Rows about a contact, by entity: the column that names the contact, and what another must say for that to be so.
ABOUT: Mapping[str, tuple[str, tuple[str, str] | None]] = {
    "contacts": ("id", None),
    **{
        each.name: ("contact", None)
        for each in ALL
        if each.name != "deals" and any(f.name == "contact" and f.type is Type.FOREIGN_KEY for f in each.fields)
    },
    "notes": ("relid", ("reltype", "Subscriber")),
    "dealTasks": ("relid", ("reltype", "Subscriber")),
    "dealActivities": ("dataId", ("dataType", "contact")),
}

# Rows that know a person by an address alone.
BY_ADDRESS: Mapping[str, str] = {
    "ecomCustomers": "email",
    "ecomOrders": "email",
    "ecomOrderActivities": "email",
    "exclusions": "matchPhrase",
}


@dataclass(frozen=True, slots=True)
class Person:
    """A contact as a warehouse knows it: by id, by addresses and marks that nobody else has, and by phone numbers."""

    ids: tuple[int, ...]
    texts: tuple[str, ...]
    phones: tuple[str, ...] = ()


@dataclass(slots=True)
class Erasure:
    """The rows that are to go, by table, and the condition that finds them."""

    conditions: dict[str, exp.Expression] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


def person_of(warehouse: Warehouse, contact: str) -> Person:
    """Return whom an id or an address means, in the table of contacts and in every version that was kept of it."""
    asked = contact.strip().lower()
    places = [name for name in ("contacts", f"contacts{HISTORY}", f"contacts{DELETED}") if warehouse.columns(name)]
    if asked.isdecimal():
        ids, texts = {int(asked)}, set()
    else:
        found = [row for name in places for row in _rows(warehouse, name, ["id"], _lower("email").eq(asked))]
        ids, texts = {int(row["id"]) for row in found}, {asked}
    theirs = _column("id").isin(*sorted(ids))
    rows = [row for name in places if ids for row in _rows(warehouse, name, ["email", "hash", "phone"], theirs)]
    texts |= {text.lower() for row in rows for text in (row["email"], row["hash"]) if text}
    phones = {row["phone"].lower() for row in rows if row["phone"] and len(row["phone"]) >= SHORTEST}
    return Person(tuple(sorted(ids)), tuple(sorted(texts)), tuple(sorted(phones)))


def erasure_of(warehouse: Warehouse, person: Person) -> Erasure:
    """Return what is to go: rows about the person, and in tables of flows and reports those that name the person."""
    found = Erasure()
    for name in warehouse.catalogue():
        condition = _condition(warehouse, name, person)
        if condition is not None:
            found.conditions[name] = condition
    counts = [
        exp.select(exp.Literal.string(name).as_("name"), exp.Count(this=exp.Star()).as_("rows"))
        .from_(table(name, warehouse.dataset, warehouse.dialect))
        .where(condition)
        .sql(warehouse.dialect)
        for name, condition in found.conditions.items()
    ]
    if counts:
        rows = warehouse.query(" UNION ALL ".join(counts)).to_pylist()
        found.rows = {row["name"]: row["rows"] for row in sorted(rows, key=lambda row: row["name"]) if row["rows"]}
    return found


def erase_sql(warehouse: Warehouse, found: Erasure) -> list[str]:
    """Return the statements that erase the rows; what would not convert goes first, as it is found by the others."""
    order = sorted(found.rows, key=lambda name: name != REJECTS_TABLE)
    return [
        exp.delete(table(name, warehouse.dataset, warehouse.dialect), where=found.conditions[name]).sql(
            warehouse.dialect
        )
        for name in order
    ]


def named_still(warehouse: Warehouse, person: Person) -> dict[str, int]:
    """Return how many rows name the person still, by `table.column`: a deal's title, a user who is the same."""
    counts = []
    for name in warehouse.catalogue():
        for column in _texts(warehouse.columns(name)):
            query = exp.select(
                exp.Literal.string(f"{name}.{column}").as_("name"), exp.Count(this=exp.Star()).as_("rows")
            ).from_(table(name, warehouse.dataset, warehouse.dialect))
            counts.append(query.where(_names((*person.texts, *person.phones), [column])).sql(warehouse.dialect))
    if not counts:
        return {}
    rows = warehouse.query(" UNION ALL ".join(counts)).to_pylist()
    return {row["name"]: row["rows"] for row in sorted(rows, key=lambda row: row["name"]) if row["rows"]}


def _condition(warehouse: Warehouse, name: str, person: Person) -> exp.Expression | None:
    """Return what tells the rows of a table that are to go, None if none can be."""
    entity = _entity_of(name)
    if name == REJECTS_TABLE:
        return exp.or_(exp.false(), *_rejected(warehouse, person), _names(person.texts, ["raw"]))
    if entity == f"contacts{CUSTOM}":
        return _about(("id", None), person)
    if entity in ABOUT:
        return _about(ABOUT[entity], person)
    if entity in BY_ADDRESS:
        return _names(person.texts, [BY_ADDRESS[entity]])
    if name in OWN or entity in {f"deals{CUSTOM}", f"accounts{CUSTOM}"} or entity in {each.name for each in ALL}:
        return None
    columns = warehouse.columns(name)
    return exp.or_(_names(person.texts, _texts(columns)), _by_id(columns, person))


def _rejected(warehouse: Warehouse, person: Person) -> Iterator[exp.Expression]:
    """Yield the conditions on values that would not convert, of the contact and of rows about the contact."""
    for entity in (*ABOUT, f"contacts{CUSTOM}"):
        column, only = ABOUT.get(entity, ("id", None))
        own: exp.Expression | None = None
        if column == "id":
            own = _about(("id", None), person)
        elif warehouse.columns(entity):
            source = table(entity, warehouse.dataset, warehouse.dialect)
            own = _column("id").isin(
                query=exp.select(_column("id")).from_(source).where(_about((column, only), person))
            )
        if own is not None:
            yield exp.and_(_column("entity").eq(entity), own)


def _about(by: tuple[str, tuple[str, str] | None], person: Person) -> exp.Expression:
    column, only = by
    condition = _column(column).isin(*person.ids) if person.ids else exp.false()
    return exp.and_(condition, _lower(only[0]).eq(only[1].lower())) if only else condition


def _names(texts: Sequence[str], columns: Sequence[str]) -> exp.Expression:
    """Return the condition that one of these columns holds one of the texts as a word of its own."""
    word = "|".join(map(re.escape, texts))
    pattern = exp.Literal.string(rf"(^|{APART})({word})($|{APART}|[.?!]($|{APART}))")
    found = [exp.RegexpLike(this=_lower(column), expression=pattern) for column in columns if texts]
    return exp.or_(exp.false(), *found)


def _entity_of(name: str) -> str:
    """Return the entity that a table of acflow's holds, whole, in versions, day by day, or what is gone of it."""
    return name.removesuffix(HISTORY).removesuffix(DAILY).removesuffix(DELETED)


def _texts(columns: Mapping[str, str]) -> list[str]:
    """Return the columns that can hold a text, be it within a list, a struct or a map."""
    return [name for name, kind in columns.items() if not WITHOUT_TEXT.fullmatch(kind)]


def _by_id(columns: Mapping[str, str], person: Person) -> exp.Expression:
    """Return the condition that a row of a flow is about the contact by its id.

    Such a row may hold an address that the person had before and that no other table knows.
    """
    lower = {name.lower(): name for name in columns}
    named = [lower[name] for name in CONTACT_IDS if name in lower]
    if "id" in lower and "email" in lower:
        named.append(lower["id"])
    ids = [exp.Literal.string(str(number)) for number in person.ids]
    found = [exp.cast(_column(name), "TEXT").isin(*ids) for name in named if ids]
    return exp.or_(exp.false(), *found)


def _rows(warehouse: Warehouse, name: str, columns: Sequence[str], where: exp.Expression) -> list[dict[str, Any]]:
    query = exp.select(*map(_column, columns)).from_(table(name, warehouse.dataset, warehouse.dialect)).where(where)
    found: list[dict[str, Any]] = warehouse.query(query.sql(warehouse.dialect)).to_pylist()
    return found


def _lower(name: str) -> exp.Expression:
    return exp.Lower(this=exp.cast(_column(name), "TEXT"))


def _column(name: str) -> exp.Column:
    return exp.column(name, quoted=True)
