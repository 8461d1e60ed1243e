"""The SQL of each warehouse: written, and read again by that dialect's own parser."""

import pytest
import sqlglot
from sqlglot import exp

from acflow.engine.dialects import DIALECTS
from acflow.errors import ConfigError
from acflow.flows.compile_file import ReadyFlows, prepare_text
from acflow.flows.render import Places, render

PLACES = Places(entities="activecampaign", flows="flows")
EVERYTHING = """
flows:
  open_deals:
    entity: deals
    where: status = 0 and isDisabled = 0 and cdate >= '2026-01-01'
    columns: [id, title, amount, contact, "group", {closing: {from: edate, type: date}}]
    formula:
      big: amount > 1000
      share: amount / 100
      month: date_trunc('month', closing)
      label: "coalesce(nullif(trim(title), ''), 'none') || ' #' || cast(id as text)"
    sort: [-amount, title]
    limit: 10
  left_join: {join: {left: open_deals, right: contacts, on: {contact: id}}, columns: [id, email, contacts_id]}
  full_join: {join: {left: open_deals, right: contacts, on: {contact: id}, type: full}}
  anti_join: {join: {left: contacts, right: open_deals, on: {id: contact}, type: anti}, columns: [id, email]}
  totals:
    from: open_deals
    group_by: [group, big]
    metrics: {deals: count(*), people: count(distinct contact), all: sum(amount), mean: avg(amount), last: max(closing)}
  all_names: {append: [lists, forms, segments], columns: [_source, id, name], distinct: true, sort: [_source, name]}
  ranked:
    sql: |
      with ranked as (
        select c.*, row_number() over (partition by type order by sdate desc) as place from campaigns c
      )
      select id, name, type, place from ranked where place <= 3
"""


@pytest.fixture(scope="module")
def ready() -> ReadyFlows:
    """Return flows that use every transformation."""
    return prepare_text(EVERYTHING, env={})


@pytest.mark.parametrize("dialect", sorted(set(DIALECTS.values())))
def test_each_dialect_reads_what_is_written_for_it(ready: ReadyFlows, dialect: str) -> None:
    """One SELECT, over the same tables, giving the same columns under the same names."""
    for name, flow in ready.compiled.items():
        queries = [flow.query, *(check.unmatched for check in flow.checks)]
        queries += [check.fan_out for check in flow.checks if check.fan_out is not None]
        for query in queries:
            (parsed,) = sqlglot.parse(render(query, dialect, PLACES), dialect=dialect)
            assert isinstance(parsed, exp.Query), name
            assert [item.alias_or_name for item in parsed.selects] == [item.alias_or_name for item in query.selects]
            assert _tables(parsed) == _tables(query, {"entities": "activecampaign"})


def _tables(query: exp.Expression, schemas: dict[str, str] | None = None) -> set[tuple[str, str]]:
    found = {(table.db, table.name) for table in query.find_all(exp.Table) if table.db}
    return {((schemas or {}).get(schema, schema), name) for schema, name in found}


@pytest.mark.parametrize("dialect", sorted(set(DIALECTS.values())))
def test_every_identifier_is_quoted(ready: ReadyFlows, dialect: str) -> None:
    """A name without quotes becomes lower or upper case somewhere, and `group` is no name at all."""
    for flow in ready.compiled.values():
        parsed = sqlglot.parse_one(render(flow.query, dialect, PLACES), dialect=dialect)
        assert all(identifier.args.get("quoted") for identifier in parsed.find_all(exp.Identifier))


def test_postgres_divides_and_sorts_as_duckdb_does(ready: ReadyFlows) -> None:
    """Whole numbers divide to fractions, nulls come last, and text sorts by its bytes."""
    sql = render(ready.compiled["open_deals"].query, "postgres", PLACES)
    assert "DESC NULLS LAST" in sql
    assert '"_formula"."title" COLLATE "C"' in sql
    names = render(ready.compiled["all_names"].query, "postgres", PLACES)
    assert '"_source" COLLATE "C"' in names


def test_what_a_dialect_cannot_say_is_an_error_that_names_it() -> None:
    """Better no table than one that means something else."""
    ready = prepare_text("flows: {a: {sql: \"select * from lists pivot (count(*) for name in ('a'))\"}}", env={})
    with pytest.raises(ConfigError, match="cannot be written in the SQL of postgres: PIVOT"):
        render(ready.compiled["a"].query, "postgres", PLACES)


@pytest.mark.parametrize("dialect", ["bigquery", "redshift", "snowflake"])
def test_a_filtered_count_is_written_without_filter(dialect: str) -> None:
    """Three warehouses have no FILTER; a CASE counts the same rows."""
    ready = prepare_text("flows: {a: {from: lists, metrics: {n: count(*) filter (where id > 1)}}}", env={})
    sql = render(ready.compiled["a"].query, dialect, pretty=False)
    assert "COUNT(CASE WHEN" in sql
    assert "FILTER" not in sql


def test_postgres_gets_columns_for_all_and_json_that_compares() -> None:
    """PostgreSQL has no `GROUP BY ALL`, and its plain JSON cannot be grouped."""
    ready = prepare_text(
        """
        flows:
          a: {sql: "select name, count(*) as n from lists group by all order by all"}
          b: {append: [forms, lists]}
        """,
        env={},
    )
    assert render(ready.compiled["a"].query, "postgres", pretty=False).endswith(
        'FROM "lists" AS "lists" GROUP BY "lists"."name" ORDER BY 1, 2'
    )
    assert "AS JSONB" in render(ready.compiled["b"].query, "postgres")
