"""What flows give, computed by a real DuckDB on a few rows."""

from decimal import Decimal

import pytest

from tests.flows.flow_harness import Harness


@pytest.fixture
def harness() -> Harness:
    """Return a desk with the rows of `flow_harness`."""
    return Harness()


def test_a_file_without_flows_stands_for_the_six_entities(harness: Harness) -> None:
    """An account is all that one has to write."""
    ready = harness.compute("account: {url: https://you.example, key: k}")
    assert list(ready.compiled) == ["campaigns", "contacts", "lists", "deals", "segments", "forms"]
    assert {flow.passthrough for flow in ready.compiled.values()} == set(ready.compiled)
    assert len(harness.rows("contacts")) == 3


def test_the_steps_come_in_their_order(harness: Harness) -> None:
    """Where sees the source's names, formulas the new ones, metrics the formulas, sort and limit the result."""
    harness.compute("""
        flows:
          big:
            entity: deals
            where: status = 0 and amount is not null
            columns: [{deal: title}, {worth: amount}, currency]
            formula: {code: upper(currency), twice: worth * 2, four: twice * 2}
            group_by: code
            metrics: {deals: count(*), worth: sum(worth), four: max(four)}
            sort: -worth
            limit: 1
    """)
    assert harness.columns("big") == [
        ("code", "VARCHAR"),
        ("deals", "BIGINT"),
        ("worth", "DECIMAL(38,4)"),
        ("four", "DECIMAL(38,4)"),
    ]
    assert harness.rows("big") == [("EUR", 2, Decimal("10.0000"), Decimal("36.0000"))]


def test_columns_select_rename_order_and_type(harness: Harness) -> None:
    """The list says which columns there are, what they are called, in which order and of what type."""
    harness.compute("""
        flows:
          a:
            entity: deals
            columns: [title, {deal_id: id}, {cents: {from: value, type: text}}, {amount: {type: "decimal(9,1)"}}]
          b: {entity: deals, columns: {name: title, id: }}
    """)
    assert harness.columns("a") == [
        ("title", "VARCHAR"),
        ("deal_id", "BIGINT"),
        ("cents", "VARCHAR"),
        ("amount", "DECIMAL(9,1)"),
    ]
    assert harness.rows("a")[0] == ("Small", 10, "100", Decimal("1.0"))
    assert harness.rows("b")[0] == ("Small", 10)


def test_a_star_stands_for_everything_else(harness: Harness) -> None:
    """A rename must not cost the other columns."""
    harness.compute("flows: {a: {entity: lists, columns: [{list: name}, '*', {number: id}]}}")
    names = [name for name, _ in harness.columns("a")]
    assert (names[0], names[-1]) == ("list", "number")
    assert not {"name", "id"} & set(names)
    assert "stringid" in names


def test_a_formula_may_take_the_place_of_a_column(harness: Harness) -> None:
    """A column that is corrected stays where it was, and later formulas see the corrected one."""
    harness.compute("""
        flows:
          a:
            entity: contacts
            columns: [id, email]
            formula: {email: upper(email), domain: "split_part(email, '@', 2)"}
            sort: id
            limit: 1
    """)
    assert harness.rows("a") == [(1, "ADA@EXAMPLE.COM", "EXAMPLE.COM")]


def test_names_are_found_whatever_their_case_and_kept_as_they_are(harness: Harness) -> None:
    """SQL does not look at case, warehouses do: the table must have the API's own spelling."""
    harness.compute("""
        flows:
          a: {sql: "select FIRSTNAME, c.LASTNAME, winprobability from Deals d join CONTACTS c on C.id = contact"}
          b: {entity: contacts, formula: {greeting: "'Hi ' || FIRSTname"}, columns: [firstName]}
    """)
    assert [name for name, _ in harness.columns("a")] == ["firstName", "lastName", "winProbability"]
    assert harness.rows("b")[0] == ("Ada", "Hi Ada")


def test_columns_named_like_sql_words_need_no_quotes(harness: Harness) -> None:
    """The pipeline of a deal is called `group`."""
    harness.compute("flows: {a: {entity: deals, where: group is null, group_by: [group], metrics: {n: count(*)}}}")
    assert harness.rows("a") == [(None, 5)]


