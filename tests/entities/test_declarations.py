"""Every declaration against the field reference and against what the API was recorded to send."""

import json
from collections import Counter
from pathlib import Path

import pytest

from acflow.entities import ALL, ENTITIES, HELPERS
from acflow.entities.document import refreshed
from acflow.entities.model import Amount, CampaignEvents, Entity, Evidence, Label, Type

GOLDEN = Path(__file__).parent.parent / "golden"
SEEN = Path(__file__).parents[2] / "packages/activecampaign-sandbox/tests/golden"
DOCUMENTED: dict[str, list[str]] = json.loads((GOLDEN / "documented_fields.json").read_text(encoding="utf-8"))
# What the API sends by key: kinds of values that were recorded or are shown in ActiveCampaign's reference; a key
# without kinds was only told of by software that reads real accounts.
RECORDED: dict[str, dict[str, list[str]]] = {
    name: keys
    for file in ("recorded_keys.json", "helper_keys.json", "further_keys.json")
    for name, keys in json.loads((SEEN / file).read_text(encoding="utf-8")).items()
}
# Rows that acflow makes itself of the keys of two lists: nobody sends them, so they hold what it writes.
RECORDED["formContacts"] = {"id": ["digits"], "form": ["digits"], "contact": ["digits"], "links": []}

# What each type can take off the wire without losing anything. Text and JSON take all.
NOTHING = {"null", "empty string"}
ADMITS: dict[Type, set[str]] = {
    Type.ID: {"digits", "integer"},
    Type.FOREIGN_KEY: NOTHING | {"digits", "integer"},
    Type.INTEGER: NOTHING | {"digits", "integer"},
    Type.NUMBER: NOTHING | {"digits", "integer"},
    Type.BOOLEAN: NOTHING | {"digits", "integer", "boolean", "yes or no"},
    Type.TIMESTAMP: NOTHING | {"instant", "zero date"},
    Type.LOCAL_TIMESTAMP: NOTHING | {"local time", "zero date"},
    Type.DATE: NOTHING | {"zero date"},
}
# Kinds that say what a value is: where one was seen, keeping mere text would be a loss.
TELLING = {"digits", "integer", "boolean", "instant", "local time", "zero date", "object", "array"}
# Digits and dates that are text on purpose: addresses of machines, clocks that are not what their names say, and keys
# and numbers of other systems, which may hold letters elsewhere.
TEXT_ON_PURPOSE = {
    *("ip", "ip4", "ip4Sub", "ip4Unsub", "ip4_last", "created_utc_timestamp", "updated_utc_timestamp"),
    *("externalid", "orderNumber", "fb_id", "tw_id"),
}
# Values of custom fields: what they are depends on the field, so the column must take text, numbers and arrays alike.
ANYTHING = {"fieldValue", "fieldDefault", "value", "defval"}

# Events come in several spellings from several reports; `tests/source/test_campaign_events.py` reads them all.
ONE_LIST = tuple(entity for entity in ALL if not isinstance(entity.paging, CampaignEvents))

each_entity = pytest.mark.parametrize("entity", ONE_LIST, ids=lambda entity: entity.name)
each_of_the_six = pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
each_helper = pytest.mark.parametrize(
    "entity", [one for one in HELPERS if one in ONE_LIST], ids=lambda entity: entity.name
)


@each_of_the_six
def test_documented_fields_follow_the_reference(entity: Entity) -> None:
    """Names and order of the public field reference are a promise to those who come from it."""
    assert DOCUMENTED[entity.name] == [field.name for field in entity.documented]


def test_entities_follow_the_reference() -> None:
    """The six kinds of record stand in the order of the reference."""
    assert list(DOCUMENTED) == [entity.name for entity in ENTITIES]


@each_entity
def test_the_key_comes_first(entity: Entity) -> None:
    """Whoever looks at a table wants to see first what it counts."""
    assert entity.columns[0].name == entity.key


@each_of_the_six
def test_documented_fields_lead_the_table(entity: Entity) -> None:
    """The documented fields come first, whatever else there is behind them."""
    names = [column.name for column in entity.columns]
    assert DOCUMENTED[entity.name] == names[: len(entity.documented)]


@each_entity
def test_every_recorded_key_is_known_and_no_other(entity: Entity) -> None:
    """A key that was seen and forgotten would be untyped; a declared one that nobody saw would be made up."""
    other_dialects = {key for field in entity.wire_fields for key in field.aliases}
    other_spellings = {field.name for field in entity.documented if field.spelled}
    assert set(RECORDED[entity.name]) == entity.known_keys - other_spellings - other_dialects


@each_entity
def test_types_admit_what_was_recorded(entity: Entity) -> None:
    """A kind of value that was seen on the wire must fit its column."""
    misfits = {
        field.name: unfit
        for field in entity.wire_fields
        if field.type in ADMITS and (unfit := set(RECORDED[entity.name][field.wire_name]) - ADMITS[field.type])
    }
    assert not misfits


@each_entity
def test_text_is_only_kept_where_nothing_better_was_seen(entity: Entity) -> None:
    """Numbers and dates kept as text would leave the casting to each reader."""
    untyped = {
        field.name
        for field in entity.wire_fields
        if field.type is Type.TEXT
        and (seen := set(RECORDED[entity.name][field.wire_name]) - NOTHING)
        and seen <= TELLING
        and field.name not in TEXT_ON_PURPOSE | ANYTHING
    }
    assert not untyped


@each_entity
def test_nested_values_become_json(entity: Entity) -> None:
    """Whatever was once an object or array is JSON for good, also on the days when it comes empty."""
    nested = {key for key, seen in RECORDED[entity.name].items() if {"object", "array"} & set(seen)}
    nested -= entity.dropped | ANYTHING
    assert nested <= {field.wire_name for field in entity.wire_fields if field.type is Type.JSON}


