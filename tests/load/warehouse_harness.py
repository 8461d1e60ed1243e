"""Warehouses that run on this machine, and the way from rows of the API into their tables."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from acflow.engine import Warehouse, open_warehouse, rows_by_id
from acflow.entities import entity
from acflow.entities.model import Entity
from acflow.load.job import LoadJob, load_job_of, rejects_of
from acflow.load.loader import Loader
from acflow.load.staging_files import EntityStaging, StagingFiles, carry_over
from tests.postgresql_harness import postgresql_database

Row = dict[str, Any]
DATASET = "activecampaign"
PAGE = 100


def duckdb_file(folder: Path) -> str:
    """Return the URL of a new DuckDB file."""
    return f"duckdb:///{folder / 'acflow.duckdb'}"


# One way per kind to get an empty warehouse of it.
MAKERS: Mapping[str, Callable[[Path], str]] = {"DuckDB": duckdb_file, "PostgreSQL": postgresql_database}


class Harness:
    """One warehouse with its lander, fed with rows as they come from the API."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.folder = kind, folder
        self.url = MAKERS[kind](folder)
        self.warehouse: Warehouse = open_warehouse(self.url, DATASET, patience=5.0)
        self.loader = Loader(self.warehouse, folder / "load")
        self.runs = 0

    def land(self, rows: Mapping[str, Sequence[Row]], *, cut: bool = False) -> dict[str, pa.Table]:
        """Read, spool and land these rows as one run; return by entity what the spool held.

        If it is `cut`, the first is left as by a run that is killed before the first row is loaded.
        """
        self.runs += 1
        run = f"run-{self.runs}"
        with StagingFiles(self.folder / "spool", run, self.warehouse.columns) as spool:
            kept = [self._spooled(spool, entity(name), given) for name, given in rows.items()]
            jobs = [load_job_of(each) for each in kept]
            if cut:
                cut_off(self.loader, jobs[0])
                return {}
            rejects = rejects_of(kept)
            with self.warehouse.held():  # as a run does
                self.loader.land([*jobs, rejects] if rejects else jobs)
            return {each.entity.name: spooled_table(each) for each in kept}

    def _spooled(self, spool: StagingFiles, kind: Entity, rows: Sequence[Row]) -> EntityStaging:
        kept = spool.of(kind)
        for start in range(0, len(rows), PAGE):
            spool.add(kind, list(rows[start : start + PAGE]))
        carry_over(kept, rows_by_id(self.warehouse, kind.name, kept.close_full()))
        kept.close()
        return kept

    def table(self, name: str) -> pa.Table:
        """Return a landed table, in the order of its first column."""
        found = self.warehouse.query(f'SELECT * FROM "{name}"')  # noqa: S608 - our own names
        return found.sort_by(found.column_names[0]) if len(found) else found

    def close(self) -> None:
        """Let go of the warehouse."""


def spooled_table(spool: EntityStaging) -> pa.Table:
    """Return all rows of a spool, in the order of their ids."""
    parts = [pq.read_table(path) for path in spool.files]
    return pa.concat_tables(parts, promote_options="default").sort_by(spool.entity.key)


def values(table: pa.Table, read: frozenset[str] = frozenset()) -> list[Row]:
    """Return the rows of a table as Python values; columns to `read` hold JSON, whose spelling may differ."""
    rows: list[Row] = table.to_pylist()
    for row in rows:
        row |= {name: json.loads(row[name]) for name in read & row.keys() if row[name] is not None}
    return rows


def cut_off(loader: Loader, job: LoadJob) -> None:
    """Leave what a run leaves that is killed before the first row is loaded."""
    loader._put_aside([job])
