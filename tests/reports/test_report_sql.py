"""The SQL that a report is asked by is the one that is built for it, however much of it was kept."""

import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from acflow.reports import Options, report
from acflow.reports.assemble import Rewind, build, render
from acflow.reports.sql_cache import cached
from acflow.reports.sql_template import written_sql
from acflow.reports.tables import schemas
from tests.reports.report_harness import DATASET, NOW

CHOICES = {
    "usual": Options(as_of=NOW),
    "chosen": Options(
        as_of=NOW, zone="Europe/Berlin", rates={"usd": Decimal("0.9")}, into="eur", targets={"eur": Decimal(5)}
    ),
}


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "snowflake"])
@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("name", ["pipeline", "forecast", "campaign_performance", "data_health"])
def test_a_template_gives_what_the_whole_gives(name: str, choice: str, dialect: str) -> None:
    """Character by character, and but for where lines end: in a warehouse full, empty, or taken back to a past day."""
    asked, options = report(name), CHOICES[choice]
    day = NOW - timedelta(days=9)
    back = {
        table: Rewind(day, versions=f"{table}_history", daily=f"{table}_daily", counters=frozenset({"uniqueopens"}))
        for table in ("deals", "contacts", "campaigns")
    }
    for there, as_of, rewinds in ((schemas(), NOW, {}), ({}, NOW, {}), (schemas(), day, back)):
        whole = build(asked, options, as_of, there, DATASET, rewinds)
        assert written_sql(asked, options, as_of, there, DATASET, rewinds, dialect) == render(whole, dialect)
        lines = written_sql(asked, options, as_of, there, DATASET, rewinds, dialect, pretty=True)
        assert lines.count("\n") > 20
        assert "".join(lines.split()) == "".join(render(whole, dialect, pretty=True).split())


def test_what_a_process_worked_out_serves_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked up by all that it is made of; what cannot be read is made anew, and nothing is kept if so asked."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert cached("sql", "a text", lambda: ["first"]) == ["first"]
    assert cached("sql", "a text", lambda: ["second"]) == ["first"]
    assert cached("sql", "another text", lambda: ["second"]) == ["second"]
    assert cached("tables", "a text", lambda: ["third"]) == ["third"]
    for file in (tmp_path / "kept").rglob("*.json"):
        file.write_bytes(b'["cut of')
    assert cached("sql", "a text", lambda: ["anew"]) == ["anew"]
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "not kept"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert cached("sql", "a text", lambda: ["fourth"]) == ["fourth"]
    assert not (tmp_path / "not kept").exists()
