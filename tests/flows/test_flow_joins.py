"""Joins and appends: which rows stay, what columns are called, and what is counted."""

import pytest

from tests.flows.flow_harness import Harness, only, problems

ON = "on: {contact: id}"


@pytest.fixture
def harness() -> Harness:
    """Return a desk with the rows of `flow_harness`."""
    return Harness()


def joined(kind: str) -> str:
    """Return a file that joins deals with contacts, as pairs of deal and e-mail address."""
    pick = "columns: [id]" if kind == "anti" else "columns: [id, email]"
    return f"flows: {{a: {{join: {{left: deals, right: contacts, {ON}, type: {kind}}}, {pick}, sort: [id]}}}}"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("inner", [(10, "ada"), (11, "ada"), (12, "bo")]),
        ("left", [(10, "ada"), (11, "ada"), (12, "bo"), (13, None), (14, None)]),
        ("right", [(10, "ada"), (11, "ada"), (12, "bo"), (None, "cy")]),
        ("full", [(10, "ada"), (11, "ada"), (12, "bo"), (13, None), (14, None), (None, "cy")]),
        ("anti", [(13,), (14,)]),
    ],
)
def test_each_kind_of_join_keeps_its_rows(harness: Harness, kind: str, expected: list[tuple[object, ...]]) -> None:
    """Five kinds, told apart by what they do with rows that find no match."""
    harness.compute(joined(kind))
    rows = [
        tuple(cell.partition("@")[0] if isinstance(cell, str) else cell for cell in row) for row in harness.rows("a")
    ]
    assert rows == expected


def test_columns_that_clash_get_the_name_of_the_right_flow(harness: Harness) -> None:
    """Both ids are there, and the file is told which column is whose."""
    ready = harness.compute(f"flows: {{a: {{join: {{left: deals, right: contacts, {ON}}}}}}}")
    names = [name for name, _ in harness.columns("a")]
    assert {"id", "contacts_id", "cdate", "contacts_cdate"} <= set(names)
    assert ready.compiled["a"].renamed["contacts_id"] == "id"
    assert len(names) == len({name.lower() for name in names})


def test_a_prefixed_name_that_is_taken_gets_a_number(harness: Harness) -> None:
    """No column is lost, not even when the left side already has the prefixed name."""
    harness.compute("""
        flows:
          left_side: {entity: deals, columns: [id, contact, {contacts_id: value}]}
          a: {join: {left: left_side, right: contacts, on: {contact: id}}}
    """)
    names = [name for name, _ in harness.columns("a")]
    assert {"id", "contacts_id", "contacts_id_2"} <= set(names)


def test_a_flow_can_be_joined_with_itself(harness: Harness) -> None:
    """Pairs of deals of one contact."""
    harness.compute("flows: {a: {join: {left: deals, right: deals, on: contact, type: inner}, where: id < deals_id}}")
    assert [row[0] for row in harness.rows("a")] == [10]


def test_several_keys_must_all_be_equal(harness: Harness) -> None:
    """A list of keys names columns that both sides have."""
    harness.compute("""
        flows:
          twin: {entity: deals, columns: [currency, stage, {other: id}]}
          a: {join: {left: deals, right: twin, on: [currency, stage], type: inner}, columns: [id, other]}
    """)
    assert sorted(harness.rows("a")) == [(10, 10), (11, 11), (12, 12), (12, 13), (13, 12), (13, 13), (14, 14)]


def test_keys_of_different_types_meet_in_a_common_one(harness: Harness) -> None:
    """A number written as text finds the number."""
    ready = harness.compute("""
        flows:
          as_text: {entity: contacts, columns: [{key: {from: id, type: text}}, email]}
          a: {join: {left: deals, right: as_text, on: {contact: key}, type: inner}, columns: [id, email], sort: id}
    """)
    assert [row[0] for row in harness.rows("a")] == [10, 11, 12]
    assert "CAST" in ready.compiled["a"].query.sql("duckdb")


def test_the_checks_count_fan_out_and_rows_without_a_match(harness: Harness) -> None:
    """Contact 1 has two deals, so the join has a row more than there are contacts; contact 3 has none."""
    ready = harness.compute(
        "flows: {a: {join: {left: contacts, right: deals, on: {id: contact}}, columns: [id, title]}}"
    )
    (check,) = ready.compiled["a"].checks
    assert harness.ask(check.fan_out) == [{"keys": 1, "extra_rows": 1}]
    assert harness.ask(check.unmatched) == [{"left_rows": 3, "unmatched": 1, "without_key": 0}]
    assert len(harness.rows("a")) == 4


def test_null_keys_match_nothing_and_are_counted_apart(harness: Harness) -> None:
    """A deal without a contact is not the same news as a deal whose contact is gone."""
    ready = harness.compute(joined("left"))
    (check,) = ready.compiled["a"].checks
    assert harness.ask(check.unmatched) == [{"left_rows": 5, "unmatched": 2, "without_key": 1}]


def test_nothing_is_asked_where_fan_out_cannot_be(harness: Harness) -> None:
    """Ids of an entity are unique, so a join on them multiplies nothing."""
    ready = harness.compute(joined("left"))
    assert ready.compiled["a"].checks[0].fan_out is None
    assert ready.compiled["a"].key == ("id",)


