"""A dlt pipeline on an open connection, quiet, with its errors turned into ours."""

import logging
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from acflow.engine import Warehouse
from acflow.errors import AcflowError
from acflow.load.destinations import destination

if TYPE_CHECKING:
    from collections.abc import Iterator

    import dlt

PIPELINE = "acflow"


@contextmanager
def session(warehouse: Warehouse, folder: Path) -> "Iterator[dlt.Pipeline]":
    """Yield a dlt pipeline on an open connection, closed again at the end; errors become ours."""
    quiet_dlt()
    import dlt

    with warehouse.loading() as connection:
        try:
            yield dlt.pipeline(
                PIPELINE,
                pipelines_dir=str(folder),
                destination=destination(warehouse.loader, connection),
                dataset_name=warehouse.dataset,
            )
        except AcflowError:
            raise
        except Exception as error:  # noqa: BLE001 - dlt's own and the drivers'
            raise warehouse.explain(_deepest(error)) from None


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
    os.environ["LOAD__WORKERS"] = (
        "1"  # DuckDB writes one table at a time anyway, and each thread keeps memory of its own
    )
    logging.getLogger("dlt").setLevel(logging.CRITICAL)
