"""One open instance per DuckDB file and process, shared by everybody who opens the file there.

DuckDB opens a file once per process and refuses a second opening that asks for other settings, be it only to read. So
whoever comes second joins the instance that is open, and waits only where that cannot be: two writers take turns, and a
writer waits until those who have opened the file to read alone have closed it.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from acflow.errors import WarehouseBusyError

if TYPE_CHECKING:
    import duckdb


class Access(StrEnum):
    """What an opening is for."""

    READ = "read"
    WRITE = "write"
    SEALED = "sealed"  # write, and reach no other file and no network meanwhile
    READ_ALONE = "read alone"  # under settings that nobody else could live with
    WRITE_ALONE = "write alone"

    @property
    def reads(self) -> bool:
        """Whether the file is opened to read only."""
        return self in {Access.READ, Access.READ_ALONE}

    @property
    def alone(self) -> bool:
        """Whether nobody may join."""
        return self in {Access.READ_ALONE, Access.WRITE_ALONE}


@dataclass(slots=True, eq=False)
class Lease:
    """A connection of one's own to the shared instance, and who has it."""

    connection: "duckdb.DuckDBPyConnection"
    access: Access
    thread: int = field(default_factory=threading.get_ident)


Open = Callable[[bool], "duckdb.DuckDBPyConnection"]  # the argument: to read only


class SharedFile:
    """The instance of one file, open for as long as anybody holds a lease."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._changed = threading.Condition()
        self._root: duckdb.DuckDBPyConnection | None = None
        self._access = Access.READ
        self._opening = False
        self._waiting = 0  # writers that wait until the readers are gone
        self._leases: list[Lease] = []
        self._memory = self._threads = 0

    @contextmanager
    def lease(self, access: Access, deadline: float, open_file: Open, *, inside: bool = False) -> Iterator[Lease]:
        """Yield a connection that is closed at the end; `inside` says that its owner holds a lease already.

        Raises:
            WarehouseBusyError: others in this process held the file until the deadline.

        """
        lease = self._take(access, deadline, open_file, inside=inside)
        try:
            yield lease
        finally:
            self._give_back(lease)

    def allow(self, lease: Lease, memory: int, threads: int) -> None:
        """Let the instance use so many megabytes and threads, unless somebody in it was allowed more."""
        with self._changed:
            if lease not in self._leases:
                return  # of an instance that was given up; the next opening asks for what it needs
            if memory > self._memory:
                lease.connection.execute(f"SET memory_limit = '{memory}MB'")
            if threads > self._threads:
                lease.connection.execute(f"SET threads = {threads}")
            self._memory, self._threads = max(memory, self._memory), max(threads, self._threads)

    def discard(self) -> None:
        """Close an instance that the database has given up, so that the next opening begins anew."""
        with self._changed:
            if self._root is not None:
                self._root.close()
            for lease in self._leases:
                lease.connection.close()
            self._root, self._leases = None, []
            self._changed.notify_all()

    def _take(self, access: Access, deadline: float, open_file: Open, *, inside: bool) -> Lease:
        with self._changed:
            self._wait(access, deadline, inside=inside)
            if self._root is not None:
                return self._join(access)
            self._opening = True
        try:
            root = open_file(access.reads)  # may wait for another process, so the lock is not held
        except BaseException:
            self._opened(None)
            raise
        with self._changed:
            self._opened(root)
            return self._join(access)

    def _opened(self, root: "duckdb.DuckDBPyConnection | None") -> None:
        with self._changed:
            self._opening, self._root, self._access = False, root, Access.READ
            self._memory = self._threads = 0
            self._changed.notify_all()

    def _wait(self, access: Access, deadline: float, *, inside: bool) -> None:
        waits = False
        try:
            while not self._may_join(access, inside=inside):
                if not waits and not access.reads:
                    waits, self._waiting = True, self._waiting + 1
                if not self._changed.wait(max(0.0, deadline - time.monotonic())):
                    raise WarehouseBusyError(
                        f"{self.path} is in use by another part of this process, which did not let go of it in time. "
                        "Let it end there, then run again."
                    )
        finally:
            self._waiting -= waits

    def _may_join(self, access: Access, *, inside: bool) -> bool:
        """Tell whether the instance, or its absence, suits an opening of this kind now."""
        mine = inside or any(lease.thread == threading.get_ident() for lease in self._leases)
        if self._opening:
            return False
        if self._root is None:
            return True
        if access.alone or self._access.alone:
            return False
        writer = any(not lease.access.reads for lease in self._leases)
        if access.reads:
            # New readers stay behind a writer that waits for the readers, or it would wait for ever.
            return mine or writer or not self._waiting
        if mine and writer:
            return True
        return not writer and self._access in {Access.WRITE, access}

    def _join(self, access: Access) -> Lease:
        assert self._root is not None  # noqa: S101 - asked before
        lease = Lease(self._root.cursor(), access)
        # Where somebody writes already, this is its own nested opening: what that one may reach stays within reach.
        if access is not Access.READ and all(other.access.reads for other in self._leases):
            self._access = access
            if access is Access.SEALED:
                lease.connection.execute("SET enable_external_access = false")
        self._leases.append(lease)
        return lease

    def _give_back(self, lease: Lease) -> None:
        with self._changed:
            lease.connection.close()
            if lease in self._leases:
                self._leases.remove(lease)
                if not self._leases and self._root is not None:
                    self._root.close()
                    self._root = None
            self._changed.notify_all()


_files: dict[Path, SharedFile] = {}  # DuckDB's own register of open files is one per process, and so must this be
_files_lock = threading.Lock()


def shared_file(path: Path) -> SharedFile:
    """Return the one instance of a file, by whatever path it is named."""
    real = path.resolve()
    with _files_lock:
        return _files.setdefault(real, SharedFile(path))
