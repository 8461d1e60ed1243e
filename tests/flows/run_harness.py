"""A desk to run flows on: a sandbox, a project of its own, and a warehouse to look into."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acflow.app.model import FlowResult, RunResult
from acflow.engine import open_warehouse
from acflow.flows.file import load_flow_text
from acflow.flows.materialize import STAGE
from acflow.settings import Settings, load_settings
from activecampaign_sandbox import Fault, Running, World, running
from tests.load.warehouse_harness import MAKERS
from tests.run_harness import run_flows


@dataclass(frozen=True)
class Harness:
    """One project and its account."""

    settings: Settings
    world: World

    def run(self, flows: str, *wanted: str, **how: Any) -> RunResult:  # noqa: ANN401 - as run_flows takes them
        """Run the flows of a file, given as YAML below `flows:`."""
        file = load_flow_text(f"flows:\n{flows}", env={})
        return run_flows(self.settings, file, wanted or None, **how)

    def rows(self, table: str, order: str = "1") -> list[tuple[Any, ...]]:
        """Return the rows of a table."""
        warehouse = open_warehouse(self.settings.warehouse, self.settings.dataset)
        found = warehouse.query(f'SELECT * FROM "{table}" ORDER BY {order}')  # noqa: S608 - our own names
        return [tuple(row.values()) for row in found.to_pylist()]

    def tables(self) -> list[str]:
        """Return the names of the tables, those left out that acflow keeps for itself or for what is gone."""
        tables = open_warehouse(self.settings.warehouse, self.settings.dataset).tables()
        shown = [name for name in tables if not name.endswith("_deleted")]
        return [name for name in shown if not name.startswith("_") or name == STAGE]


@contextmanager
def harness(world: World, folder: Path, kind: str = "DuckDB", faults: Sequence[Fault] = ()) -> Iterator[Harness]:
    """Yield a desk on a new warehouse."""
    url = MAKERS[kind](folder)
    with running(world, faults=list(faults)) as sandbox:
        yield Harness(settings_for(sandbox, url, folder), world)


def settings_for(sandbox: Running, url: str, folder: Path) -> Settings:
    """Return settings of a project in a folder: no pace, little patience."""
    return load_settings(
        url=sandbox.url,
        key=sandbox.key,
        pace=0.0,
        retry_patience=3.0,
        warehouse=url,
        warehouse_patience=2.0,
        state=folder / ".acflow",
        history="",
    )


def of(report: RunResult, name: str) -> FlowResult:
    """Return the result of one flow."""
    return next(result for result in report.flows if result.name == name)


def statuses(report: RunResult) -> dict[str, str]:
    """Return what became of each flow."""
    return {result.name: result.status.value for result in report.flows}
