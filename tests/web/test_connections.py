"""Connections that bring no request, or none in time, keep nobody out."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from acflow.web import app as web_app

if TYPE_CHECKING:
    import uvicorn


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Serve a page as `acflow serve` does, with little patience for request heads."""
    monkeypatch.setattr("acflow.web.connections.HEADERS_WITHIN", 0.5)

    async def page(_: object) -> PlainTextResponse:
        await asyncio.sleep(1.0)
        return PlainTextResponse("here")

    server: uvicorn.Server = web_app._server(Starlette(routes=[Route("/", page)]))
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
    thread.start()
    yield int(listening.getsockname()[1])
    server.should_exit = True
    thread.join(10)


def test_idle_connections_are_closed(port: int) -> None:
    """Two hundred that say nothing, or begin a head and never end it, are gone before the next person asks."""
    idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(210)]
    for connection in idle[::2]:
        connection.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
    time.sleep(3)
    answer = httpx2.get(f"http://127.0.0.1:{port}/", trust_env=False, timeout=30)
    assert (answer.status_code, answer.text) == (200, "here")
    for connection in idle:
        connection.settimeout(10)
        assert b"here" not in connection.recv(1024)
        connection.close()


def test_an_answer_may_take_longer_than_a_request_head(port: int) -> None:
    """And a connection that is kept serves the next request."""
    with httpx2.Client(trust_env=False, timeout=30) as client:
        assert [client.get(f"http://127.0.0.1:{port}/").text for _ in range(2)] == ["here", "here"]
