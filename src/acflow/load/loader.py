"""Certified files into the warehouse: staged in a schema of their own, then swapped in by one transaction each.

Before anything is staged the files are put aside, with a note of what is to become of them. So a load that was cut off
is finished by the next run, from the same files, with its history and notes.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from acflow.engine import Warehouse
from acflow.errors import RefusedTablesError, WarehouseError
from acflow.load.job import REJECTS_TABLE, LoadJob
from acflow.load.prepare import check_rows, refuse_views
from acflow.load.stage import LATER, drop_staged, stage, with_memory
from acflow.load.state import bookmarks
from acflow.load.swap import swap

PENDING = "load.json"  # what the files beside it are, are meant for, and are followed by
UNREADABLE = "Dropped what an earlier run had left of a load; its files cannot be read."
INCOMPLETE = "Dropped an unfinished load of an earlier run; it held no complete reading."


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a load is meant for."""

    account: str
    warehouse: str
    dataset: str

    def __str__(self) -> str:
        """Return it in words."""
        return ", ".join(part for part in (self.account, self.warehouse, self.dataset) if part)


@dataclass(frozen=True, slots=True)
class Pending:
    """What is written down before a load begins, and removed when all has followed."""

    purpose: Purpose
    jobs: list[LoadJob]


@dataclass(frozen=True, slots=True)
class RecoveredLoad:
    """What became of a load that an earlier run had left, in words, and the tables that it was finished for."""

    said: str
    tables: frozenset[str] = frozenset()


class Loader:
    """Loads what `account` gave into one warehouse, with files on their way in `folder`."""

    def __init__(self, warehouse: Warehouse, folder: Path, account: str = "") -> None:
        self.warehouse, self.folder, self.account = warehouse, folder, account
        self._locked = False

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other run out of the warehouse; within a block that has done so, do nothing more."""
        if self._locked:
            yield
            return
        with self.warehouse.locked():
            self._locked = True
            try:
                yield
            finally:
                self._locked = False

    def land(self, jobs: Sequence[LoadJob]) -> Mapping[str, int]:
        """Load the files; each table is swapped in one transaction. Return how many rows of each table are gone.

        Raises:
            DiskFullError: no space left.
            RefusedTablesError: the database refused some tables, which are as they were; the others have landed.
            WarehouseError: the database refused; the old tables are whole.

        """
        with self.locked():
            gone, refused = self._carry_out(self._put_aside(jobs))
            self._forget()
        tables = {job.table for job in jobs} - {REJECTS_TABLE}
        if refused and not tables - refused.keys():
            raise next(iter(refused.values()))
        if refused:
            raise RefusedTablesError(refused)
        return gone

    def _carry_out(self, jobs: Sequence[LoadJob]) -> tuple[dict[str, int], dict[str, WarehouseError]]:
        """Stage and swap; return how many rows of each table are gone, and what the warehouse refuses."""
        drop_staged(self.warehouse)  # whatever a killed run has left there
        refused = stage(self.warehouse, jobs, self.folder)
        gone: dict[str, int] = {}
        for job in jobs:
            if job.table in {REJECTS_TABLE, *refused}:
                continue  # rejects go in with the tables that they speak of
            try:
                gone[job.table] = self._swap(job)
            except LATER:
                raise
            except WarehouseError as error:
                refused[job.table] = error
        drop_staged(self.warehouse)
        self.warehouse.checkpoint()
        return gone, refused

    def _swap(self, job: LoadJob) -> int:
        refuse_views(self.warehouse, [job.table])
        made = swap(self.warehouse, job)
        self.apply(made.statements)
        if job.whole:
            check_rows(self.warehouse, job.table, job.rows)
        return made.gone

    def apply(self, statements: Sequence[str]) -> None:
        """Carry out statements in one transaction, with more memory if the warehouse is short of it."""
        with_memory(self.warehouse, lambda: self.warehouse.execute(statements))

    def recover_pending(self) -> RecoveredLoad | None:
        """Finish a load that was cut off, or drop what cannot be finished. Return what was done, None if nothing.

        Raises:
            WarehouseError: the load may succeed later: the warehouse is busy, full or short of memory.

        """
        if not self.folder.exists():
            return None
        with self.locked():
            recovered = self._recovered()
            self._forget()
            return recovered

    def _recovered(self) -> RecoveredLoad | None:
        if not (note := self.folder / PENDING).exists():
            return RecoveredLoad(INCOMPLETE)
        try:
            pending = TypeAdapter(Pending).validate_json(note.read_bytes())
        except (OSError, ValidationError):
            pending = None
        if pending is None or not all(path.exists() for job in pending.jobs for path in job.files):
            return RecoveredLoad(UNREADABLE)
        if pending.purpose != self.purpose:
            said = f"Dropped an unfinished load of an earlier run; it was meant for {pending.purpose}."
            return RecoveredLoad(said)
        return self._finished(pending)

    def _finished(self, pending: Pending) -> RecoveredLoad | None:
        due = [job for job in pending.jobs if self._is_due(job)]
        if not any(job.table != REJECTS_TABLE for job in due):
            return None
        gone, refused = self._carry_out(due)
        if gone:
            said = "Finished a load of certified data that an earlier run had left unfinished."
            return RecoveredLoad(said, frozenset(gone))
        refusal = next(iter(refused.values()))
        return RecoveredLoad(f"Dropped a load of an earlier run that the warehouse refuses: {refusal}")

    def _is_due(self, job: LoadJob) -> bool:
        """Whether neither this reading nor a later one has landed."""
        later = bookmarks(self.warehouse).get(job.table)
        return later is None or later.read_at < job.at

    @property
    def purpose(self) -> Purpose:
        """What is loaded here is meant for this."""
        return Purpose(self.account, self.warehouse.url, self.warehouse.dataset)

    def _put_aside(self, jobs: Sequence[LoadJob]) -> list[LoadJob]:
        """Keep the files where the next run finds them, and write down what is to become of them."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        kept = [replace(job, files=[self._linked(job.table, *item) for item in enumerate(job.files)]) for job in jobs]
        written = TypeAdapter(Pending).dump_json(Pending(self.purpose, kept))
        beside = self.folder / f"{PENDING}.new"
        beside.write_bytes(written)
        beside.replace(self.folder / PENDING)
        return kept

    def _linked(self, name: str, number: int, path: Path) -> Path:
        kept = self.folder.absolute() / f"{name}.{number}.parquet"
        try:
            kept.hardlink_to(path)
        except OSError:  # a disk that knows no links, or one between two disks
            shutil.copyfile(path, kept)
        return kept

    def _forget(self) -> None:
        """Drop the files; what they held is in the warehouse, or is read again."""
        (self.folder / PENDING).unlink(missing_ok=True)  # first, or a kill would leave a note of files that are gone
        shutil.rmtree(self.folder, ignore_errors=True)
