"""Webhooks in: which secret starts which flow. Only hashes are kept; a secret is shown once, when it is made."""

import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections import deque
from collections.abc import Callable
from pathlib import Path

from acflow.errors import ConfigError

FILE = "hooks.json"
SECRET_BYTES = 32  # so many by chance need neither salt nor a slow hash
OFTEN = 12  # calls of one flow in a minute
GUESSES = 60  # wrong secrets in a minute, of everybody together
MINUTE = 60.0


def make_hook(state: Path, flow: str) -> str:
    """Return a new secret for a flow; one that it had is worth nothing from now on."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    _write(state, {**_read(state), flow: _hash(secret)})
    return secret


def revoke_hook(state: Path, flow: str) -> bool:
    """Take a flow's secret away; return whether it had one."""
    kept = _read(state)
    had = kept.pop(flow, None) is not None
    if had:
        _write(state, kept)
    return had


def flow_of(state: Path, secret: str) -> str | None:
    """Return the flow that a secret starts. How long it takes tells nothing of how near a guess was."""
    given, found = _hash(secret), None
    for flow, kept in _read(state).items():
        if hmac.compare_digest(kept, given):
            found = flow
    return found


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def _read(state: Path) -> dict[str, str]:
    try:
        kept = json.loads((state / FILE).read_text(encoding="utf-8"))
        return {str(flow): str(digest) for flow, digest in kept.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        raise ConfigError(f"{state / FILE} could not be read: {error}. Remove it and make the hooks anew.") from None


def _write(state: Path, kept: dict[str, str]) -> None:
    """Write the file beside its place, readable by its owner alone, and move it there."""
    state.mkdir(parents=True, exist_ok=True)
    job_id, beside = tempfile.mkstemp(dir=state, prefix=FILE)
    with os.fdopen(job_id, "w", encoding="utf-8") as file:
        json.dump(kept, file, indent=2)
    Path(beside).replace(state / FILE)


class Bound:
    """So many a minute, and no more."""

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self._most, self._clock = most, clock
        self._times: deque[float] = deque()

    def wait(self) -> float:
        """Count one and return 0, or return how many seconds it comes too early."""
        now = self._clock()
        while self._times and self._times[0] <= now - MINUTE:
            self._times.popleft()
        if len(self._times) >= self._most:
            return self._times[0] + MINUTE - now
        self._times.append(now)
        return 0.0
