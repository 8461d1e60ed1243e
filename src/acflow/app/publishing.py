"""Publish what a run has left to those who read, and open what was published."""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from acflow.engine.duck import DuckDBWarehouse
from acflow.engine.published import PublishedWarehouse, current, publish, withdraw
from acflow.errors import WarehouseError

if TYPE_CHECKING:
    from acflow.engine import Warehouse
    from acflow.settings import Settings

FOLDER = "published"
LOCK = "lock"  # of the project: who holds it is the only one who writes


def published_folder(state: Path) -> Path:
    """Return where the copies of a project are; BI tools are given `current.duckdb` in it."""
    return state / FOLDER


def publish_run(settings: "Settings", warehouse: "Warehouse", run: str) -> str | None:
    """Let readers see what the warehouse holds now; return what somebody should know of it.

    The caller holds the project's lock. A copy that cannot be written does no harm to what the run has loaded.
    """
    if not isinstance(warehouse, DuckDBWarehouse):
        return None
    folder = published_folder(settings.state)
    if not settings.publish:
        withdraw(folder)
        return None
    try:
        generation = publish(warehouse, folder, run)
    except WarehouseError as error:
        return str(error)
    if generation and generation.stable_is_behind:
        return (
            f"{folder / 'current.duckdb'} stays at an earlier run, since another program has opened it for writing. "
            "Open it read-only there."
        )
    return None


def publish_again(settings: "Settings", warehouse: "Warehouse") -> str | None:
    """Publish after a change that is no run, such as an erasure, and let no older copy stay."""
    folder = published_folder(settings.state)
    last = current(folder)
    withdraw(folder)
    return publish_run(settings, warehouse, last.run) if last else None


def generation_of(settings: "Settings") -> str:
    """Return what changes whenever readers would see something else: the key of caches, and the ETag of answers.

    Where nothing is published it is the record of runs that changes, and the file of the warehouse.
    """
    published = current(published_folder(settings.state))
    seen = (published.path.name if published else settings.warehouse, settings.dataset)
    watched = (settings.state / "ledger.sqlite", Path(urlsplit(settings.warehouse).path.removeprefix("/")))
    stamps = [] if published else [_stamp(path) for path in watched]
    return sha256(repr((seen, stamps)).encode()).hexdigest()[:16]


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def published_copy(settings: "Settings") -> "PublishedWarehouse | None":
    """Return the copy that the last run published, None where there is none."""
    generation = current(published_folder(settings.state)) if settings.publish else None
    return PublishedWarehouse(generation, settings.dataset) if generation else None


def reader_of(settings: "Settings", warehouse: "Warehouse") -> "Warehouse":
    """Return what is to be asked by those who only read: the newest published copy, or the warehouse itself.

    If the file was changed since by anything but a run that still goes on, say a run that was killed before it
    published or somebody's own SQL, it is published anew first.
    """
    if not (isinstance(warehouse, DuckDBWarehouse) and settings.publish):
        return warehouse
    generation = current(published_folder(settings.state))
    if generation is None:
        return warehouse
    if generation.is_behind(warehouse.path):
        with suppress(Timeout, OSError, WarehouseError), FileLock(settings.state / LOCK, timeout=0):
            impatient = DuckDBWarehouse(warehouse.url, warehouse.dataset, patience=0.5, memory=warehouse.memory)
            generation = publish(impatient, published_folder(settings.state), generation.run) or generation
    return PublishedWarehouse(generation, warehouse.dataset)
