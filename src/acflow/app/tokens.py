"""Tokens of programs that use the HTTP API: each with scopes, kept as a hash, shown once."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from acflow.errors import ConfigError

FILE = "tokens.json"
SCOPES = {
    "read": "see flows, runs, reports and which tables there are",
    "rows": "read rows of tables, and ask SQL",
    "run": "start and cancel runs",
}
SECRET_BYTES = 32
PREFIX = "acf_"


@dataclass(frozen=True, slots=True)
class Token:
    """A token. `digest` is that of its secret."""

    id: str
    name: str
    scopes: tuple[str, ...]
    digest: str
    made_at: str


def list_tokens(state: Path) -> list[Token]:
    """Return the tokens, in the order in which they were made."""
    try:
        kept = json.loads((state / FILE).read_text(encoding="utf-8"))
        return [Token(**each | {"scopes": tuple(each["scopes"])}) for each in kept]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ConfigError(f"{state / FILE} could not be read: {error}. Remove it and make the tokens anew.") from None


def make_token(state: Path, name: str, scopes: Iterable[str]) -> tuple[Token, str]:
    """Make a token; return it and its secret, which is not kept.

    Raises:
        ConfigError: there is no such scope, or none is given.

    """
    wanted = tuple(scope for scope in SCOPES if scope in set(scopes))
    if not wanted:
        raise ConfigError(f"A token needs at least one scope of {', '.join(SCOPES)}.")
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    token = Token(secrets.token_hex(4), name.strip() or "token", wanted, _hash(secret), made_at)
    _write(state, [*list_tokens(state), token])
    return token, secret


def revoke_token(state: Path, token_id: str) -> None:
    """Take a token away."""
    _write(state, [token for token in list_tokens(state) if token.id != token_id])


def token_of(state: Path, secret: str) -> Token | None:
    """Return the token of a secret. How long it takes tells nothing of how near a guess was."""
    given, result = _hash(secret), None
    for token in list_tokens(state):
        if hmac.compare_digest(token.digest, given):
            result = token
    return result


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def _write(state: Path, tokens: list[Token]) -> None:
    from acflow.app.files import write_whole

    state.mkdir(parents=True, exist_ok=True)
    write_whole(state / FILE, json.dumps([asdict(token) for token in tokens], indent=1), mode=0o600)
