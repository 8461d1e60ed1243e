"""What serving is tested with: a clock to set, a receiver of webhooks that really listens, a service on a sandbox."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from acflow.app.outgoing import Outgoing, send
from acflow.app.project import Project
from acflow.settings import Settings
from acflow.web.service import Service, ServiceDependencies


@dataclass
class Clock:
    """Says what time it is; runs themselves go by the real one, so it begins there."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


@dataclass(frozen=True, slots=True)
class Got:
    """One request that came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def data(self) -> Any:  # noqa: ANN401 - JSON
        """Return the body's content."""
        return json.loads(self.body)


@dataclass
class Receiver:
    """Takes POSTs; answers with the next of `answers`, and 200 once they are used up."""

    answers: list[int] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)
    url: str = ""


@contextmanager
def receiving(*answers: int) -> Iterator[Receiver]:
    """Listen on a free port of this machine."""
    receiver = Receiver(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(Got(self.path, {name.lower(): text for name, text in self.headers.items()}, body))
            self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Harness:
    """A project in a folder, and services that run its flows."""

    settings: Settings
    path: Path
    clock: Clock = field(default_factory=Clock)
    said: list[str] = field(default_factory=list)

    def write(self, text: str) -> None:
        """Write the flow file; each text has another length, so that a change is seen on any file system."""
        self.path.write_text(text, encoding="utf-8")

    def load(self) -> Project:
        """Read the project."""
        project = Project(self.path.parent, {}, self.settings.model_dump())
        project.file  # noqa: B018 - mistakes come up here
        return project

    def service(self, said: Callable[[str], None] | None = None) -> Service:
        """Return a service that has just started; it sends each notice at once."""
        dependencies = ServiceDependencies(self.load, (self.path,), said or self.said.append, self.post, self.clock)
        return Service(dependencies)

    @staticmethod
    def post(waiting: Iterable[Outgoing]) -> None:
        """Send what is to be told, and do not wait long for the next attempt."""
        for outgoing in waiting:
            send(outgoing, first_wait=0.01)
