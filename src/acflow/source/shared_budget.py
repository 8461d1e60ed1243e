"""The state of an account's budget in a small file, which the processes of a machine that read the account share.

Nobody holds a part of the budget: a request reserves its moment and that is all, so a process that is killed takes no
more along than the moments that it had reserved, some tenths of a second each.
"""

import hashlib
import os
import stat
import struct
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from acflow.source.pace import Budget, OwnBudget, PaceState, Slot

HEAD = struct.Struct("<dddddii")  # offset of the clocks, next, paused until, interval, margin, strikes, number of slots
SLOT = struct.Struct("<qdd")
NOT_YET = -1.0
MOST_BYTES = 1 << 20
CLOCKS_APART = 5.0  # seconds: beyond, the machine has begun anew or slept, and the moments mean nothing any more
FOR_OWNER_ALONE = 0o700


class SharedBudget:
    """The state in a file that is locked while it is looked at; the system lifts the lock if its holder dies.

    It is looked at four times for each request, so it stays open and is read and written as a whole.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, FOR_OWNER_ALONE)
        self._threads = threading.Lock()
        weakref.finalize(self, os.close, self._file)

    @contextmanager
    def open(self) -> Iterator[PaceState]:
        """Yield the state to one thread of one process at a time."""
        with self._threads, _locked(self._file):
            packed = os.pread(self._file, MOST_BYTES, 0)
            state = self._unpacked(packed)
            try:
                yield state
            finally:
                if (changed := self._packed(state)) != packed:
                    os.pwrite(self._file, changed, 0)

    def _unpacked(self, packed: bytes) -> PaceState:
        try:
            offset, following, paused_until, interval, margin, strikes, count = HEAD.unpack_from(packed)
            slots = [SLOT.unpack_from(packed, HEAD.size + place * SLOT.size) for place in range(count)]
        except struct.error:  # there is none, or its writer was killed
            return PaceState()
        if abs(offset - self._offset()) > CLOCKS_APART:
            return PaceState()
        recent = [Slot(number, due, None if left == NOT_YET else left) for number, due, left in slots]
        return PaceState(following, paused_until, interval, margin, strikes, recent)

    def _packed(self, state: PaceState) -> bytes:
        head = (state.next, state.paused_until, state.interval, state.margin, state.strikes, len(state.slots))
        slots = (SLOT.pack(slot.number, slot.due, NOT_YET if slot.left is None else slot.left) for slot in state.slots)
        return HEAD.pack(round(self._offset()), *head) + b"".join(slots)

    def _offset(self) -> float:
        return time.time() - self._clock()


@contextmanager
def _locked(file: int) -> Iterator[None]:
    import fcntl

    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def budget_of(url: str) -> Budget:
    """Return the budget of the account at this address, which is shared where there is a place to share it."""
    folder = _folder()
    if folder is None or find_spec("fcntl") is None:  # as on Windows
        return OwnBudget()
    name = hashlib.sha256(url.lower().encode()).hexdigest()[:24]
    try:
        return SharedBudget(folder / f"{name}.budget")
    except OSError:
        return OwnBudget()


def _folder() -> Path | None:
    """Return a folder that is this user's alone and does not outlive the machine's uptime, if there can be one."""
    given = os.environ.get("XDG_RUNTIME_DIR")
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(given) / "acflow" if given else Path(tempfile.gettempdir()) / f"acflow-{user}"
    try:
        folder.mkdir(mode=FOR_OWNER_ALONE, parents=True, exist_ok=True)
        status = folder.lstat()
    except OSError:
        return None
    ours = stat.S_ISDIR(status.st_mode) and (not hasattr(os, "getuid") or status.st_uid == user)
    return folder if ours and os.access(folder, os.W_OK) else None
