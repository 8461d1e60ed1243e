"""What a report does not use is not computed, and what it needs stays."""

from sqlglot import exp, parse_one

from acflow.reports import REPORTS, Options, report
from acflow.reports.assemble import build, tables_of
from acflow.reports.prune import pruned
from acflow.reports.tables import schemas
from tests.reports.report_harness import DATASET, NOW

STEPS = """
with deals as (select "id", "stage", "amount" from "landed"."deals"),
moves as (select "id", "at" from "landed"."moves"),
last_moves as (select id, max(at) as moved_at from moves group by id)
"""


def pruned_sql(last: str) -> str:
    """Return the text of a pruned query over the steps above."""
    return pruned(parse_one(f"{STEPS} {last}", dialect="duckdb", into=exp.Select)).sql("duckdb")


def steps_of(name: str) -> set[str]:
    """Return the steps of a report as a warehouse with every table is given them."""
    one = report(name)
    there = {table: schemas()[table] for table in tables_of(one)}
    return {step.alias for step in build(one, Options(as_of=NOW), NOW, there, DATASET).ctes}


def test_a_join_goes_only_if_it_can_neither_add_nor_take_rows() -> None:
    """One row per key at most, kept on the left, and nothing of it used: then it is not computed at all."""
    grouped = "select d.id from deals as d left join last_moves as m on m.id = d.id"
    assert "moves" not in pruned_sql(grouped)
    assert "amount" not in pruned_sql(grouped)
    assert "moves" in pruned_sql("select d.id, m.moved_at from deals as d left join last_moves as m on m.id = d.id")
    assert "moves" in pruned_sql("select d.id from deals as d join last_moves as m on m.id = d.id")
    assert "moves" in pruned_sql("select d.id from deals as d left join moves as m on m.id = d.id")


def test_a_report_of_open_deals_reads_no_activities_for_dates_of_closing() -> None:
    """When deals were closed matters to the win rate, and not to the pipeline."""
    assert "deal_status_changes" in steps_of("win_rate")
    assert steps_of("pipeline").isdisjoint({"deal_status_changes", "deal_status_activities"})


def test_every_column_of_every_report_is_resolved() -> None:
    """Pruning knows of each column which step it comes from, also where a warehouse has nothing yet."""
    for one in REPORTS:
        query = build(one, Options(as_of=NOW), NOW, {}, DATASET)
        assert [column.alias for column in query.selects] == [column.name for column in one.columns]
