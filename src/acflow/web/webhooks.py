"""Webhooks out: one signed POST for each message and address, repeated for a while if it does not arrive.

The signature is the scheme of Stripe and others: HMAC-SHA256 over the time of sending, a dot and the body, so that a
receiver can tell an old message that someone sends again. https://docs.stripe.com/webhooks#verify-manually
"""

import asyncio
import hashlib
import hmac
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2
import orjson
import stamina
from pydantic import SecretStr

from acflow.flows.spec import Notice
from acflow.source.protocol import is_loopback
from acflow.web.notices import Message

TIMEOUT = 10.0  # seconds for one attempt
PATIENCE = 120.0  # seconds for all of them
ATTEMPTS = 6
FIRST_WAIT = 1.0  # seconds; doubled each time
PASSING = frozenset({408, 425, 429})  # refusals that may not be the last word; so are all of 5xx


class NotTakenError(Exception):
    """A receiver did not take a message; the same one may be taken later."""


class RefusedMessageError(Exception):
    """A receiver will not take a message, however often it is sent."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message on its way to one address."""

    url: str
    body: bytes
    event: str
    secret: SecretStr | None
    id: str

    @property
    def host(self) -> str:
        """Where it goes; the rest of an address may be a secret."""
        return urlsplit(self.url).hostname or ""

    def headers(self, now: int) -> dict[str, str]:
        """Return the headers of an attempt."""
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "acflow",
            "Acflow-Event": self.event,
            "Acflow-Delivery": self.id,
        }
        if self.secret:
            headers["Acflow-Signature"] = signature(self.secret.get_secret_value(), now, self.body)
        return headers


def signature(secret: str, now: int, body: bytes) -> str:
    """Return `t=<seconds since 1970>,v1=<hex>`."""
    digest = hmac.new(secret.encode(), b"%d." % now + body, hashlib.sha256).hexdigest()
    return f"t={now},v1={digest}"


def posts(notices: Iterable[Notice], messages: Sequence[Message]) -> list[Post]:
    """Return what goes where: each message to each address that wants its event."""
    return [
        Post(notice.url, orjson.dumps(message.as_dict()), message.event, notice.secret, str(uuid4()))
        for notice in notices
        for message in messages
        if message.event in notice.on
    ]


def send(post: Post, *, first_wait: float = FIRST_WAIT, clock: Callable[[], float] = time.time) -> None:
    """Send until it is taken.

    Raises:
        NotTakenError: it did not arrive in all this time.
        RefusedMessageError: the receiver does not want it.

    """
    retrying = stamina.retry_context(
        on=NotTakenError, attempts=ATTEMPTS, timeout=PATIENCE, wait_initial=first_wait, wait_max=30, wait_jitter=0
    )
    for attempt in retrying:
        with attempt:
            asyncio.run(_attempt(post, int(clock())))


async def _attempt(post: Post, now: int) -> None:
    """Send once. The deadline is for the whole answer: one that drips byte by byte is never late by a single read."""
    trusted = not is_loopback(post.url)
    try:
        async with (
            asyncio.timeout(TIMEOUT),
            httpx2.AsyncClient(timeout=TIMEOUT, follow_redirects=False, trust_env=trusted) as client,
            # Only the status matters; an answer without end is not read.
            client.stream("POST", post.url, content=post.body, headers=post.headers(now)) as reply,
        ):
            status = reply.status_code
    except (httpx2.HTTPError, TimeoutError) as error:
        raise NotTakenError(f"no answer ({type(error).__name__})") from None
    if status in PASSING or status >= 500:  # noqa: PLR2004 - the server's own trouble
        raise NotTakenError(f"answered {status}")
    if 300 <= status < 400:  # noqa: PLR2004
        raise RefusedMessageError(f"answered {status}; redirects are not followed, so give the final address")
    if status >= 400:  # noqa: PLR2004
        raise RefusedMessageError(f"answered {status}")


class Sender:
    """Sends to each receiver in a thread of its own, in order; what fails is said and holds up nobody else."""

    def __init__(self, said: Callable[[str], None], *, first_wait: float = FIRST_WAIT) -> None:
        self._said, self._first_wait = said, first_wait
        self._waiting: dict[str, SimpleQueue[Post | None]] = {}
        self._threads: list[threading.Thread] = []

    def put(self, waiting: Iterable[Post]) -> None:
        """Send these when it is their turn."""
        for post in waiting:
            if post.url not in self._waiting:
                queue: SimpleQueue[Post | None] = SimpleQueue()
                thread = threading.Thread(target=self._work, args=(queue,), name="acflow-webhooks", daemon=True)
                self._waiting[post.url] = queue
                self._threads.append(thread)
                thread.start()
            self._waiting[post.url].put(post)

    def stop(self, patience: float) -> bool:
        """Send what waits, for so many seconds; return whether all was dealt with."""
        for queue in self._waiting.values():
            queue.put(None)
        deadline = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self, waiting: "SimpleQueue[Post | None]") -> None:
        while post := waiting.get():
            try:
                send(post, first_wait=self._first_wait)
            except (NotTakenError, RefusedMessageError) as error:
                self._said(f"The {post.event} notice did not reach {post.host}: {error}.")
            except Exception as error:  # noqa: BLE001 - no notice may stop the others
                self._said(f"The {post.event} notice did not reach {post.host}: {type(error).__name__}.")
