"""Pages to typed columns: what converts, what is nothing, and what is kept as a reject."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from acflow.entities import ENTITIES, entity
from acflow.entities.model import Entity, Field, Offset, Type
from acflow.source.decode import ARROW, ColumnBuffer, ColumnNamer, decode, decode_rows, schema
from acflow.source.wire_json import loads

NUMBERS = st.from_regex(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?", fullmatch=True)
JSON = st.recursive(
    st.none().map(json.dumps) | st.booleans().map(json.dumps) | NUMBERS | st.text().map(json.dumps),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda texts: f"[{','.join(texts)}]")
        | st.dictionaries(st.text(max_size=5), inner, max_size=3).map(
            lambda texts: f"{{{','.join(f'{json.dumps(key)}:{text}' for key, text in texts.items())}}}"
        )
    ),
    max_leaves=5,
)


def one(kind: Type, raw: Any) -> tuple[Any, str | None]:  # noqa: ANN401 - whatever JSON holds
    """Decode one value in a column of this type; return it and the raw text of its reject."""
    return one_of(kind, json.dumps(raw))


def one_of(kind: Type, wire: str) -> tuple[Any, str | None]:
    """Do the same for a value as it stands in an answer."""
    thing = Entity("things", "", (Field("id", Type.ID, "Key."), Field("x", kind, "Value.")), Offset())
    batch = decode_rows(thing, [{"id": "1", "x": loads(wire)}])
    rejects = batch.rejects.to_pylist()
    assert all((reject["entity"], reject["id"], reject["field"]) == ("things", 1, "x") for reject in rejects)
    return batch.table.column("x")[0].as_py(), rejects[0]["raw"] if rejects else None


NEVER = (
    *("0000-00-00", "0000-00-00 00:00:00", "0000-00-00T00:00:00-06:00", "0000-00-00 00:00:00.000000", "0000/00/00"),
    *("00/00/0000", "00.00.0000 00:00", "00000000", "00000000000000", "0001-01-01", "0001-01-01T00:00:00Z"),
    *("-0001-11-30T00:00:00-05:50", "-0001-11-30 00:00:00", " 0 ", ""),
)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (Type.ID, "112", 112),
        (Type.ID, 112, 112),
        (Type.FOREIGN_KEY, "0", None),
        (Type.FOREIGN_KEY, 0, None),
        (Type.FOREIGN_KEY, "", None),
        (Type.FOREIGN_KEY, "7", 7),
        (Type.INTEGER, "-1", -1),
        (Type.INTEGER, " 5 ", 5),
        (Type.INTEGER, "5.0", 5),
        (Type.INTEGER, 5.0, 5),
        (Type.INTEGER, "+5", 5),
        (Type.INTEGER, True, 1),
        (Type.INTEGER, False, 0),
        (Type.FOREIGN_KEY, False, None),
        (Type.INTEGER, "9223372036854775807", 2**63 - 1),
        (Type.INTEGER, "007", 7),
        (Type.NUMBER, 44, 44.0),
        (Type.NUMBER, "44.5", 44.5),
        (Type.BOOLEAN, "0", False),
        (Type.BOOLEAN, "1", True),
        (Type.BOOLEAN, "2", True),
        (Type.BOOLEAN, True, True),
        (Type.BOOLEAN, "false", False),
        (Type.BOOLEAN, "", None),
        (Type.TIMESTAMP, "2026-05-28T05:07:18-05:00", datetime(2026, 5, 28, 10, 7, 18, tzinfo=UTC)),
        (Type.TIMESTAMP, "2026-05-28T05:07:18+10:30", datetime(2026, 5, 27, 18, 37, 18, tzinfo=UTC)),
        (Type.TIMESTAMP, "2026-05-28T05:07:18.250Z", datetime(2026, 5, 28, 5, 7, 18, 250000, tzinfo=UTC)),
        (Type.TIMESTAMP, "0000-00-00T00:00:00-06:00", None),
        (Type.TIMESTAMP, "0000-00-00 00:00:00", None),
        (Type.TIMESTAMP, "", None),
        (Type.TIMESTAMP, "0", None),
        (Type.LOCAL_TIMESTAMP, "2026-05-28 05:07:18", datetime(2026, 5, 28, 5, 7, 18)),  # noqa: DTZ001 - it is naive
        (Type.LOCAL_TIMESTAMP, "2026-05-28T05:07:18-05:00", datetime(2026, 5, 28, 5, 7, 18)),  # noqa: DTZ001
        (Type.LOCAL_TIMESTAMP, "2026-05-28T05:07:18Z", datetime(2026, 5, 28, 5, 7, 18)),  # noqa: DTZ001
        (Type.LOCAL_TIMESTAMP, "0000-00-00 00:00:00", None),
        *((kind, never, None) for kind in (Type.TIMESTAMP, Type.LOCAL_TIMESTAMP, Type.DATE) for never in NEVER),
        (Type.DATE, "2026-05-28", date(2026, 5, 28)),
        (Type.DATE, "2026-05-28 00:00:00", date(2026, 5, 28)),
        (Type.DATE, "0000-00-00", None),
        (Type.TEXT, "", ""),
        (Type.TEXT, "92900823", "92900823"),
        (Type.TEXT, 5, "5"),
        (Type.TEXT, True, "true"),
        (Type.TEXT, False, "false"),
        (Type.TEXT, {"a": [1]}, '{"a":[1]}'),
        (Type.TEXT, "\U0001f600 \x00 \u202e", "\U0001f600 \x00 \u202e"),
        (Type.JSON, [], "[]"),
        (Type.JSON, {}, "{}"),
        (Type.JSON, "", None),
        (Type.JSON, '{"copiedFrom":6800}', '{"copiedFrom":6800}'),
        (Type.JSON, "no json", '"no json"'),
        (Type.JSON, "{broken", '"{broken"'),
    ],
)
def test_a_value_converts(kind: Type, raw: object, value: object) -> None:
    """Each way in which the API writes a value becomes that value, and nothing is rejected."""
    assert one(kind, raw) == (value, None)


@pytest.mark.parametrize(
    ("kind", "raw", "text"),
    [
        (Type.INTEGER, "0x10", "0x10"),
        (Type.ID, "-0X1f", "-0X1f"),
        (Type.BOOLEAN, "0x1", "0x1"),
        (Type.NUMBER, "nan", "nan"),
        (Type.NUMBER, "-Infinity", "-Infinity"),
        (Type.TIMESTAMP, "0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
        (Type.DATE, "0000-12-31", "0000-12-31"),
        (Type.INTEGER, "12abc", "12abc"),
        (Type.INTEGER, "9223372036854775808", "9223372036854775808"),
        (Type.INTEGER, "1.5", "1.5"),
        (Type.INTEGER, {"count": 1}, '{"count":1}'),
        (Type.BOOLEAN, "maybe", "maybe"),
        (Type.TIMESTAMP, "2026-05-28T05:07:18", "2026-05-28T05:07:18"),
        (Type.TIMESTAMP, "2026-13-45T05:07:18-05:00", "2026-13-45T05:07:18-05:00"),
        (Type.LOCAL_TIMESTAMP, "2026-05-28T05:07:18 o'clock", "2026-05-28T05:07:18 o'clock"),
        (Type.DATE, "2026-05-28 10:00:00", "2026-05-28 10:00:00"),
        (Type.DATE, "28.05.2026", "28.05.2026"),
        (Type.NUMBER, "a lot", "a lot"),
        (Type.ID, True, "true"),
        (Type.FOREIGN_KEY, True, "true"),
        (Type.DATE, "0001-01-02x", "0001-01-02x"),
    ],
)
def test_a_value_that_does_not_convert_is_kept_as_a_reject(kind: Type, raw: object, text: str) -> None:
    """It is null in its column, and its text stands in the rejects."""
    assert one(kind, raw) == (None, text)


@given(kind=st.sampled_from(sorted(ARROW.keys() - {Type.MONEY, Type.ID})), wire=JSON)
@example(kind=Type.JSON, wire='{"":1e400,"0":-9223372036854775809}')
@example(kind=Type.TEXT, wire="1e400")
@example(kind=Type.JSON, wire='"[1,"')
def test_nothing_is_lost_and_nothing_crashes(kind: Type, wire: str) -> None:
    """Whatever JSON holds: it is converted, it is one of the ways to say nothing, or it is a reject."""
    value, rejected = one_of(kind, wire)
    raw = loads(wire)
    if value is None and rejected is None:
        text = str(raw).strip() if isinstance(raw, str) else wire
        nothing = raw is None or not text or text in NEVER or text == "false"
        assert nothing or _is_zero(text)
    if kind is Type.JSON and value is not None:
        assert loads(value) == (loads(raw) if isinstance(raw, str) and value == raw else raw)


@given(NUMBERS)
@example("12345678901234567.89")
@example("123456789012345678901")
@example("1.10")
@example("18446744073709551617")
@example("9" * 5_000)
def test_a_number_keeps_all_its_digits(number: str) -> None:
    """Not only those that fit a double; as text, within JSON, and where it would not convert."""
    digits = "0" if number == "-0" else number
    assert one_of(Type.TEXT, number) == (digits, None)
    assert one_of(Type.JSON, f'{{"a":[{number}]}}') == (f'{{"a":[{digits}]}}', None)
    value, rejected = one_of(Type.INTEGER, number)
    assert rejected in {None, digits}
    assert rejected is None or value is None
    assert rejected is not None or value == Decimal(number)


def _is_zero(raw: object) -> bool:
    try:
        return float(str(raw)) == 0
    except ValueError:
        return False


@given(st.lists(st.dictionaries(st.sampled_from("abcdef"), st.text(max_size=3), max_size=6), max_size=30))
def test_rows_with_different_keys_keep_every_value(rows: list[dict[str, str]]) -> None:
    """A key that some rows lack is null there, whatever page brought it first."""
    thing = Entity("things", "", (Field("id", Type.ID, "Key."),), Offset())
    collected = ColumnBuffer(thing)
    for start in range(0, len(rows), 7):
        collected.add([{"id": str(start), **row} for row in rows[start : start + 7]])
    table = decode(collected, ColumnNamer(thing)).table
    for name in {key for row in rows for key in row}:
        assert table.column(name).to_pylist() == [row.get(name) for row in rows]


def test_the_kinds_of_values_under_a_key_are_told_whatever_page_they_came_on() -> None:
    """A row without the key counts as null there, on pages before and after the one that had it."""
    thing = Entity("things", "", (Field("id", Type.ID, "Key."), Field("tags", Type.JSON, "List.")), Offset())
    collected = ColumnBuffer(thing)
    for rows in (
        [{"id": "1", "tags": []}],
        [{"id": "2", "x": "a"}],
        [{"id": 3, "x": "b", "y": {}}, {"id": "4", "x": True, "tags": ""}],
    ):
        collected.add(rows)
    assert decode(collected, ColumnNamer(thing)).kinds == {
        "id": {"string", "number"},
        "tags": {"array", "null", "string"},
        "x": {"null", "string", "boolean"},
        "y": {"null", "object"},
    }


@pytest.mark.parametrize("thing", ENTITIES, ids=lambda thing: thing.name)
def test_no_rows_still_have_every_column(thing: Entity) -> None:
    """An empty account leaves empty tables with all columns and types."""
    table = decode_rows(thing, []).table
    assert table.schema == schema(thing)
    assert table.num_rows == 0


@pytest.mark.parametrize(
    ("value", "currency", "amount"),
    [
        ("150000", "usd", Decimal("1500.0000")),
        ("150000", "JPY", Decimal("150000.0000")),
        ("150000", "kwd", Decimal("150.0000")),
        ("-5", "eur", Decimal("-0.0500")),
        ("1", "", Decimal("0.0100")),
        ("1", None, Decimal("0.0100")),
        ("9223372036854775807", "usd", Decimal("92233720368547758.0700")),
        (None, "usd", None),
    ],
)
def test_minor_units_become_major_ones_exactly(value: str | None, currency: str | None, amount: Decimal | None) -> None:
    """The exponent is the currency's, and no cent is rounded."""
    batch = decode_rows(entity("deals"), [{"id": "1", "value": value, "currency": currency}])
    assert batch.table.column("amount")[0].as_py() == amount


