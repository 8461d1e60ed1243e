"""What flows give, computed by a real DuckDB on a few rows."""

from decimal import Decimal

import pytest
from flow_desk import Desk


@pytest.fixture
def desk() -> Desk:
    """Return a desk with the rows of `flow_desk`."""
    return Desk()


def test_a_file_without_flows_stands_for_the_six_entities(desk: Desk) -> None:
    """An account is all that one has to write."""
    ready = desk.compute("account: {url: https://you.example, key: k}")
    assert list(ready.compiled) == ["campaigns", "contacts", "lists", "deals", "segments", "forms"]
    assert {flow.passthrough for flow in ready.compiled.values()} == set(ready.compiled)
    assert len(desk.rows("contacts")) == 3


def test_the_steps_come_in_their_order(desk: Desk) -> None:
    """Where sees the source's names, formulas the new ones, metrics the formulas, sort and limit the result."""
    desk.compute("""
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
    assert desk.columns("big") == [
        ("code", "VARCHAR"),
        ("deals", "BIGINT"),
        ("worth", "DECIMAL(38,4)"),
        ("four", "DECIMAL(38,4)"),
    ]
    assert desk.rows("big") == [("EUR", 2, Decimal("10.0000"), Decimal("36.0000"))]


def test_columns_select_rename_order_and_type(desk: Desk) -> None:
    """The list says which columns there are, what they are called, in which order and of what type."""
    desk.compute("""
        flows:
          a:
            entity: deals
            columns: [title, {deal_id: id}, {cents: {from: value, type: text}}, {amount: {type: "decimal(9,1)"}}]
          b: {entity: deals, columns: {name: title, id: }}
    """)
    assert desk.columns("a") == [
        ("title", "VARCHAR"),
        ("deal_id", "BIGINT"),
        ("cents", "VARCHAR"),
        ("amount", "DECIMAL(9,1)"),
    ]
    assert desk.rows("a")[0] == ("Small", 10, "100", Decimal("1.0"))
    assert desk.rows("b")[0] == ("Small", 10)


def test_a_star_stands_for_everything_else(desk: Desk) -> None:
    """A rename must not cost the other columns."""
    desk.compute("flows: {a: {entity: lists, columns: [{list: name}, '*', {number: id}]}}")
    names = [name for name, _ in desk.columns("a")]
    assert (names[0], names[-1]) == ("list", "number")
    assert not {"name", "id"} & set(names)
    assert "stringid" in names


def test_a_formula_may_take_the_place_of_a_column(desk: Desk) -> None:
    """A column that is corrected stays where it was, and later formulas see the corrected one."""
    desk.compute("""
        flows:
          a:
            entity: contacts
            columns: [id, email]
            formula: {email: upper(email), domain: "split_part(email, '@', 2)"}
            sort: id
            limit: 1
    """)
    assert desk.rows("a") == [(1, "ADA@EXAMPLE.COM", "EXAMPLE.COM")]


def test_names_are_found_whatever_their_case_and_kept_as_they_are(desk: Desk) -> None:
    """SQL does not look at case, warehouses do: the table must have the API's own spelling."""
    desk.compute("""
        flows:
          a: {sql: "select FIRSTNAME, c.LASTNAME, winprobability from Deals d join CONTACTS c on C.id = contact"}
          b: {entity: contacts, formula: {greeting: "'Hi ' || FIRSTname"}, columns: [firstName]}
    """)
    assert [name for name, _ in desk.columns("a")] == ["firstName", "lastName", "winProbability"]
    assert desk.rows("b")[0] == ("Ada", "Hi Ada")


def test_columns_named_like_sql_words_need_no_quotes(desk: Desk) -> None:
    """The pipeline of a deal is called `group`."""
    desk.compute("flows: {a: {entity: deals, where: group is null, group_by: [group], metrics: {n: count(*)}}}")
    assert desk.rows("a") == [(None, 5)]


def test_a_flag_compares_with_0_and_1(desk: Desk) -> None:
    """The field reference says `deleted = 0`, so that must work."""
    desk.compute(
        "flows: {a: {entity: contacts, where: \"deleted = 0 and id in (1, 3) and sentcnt = '9'\", columns: [id]}}"
    )
    assert desk.rows("a") == [(1,)]


def test_sorting_is_descending_by_a_minus_with_nulls_last_and_no_ties(desk: Desk) -> None:
    """Equal rows come by id, so that every run gives the same order."""
    ready = desk.compute("flows: {a: {entity: deals, columns: [title, id, amount], sort: [-amount]}}")
    assert [row[1] for row in desk.rows("a")] == [11, 12, 13, 10, 14]
    assert ready.compiled["a"].order == (("amount", True),)


def test_a_name_that_begins_with_a_minus_can_be_sorted_by(desk: Desk) -> None:
    """The exact name of a column goes before the sign of descending."""
    desk.compute("""flows: {a: {entity: deals, columns: [{"-x": amount}, id], sort: ["-x", "--x"]}}""")
    assert [row[1] for row in desk.rows("a")] == [10, 12, 13, 11, 14]


def test_a_limit_without_a_sort_still_cuts_at_the_same_row(desk: Desk) -> None:
    """A limit alone would take whatever comes first that day."""
    desk.compute("flows: {a: {entity: deals, columns: [title, id], limit: 2}}")
    assert [row[1] for row in desk.rows("a")] == [10, 11]


def test_distinct_leaves_out_equal_rows(desk: Desk) -> None:
    """Rows are equal if all columns that are left are."""
    desk.compute("flows: {a: {entity: deals, columns: [currency], distinct: true, sort: currency}}")
    assert desk.rows("a") == [("eur",), ("usd",)]


def test_metrics_without_groups_give_one_row(desk: Desk) -> None:
    """A total is a flow too, also of nothing."""
    desk.compute(
        "flows: {a: {entity: deals, where: id < 0, metrics: {n: count(*), total: sum(value), mean: avg(value)}}}"
    )
    assert desk.rows("a") == [(0, None, None)]
    assert desk.columns("a") == [("n", "BIGINT"), ("total", "BIGINT"), ("mean", "DOUBLE")]


def test_a_month_of_a_local_clock(desk: Desk) -> None:
    """The zone of the one who reads decides to which month midnight belongs, never that of the session."""
    desk.compute("""
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
    assert desk.rows("utc") == [("2026-05", 400), ("2026-06", 50)]
    assert desk.rows("rome") == [("2026-05", 100), ("2026-06", 350)]
    assert [str(row[0]) for row in desk.rows("day")] == ["2026-05-02", "2026-05-31", "2026-06-01"]


def test_a_flow_sees_the_flow_of_an_entitys_name_and_that_flow_the_entity(desk: Desk) -> None:
    """Who cleans `contacts` wants all others to see the clean ones."""
    ready = desk.compute("""
        flows:
          count: {from: contacts, metrics: {n: count(*)}}
          raw: {entity: contacts, metrics: {n: count(*)}}
          contacts: {entity: contacts, where: not deleted}
    """)
    assert ready.plan.order() == ("raw", "contacts", "count")
    assert (desk.rows("count"), desk.rows("raw")) == ([(2,)], [(3,)])


def test_window_functions_are_formulas(desk: Desk) -> None:
    """The largest deal of each currency, in two flows."""
    desk.compute("""
        flows:
          ranked:
            entity: deals
            columns: [id, currency, amount]
            formula: {place: "row_number() over (partition by currency order by amount desc nulls last, id)"}
          best: {from: ranked, where: place = 1, columns: [id], sort: id}
    """)
    assert desk.rows("best") == [(11,), (12,)]
