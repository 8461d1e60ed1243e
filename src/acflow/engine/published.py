"""Published generations: read-only copies of a DuckDB warehouse that readers open while a run writes to the original.

A DuckDB file admits one process at a time, so a page, a feed or a BI tool that reads the warehouse itself would wait
for every run and block the next one. Each finished run therefore publishes a copy. A copy is never written to again and
its name is never reused: DuckDB replays a `.wal` that lies beside a file onto whatever is there by that name.
"""

import json
import os
import shutil
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acflow.engine.duck import CLOSED_OFF, DuckDBWarehouse
from acflow.engine.duck_instance import Access
from acflow.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

    from acflow.engine.duck_instance import Lease

POINTER = "current.json"
STABLE = "current.duckdb"  # the name that BI tools are given
KEPT = 2  # a reader that looked the pointer up just before a switch still finds its copy
READ_ONLY = 0o444
READER_MEMORY = 512  # megabytes; all readers of a process share one instance


@dataclass(frozen=True, slots=True)
class Generation:
    """One published copy. `run` is the ledger's id of the run that made it, and with `path` the key of every cache."""

    run: str
    path: Path
    published_at: datetime
    source: tuple[int, int] = (0, 0)  # the warehouse file's time of change, in nanoseconds, and size when it was copied
    stable_is_behind: bool = False  # somebody has `current.duckdb` open for writing, so it was left alone

    def is_behind(self, path: Path) -> bool:
        """Whether the file at `path`, of which this is a copy, was changed since."""
        return path.exists() and _state_of(path) != self.source


def publish(warehouse: DuckDBWarehouse, folder: Path, run: str) -> Generation | None:
    """Copy the warehouse file into `folder` and point readers to the copy; None if there is no file yet.

    The caller holds the project's lock, so nothing writes meanwhile.

    Raises:
        WarehouseError: the copy could not be written; readers keep the generation before.

    """
    if not warehouse.path.exists():
        return None
    folder.mkdir(parents=True, exist_ok=True)
    copy = _new_name(folder, run)
    part = copy.with_suffix(".part")
    try:
        with warehouse.locked():
            warehouse.checkpoint()
            source = _state_of(warehouse.path)
            shutil.copyfile(warehouse.path, part)
        part.chmod(READ_ONLY)
        part.rename(copy)
        stable_is_behind = not _switch_stable(folder, copy)
        generation = Generation(run, copy, datetime.now(UTC), source, stable_is_behind)
        _switch_pointer(folder, generation)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise WarehouseError(
            f"The copy for readers could not be written to {folder}: {error.strerror or error}. "
            "They keep seeing the state before this run. Free some space, then run again."
        ) from None
    _remove_all_but(folder, keep=KEPT)
    return generation


def current(folder: Path) -> Generation | None:
    """Return the newest generation, None if none was published (or its copy was removed by hand)."""
    try:
        noted = json.loads((folder / POINTER).read_text(encoding="utf-8"))
        generation = Generation(
            noted["run"],
            folder / noted["file"],
            datetime.fromisoformat(noted["published_at"]),
            (noted["source"][0], noted["source"][1]),
            noted["stable_is_behind"],
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None
    return generation if generation.path.exists() else None


def withdraw(folder: Path) -> None:
    """Remove every published copy, so that nothing of an erased person is left in one."""
    (folder / POINTER).unlink(missing_ok=True)
    for path in (*folder.glob("*.duckdb"), *folder.glob("*.part")):
        path.unlink(missing_ok=True)


class PublishedWarehouse(DuckDBWarehouse):
    """A generation, opened to read. Whatever would write is refused by DuckDB itself."""

    closed_off = CLOSED_OFF[1:]  # the first is refused in a file without access to others, so `_open` sees to it

    def __init__(self, generation: Generation, dataset: str, *, threads: int = 1, memory: int = READER_MEMORY) -> None:
        super().__init__(f"duckdb:///{generation.path}", dataset, patience=5.0, memory=memory, threads=threads)
        self.path = generation.path
        self.generation = generation
        self._alone = False

    @contextmanager
    def _lease(self, access: Access) -> "Iterator[Lease]":
        self._alone = access is Access.READ_ALONE
        with super()._lease(Access.READ) as lease:
            yield lease

    def _open(self, deadline: float, read_only: bool) -> "duckdb.DuckDBPyConnection":  # noqa: ARG002 - as above
        import duckdb

        limits: dict[str, Any] = {
            "memory_limit": f"{self.memory}MB",
            "threads": self.threads,
            "enable_external_access": False,
            # A page shows up to a thousand rows of a wide table; beyond this limit every column of all rows is read.
            "late_materialization_max_rows": 1000,
        }
        if self._alone:
            limits["temp_directory"] = ""
        return duckdb.connect(str(self.path), read_only=True, config=limits)

    @contextmanager
    def locked(self) -> "Iterator[None]":
        """Nothing to keep out: the file never changes."""
        yield

    def execute(self, statements: "Sequence[str]") -> None:
        """Refuse to write."""
        raise WarehouseError(
            f"{self.path} is a published copy that is only read; {len(statements)} statements refused."
        )


def _state_of(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size


def _new_name(folder: Path, run: str) -> Path:
    """Return a name that was never used, also by a run that publishes twice, as one does after an erasure."""
    return folder / f"{run}-{time.time_ns()}.duckdb"


def _switch_stable(folder: Path, copy: Path) -> bool:
    """Let the stable name mean this copy; False if a `.wal` shows that somebody writes to what it means now."""
    stable = folder / STABLE
    if stable.with_name(f"{STABLE}.wal").exists():
        return False
    beside = folder / f".{STABLE}"
    beside.unlink(missing_ok=True)
    try:
        os.link(copy, beside)
    except OSError:  # a file system without hard links
        shutil.copyfile(copy, beside)
        beside.chmod(READ_ONLY)
    beside.replace(stable)
    return True


def _switch_pointer(folder: Path, generation: Generation) -> None:
    noted = {
        "run": generation.run,
        "file": generation.path.name,
        "published_at": generation.published_at.isoformat(),
        "source": generation.source,
        "stable_is_behind": generation.stable_is_behind,
    }
    beside = folder / f".{POINTER}"
    beside.write_text(json.dumps(noted), encoding="utf-8")
    beside.replace(folder / POINTER)


def _remove_all_but(folder: Path, *, keep: int) -> None:
    copies = [path for path in folder.glob("*.duckdb") if path.name not in {STABLE, f".{STABLE}"}]
    newest_first = sorted(copies, key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in newest_first[keep:]:
        with suppress(OSError):  # Windows keeps what is open; the next run removes it
            path.unlink()