@each_entity
def test_column_names_are_unique_whatever_the_case(entity: Entity) -> None:
    """DuckDB takes names that differ only by case for one."""
    counted = Counter(column.name.casefold() for column in entity.columns)
    assert not [name for name, times in counted.items() if times > 1]


@each_entity
def test_only_the_key_is_an_id(entity: Entity) -> None:
    """An id cannot be null, so nothing but the key may claim to be one."""
    assert [entity.key] == [column.name for column in entity.columns if column.type is Type.ID]


@each_entity
def test_every_column_is_described(entity: Entity) -> None:
    """A column without a sentence of its own is a column nobody can use."""
    poor = [
        column.name
        for column in entity.columns
        if not column.description.endswith(".") or len(column.description) <= len(column.name) + 10
    ]
    assert not poor


@each_entity
def test_no_two_columns_share_a_description(entity: Entity) -> None:
    """Two columns with the same sentence leave the reader to guess the difference."""
    counted = Counter(column.description for column in entity.columns)
    assert not [sentence for sentence, times in counted.items() if times > 1]


@each_entity
def test_entity_and_its_quirks_are_sentences(entity: Entity) -> None:
    """The pages print these lines as they are."""
    sentences = (entity.description, *entity.quirks)
    assert len(sentences) > 1
    assert all(sentence.endswith(".") and len(sentence.split()) > 4 for sentence in sentences)


def test_cursors_are_instants_of_the_entities_that_have_a_filter() -> None:
    """Only contacts and deals can be asked for changes, and a cursor without time zone would skip hours."""
    cursors = {entity.name: entity.cursor for entity in ALL if entity.cursor}
    assert cursors == {"contacts": "udate", "deals": "mdate"}
    typed = {field.type for entity in ENTITIES for field in entity.documented if field.name == entity.cursor}
    assert typed == {Type.TIMESTAMP}


def test_limited_rows_are_told_by_a_flag() -> None:
    """The reader counts limited rows by this column."""
    limited = {entity.name: entity.limited for entity in ALL if entity.limited}
    assert limited == {"deals": "isDisabled"}
    typed = {field.type for entity in ENTITIES for field in entity.fields if field.name == entity.limited}
    assert typed == {Type.BOOLEAN}


@each_entity
def test_dropped_keys_are_no_columns(entity: Entity) -> None:
    """What must never reach a warehouse has no place there."""
    assert "links" in entity.dropped
    assert not entity.dropped & {field.wire_name for field in entity.wire_fields}


def test_credentials_of_lists_are_dropped() -> None:
    """Tokens of other services are nobody's analysis."""
    secrets = {key for keys in RECORDED.values() for key in keys if "token" in key or "session" in key}
    assert secrets == {"twitter_token", "twitter_token_secret", "facebook_session"}
    assert all(not secrets & {field.wire_name for field in entity.wire_fields} for entity in ALL)


@pytest.mark.parametrize(("name", "codes"), [("campaigns", 8), ("deals", 3), ("contactLists", 4), ("dealTasks", 2)])
def test_labels_cover_all_codes(name: str, codes: int) -> None:
    """Each code that the API documents has its own word."""
    (label,) = (each for entity in ALL if entity.name == name for each in entity.derived if isinstance(each, Label))
    assert set(label.labels) == set(range(codes))
    assert len(set(label.labels.values())) == codes


@each_entity
def test_derived_columns_stand_on_columns_of_the_right_type(entity: Entity) -> None:
    """Codes and minor units are whole numbers, currencies are text."""
    types = {field.name: field.type for field in entity.wire_fields}
    for derived in entity.derived:
        assert types[derived.of] is Type.INTEGER
        assert not isinstance(derived, Amount) or types[derived.currency] is Type.TEXT


def test_a_field_spelled_otherwise_has_both_names() -> None:
    """Whoever follows the reference and whoever follows the API both find the column, with the same content."""
    for entity in ALL:
        types = {field.name: field.type for field in entity.wire_fields}
        for field in entity.wire_fields:
            assert types[field.wire_name] is field.type
    assert [f.wire_name for e in ENTITIES for f in e.documented if f.spelled] == ["udate"]


@each_helper
def test_what_nobody_has_shown_is_labelled_a_claim(entity: Entity) -> None:
    """A key of which no value was ever seen may be misspelled, and the reader must know."""
    unseen = {field.name for field in entity.wire_fields if not RECORDED[entity.name][field.wire_name]}
    claimed = {field.name for field in entity.wire_fields if entity.known_by(field) is Evidence.CLAIMED}
    assert unseen == claimed


def test_light_helpers_are_those_that_name_the_keys_of_deals_and_the_custom_fields() -> None:
    """Every run reads them, so none may grow with the account."""
    light = {helper.name for helper in HELPERS if helper.light}
    assert light == {"dealGroups", "dealStages", "users", "fields", "dealCustomFieldMeta"}


def test_counts_of_companies_are_asked_for() -> None:
    """Without the parameter the API sends zeroes, which look like counts."""
    params = {entity.name: dict(entity.params) for entity in ALL if entity.params}
    assert params == {"accounts": {"count_deals": "true"}}


def test_each_entity_says_what_a_refresh_reads() -> None:
    """Only contacts and deals can be asked for changes, and values come along with those that changed."""
    said = {entity.name: refreshed(entity) for entity in ONE_LIST}
    assert {name: words for name, words in said.items() if words != "all"} == {
        "contacts": "changes, by udate",
        "deals": "changes, by mdate",
        "fieldValues": "those of changed contacts",
        "dealCustomFieldData": "those of changed deals",
    }
