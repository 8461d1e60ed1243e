"""A project with a lake, and what stands in the lake, read by another reader than the one that wrote it."""

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable

from acflow.app.model import RunRequest, RunResult
from acflow.app.pipeline import run
from acflow.app.project import Project
from acflow.engine import Warehouse
from acflow.lake.delta import entries_of
from activecampaign_sandbox import Running

FILE = """\
account: {url: "${ACTIVECAMPAIGN_URL}", key: "${ACTIVECAMPAIGN_KEY}"}
lake: lake
flows:
  people: {entity: contacts, columns: [id, email, phone]}
  tags: {entity: tags}
  users: {entity: users}
  pipeline: {entity: deals, group_by: stage, metrics: {deals: count(*), worth: sum(value)}}
  domains: {sql: "select split_part(email, '@', 2) as domain, count(*) as people from contacts group by all"}
"""


def opened(folder: Path, account: Running, file: str = FILE, **more: str) -> Project:
    """Return the project of a folder, with a flow file."""
    (folder / "acflow.yaml").write_text(file, encoding="utf-8")
    env = {"ACTIVECAMPAIGN_URL": account.url, "ACTIVECAMPAIGN_KEY": account.key, "ACFLOW_PACE": "0", **more}
    return Project.open(folder, env)


def ran(project: Project) -> RunResult:
    """Run all of it."""
    return run(project.reopened(), RunRequest())


def in_warehouse(warehouse: Warehouse, name: str) -> list[dict[str, Any]]:
    """Return the rows of a table of the warehouse, in any order that is always the same."""
    return ordered(warehouse.query(f'select * from "{name}"'))  # noqa: S608 - our own names


def in_lake(lake: Path, name: str, account: str | None = None) -> list[dict[str, Any]]:
    """Return the rows that DuckDB reads from the files of the newest version, without what the lake adds."""
    paths = [
        str(lake / name / entry.path) for entry in entries_of(delta(lake, name)) if account in {None, entry.account}
    ]
    if not paths:
        return []
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        return ordered(
            connection.execute(
                "select * from read_parquet(?, union_by_name = true, hive_partitioning = false)", [paths]
            ).to_arrow_table()
        )


def ordered(rows: pa.Table) -> list[dict[str, Any]]:
    """Return rows as values, in any order that is always the same."""
    return sorted(rows.to_pylist(), key=repr)


def delta(lake: Path, name: str) -> DeltaTable:
    """Return a table of the lake."""
    return DeltaTable(str(lake / name))


def paths(lake: Path, name: str) -> set[str]:
    """Return the files of the newest version of a table."""
    return {entry.path for entry in entries_of(delta(lake, name))}


def bytes_with(lake: Path, text: str) -> list[str]:
    """Return the files anywhere in the lake that hold a text, packed or not, whatever version they belong to."""
    holding = []
    for path in sorted(path for path in lake.rglob("*") if path.is_file()):
        inside = path.read_bytes()
        if path.suffix == ".parquet" and "_delta_log" not in path.parts:
            inside += repr(pq.read_table(path, partitioning=None).to_pylist()).encode()
        if text.encode() in inside:
            holding.append(str(path.relative_to(lake)))
    return holding
