"""One request through the sandbox: key, budget, faults, answer, log."""

import asyncio
import time
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from email.utils import format_datetime
from random import Random
from typing import Any

from activecampaign_sandbox.answers import API, answer
from activecampaign_sandbox.behaviour import KEY, Behaviour
from activecampaign_sandbox.events import legacy
from activecampaign_sandbox.faults import Fault, Script
from activecampaign_sandbox.limiter import Limiter
from activecampaign_sandbox.query import Params, parse
from activecampaign_sandbox.wire import Reply, encode, html, message
from activecampaign_sandbox.world import World

HEADERS = (
    (b"Cache-Control", b"no-store, no-cache, must-revalidate"),
    (b"Expires", b"Thu, 19 Nov 1981 08:52:00 GMT"),
    (b"Pragma", b"no-cache"),
    (b"Cf-Cache-Status", b"DYNAMIC"),
    (b"Server", b"cloudflare"),
)


@dataclass(slots=True)
class Record:
    """One request as it was seen and answered. `time` is monotonic, at its arrival; `seconds` until its answer."""

    time: float
    at: float  # the same moment as seconds since 1970
    path: str
    params: dict[str, str] = field(default_factory=dict)
    status: int = 0  # 0 until answered, and for good if there is no answer
    rows: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return what the log shows of it."""
        return asdict(self)


class Sandbox:
    """The API over a world: an ASGI application, apart from what steers it."""

    def __init__(self, world: World, behaviour: Behaviour, faults: Sequence[Fault] = ()) -> None:
        self.world, self.key = world, KEY
        self.requests: list[Record] = []
        self.script = Script(faults)
        self.stop_listening = asyncio.Event()
        self.behave(behaviour)

    def behave(self, behaviour: Behaviour) -> None:
        """Answer differently from now on; the budget starts anew."""
        self.behaviour = self.world.behaviour = behaviour
        self._limiter = Limiter(behaviour)
        self._random = Random(behaviour.seed)  # noqa: S311 - jitter is repeatable on purpose

    async def __call__(self, scope: Mapping[str, Any], send: Any) -> None:  # noqa: ANN401
        """Answer one request to the API."""
        if self.stop_listening.is_set():  # connections that were open before are dead too
            scope["sandbox.abort"]()
            return
        params = parse(scope["query_string"])
        record = Record(time.monotonic(), time.time(), scope["path"], dict(params))
        self.requests.append(record)
        reply, hit = self._reply(scope, params, record)
        await self._wait(hit)
        kinds = {fault.kind for fault in hit}
        if "down" in kinds:
            self.stop_listening.set()
        if kinds & {"reset", "down"}:
            scope["sandbox.abort"]()
            return
        record.status, record.rows = reply.status, 0 if "cut" in kinds else reply.rows
        record.seconds = time.monotonic() - record.time  # known before the client can ask for it
        await self._send(reply, scope, send, cut="cut" in kinds)

    def _reply(self, scope: Mapping[str, Any], params: Params, record: Record) -> tuple[Reply, list[Fault]]:
        path = scope["path"]
        refused = self._refused(scope, params, record.time)
        if refused:
            return refused, []
        hit = self.script.strikes(path.removeprefix(API), params)
        record.faults = [fault.kind for fault in hit]
        self._change("change", hit)
        bad = next((reply for fault in hit if (reply := fault.reply())), None)
        reply = bad or self._answer(path, params)
        self._change("change-after", hit)
        if any(fault.kind == "truncated" for fault in hit):
            reply = replace(reply, body=reply.body[: len(reply.body) // 2], rows=0)
        return reply, hit

    def _answer(self, path: str, params: Params) -> Reply:
        if path == legacy.PATH:
            return legacy.answer(self.world, params)
        return answer(self.world, self.behaviour, path, params)

    def _refused(self, scope: Mapping[str, Any], params: Params, now: float) -> Reply | None:
        old = scope["path"] == legacy.PATH and self.behaviour.legacy != "off"
        if not (old or scope["path"].startswith(API)):
            return html(404, "Not Found")
        if scope["method"] != "GET":
            return message(405, "The sandbox is only for reading", Allow="GET")
        key = dict(scope["headers"]).get(b"api-token")
        if old:
            key = legacy.key_of(params, key, self.behaviour.legacy_key)
        if key != self.key.encode():
            return legacy.refused() if old else REFUSALS[self.behaviour.refusal]
        if not self._limiter.admits(now):
            wait = self.behaviour.retry_after
            return message(
                self.behaviour.rate_status, "Too Many Requests", **({"Retry_After": str(wait)} if wait else {})
            )
        return None

    def _change(self, kind: str, hit: Sequence[Fault]) -> None:
        for fault in hit:
            if fault.kind == kind and fault.action:
                fault.action(self.world)

    async def _wait(self, hit: Sequence[Fault]) -> None:
        """Let time pass without holding up other requests."""
        behaviour = self.behaviour
        seconds = behaviour.latency + (self._random.uniform(0, behaviour.jitter) if behaviour.jitter else 0)
        seconds += sum(fault.seconds for fault in hit if fault.kind == "slow")
        if seconds:
            await asyncio.sleep(seconds)

    async def _send(self, reply: Reply, scope: Mapping[str, Any], send: Any, *, cut: bool) -> None:  # noqa: ANN401
        await send({"type": "http.response.start", "status": reply.status, "headers": self._headers(reply)})
        if not cut:
            await send({"type": "http.response.body", "body": reply.body})
            return
        await send({"type": "http.response.body", "body": reply.body[: len(reply.body) // 2], "more_body": True})
        scope["sandbox.close"]()

    def _headers(self, reply: Reply) -> list[tuple[bytes, bytes]]:
        number = b"%08x" % len(self.requests)
        date = self.world.clock() + timedelta(seconds=self.behaviour.clock_ahead)
        headers = [
            (b"Date", format_datetime(date, usegmt=True).encode()),
            *(() if self.behaviour.clock_ahead else ((b"X-Simulated-Clock", b"1"),)),
            *HEADERS,
            (b"X-Request-Id", number),
            (b"Cf-Ray", number),
            *((name.encode(), value.encode()) for name, value in reply.headers.items()),
        ]
        if reply.content_type:
            headers.append((b"Content-Type", reply.content_type.encode()))
        if not self.behaviour.chunked:
            headers.append((b"Content-Length", b"%d" % len(reply.body)))
        if self.behaviour.cookies:
            headers.append((b"Set-Cookie", b"PHPSESSID=sandbox; path=/; secure; HttpOnly"))
            headers.append((b"Set-Cookie", b"em_acp_globalauth_cookie=sandbox; path=/; secure"))
        return headers


REFUSALS: MutableMapping[str, Reply] = {
    "message": message(403, "Forbidden"),
    "errors": Reply(403, encode({"errors": [{"status": 403, "title": "Forbidden", "detail": ""}]})),
    "empty": Reply(403, b"", content_type=None),
}
