"""The sandbox as a real HTTP server: in a thread for tests, or in the foreground for people."""

import asyncio
import logging
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from activecampaign_sandbox.app import Record, Sandbox
from activecampaign_sandbox.behaviour import Behaviour
from activecampaign_sandbox.control import PREFIX, control
from activecampaign_sandbox.faults import Fault
from activecampaign_sandbox.world import World

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
LINGER_NOT = struct.pack("ii", 1, 0)  # closing sends a reset


class Protocol(HttpToolsProtocol):
    """Hands each request the means to break its own connection."""

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        scope: Scope = self.scope  # type: ignore[assignment]
        scope["sandbox.abort"], scope["sandbox.close"] = self._reset, self.transport.close

    def _reset(self) -> None:
        connection = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        self.transport.abort()


class Server(uvicorn.Server):
    """Stops at once when asked, instead of looking every tenth of a second and waiting for idle connections."""

    def __init__(self, sandbox: Sandbox) -> None:
        async def application(
            scope: Scope, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
        ) -> None:
            if scope["path"].startswith(PREFIX):
                await steering(scope, receive, send)
            else:
                await sandbox(scope, send)

        steering = control(sandbox)
        config = uvicorn.Config(
            application,
            http=Protocol,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level=logging.CRITICAL + 1,
            access_log=False,
            date_header=False,
            server_header=False,
        )
        super().__init__(config)
        self.sandbox = sandbox
        self.listening = threading.Event()
        self._stop: Callable[[], object] = lambda: None

    def stop(self) -> None:
        """End the server from another thread."""
        self._stop()

    async def main_loop(self) -> None:
        loop, stopped = asyncio.get_running_loop(), asyncio.Event()
        self._stop = lambda: loop.call_soon_threadsafe(stopped.set)
        self.listening.set()
        down = asyncio.create_task(self._go_down())
        await stopped.wait()
        down.cancel()

    async def _go_down(self) -> None:
        await self.sandbox.stop_listening.wait()
        self._hang_up()

    def _hang_up(self) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            transport = connection.transport
            if transport is not None:
                transport.abort()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hang_up()
        for one in sockets or []:
            one.close()
        for task in list(self.server_state.tasks):
            task.cancel()
        await asyncio.gather(*self.server_state.tasks, return_exceptions=True)

    def handle_exit(self, sig: int, frame: Any) -> None:  # noqa: ANN401
        super().handle_exit(sig, frame)
        self.stop()


@dataclass(frozen=True, slots=True)
class Running:
    """A sandbox that listens."""

    sandbox: Sandbox
    port: int

    @property
    def url(self) -> str:
        """Return the address to give as the account's URL."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def key(self) -> str:
        """Return the only API key that it accepts."""
        return self.sandbox.key

    @property
    def world(self) -> World:
        """Return what it holds."""
        return self.sandbox.world

    @property
    def requests(self) -> list[Record]:
        """Return every request to the API so far, oldest first."""
        return self.sandbox.requests

    def add_fault(self, fault: Fault) -> None:
        """Script one more fault; its requests count from now on."""
        self.sandbox.script.add(fault)


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    It names its protocol: only then does asyncio switch off Nagle's algorithm, which costs 40 ms per answer.
    """
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
        door.listen(1024)
    except OSError:
        door.close()
        raise
    return door


@contextmanager
def running(world: World, behaviour: Behaviour | None = None, faults: Sequence[Fault] = ()) -> Iterator[Running]:
    """Serve a world on a free port of this machine for as long as the block lasts."""
    sandbox = Sandbox(world, behaviour or Behaviour(), faults)
    server, door = Server(sandbox), listen("127.0.0.1", 0)
    port = door.getsockname()[1]
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([door])), name=f"sandbox on {port}", daemon=True)
    thread.start()
    server.listening.wait()
    try:
        yield Running(sandbox, port)
    finally:
        server.stop()
        thread.join()


def serve(  # noqa: PLR0913 - each is an option of the command
    world: World,
    host: str = "127.0.0.1",
    port: int = 8080,
    behaviour: Behaviour | None = None,
    faults: Sequence[Fault] = (),
    *,
    ready: Callable[[str], object] | None = None,
) -> None:
    """Serve a world until Ctrl-C; `ready` is called with the address once it listens."""
    server, door = Server(Sandbox(world, behaviour or Behaviour(), faults)), listen(host, port)
    if ready:
        ready(f"http://{host}:{door.getsockname()[1]}")
    asyncio.run(server.serve([door]))
