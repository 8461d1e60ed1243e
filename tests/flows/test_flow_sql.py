"""Flows in SQL: what analysts write must come out the same, qualified and exactly spelled."""

import pytest

from acflow.flows.render import Places, render
from tests.flows.flow_harness import Harness


@pytest.fixture
def harness() -> Harness:
    """Return a desk with the rows of `flow_harness`."""
    return Harness()


@pytest.mark.parametrize(
    ("sql", "columns", "rows"),
    [
        ("select ID as n from DEALS where AMOUNT > 4 order by 1", ["n"], [(11,), (12,), (13,)]),
        ("from deals select id where stage = 1", ["id"], [(10,), (14,)]),
        ("with Big as (select * from deals where amount > 5) select b.TITLE from big b", ["title"], [("Large",)]),
        (
            "select d.* exclude (ID), 1 as one from (select Id, Title from deals) D limit 1",
            ["title", "one"],
            [("Small", 1)],
        ),
        ("select id from contacts union all select id from lists order by id", ["id"], [(1,), (1,), (2,), (3,)]),
        ("(select id from contacts where id = 1) union (select 1 as id)", ["id"], [(1,)]),
        ("select firstname, count(*) as n from deals join contacts using (id) group by all", ["firstName", "n"], []),
        (
            "select stage, currency, 7 as seven, count(*) as n from deals group by all order by all desc limit 2",
            ["stage", "currency", "seven", "n"],
            [(2, "usd", 7, 2), (2, "eur", 7, 1)],
        ),
        ("select value + 1 as more, more * 2 as twice from deals where id = 10", ["more", "twice"], [(101, 202)]),
        ("select max(id) as id from deals having count(*) > 99", ["id"], []),
        (
            "select (select max(c.id) from contacts c where c.id = d.contact) as c from deals d where id = 12",
            ["c"],
            [(2,)],
        ),
        (
            "select id from deals qualify row_number() over (partition by stage order by id) = 1 order by id",
            ["id"],
            [(10,), (11,)],
        ),
        ("select i as n from generate_series(0, 2) t(i)", ["n"], [(0,), (1,), (2,)]),
        (
            "select a.id, b.id as other from deals a left join deals b on b.id = a.id + 1 where a.id = 14",
            ["id", "other"],
            [(14, None)],
        ),
        ("select sum(value) as total from deals", ["total"], [(2000,)]),
        ("select unnest((select list(ID order by id) from DEALS)) as id limit 2", ["id"], [(10,), (11,)]),
        ("with deals as (select id from deals where id = 12) select id from deals", ["id"], [(12,)]),
        ("select n from unnest((select list(id order by id) from lists)) t(n)", ["n"], [(1,)]),
        ("select columns('^(id|title)$') from deals where id = 10", ["id", "title"], [(10, "Small")]),
        ("select x.id from deals as x /* ; drop table x */ where x.id = 10 -- ; and so on", ["id"], [(10,)]),
        (
            "select id, case when status = 0 then 'open' else 'done' end as state from deals where id in (10, 12)",
            ["id", "state"],
            [(10, "open"), (12, "done")],
        ),
    ],
)
def test_sql_gives_what_it_says(harness: Harness, sql: str, columns: list[str], rows: list[tuple[object, ...]]) -> None:
    """Joins, CTEs, stars, set operations, windows, lateral aliases: all of it over entities by their names."""
    harness.compute(f"flows:\n  a:\n    sql: |\n      {sql}\n")
    assert [name for name, _ in harness.columns("a")] == columns
    assert harness.rows("a") == rows


def test_sql_can_be_transformed_like_any_other_source(harness: Harness) -> None:
    """A query is a source; where, formula and sort come after it."""
    harness.compute("""
        flows:
          a:
            sql: select title as name, value from deals
            where: value > 100
            formula: {half: value / 2}
            sort: [-value, name]
            limit: 2
          b: {from: a, columns: [name, half]}
    """)
    assert harness.rows("b") == [("Large", 450.0), ("Lost dog", 250.0)]


def test_whole_numbers_that_only_duckdb_has_become_bigints(harness: Harness) -> None:
    """A sum of whole numbers has 128 bits there, which no destination takes."""
    harness.compute("flows: {a: {sql: select sum(value) as total from deals}}")
    assert harness.columns("a") == [("total", "BIGINT")]


def test_places_put_real_schemas_in() -> None:
    """Entities and flows may share a schema or have their own; without one the warehouse's default holds."""
    ready = Harness().compute("flows: {a: {sql: select id from lists}, b: {from: a}}")
    places = Places(entities="activecampaign", flows="bi")
    assert render(ready.compiled["a"].query, "duckdb", places, pretty=False) == (
        'SELECT "lists"."id" AS "id" FROM "activecampaign"."lists" AS "lists"'
    )
    assert 'FROM "bi"."a"' in render(ready.compiled["b"].query, "duckdb", places)
    assert render(ready.compiled["b"].query, "duckdb", pretty=False) == 'SELECT "a"."id" FROM "a"'
