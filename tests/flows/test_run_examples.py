"""The examples, run from a fresh folder: DuckDB and PostgreSQL give the same figures."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from acflow.engine import open_warehouse
from acflow.flows.file import load_flow_file
from acflow.flows.spec import FlowFile
from acflow.reports import report, run_report
from acflow.reports.option_parsing import options_from
from activecampaign_sandbox import make_world
from tests.flows.run_harness import Harness, harness
from tests.load.warehouse_harness import MAKERS
from tests.run_harness import run_flows

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
ENV = {"ACTIVECAMPAIGN_URL": "https://you.example", "ACTIVECAMPAIGN_KEY": "k"}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_gives_the_same_in_every_warehouse_and_what_reports_say(
    example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every table of it, row by row, and every file that it delivers; every example about figures rests on a report."""
    monkeypatch.setenv("ACFLOW_PRIVACY_KEY", "the same key in both")
    tables: dict[str, dict[str, list[tuple[Any, ...]]]] = {}
    files: dict[str, dict[str, bytes]] = {}
    for kind in MAKERS:
        folder = tmp_path / kind
        folder.mkdir()
        file = load_flow_file(Path(shutil.copy(example, folder / "acflow.yaml")), env=ENV)
        with harness(make_world("small", contacts=600, deals=200), folder, kind) as this:
            run = run_flows(this.settings, file)
            tables[kind] = {name: sorted(this.rows(name), key=repr) for name in file.flows}
            if kind == "DuckDB":
                assert compared_with_reports(this, file, example.stem) or example.stem == "all-six"
        assert run.exit_code == 0, run.flows
        files[kind] = {path.name: path.read_bytes() for path in folder.glob("out/*.csv")}
        assert sorted(path.name for path in folder.glob("out/*")) == sorted(
            {Path(delivery.to).name for flow in file.flows.values() for delivery in flow.deliver}
        )
    first, *others = MAKERS
    assert all(tables[kind] == tables[first] and files[kind] == files[first] for kind in others)


# Flows of examples that add up a report's rows: the report's key columns that stay, and the sums.
SUMMED = {
    ("pipeline", "by_stage"): ("pipeline", ("stage", "currency"), ("deals", "amount")),
    ("pipeline", "by_owner"): ("pipeline", ("owner", "currency"), ("deals", "amount")),
    ("deals-with-contacts", "pipeline_by_stage"): ("pipeline", ("stage", "currency"), ("deals", "amount")),
    ("lists-growth", "list_growth"): ("list_growth", ("list_id",), ("new", "net")),
    ("segments-audit", "audit_summary"): ("segment_audit", ("state",), ("campaigns", "sends")),
}


def compared_with_reports(this: Harness, file: FlowFile, example: str) -> int:
    """Compare flows with reports, row by row where a flow is one, summed where it adds one up; return how many."""
    compared = 0
    warehouse = open_warehouse(this.settings.warehouse, this.settings.dataset)

    def rows(name: str, **options: object) -> list[dict[str, Any]]:
        answered: list[dict[str, Any]] = run_report(warehouse, report(name), options_from(options)).to_pylist()
        return answered

    for name, flow in file.flows.items():
        table = warehouse.query(f'SELECT * FROM activecampaign."{name}"').to_pylist()  # noqa: S608
        if flow.report and not flow.where and not flow.columns:
            assert sorted(map(str, table)) == sorted(map(str, rows(flow.report, **flow.options or {})))
            compared += 1
        if spec := SUMMED.get((example, name)):
            of, keys, sums = spec
            options = next((other.options for other in file.flows.values() if other.report == of), None)
            assert added(table, keys, sums) == added(rows(of, **options or {}), keys, sums)
            compared += 1
    return compared


def added(rows: list[dict[str, Any]], keys: tuple[str, ...], sums: tuple[str, ...]) -> dict[str, list[Any]]:
    """Return the sums of rows by key."""
    total: dict[str, list[Any]] = {}
    for row in rows:
        line = total.setdefault(str([row[key] for key in keys]), [0] * len(sums))
        line[:] = [before + (row[column] or 0) for before, column in zip(line, sums, strict=True)]
    return total
