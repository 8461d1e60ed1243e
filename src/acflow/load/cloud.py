"""Files into tables of a cloud warehouse by dlt, which knows how each of them takes bulk loads.

dlt keeps a package that did not finish, and would load that one first and ignore new data. Since `acflow.load.loader`
keeps the files itself, all that dlt remembers is dropped before and after each load.
https://dlthub.com/docs/general-usage/full-loading
"""

import logging
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from acflow.engine import Warehouse
from acflow.engine.cloud import CloudWarehouse
from acflow.engine.materialize import new_table
from acflow.errors import AcflowError, WarehouseError
from acflow.load.job import LoadJob
from acflow.load.stage import LATER, dropped

if TYPE_CHECKING:
    import dlt
    from dlt.common.destination import Destination

PIPELINE = "acflow"
SCHEMA = "activecampaign"
RELATIONAL = "dlt.common.normalizers.json.relational"


def stage_by_dlt(place: Warehouse, jobs: Sequence[LoadJob], folder: Path) -> dict[str, WarehouseError]:
    """Load the files into tables of their own; return what the warehouse refuses, by table."""
    assert isinstance(place, CloudWarehouse)  # noqa: S101 - the others take files by themselves
    if place.kind.loader not in WITH_JSON:
        jobs = [_without_json(job) for job in jobs]
    empty = [new_table(job.table, place.dataset, job.types, place.dialect) for job in jobs if not job.rows]
    if empty:  # dlt passes over a file without rows
        place.execute([statement for statements in empty for statement in statements])
    full = [job for job in jobs if job.rows]
    try:
        _load(place, full, folder)
    except LATER:
        raise
    except WarehouseError:
        return _one_by_one(place, full, folder)
    return {}


def _one_by_one(place: CloudWarehouse, jobs: Sequence[LoadJob], folder: Path) -> dict[str, WarehouseError]:
    """Load one after the other, so that one that the warehouse refuses stops no other."""
    refused: dict[str, WarehouseError] = {}
    for job in jobs:
        place.execute([dropped(place, job.table)])
        try:
            _load(place, [job], folder)
        except LATER:
            raise
        except WarehouseError as error:
            refused[job.table] = error
    return refused


def _load(place: CloudWarehouse, jobs: Sequence[LoadJob], folder: Path) -> None:
    if not jobs:
        return
    place.check()
    quiet_dlt()
    import dlt

    shutil.rmtree(folder / PIPELINE, ignore_errors=True)
    as_files = place.kind.loader not in WITHOUT_PARQUET
    try:
        pipeline = dlt.pipeline(
            PIPELINE, pipelines_dir=str(folder), destination=destination(place), dataset_name=place.dataset
        )
        pipeline.run(
            [_resource(job, as_files=as_files) for job in jobs],
            loader_file_format="parquet" if as_files else "insert_values",
            # "direct" keeps the API's own names; other conventions would turn firstName into first_name.
            schema=dlt.Schema(SCHEMA, {"names": "direct", "json": {"module": RELATIONAL}}),
        )
    except AcflowError:
        raise
    except Exception as error:  # noqa: BLE001 - dlt's own and the drivers'
        raise place.explain(_deepest(error)) from None
    finally:
        shutil.rmtree(folder / PIPELINE, ignore_errors=True)


def _deepest(error: BaseException) -> BaseException:
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return error


def quiet_dlt() -> None:
    """Switch off dlt's telemetry, its look-ups outside the project and its log, before it is imported."""
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["RUNTIME__LOG_LEVEL"] = "CRITICAL"
    os.environ["RESTORE_FROM_DESTINATION"] = "false"
    os.environ["RUNTIME__INTERCEPT_SIGNALS"] = "false"  # Ctrl-C and SIGTERM end a run, whatever it is about
    os.environ["LOAD__RAISE_ON_MAX_RETRIES"] = "2"  # what fails twice on a file of ours fails always
    os.environ["LOAD__WORKERS"] = "1"  # each thread would keep memory of its own
    logging.getLogger("dlt").setLevel(logging.CRITICAL)


def _resource(job: LoadJob, *, as_files: bool) -> "dlt.sources.DltResource":
    import dlt

    return dlt.resource(
        _imports(job) if as_files else _tables(job),
        name=job.table,
        write_disposition="append",
        columns=job.columns,
    )


def _imports(job: LoadJob) -> Callable[[], Iterator[Any]]:
    def files() -> Iterator[Any]:
        import dlt

        for path in job.files:
            yield dlt.mark.with_file_import(str(path), "parquet", job.rows)

    return files


def _tables(job: LoadJob) -> Callable[[], Iterator[Any]]:
    def tables() -> Iterator[Any]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        for path in job.files:
            with pq.ParquetFile(path) as file:
                yield from (pa.Table.from_batches([batch]) for batch in file.iter_batches())

    return tables


def _without_json(job: LoadJob) -> LoadJob:
    """Return the same with JSON as the text that it is."""
    columns = {
        name: hint | {"data_type": "text"} if hint["data_type"] == "json" else hint
        for name, hint in job.columns.items()
    }
    return replace(job, columns=columns)


def _bigquery(url: str) -> "Destination[Any, Any]":
    import dlt

    return dlt.destinations.bigquery(project_id=urlsplit(url).netloc, replace_strategy="insert-from-staging")


def _motherduck(url: str) -> "Destination[Any, Any]":
    import dlt

    credentials = "md" + url.removeprefix(urlsplit(url).scheme)
    return dlt.destinations.motherduck(credentials, replace_strategy="insert-from-staging", create_indexes=False)


def _redshift(url: str) -> "Destination[Any, Any]":
    import dlt

    credentials = "postgresql" + url.removeprefix("redshift")
    return dlt.destinations.redshift(credentials, replace_strategy="insert-from-staging")


def _snowflake(url: str) -> "Destination[Any, Any]":
    import dlt

    return dlt.destinations.snowflake(url, replace_strategy="insert-from-staging")


def _clickhouse(url: str) -> "Destination[Any, Any]":
    import dlt

    return dlt.destinations.clickhouse(url, replace_strategy="insert-from-staging")


DESTINATIONS: Mapping[str, Callable[[str], "Destination[Any, Any]"]] = {
    "motherduck": _motherduck,
    "bigquery": _bigquery,
    "snowflake": _snowflake,
    "redshift": _redshift,
    "clickhouse": _clickhouse,
}
WITHOUT_PARQUET = frozenset({"redshift"})  # it reads Parquet from a bucket only
WITH_JSON = frozenset({"duckdb", "motherduck", "postgres"})  # the others' loaders refuse JSON within Parquet


def destination(place: CloudWarehouse) -> "Destination[Any, Any]":
    """Return dlt's destination for a warehouse."""
    return DESTINATIONS[place.kind.loader](place.secret_url)
