"""Webhooks out: one signed POST for each message and address, repeated for a while if it does not arrive.

The signature is the scheme of Stripe and others: HMAC-SHA256 over the time of sending, a dot and the body, so that a
receiver can tell an old message that someone sends again. https://docs.stripe.com/webhooks#verify-manually
"""

import asyncio
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
