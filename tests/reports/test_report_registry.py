"""Every report keeps the same rules, so a new one arrives tested."""

from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from acflow.errors import Action, ConfigError
from acflow.reports import REPORTS, Options, Report, answer, land_report, report, run_report, sql_of
from acflow.reports.figures.model import Figure
from acflow.reports.figures.registry import FIGURES, TABLES
from tests.reports.report_harness import NOW, duckdb_with

DIALECTS = ("duckdb", "postgres")
each = pytest.mark.parametrize("one", REPORTS, ids=lambda one: one.name)


@each
def test_a_report_asks_a_question_and_explains_every_column(one: Report) -> None:
    """A column without a sentence is a column nobody can use."""
    assert one.question.endswith("?")
    assert all(column.description.endswith(".") for column in one.columns)
    names = [column.name for column in one.columns]
    assert len(set(names)) == len(names)


@each
def test_a_warehouse_without_tables_gives_columns_and_reasons(one: Report, tmp_path: Path) -> None:
    """Nothing that is missing is an error; the notes say what it costs and how to get it."""
    warehouse = duckdb_with(tmp_path, messages=[])
    found = answer(warehouse, one, Options(as_of=NOW))
    assert found.table.column_names == [column.name for column in one.columns]
    assert any(" is not in the warehouse: " in note for note in found.notes)


@each
def test_sql_stands_alone_in_every_dialect(one: Report, tmp_path: Path) -> None:
    """What is printed can be pasted elsewhere: one SELECT without options left open."""
    warehouse = duckdb_with(tmp_path, deals=[])
    for dialect in DIALECTS:
        written = sql_of(warehouse, one, Options(as_of=NOW), dialect)
        assert written.startswith(f"-- {one.question} As of 2026-06-15 12:00 UTC.\n")
        (parsed,) = sqlglot.parse(written, dialect=dialect)
        assert isinstance(parsed, exp.Query)
        assert not list(parsed.find_all(exp.Placeholder, exp.Parameter))


def test_a_report_is_kept_as_a_table_and_replaced(tmp_path: Path) -> None:
    """BI tools find it by its name; a second time it holds the new rows alone."""
    warehouse = duckdb_with(tmp_path, lists=[{"id": 1, "name": "News", "active_subscribers": 5}])
    one = report("list_health")
    assert land_report(warehouse, one, Options(as_of=NOW)) == 1
    assert land_report(warehouse, one, Options(as_of=NOW)) == 1
    kept = warehouse.query("select * from report_list_health")
    assert kept.to_pylist() == run_report(warehouse, one, Options(as_of=NOW)).to_pylist()


def test_an_unknown_report_is_answered_with_the_nearest() -> None:
    """A slip of the pen costs one more try, not a search."""
    with pytest.raises(ConfigError, match="Did you mean campaign_performance"):
        report("campaign-perfomance")


def test_an_empty_warehouse_says_what_to_do(tmp_path: Path) -> None:
    """Without rows there is no day to speak of."""
    with pytest.raises(ConfigError, match="nothing to report on") as caught:
        run_report(duckdb_with(tmp_path, deals=[]), report("pipeline"))
    assert caught.value.action == Action("run")


@pytest.mark.parametrize("figure", [*FIGURES, *TABLES], ids=lambda figure: figure.report)
def test_a_figure_shows_columns_that_its_report_has(figure: Figure) -> None:
    """Otherwise no document that holds it could be written."""
    known = {column.name for column in report(figure.report).columns}
    assert set(figure.columns) <= known
    assert set(figure.beside) <= known
