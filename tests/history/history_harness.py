"""A project that reads a sandbox day by day, in DuckDB or PostgreSQL."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from acflow.app.model import RunOptions, RunResult
from acflow.engine import open_warehouse
from acflow.entities import entity
from acflow.settings import Settings, load_settings
from acflow.source.certificate import Certificate
from activecampaign_sandbox import Running, World
from tests.postgresql_harness import postgresql_database
from tests.run_harness import run

ALL = frozenset({"all"})
Row = dict[str, Any]
KINDS = {"DuckDB": lambda folder: f"duckdb:///{folder / 'acflow.duckdb'}", "PostgreSQL": postgresql_database}


class Project:
    """One account, one warehouse, and runs whenever one likes."""

    def __init__(self, world: World, sandbox: Running, folder: Path, kind: str = "DuckDB", **given: Any) -> None:  # noqa: ANN401
        self.world, self.sandbox = world, sandbox
        self.settings: Settings = load_settings(
            url=sandbox.url,
            key=sandbox.key,
            pace=0.0,
            retry_patience=3.0,
            warehouse=KINDS[kind](folder),
            state=folder / ".acflow",
            **given,
        )
        self.warehouse = open_warehouse(self.settings.warehouse, self.settings.dataset, patience=5.0)
        self.reports: list[RunResult] = []

    def run(self, *names: str, sweep: bool = False, incremental: bool = True) -> dict[str, Certificate]:
        """Read these entities, only their changes if nothing else is said; return the certificates by name."""
        options = RunOptions(incremental=ALL if incremental else frozenset(), sweep=sweep, clock=self.world.clock)
        self.reports.append(run(self.settings, [entity(name) for name in names], options=options))
        return {each.entity: each for each in self.reports[-1].certificates}

    def sleep(self, days: float = 1) -> None:
        """Let time pass in the account."""
        self.world.advance(days=days)

    def statuses(self, mailing: str) -> list[str]:
        """Return the statuses of those who are on a list, or were."""
        return [row["status"] for row in self.world.rows("contactLists") if row["list"] == mailing]

    def rows(self, sql: str) -> list[Row]:
        """Return what the warehouse answers."""
        found: list[Row] = self.warehouse.query(sql).to_pylist()
        return found

    def alive(self, name: str, *columns: str) -> dict[int, tuple[Any, ...]]:
        """Return these columns of the rows, by id."""
        chosen = ", ".join(f'"{column}"' for column in ("id", *columns))
        found = self.rows(f'SELECT {chosen} FROM "{name}"')  # noqa: S608 - our own names
        return {row["id"]: tuple(row[column] for column in columns) for row in found}


def requests(certificates: dict[str, Certificate]) -> dict[str, int]:
    """Return how many requests each entity took."""
    return {name: each.requests for name, each in certificates.items()}


def seen(world: World, name: str) -> Sequence[Row]:
    """Return the rows of an entity that the key may see in full."""
    return [row for row in world.rows(name) if not row.get("isDisabled")]
