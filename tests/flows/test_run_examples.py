"""The examples, run from a fresh folder: DuckDB and PostgreSQL give the same figures."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from acflow.flows.file import load_flow_file
from activecampaign_sandbox import make_world
from tests.flows.run_harness import harness
from tests.load.warehouse_harness import MAKERS
from tests.run_harness import run_flows

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
ENV = {"ACTIVECAMPAIGN_URL": "https://you.example", "ACTIVECAMPAIGN_KEY": "k"}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_gives_the_same_in_every_warehouse(
    example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every table of it, row by row, and every file that it delivers."""
    monkeypatch.setenv("ACFLOW_PRIVACY_KEY", "the same key in both")
    tables: dict[str, dict[str, list[tuple[Any, ...]]]] = {}
    files: dict[str, dict[str, bytes]] = {}
    for kind in MAKERS:
        folder = tmp_path / kind
        folder.mkdir()
        file = load_flow_file(Path(shutil.copy(example, folder / "acflow.yaml")), env=ENV)
        with harness(make_world("small", contacts=600, deals=200), folder, kind) as this:
            report = run_flows(this.settings, file)
            tables[kind] = {name: sorted(this.rows(name), key=repr) for name in file.flows}
        assert report.exit_code == 0, report.flows
        files[kind] = {path.name: path.read_bytes() for path in folder.glob("out/*.csv")}
        assert sorted(path.name for path in folder.glob("out/*")) == sorted(
            {Path(delivery.to).name for flow in file.flows.values() for delivery in flow.deliver}
        )
    first, *others = MAKERS
    assert all(tables[kind] == tables[first] and files[kind] == files[first] for kind in others)
