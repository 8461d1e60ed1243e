"""The hostile world read completely: every row and every field that landed is held against what the world holds.

The expectation is worked out value by value in plain Python, by other means than the reader's.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest

from acflow.engine import open_warehouse
from acflow.entities import ALL
from acflow.entities.currency import exponent
from acflow.entities.model import Amount, CampaignEvents, Each, Entity, Field, Label, Type
from acflow.settings import Settings
from acflow.source.certificate import Verdict
from activecampaign_sandbox import World, make_world, running
from tests.run_harness import run

REJECTED = object()
WHOLE = re.compile(r"[+-]?\d+(\.0+)?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
FLAGS: dict[Type, dict[str, int]] = {
    Type.BOOLEAN: {"true": 1, "yes": 1, "false": 0, "no": 0},
    Type.INTEGER: {"true": 1, "false": 0},
    Type.FOREIGN_KEY: {"false": 0},
}


def text_of(raw: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """Write a JSON value as text."""
    if isinstance(raw, str):
        return raw
    return json.dumps(raw, ensure_ascii=False, separators=(",", ":"))


def moment(text: str, *, aware: bool) -> Any:  # noqa: ANN401 - a datetime or REJECTED
    """Read a time of either kind."""
    if not DAY.match(text) or (aware and len(text) == len("2026-05-28")):
        return REJECTED
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return REJECTED
    if not aware:
        return read.replace(tzinfo=None)
    return read.astimezone(UTC) if read.tzinfo else REJECTED


def whole(text: str) -> Any:  # noqa: ANN401 - an int or REJECTED
    """Read a whole number that fits into 64 bits."""
    if not WHOLE.fullmatch(text):
        return REJECTED
    value = int(text.partition(".")[0])
    return value if -(2**63) <= value < 2**63 else REJECTED


def day(text: str) -> Any:  # noqa: ANN401 - a date or REJECTED
    """Read a date that may have a midnight behind it."""
    if text.endswith("00:00:00"):
        text = text[:10]
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else REJECTED
    except ValueError:
        return REJECTED


def number(text: str) -> Any:  # noqa: ANN401 - a float or REJECTED
    """Read any number."""
    try:
        return float(text)
    except ValueError:
        return REJECTED


def expected(kind: Type, raw: Any) -> Any:  # noqa: ANN401, PLR0911 - one way out per type
    """Return what a wire value should be in a column of this type, or REJECTED."""
    if raw is None:
        return None
    if kind is Type.TEXT:
        return text_of(raw)
    if kind is Type.JSON:
        return json_of(raw)
    text = text_of(raw).strip()
    dates = kind in {Type.TIMESTAMP, Type.LOCAL_TIMESTAMP, Type.DATE}
    if not text or (dates and (text.startswith("0000-00-00") or text == "0")):
        return None
    if kind in {Type.TIMESTAMP, Type.LOCAL_TIMESTAMP}:
        return moment(text, aware=kind is Type.TIMESTAMP)
    if kind is Type.DATE:
        return day(text)
    if kind is Type.NUMBER:
        return number(text)
    value = FLAGS.get(kind, {}).get(text.lower(), whole(text))
    if value is REJECTED:
        return REJECTED
    if kind is Type.BOOLEAN:
        return value != 0
    return None if kind is Type.FOREIGN_KEY and value == 0 else value


def json_of(raw: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the value that JSON text should hold."""
    if raw == "":
        return None
    if isinstance(raw, str) and raw[:1] in {"{", "["}:
        try:
            return json.loads(raw)
        except ValueError:
            return raw
    return raw


def derived(column: Label | Amount, row: dict[str, Any], fields: dict[str, Field]) -> Any:  # noqa: ANN401
    """Return what a computed column should hold."""
    value = expected(fields[column.of].type, row.get(column.of))
    if value is None or value is REJECTED:
        return None
    if isinstance(column, Label):
        return column.labels.get(value)
    return Decimal(value).scaleb(-exponent(text_of(row.get(column.currency) or "")))