def test_a_flag_compares_with_0_and_1(harness: Harness) -> None:
    """The field reference says `deleted = 0`, so that must work."""
    harness.compute(
        "flows: {a: {entity: contacts, where: \"deleted = 0 and id in (1, 3) and sentcnt = '9'\", columns: [id]}}"
    )
    assert harness.rows("a") == [(1,)]


def test_sorting_is_descending_by_a_minus_with_nulls_last_and_no_ties(harness: Harness) -> None:
    """Equal rows come by id, so that every run gives the same order."""
    ready = harness.compute("flows: {a: {entity: deals, columns: [title, id, amount], sort: [-amount]}}")
    assert [row[1] for row in harness.rows("a")] == [11, 12, 13, 10, 14]
    assert ready.compiled["a"].order == (("amount", True),)


def test_a_name_that_begins_with_a_minus_can_be_sorted_by(harness: Harness) -> None:
    """The exact name of a column goes before the sign of descending."""
    harness.compute("""flows: {a: {entity: deals, columns: [{"-x": amount}, id], sort: ["-x", "--x"]}}""")
    assert [row[1] for row in harness.rows("a")] == [10, 12, 13, 11, 14]


def test_a_limit_without_a_sort_still_cuts_at_the_same_row(harness: Harness) -> None:
    """A limit alone would take whatever comes first that day."""
    harness.compute("flows: {a: {entity: deals, columns: [title, id], limit: 2}}")
    assert [row[1] for row in harness.rows("a")] == [10, 11]


def test_distinct_leaves_out_equal_rows(harness: Harness) -> None:
    """Rows are equal if all columns that are left are."""
    harness.compute("flows: {a: {entity: deals, columns: [currency], distinct: true, sort: currency}}")
    assert harness.rows("a") == [("eur",), ("usd",)]


def test_metrics_without_groups_give_one_row(harness: Harness) -> None:
    """A total is a flow too, also of nothing."""
    harness.compute(
        "flows: {a: {entity: deals, where: id < 0, metrics: {n: count(*), total: sum(value), mean: avg(value)}}}"
    )
    assert harness.rows("a") == [(0, None, None)]
    assert harness.columns("a") == [("n", "BIGINT"), ("total", "BIGINT"), ("mean", "DOUBLE")]


def test_a_month_of_a_local_clock(harness: Harness) -> None:
    """The zone of the one who reads decides to which month midnight belongs, never that of the session."""
    harness.compute("""
        flows:
          utc: &flow
            entity: campaigns
            where: sdate is not null
            formula: {month: "strftime(sdate at time zone 'UTC', '%Y-%m')"}
            group_by: [month]
            metrics: {sent: sum(send_amt)}
            sort: month
          rome:
            <<: *flow
            formula: {month: "strftime(sdate at time zone 'Europe/Rome', '%Y-%m')"}
          day: {entity: campaigns, columns: [{day: {from: sdate, type: date}}], sort: day, limit: 3}
    """)
    assert harness.rows("utc") == [("2026-05", 400), ("2026-06", 50)]
    assert harness.rows("rome") == [("2026-05", 100), ("2026-06", 350)]
    assert [str(row[0]) for row in harness.rows("day")] == ["2026-05-02", "2026-05-31", "2026-06-01"]


def test_a_flow_sees_the_flow_of_an_entitys_name_and_that_flow_the_entity(harness: Harness) -> None:
    """Who cleans `contacts` wants all others to see the clean ones."""
    ready = harness.compute("""
        flows:
          count: {from: contacts, metrics: {n: count(*)}}
          raw: {entity: contacts, metrics: {n: count(*)}}
          contacts: {entity: contacts, where: not deleted}
    """)
    assert ready.plan.order() == ("raw", "contacts", "count")
    assert (harness.rows("count"), harness.rows("raw")) == ([(2,)], [(3,)])


def test_window_functions_are_formulas(harness: Harness) -> None:
    """The largest deal of each currency, in two flows."""
    harness.compute("""
        flows:
          ranked:
            entity: deals
            columns: [id, currency, amount]
            formula: {place: "row_number() over (partition by currency order by amount desc nulls last, id)"}
          best: {from: ranked, where: place = 1, columns: [id], sort: id}
    """)
    assert harness.rows("best") == [(11,), (12,)]