def test_mixed_currencies_keep_their_own_exponents() -> None:
    """One column may hold yen, dollars and dinars."""
    rows = [{"id": str(n), "value": "1000", "currency": c} for n, c in enumerate(["jpy", "usd", "kwd", "usd", None])]
    table = decode_rows(entity("deals"), rows).table
    assert [str(a) for a in table.column("amount").to_pylist()] == [
        "1000.0000",
        "10.0000",
        "1.0000",
        "10.0000",
        "10.0000",
    ]


def test_codes_are_spelled_out() -> None:
    """A label stands beside its code; a code that nobody knows has none."""
    rows = [{"id": str(n), "status": status} for n, status in enumerate(["0", "1", "2", "9", None])]
    assert decode_rows(entity("deals"), rows).table.column("status_label").to_pylist() == [
        "open",
        "won",
        "lost",
        None,
        None,
    ]


def test_credentials_and_links_never_become_columns() -> None:
    """Tokens that list rows carry do not reach a warehouse."""
    row = {"id": "1", "links": {}, "twitter_token": "t", "twitter_token_secret": "s", "facebook_session": "f"}
    names = decode_rows(entity("lists"), [row]).table.column_names
    assert not {"links", "twitter_token", "twitter_token_secret", "facebook_session"} & set(names)


