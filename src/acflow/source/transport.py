"""What a hostile or broken server may cost: so many seconds and so many bytes per answer, whatever it sends.

The library's own time limit is one per read, so a server that sends a byte now and then would never meet it; and it
unpacks whatever comes. Here the whole answer has one deadline, headers included, and a body may only grow so far.
"""

import threading
import time
import zlib
from collections.abc import Iterable
from typing import Any

import httpcore2
import httpx2

from acflow.errors import ApiError, BrokenAnswerError

MOST_BYTES = 128 * 2**20  # of one answer, unpacked; a hundred messages with their HTML are the largest page there is


class Deadline(threading.local):
    """The moment, on the monotonic clock, until which this thread's answer must be there."""

    at: float = float("inf")

    def within(self, seconds: float | None) -> float:
        """Return how long may be waited now, at most `seconds`."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the answer took too long as a whole")
        return left if seconds is None else min(seconds, left)


class BoundedStream(httpcore2.NetworkStream):
    """A connection on which every wait ends with the deadline."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, before the deadline."""
        return self._stream.read(max_bytes, self._deadline.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write, before the deadline."""
        self._stream.write(buffer, self._deadline.within(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(self, *args: Any, **kwargs: Any) -> httpcore2.NetworkStream:  # noqa: ANN401 - handed on
        """Encrypt the connection."""
        return BoundedStream(self._stream.start_tls(*args, **kwargs), self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - the library's own
        """Return what the library asks about the connection."""
        return self._stream.get_extra_info(info)


class BoundedBackend(httpcore2.SyncBackend):
    """Opens connections that keep the deadline."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore2.NetworkStream:  # noqa: ANN401 - handed on
        """Open a connection."""
        return BoundedStream(super().connect_tcp(*args, **kwargs), self._deadline)


def bound(client: httpx2.Client, deadline: Deadline) -> None:
    """Make all connections of a client keep the deadline.

    httpx2 lets nobody hand in a backend and keep its proxies, so it is set where it would stand; a test drips headers,
    and fails should that place move.
    """
    for transport in (client._transport, *client._mounts.values()):  # noqa: SLF001
        if transport is not None:
            transport._pool._network_backend = BoundedBackend(deadline)  # type: ignore[attr-defined]  # noqa: SLF001


def read_body(reply: httpx2.Response) -> bytes:
    """Return the whole body, unpacked.

    Raises:
        ApiError: it is larger than any page.
        BrokenAnswerError: it is packed in a way that was not asked for, or not to its end.

    """
    packing = reply.headers.get("content-encoding", "identity").strip().lower()
    if packing in {"identity", ""}:
        return b"".join(_bounded(reply.iter_raw()))
    if packing not in {"gzip", "x-gzip"}:
        raise BrokenAnswerError(f"The answer is packed as {packing!r}, which was not asked for.")
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        body = b"".join(_bounded(unpacker.decompress(piece, MOST_BYTES + 1) for piece in reply.iter_raw()))
    except zlib.error as error:
        raise BrokenAnswerError(f"The answer cannot be unpacked: {error}.") from None
    if not unpacker.eof and body:
        raise BrokenAnswerError("The answer is packed and stops in the middle.")
    return body


def _bounded(pieces: Iterable[bytes]) -> Iterable[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > MOST_BYTES:
            raise ApiError(f"One answer is larger than {MOST_BYTES // 2**20} MB, which no page of records is.")
        yield piece
