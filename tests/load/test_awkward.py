"""Values, names and rows that are hard on a database: none is lost, none stops a load."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from acflow.engine import rows_by_id
from acflow.entities import entity
from acflow.load.job import REJECTS_TABLE
from tests.load.warehouse_harness import Harness, Row, values

CANNOT_HOLD_NUL = {"PostgreSQL"}
TEXTS = (
    "👩‍👩‍👧 flag 🇧🇪 and \U0010fffd",
    """it's "quoted" `and` \\escaped\\ $1 %s %% {} ; -- /* */""",
    "one\ntwo\r\nthree\ttab\x0bvertical\x1fcontrol\x7f",
    'a,b;c"d"\\N,NULL,\\.',
    "ü" * 1_000_000,
    "   ",
    "",
    "abc \u202e cba \ufeff \u200b",
    "e\u0301 is not \u00e9",
)


def by_id(harness: Harness, table: str) -> dict[int, Row]:
    """Return the rows of a table by their id."""
    return {row["id"]: row for row in values(harness.table(table))}


def test_a_text_comes_back_as_it_was(harness: Harness) -> None:
    """In a declared column, in one that nobody declared, and within JSON."""
    rows: list[Row] = [
        {"id": str(key), "email": text, "brandNew": text, "scoreValues": [text]} for key, text in enumerate(TEXTS, 1)
    ]
    harness.land({"contacts": [*rows, {"id": "99"}]})
    found = by_id(harness, "contacts")
    for key, text in enumerate(TEXTS, 1):
        assert (found[key]["email"], found[key]["brandNew"]) == (text, text)
        assert text_of_json(found[key]["scoreValues"]) == [text]
    assert (found[99]["email"], found[99]["brandNew"], found[99]["scoreValues"]) == (None, None, None)