def test_unknown_fields_are_kept_and_never_clash() -> None:
    """They are text; nested ones are JSON text; a name that differs by case alone gets a mark of its own."""
    row = {"id": "1", "shoeSize": 44, "nested": {"a": None}, "EMAIL": "x", "": "y"}
    table = decode_rows(entity("contacts"), [row]).table
    found = {name.partition("_")[0]: table.column(name)[0].as_py() for name in table.column_names[-4:]}
    assert found == {"shoeSize": "44", "nested": '{"a":null}', "EMAIL": "x", "unnamed": "y"}
    assert len({name.casefold() for name in table.column_names}) == len(table.column_names)


def test_a_key_has_one_name_whatever_came_before() -> None:
    """The first of two spellings keeps its name, in this reading and, where a table has it, in all others."""
    lists = entity("lists")
    names = ColumnNamer(lists)
    assert names.of("shoeSize") == "shoeSize"
    other = names.of("ShoeSize")
    assert other.startswith("ShoeSize_")
    assert (names.of("shoeSize"), names.of("ShoeSize")) == ("shoeSize", other)
    later = ColumnNamer(lists, ["id", "shoeSize", other])
    assert (later.of("ShoeSize"), later.of("shoeSize")) == (other, "shoeSize")


def test_a_documented_field_is_filled_from_the_spelling_of_the_api() -> None:
    """The reference says `mdate` of a form; the API sends `udate`; both columns hold it."""
    row = {"id": "1", "udate": "2026-05-28T05:05:34-05:00"}
    table = decode_rows(entity("forms"), [row]).table
    expected = [datetime(2026, 5, 28, 10, 5, 34, tzinfo=UTC)]
    assert table.column("mdate").to_pylist() == expected
    assert table.column("udate").to_pylist() == expected


