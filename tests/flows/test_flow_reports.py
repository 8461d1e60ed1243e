"""Reports as flows: their rows go wherever a flow's rows go, and are those of the report."""

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from acflow.engine import open_warehouse
from acflow.flows.problems import FlowFileError
from acflow.reports import REPORTS, Options, report, run_report
from activecampaign_sandbox import Fault, World, make_world
from tests.flows.run_harness import Harness, harness, of
from tests.load.warehouse_harness import MAKERS


@pytest.fixture(scope="module")
def world() -> World:
    """Return a company with deals in several stages."""
    return make_world("small", contacts=60, deals=40)


def reported(this: Harness, name: str, options: Options | None = None) -> list[tuple[object, ...]]:
    """Return the rows of a report, asked directly."""
    warehouse = open_warehouse(this.settings.warehouse, this.settings.dataset)
    return [tuple(row.values()) for row in run_report(warehouse, report(name), options).to_pylist()]


@pytest.mark.parametrize("kind", MAKERS)
def test_a_report_can_be_shaped_and_delivered(world: World, tmp_path: Path, kind: str) -> None:
    """As it is, in its own order; with options; with steps after it; by its name in SQL; beside another flow."""
    flows = """
  wins: {report: win_rate, deliver: [wins.csv, wins.xlsx]}
  short: {report: win_rate, options: {days: 30, zone: Europe/Rome}}
  large: {report: pipeline, where: open_amount > 0, columns: [stage, currency, open_amount], sort: [-open_amount]}
  by_sql: {sql: select count(*) as n from report_win_rate}
  both: {join: {left: wins, right: by_sql, on: {deals: n}, type: left}}
"""
    columns = [column.name for column in report("pipeline").columns]
    amount = next(column.name for column in report("pipeline").columns if column.currency)
    assert "stage" in columns
    with harness(world, tmp_path, kind) as this:
        flows = flows.replace("open_amount", amount).replace("{deals: n}", "{won: n}")
        result = this.run(flows)
        assert result.exit_code == 0, [flow.reason for flow in result.flows]
        wins = reported(this, "win_rate")
        assert sorted(map(str, this.rows("wins"))) == sorted(map(str, wins))
        assert sorted(map(str, this.rows("short"))) == sorted(
            map(str, reported(this, "win_rate", Options(days=30, zone="Europe/Rome")))
        )
        assert this.rows("by_sql") == [(len(wins),)]
        assert {"dealStages", "deals", "users"} <= {certificate.entity for certificate in result.certificates}
        assert "report_win_rate" not in this.tables()
    with (tmp_path / "wins.csv").open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert [line["dimension"] + line["name"] for line in lines] == [f"{row[0]}{row[1] or ''}" for row in wins]
    sheet = load_workbook(tmp_path / "wins.xlsx").active
    assert sheet is not None
    shares = [column.column_letter for column in sheet[1] if column.value == "win_rate"]
    assert sheet[f"{shares[0]}2"].number_format.endswith("%")


def test_every_report_is_a_flow(world: World, tmp_path: Path) -> None:
    """All of them in one file, in one run."""
    flows = "".join(f"  my_{each.name}: {{report: {each.name}}}\n" for each in REPORTS)
    with harness(world, tmp_path) as this:
        result = this.run(flows)
        assert {flow.status.value for flow in result.flows} == {"computed"}, [flow.reason for flow in result.flows]
        for each in REPORTS:
            assert of(result, f"my_{each.name}").rows == len(reported(this, each.name))


def test_what_a_report_cannot_know_is_a_warning(world: World, tmp_path: Path) -> None:
    """A helper without rights costs what it adds; an entity without rights blocks the flow."""
    flows = "  wins: {report: win_rate}\n"
    with harness(world, tmp_path, faults=[Fault("forbidden", path="users", count=None)]) as this:
        result = this.run(flows)
        assert result.exit_code == 0
        assert any(warning.startswith("users is not in the warehouse") for warning in of(result, "wins").warnings)
    with harness(world, tmp_path / "other", faults=[Fault("forbidden", path="deals", count=None)]) as this:
        blocked = of(this.run(flows), "wins")
        assert blocked.status.value == "blocked"
        assert "deals" in str(blocked.reason)


@pytest.mark.parametrize(
    ("flow", "said"),
    [
        ("report: winrate", "Did you mean `win_rate`?"),
        ("report: win_rate, options: {dayz: 3}", "no option 'dayz'"),
        ("report: win_rate, options: {days: soon}", "takes a whole number"),
        ("entity: deals, options: {days: 3}", "are those of a report"),
        ("report: win_rate, where: wonn > 3", "unknown column `wonn`"),
        ("report: win_rate, entity: deals", "2 sources"),
    ],
)
def test_mistakes_are_told_with_their_line(world: World, tmp_path: Path, flow: str, said: str) -> None:
    """Before anything is read."""
    with harness(world, tmp_path) as this:
        with pytest.raises(FlowFileError) as caught:
            this.run(f"  mine: {{{flow}}}\n")
        assert said in str(caught.value)
        assert this.tables() == []
