"""Connections that cannot keep others out: each must bring its request in time."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

HEADERS_WITHIN = 5.0  # seconds for a whole request head; uvicorn itself would wait for ever


class PunctualProtocol(H11Protocol):
    """HTTP/1.1 that closes a connection on which no request has come whole within a few seconds."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock with the connection."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Stop the clock once a request is whole, and start it with the first byte of the next."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the clock."""
        super().connection_lost(exc)
        self._stop()

    def _watch(self) -> None:
        if self._busy():
            self._stop()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(HEADERS_WITHIN, self._close)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _close(self) -> None:
        self._deadline = None
        if not self._busy() and not self.transport.is_closing():
            self.transport.close()

    def _busy(self) -> bool:
        """Whether a request is being answered; before the first there is no cycle, whatever its annotation says."""
        cycle = getattr(self, "cycle", None)
        return cycle is not None and not cycle.response_complete