@pytest.mark.parametrize("flag", [True, 1, "1"])
def test_limited_rows_are_counted(flag: object) -> None:
    """The flag comes as a boolean, a number or a string."""
    rows: list[dict[str, Any]] = [{"id": "1", "title": "t", "isDisabled": flag}, {"id": "2", "isDisabled": False}]
    batch = decode_rows(entity("deals"), rows)
    assert batch.limited == 1
    assert pa.types.is_boolean(batch.table.schema.field("isDisabled").type)


def test_values_in_the_dialect_of_the_database_fill_the_documented_columns() -> None:
    """So they come beside deals; their own list writes them as documented, and both may be in one table."""
    nothing = dict.fromkeys(
        f"custom_field_{kind}" for kind in ("text_value", "text_blob", "date_value", "number_value")
    )
    rows: list[dict[str, Any]] = [
        {"id": "1", "deal_id": "7", "custom_field_id": "3", **nothing, "custom_field_text_value": "North"},
        {
            "id": "2",
            "deal": "7",
            "dealCustomFieldMetum": "4",
            **nothing,
            "custom_field_text_value": "",
            "custom_field_currency_value": "150000",
            "custom_field_currency_type": "usd",
        },
        {"id": "3", "dealId": 8, "customFieldId": 3, "fieldValue": "South"},
        {"id": "4", "dealId": 8, "customFieldId": 5, "fieldValue": ""},
    ]
    table = decode_rows(entity("dealCustomFieldData"), rows).table
    assert table.select(["dealId", "customFieldId", "fieldValue", "fieldCurrency"]).to_pylist() == [
        {"dealId": 7, "customFieldId": 3, "fieldValue": "North", "fieldCurrency": None},
        {"dealId": 7, "customFieldId": 4, "fieldValue": "150000", "fieldCurrency": "usd"},
        {"dealId": 8, "customFieldId": 3, "fieldValue": "South", "fieldCurrency": None},
        {"dealId": 8, "customFieldId": 5, "fieldValue": "", "fieldCurrency": None},
    ]
    assert "deal_id" not in table.column_names