def text_of_json(value: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Read a JSON column."""
    return json.loads(value)


def test_nul_characters_never_stop_a_load(harness: Harness) -> None:
    """Kept where the database can hold them; elsewhere U+FFFD stands in their place."""
    rows: list[Row] = [
        {"id": "1", "email": "a\0b\0", "brandNew": "\0", "scoreValues": ["x\0y", "\\u0000"]},
        {"id": "2", "email": "c", "scoreValues": ["\0", 123456789012345678901, {"-\0": -9223372036854775809}]},
    ]
    harness.land({"contacts": rows})
    stand_in = "\ufffd" if harness.kind in CANNOT_HOLD_NUL else "\0"
    found = by_id(harness, "contacts")
    assert found[1]["email"] == f"a{stand_in}b{stand_in}"
    assert found[1]["brandNew"] == stand_in
    assert text_of_json(found[1]["scoreValues"]) == [f"x{stand_in}y", "\\u0000"]
    assert found[2]["email"] == "c"
    kept = [stand_in, 123456789012345678901, {f"-{stand_in}": -9223372036854775809}]  # digits beyond a double stay
    assert text_of_json(found[2]["scoreValues"]) == kept


def test_numbers_keep_every_digit(harness: Harness) -> None:
    """The ends of 64 bits, money to the last place, and numbers too large for their column, which are rejected."""
    largest, smallest = 2**63 - 1, -(2**63)
    rows = [
        {"id": str(largest), "value": "123456789012345678", "currency": "kwd", "winProbability": 0.1},
        {"id": "1", "value": "-1", "currency": "jpy", "winProbability": 1e308},
        {"id": "2", "value": str(smallest), "currency": "", "winProbability": -0.0},
        {"id": "3", "value": str(largest + 1), "currency": "usd", "winProbability": 5e-324},
    ]
    harness.land({"deals": rows})
    found = by_id(harness, "deals")
    assert found[largest]["amount"] == Decimal("123456789012345.6780")
    assert found[1]["amount"] == Decimal(-1)
    assert found[2]["value"] == smallest
    assert found[2]["amount"] == Decimal("-92233720368547758.08")
    assert found[3]["value"] is None
    assert [found[each]["winProbability"] for each in (largest, 1, 2, 3)] == [0.1, 1e308, -0.0, 5e-324]
    assert harness.table(REJECTS_TABLE).column("raw").to_pylist() == [str(largest + 1)]


def test_instants_and_days_keep_every_digit(harness: Harness) -> None:
    """Microseconds, offsets, and days at both ends of what a database knows."""
    rows = [
        {"id": "1", "udate": "2026-03-29T02:30:00.123456-05:00", "rating_tstamp": "0001-01-02"},
        {"id": "2", "udate": "1901-12-13T20:45:51+00:00", "rating_tstamp": "9999-12-31"},
        {"id": "3", "udate": "9999-12-31T23:59:59.999999+00:00", "rating_tstamp": "2024-02-29"},
        {"id": "4", "udate": "0000-00-00T00:00:00-06:00", "rating_tstamp": "0000-00-00"},
    ]
    harness.land({"contacts": [row | {"deleted_at": row["udate"][:26].split("-05")[0].split("+")[0]} for row in rows]})
    found = by_id(harness, "contacts")
    assert found[1]["udate"] == datetime(2026, 3, 29, 7, 30, 0, 123456, tzinfo=UTC)
    assert found[2]["udate"] == datetime(1901, 12, 13, 20, 45, 51, tzinfo=UTC)
    assert found[3]["udate"] == datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    assert found[1]["deleted_at"] == datetime(2026, 3, 29, 2, 30, 0, 123456)  # noqa: DTZ001 - a wall clock
    assert [found[each]["rating_tstamp"] for each in (1, 2, 3)] == [
        date(1, 1, 2),
        date(9999, 12, 31),
        date(2024, 2, 29),
    ]
    assert (found[4]["udate"], found[4]["deleted_at"], found[4]["rating_tstamp"]) == (None, None, None)


def test_a_field_may_have_any_name(harness: Harness) -> None:
    """Names that mean something in SQL are only names."""
    names = (
        "select",
        "with space",
        "per%cent %s",
        "ünïcödé",
        "1digit",
        "a.b",
        "naïve👍",
        "back\\slash",
        "$1",
        "?",
        "drop",
    )
    whole = {"id": "1"} | dict.fromkeys(names, "kept")
    harness.land({"forms": [whole]})
    harness.land({"forms": [whole, {"id": "2"}]})
    found = by_id(harness, "forms")
    assert [found[1][name] for name in names] == ["kept"] * len(names)
    assert [found[2][name] for name in names] == [None] * len(names)


def test_a_name_that_no_column_can_have_gets_one_that_it_can(harness: Harness) -> None:
    """The value lands under a name that begins alike, the same one in each run, and no other field gets it."""
    names = (
        'quo"te',
        "semi;colon",
        "semi:colon",
        "apo'strophe",
        "line\nbreak",
        "nul\0",
        "x" * 200,
        "x" * 201,
        "é" * 90,
    )
    for _ in range(2):
        harness.land(
            {"forms": [{"id": "1"} | {name: name[:50] for name in names if "\0" not in name} | {"nul\0": "nul"}]}
        )
    (row,) = by_id(harness, "forms").values()
    new = {name: value for name, value in row.items() if name not in {c.name for c in entity("forms").columns}}
    assert len(new) == len(names)
    assert all(name[:3] == value[:3] for name, value in new.items())


def test_blanks_around_a_name_and_columns_of_the_system_stop_nothing(harness: Harness) -> None:
    """Each field gets a column of its own, the same one in each run."""
    names = (" ", "\u00a0", "lead", " lead", "lead ", "ctid", "xmin", "tableoid", "rowid", "_deleted_at")
    for _ in range(2):
        harness.land({"forms": [{"id": "1"} | {name: f"value {n}" for n, name in enumerate(names)}]})
    (row,) = by_id(harness, "forms").values()
    new = {name: value for name, value in row.items() if name not in {c.name for c in entity("forms").columns}}
    assert sorted(filter(None, new.values())) == [f"value {n}" for n in range(len(names))]


def test_fields_that_differ_by_case_alone_both_land(harness: Harness) -> None:
    """In one reading or the next, each field has a column of its own, the same one each time."""
    harness.land({"forms": [{"id": str(n), "shoeSize" if n < 5000 else "ShoeSize": str(n)} for n in range(1, 6000)]})
    harness.land({"forms": [{"id": "1", "SHOESIZE": "a", "ShoeSize": "b"}, {"id": "2", "shoeSize": "c"}]})
    found = by_id(harness, "forms")
    names = sorted(name for name in found[1] if name.casefold().startswith("shoesize"))
    assert [name.partition("_")[0] for name in names] == ["SHOESIZE", "ShoeSize", "shoeSize"]
    assert [found[1][name] for name in names] == ["a", "b", None]
    assert [found[2][name] for name in names] == [None, None, "c"]


def test_a_column_that_somebody_dropped_comes_back(harness: Harness) -> None:
    """The next landing makes it again, whatever the loader remembers, unless nothing comes for it any more."""
    row = {"id": "1", "name": "kept", "unheardOf": "x"}
    harness.land({"lists": [row]})
    for again, kept in ((row, "x"), ({"id": "1", "name": "kept"}, None)):
        for column in ("name", "unheardOf"):
            harness.warehouse.execute([f'ALTER TABLE activecampaign.lists DROP COLUMN "{column}"'])
        harness.land({"lists": [again]})
        assert [by_id(harness, "lists")[1].get(column) for column in ("name", "unheardOf")] == ["kept", kept]


def test_rejects_land_and_are_pruned(harness: Harness) -> None:
    """They tell what the tables lack now: those of an entity go when it is read again, others stay."""
    harness.land({"contacts": [{"id": "1", "sentcnt": "12abc"}], "deals": [{"id": "7", "percent": "much"}]})
    first = sorted((row["entity"], row["id"], row["field"], row["raw"]) for row in values(harness.table(REJECTS_TABLE)))
    assert first == [("contacts", 1, "sentcnt", "12abc"), ("deals", 7, "percent", "much")]
    assert by_id(harness, "contacts")[1]["sentcnt"] is None
    harness.land({"contacts": [{"id": "1", "sentcnt": "13abc"}]})
    second = sorted((row["entity"], row["raw"]) for row in values(harness.table(REJECTS_TABLE)))
    assert second == [("contacts", "13abc"), ("deals", "much")]
    harness.land({"contacts": [{"id": "1", "sentcnt": "14"}], "deals": []})
    assert values(harness.table(REJECTS_TABLE)) == []
    assert by_id(harness, "contacts")[1]["sentcnt"] == 14


def test_a_limited_row_keeps_what_an_earlier_reading_knew(harness: Harness) -> None:
    """A key that lost sight of a deal leaves its last known values; what the stub does say is taken."""
    whole = {"id": "1", "title": "Old", "value": "150000", "currency": "usd", "status": "0", "isDisabled": False}
    whole |= {"cdate": "2025-01-02T03:04:05-06:00", "unheardOf": "x"}
    stub = {"id": "1", "title": "New", "status": "1", "isDisabled": True}
    other = whole | {"id": "2"}
    harness.land({"deals": [whole, other]})
    harness.land({"deals": [stub, other]})
    found = by_id(harness, "deals")[1]
    assert (found["title"], found["status"], found["isDisabled"]) == ("New", 1, True)
    assert (found["amount"], found["currency"]) == (Decimal(1500), "usd")
    assert found["cdate"] == datetime(2025, 1, 2, 9, 4, 5, tzinfo=UTC)
    assert len(by_id(harness, "deals")) == 2


def test_rows_are_found_by_their_ids(harness: Harness) -> None:
    """None asked for, or no table, is not an empty answer."""
    assert rows_by_id(harness.warehouse, "deals", [1]) is None
    harness.land({"deals": [{"id": str(key), "title": f"deal {key}"} for key in range(1, 6)]})
    found = rows_by_id(harness.warehouse, "deals", [2, 4, 99])
    assert found is not None
    assert sorted(found.column("title").to_pylist()) == ["deal 2", "deal 4"]
    assert rows_by_id(harness.warehouse, "deals", []) is None
