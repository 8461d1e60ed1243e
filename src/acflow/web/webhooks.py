"""Webhooks out: one signed POST for each message and address, repeated for a while if it does not arrive.

The signature is the scheme of Stripe and others: HMAC-SHA256 over the time of sending, a dot and the body, so that a
receiver can tell an old message that someone sends again. https://docs.stripe.com/webhooks#verify-manually
"""

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
    with httpx2.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=not is_loopback(post.url)) as client:
        for attempt in retrying:
            with attempt:
                _attempt(client, post, int(clock()))


def _attempt(client: httpx2.Client, post: Post, now: int) -> None:
    try:
        # Only the status matters; an answer without end is not read.
        with client.stream("POST", post.url, content=post.body, headers=post.headers(now)) as reply:
            status = reply.status_code
    except httpx2.HTTPError as error:
        raise NotTakenError(f"no answer ({type(error).__name__})") from None
    if status in PASSING or status >= 500:  # noqa: PLR2004 - the server's own trouble
        raise NotTakenError(f"answered {status}")
    if 300 <= status < 400:  # noqa: PLR2004
        raise RefusedMessageError(f"answered {status}; redirects are not followed, so give the final address")
    if status >= 400:  # noqa: PLR2004
        raise RefusedMessageError(f"answered {status}")


class Sender:
    """Sends in a thread of its own, one after the other; what fails is said and holds up nothing."""

    def __init__(self, said: Callable[[str], None], *, first_wait: float = FIRST_WAIT) -> None:
        self._said, self._first_wait = said, first_wait
        self._waiting: SimpleQueue[Post | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="acflow-webhooks", daemon=True)
        self._thread.start()

    def put(self, waiting: Iterable[Post]) -> None:
        """Send these when it is their turn."""
        for post in waiting:
            self._waiting.put(post)

    def stop(self, patience: float) -> bool:
        """Send what waits, for so many seconds; return whether all was dealt with."""
        self._waiting.put(None)
        self._thread.join(patience)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while post := self._waiting.get():
            try:
                send(post, first_wait=self._first_wait)
            except (NotTakenError, RefusedMessageError) as error:
                self._said(f"The {post.event} notice did not reach {post.host}: {error}.")
            except Exception as error:  # noqa: BLE001 - no notice may stop the others
                self._said(f"The {post.event} notice did not reach {post.host}: {type(error).__name__}.")