def test_what_was_appended_by_other_runs_is_not_taken_as_unique() -> None:
    """Rows of a flow in append mode may come again, so the join must count."""
    ready = Harness().compute("""
        flows:
          log: {entity: contacts, columns: [id, email], mode: append}
          a: {join: {left: deals, right: log, on: {contact: id}}}
    """)
    assert ready.compiled["a"].checks[0].fan_out is not None
    assert ready.compiled["a"].key is None


def test_checks_of_an_empty_side_are_zero() -> None:
    """Zero is an answer; null is none."""
    harness = Harness({})
    ready = harness.compute("flows: {a: {join: {left: contacts, right: deals, on: {id: contact}}}}")
    (check,) = ready.compiled["a"].checks
    assert harness.ask(check.fan_out) == [{"keys": 0, "extra_rows": 0}]
    assert harness.ask(check.unmatched) == [{"left_rows": 0, "unmatched": 0, "without_key": 0}]


@pytest.mark.parametrize(
    ("right", "on", "words"),
    [
        ("contacts", "{cdate: id}", "timestamp with time zone, `contacts.id` holds whole number"),
        ("contacts", "{title: deleted}", "text, `contacts.deleted` holds true or false"),
        ("contacts", "{amount: email}", "decimal, `contacts.email` holds text"),
    ],
)
def test_keys_of_another_kind_are_refused(right: str, on: str, words: str) -> None:
    """A date is never an id, so a join on them is a mistake and not an empty table."""
    problem = only(f"flows: {{a: {{join: {{left: deals, right: {right}, on: {on}}}}}}}")
    assert words in problem.message
    assert problem.key == "flows.a.join.on[0]"


def test_each_unknown_key_is_named_with_its_side() -> None:
    """Both sides are looked at, and both have their own nearest name."""
    found = problems("flows: {a: {join: {left: deals, right: contacts, on: {contct: ide}}}}")
    assert [(problem.message, problem.fix) for problem in found] == [
        ("`contacts` has no column `ide`.", "Did you mean `id`?"),
        ("`deals` has no column `contct`.", "Did you mean `contact`?"),
    ]


def test_append_puts_columns_together_by_name(harness: Harness) -> None:
    """What a source does not have is null, and each row tells where it came from."""
    harness.compute("""
        flows:
          people: {entity: contacts, columns: [id, email, {name: firstName}]}
          sales: {entity: deals, columns: [{name: title}, id, amount]}
          a: {append: [people, sales], where: "id in (1, 10)", sort: id}
    """)
    assert [name for name, _ in harness.columns("a")] == ["id", "email", "name", "amount", "_source"]
    assert [(*row[:3], row[4]) for row in harness.rows("a")] == [
        (1, "ada@example.com", "Ada", "people"),
        (10, None, "Small", "sales"),
    ]


def test_append_finds_a_type_that_holds_all(harness: Harness) -> None:
    """Numbers widen; a moment without a zone is UTC; kinds with nothing in common become text, and that is said."""
    ready = harness.compute("""
        flows:
          one: {sql: "select 1 as n, timestamp '2026-01-01 00:00:00' as t, 5 as mixed, date '2026-01-01' as d"}
          two: {sql: "select 2.5 as n, timestamptz '2026-01-01 00:00:00+01' as t, true as mixed, 'x' as d"}
          a: {append: [one, two]}
    """)
    assert dict(harness.columns("a")) == {
        "n": "DECIMAL(20,1)",
        "t": "TIMESTAMP WITH TIME ZONE",
        "mixed": "VARCHAR",
        "d": "VARCHAR",
        "_source": "VARCHAR",
    }
    utc = harness.connection.execute("SELECT epoch(t)::BIGINT, mixed, d FROM results.a ORDER BY n").fetchall()
    assert utc == [(1767225600, "5", "2026-01-01"), (1767222000, "true", "x")]
    assert ready.compiled["a"].notes == (
        "`t` has a time zone only in some of the flows; without one it counts as UTC.",
        "`mixed` is text: whole number so far, true or false in `two`.",
        "`d` is text: date so far, text in `two`.",
    )


def test_an_append_of_an_append_keeps_the_first_source(harness: Harness) -> None:
    """The inner `_source` gets the name of its flow, so both answers stay."""
    harness.compute(
        "flows: {a: {append: [deals, contacts]}, b: {append: [a, lists], columns: [a_source, _source], distinct: true}}"
    )
    assert set(harness.rows("b")) == {("deals", "a"), ("contacts", "a"), (None, "lists")}


def test_a_subquery_means_the_table_and_not_a_column_of_its_name(harness: Harness) -> None:
    """Contacts have a column `deals`, and DuckDB alone would look for the contact in there."""
    harness.compute("""
        flows:
          a: {sql: "select id from deals where not exists (select 1 from contacts where deals.contact = contacts.id)"}
          b: {sql: "select Deals.id from Deals where not exists (select 1 from contacts where contact = contacts.id)"}
    """)
    assert harness.rows("a") == [(13,), (14,)]
    assert harness.rows("b") == [(13,), (14,)]


def test_an_append_has_the_key_that_its_sources_share() -> None:
    """Two sources may have the same ids, so the source is part of the key; without a key in each there is none."""
    ready = Harness({}).compute("""
        flows:
          a: {append: [deals, contacts]}
          as_text: {entity: lists, columns: [{id: {type: text}}]}
          b: {append: [deals, as_text]}
          logged: {entity: lists, mode: append}
          c: {append: [deals, logged]}
    """)
    assert [ready.compiled[name].key for name in ("a", "b", "c")] == [("_source", "id"), None, None]
