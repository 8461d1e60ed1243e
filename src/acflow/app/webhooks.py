"""Webhooks out: one signed POST for each message and address, repeated for a while if it does not arrive.

Id, time and signature are those of Standard Webhooks, for which receivers have libraries:
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
The headers of acflow's own, which came before, go along until 0.3.
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2
from pydantic import SecretStr

from acflow.app.outgoing import NotTakenError, RefusedMessageError
from acflow.source.protocol import is_loopback

TIMEOUT = 10.0  # seconds for one attempt
PASSING = frozenset({408, 425, 429})  # refusals that may not be the last word; so are all of 5xx


@dataclass(frozen=True, slots=True)
class Post:
    """A message on its way to one address."""

    url: str
    body: bytes
    event: str
    secret: SecretStr | None
    id: str
    what: str

    @property
    def receiver(self) -> str:
        """The address is its own receiver."""
        return self.url

    @property
    def shown(self) -> str:
        """Where it goes."""
        return self.host

    def attempt(self, now: int) -> None:
        """Send once; see `Outgoing`."""
        # In a thread of its own: whoever calls may have an event loop that runs in theirs, as a notebook has.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(lambda: asyncio.run(_attempt(self, now))).result()

    @property
    def host(self) -> str:
        """Where it goes; the rest of an address may be a secret."""
        return urlsplit(self.url).hostname or ""

    def headers(self, now: int) -> dict[str, str]:
        """Return the headers of an attempt."""
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "acflow",
            "Webhook-Id": self.id,
            "Webhook-Timestamp": str(now),
            "Acflow-Event": self.event,
            "Acflow-Delivery": self.id,
        }
        if self.secret:
            secret = self.secret.get_secret_value()
            headers["Webhook-Signature"] = signature(secret, self.id, now, self.body)
            headers["Acflow-Signature"] = old_signature(secret, now, self.body)
        return headers


def signature(secret: str, message: str, now: int, body: bytes) -> str:
    """Return `v1,<base64>`: HMAC-SHA256 over id, seconds since 1970 and body, with dots between.

    The key is what stands in base64 behind `whsec_`, or the secret itself if it has no such form.
    """
    digest = hmac.new(_key(secret), b"%s.%d.%s" % (message.encode(), now, body), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def _key(secret: str) -> bytes:
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            pass
    return secret.encode()


def old_signature(secret: str, now: int, body: bytes) -> str:
    """Return `t=<seconds since 1970>,v1=<hex>`: HMAC-SHA256 over the time, a dot and the body."""
    digest = hmac.new(secret.encode(), b"%d." % now + body, hashlib.sha256).hexdigest()
    return f"t={now},v1={digest}"


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