def wire(field: Field, row: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the raw value of a field, under either of its names."""
    documented = row.get(field.name)
    return row.get(field.wire_name) if documented is None else documented


COUNTED = {"contactCount", "dealCount"}  # what the API counts only if asked stands in no row of the world
SUBSCRIBERS = {"active_subscribers", "non_deleted_subscribers"}  # counted where a list does not say them


# Counters of hostile campaigns are lies, so no reading of their events can be proved; those are tested below.
LISTED = [entity for entity in ALL if not isinstance(entity.paging, CampaignEvents)]


@pytest.fixture(scope="module")
def hostile() -> World:
    """Return everything that is known to break readers."""
    return make_world("hostile")


@pytest.fixture
def landed(hostile: World, settings_of: Callable[..., Settings]) -> Callable[[str], list[dict[str, Any]]]:
    """Read the hostile world, and return a way to look at what landed."""
    with running(hostile) as sandbox:
        settings = settings_of(sandbox, custom_fields="values")  # a value whose contact is gone comes along with none
        report = run(settings, LISTED)
    assert [c.landed for c in report.certificates] == [True] * len(LISTED)
    warehouse = open_warehouse(settings.warehouse, settings.dataset)

    def rows(table: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = warehouse.query(f'SELECT * FROM "{table}"').to_pylist()  # noqa: S608
        return found

    return rows


def test_every_row_and_every_field_is_what_the_world_holds(
    hostile: World,
    landed: Callable[[str], list[dict[str, Any]]],
) -> None:
    """Rows by id, fields by name, computed columns, unknown fields, and every value that would not convert."""
    rejected: set[tuple[str, int, str, str]] = set()
    compared = 0
    for entity in LISTED:
        truth = {int(row["id"]): row for row in rows_of(hostile, entity)}
        found = {row["id"]: row for row in landed(entity.name)}
        assert found.keys() == truth.keys(), entity.name
        for key, row in truth.items():
            compared += compare(entity, row, found[key], rejected)
    names = {entity.name for entity in LISTED}  # the tables of custom fields have rejects of their own
    kept = {(r["entity"], r["id"], r["field"], r["raw"]) for r in landed("_rejects") if r["entity"] in names}
    assert kept == rejected
    assert rejected, "a hostile world has values that do not convert"
    assert compared > 50_000


def test_events_of_hostile_campaigns_end_without_harm(hostile: World, settings_of: Callable[..., Settings]) -> None:
    """Ids of 33 bits, and counters of which nothing comes: each row has a key of its own, and no doubt is hidden."""
    opens = next(entity for entity in ALL if entity.name == "campaignOpens")
    with running(hostile) as sandbox:
        settings = settings_of(sandbox)
        (certificate,) = run(settings, [opens]).certificates
    assert certificate.verdict in {Verdict.COMPLETE, Verdict.MOVED, Verdict.PARTIAL}, certificate.reason
    if certificate.landed:
        warehouse = open_warehouse(settings.warehouse, settings.dataset)
        (counted,) = warehouse.query(
            'SELECT count(*) AS "rows", count(DISTINCT id) AS keys, max(contact) AS contact FROM "campaignOpens"'
        ).to_pylist()
        assert counted["rows"] == counted["keys"] > 0
        assert counted["contact"] > 2**32


def rows_of(world: World, entity: Entity) -> list[dict[str, Any]]:
    """Return what the account sends of an entity, or, where it has no list of its own, what is to be made of others."""
    if not isinstance(entity.paging, Each):
        return world.rows(entity.path) if entity.path in world.tables else []  # nothing hostile is nested
    through = [
        (form, str(contact.row["id"]))
        for contact in world.tables["contacts"].items()
        for form in contact.facts["forms"]
    ]
    return [{"id": f"{form}{contact.zfill(12)}", "form": form, "contact": contact} for form, contact in through]


def compare(
    entity: Entity, row: dict[str, Any], found: dict[str, Any], rejected: set[tuple[str, int, str, str]]
) -> int:
    """Hold one landed row against the wire row; add its rejects, and return how many fields were compared."""
    where = (entity.name, int(row["id"]))
    fields = {field.name: field for field in entity.wire_fields}
    for field in entity.wire_fields:
        if (entity.params and field.name in COUNTED) or (field.name in SUBSCRIBERS and field.name not in row):
            continue
        raw = wire(field, row)
        value = expected(field.type, raw)
        if value is REJECTED:
            rejected.add((*where, field.name, text_of(raw)))
            value = None
        got = found[field.name]
        got = json.loads(got) if field.type is Type.JSON and got is not None else got
        assert got == value, (*where, field.name, raw)
    for column in entity.derived:
        assert found[column.name] == derived(column, row, fields), (*where, column.name)
    unknown = row.keys() - entity.known_keys
    taken = {name.casefold() for name in found if name in fields or name in {d.name for d in entity.derived}}
    for name in unknown:
        clean = re.sub("[\n\r\0'\"]", "_", name)
        odd = clean != name or clean.casefold() in taken
        shown = f"{clean}_{sha256(name.encode()).hexdigest()[:8]}" if odd else clean
        assert same_text(found[shown], row[name]), (*where, name)
    assert not entity.dropped & found.keys()
    return len(fields) + len(entity.derived) + len(unknown)


def same_text(got: str | None, raw: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    """Tell whether an unknown field's text holds the raw value."""
    if raw is None or isinstance(raw, str):
        return got == raw
    if isinstance(raw, dict | list):
        return got is not None and bool(json.loads(got) == raw)
    return got == text_of(raw)
