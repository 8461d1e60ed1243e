"""Runs that keep reports as tables when all else is done."""

from pathlib import Path

import pytest
from sqlglot import exp

from acflow.engine import open_warehouse
from acflow.entities import entity
from acflow.errors import ConfigError
from acflow.reports import ReportSession, report, run_report
from acflow.settings import Settings, load_settings
from activecampaign_sandbox import make_world, running
from tests.load.warehouse_harness import DATASET, MAKERS
from tests.run_harness import run

READ = [entity("deals"), entity("dealGroups")]


def settings_for(folder: Path, url: str, key: str, **given: str) -> Settings:
    """Return the settings of a project in this folder."""
    return load_settings(url=url, key=key, state=folder / "state", dataset=DATASET, pace=0, **given)


@pytest.mark.parametrize("kind", MAKERS)
def test_a_run_keeps_the_reports_that_the_settings_name(kind: str, tmp_path: Path) -> None:
    """They are as `acflow reports show` would answer; one that cannot be kept is told, and the data stay."""
    where = MAKERS[kind](tmp_path)
    warehouse = open_warehouse(where, DATASET, patience=5.0, memory=256)
    with running(make_world("small")) as account:
        settings = settings_for(tmp_path, account.url, account.key, warehouse=where, reports="pipeline, velocity")
        first = run(settings, READ)
        kept = warehouse.query(exp.select("*").from_(exp.table_("report_pipeline", db=DATASET)).sql())
        assert kept.num_rows > 0
        asked = run_report(warehouse, report("pipeline"))
        assert sorted(map(str, kept.to_pylist())) == sorted(map(str, asked.to_pylist()))
        drop = f"DROP TABLE {DATASET}.report_velocity"
        warehouse.execute([drop, f"CREATE VIEW {DATASET}.report_velocity AS SELECT 1 AS one"])
        second = run(settings, READ)
    assert (first.exit_code, first.remarks) == (0, ())
    assert second.exit_code == 0
    assert all(each.landed for each in second.certificates)
    assert ["velocity" in each for each in second.remarks] == [True]


def test_reports_speak_of_the_last_reading_whatever_it_read(tmp_path: Path) -> None:
    """Not of the last one that left a snapshot of counters: what was decided since would be missing from all rates."""
    where = MAKERS["DuckDB"](tmp_path)
    warehouse = open_warehouse(where, DATASET, patience=5.0, memory=256)
    with running(make_world("small")) as account:
        settings = settings_for(tmp_path, account.url, account.key, warehouse=where)
        run(settings, [entity("lists")])
        first = ReportSession.open(warehouse)
        run(settings, [entity("deals")])
        second = ReportSession.open(warehouse)
    assert second.as_of > first.as_of
    assert (first.doubt, second.doubt) == ((), ())


def test_a_report_that_there_is_not_stops_the_run_before_it_begins(tmp_path: Path) -> None:
    """Nothing is asked of the account, and nothing is written."""
    settings = settings_for(tmp_path, "http://127.0.0.1:9", "key", reports="pipelines_by_moon")
    with pytest.raises(ConfigError, match=r"There is no report 'pipelines_by_moon'"):
        run(settings, READ)
    assert list(tmp_path.iterdir()) == []
