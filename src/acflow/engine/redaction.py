"""What must never be written down: secrets, however they are spelled, and values of the data in what went wrong."""

import re
from collections.abc import Callable, Iterable, Mapping
from html.entities import codepoint2name
from typing import Any

HIDDEN = "***"
SHORTEST_SECRET = 6  # characters; what is shorter would blot out ordinary words
REASONS = frozenset({"error", "message", "reason"})  # keys of what is stored that hold sentences
VALUE = "…"
VALUES = (
    re.compile(r"\n\n?LINE \d+:.*", re.DOTALL),  # the statement, which quotes what stands in it
    re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|«[^»]*»"),
    re.compile(r"(?<=\)=)\([^()]*\)|(?<=contains )\(.*\)", re.DOTALL),  # PostgreSQL: Key (id)=(7), row contains (7, …)
    re.compile(r"[\[{].*[\]}]", re.DOTALL),  # rows as JSON
    re.compile(r"[^\s'\"`<>(),;:=]+@[^\s'\"`<>(),;:=]+"),
)


def redactor(secrets: Iterable[str | None]) -> Callable[[str], str]:
    """Return what puts *** for every secret, in any case and in the escapes of URLs, JSON, HTML and Python."""
    known = sorted({secret for secret in secrets if secret and len(secret) >= SHORTEST_SECRET}, key=len, reverse=True)
    if not known:
        return str
    pattern = re.compile("|".join("".join(map(_spellings, secret)) for secret in known), re.IGNORECASE)
    return lambda text: pattern.sub(HIDDEN, text)


def _spellings(character: str) -> str:
    """Return the pattern of one character: itself or an escape of it."""
    code = ord(character)
    by_byte = "".join(f"(?:%|\\\\x){byte:02x}" for byte in character.encode())
    written = [re.escape(character), by_byte, rf"\\+u{code:04x}", f"&#0*{code};", f"&#x0*{code:x};"]
    if not character.isalnum():
        written.append(rf"\\+{re.escape(character)}")
    if name := codepoint2name.get(code):
        written.append(f"&{name};")
    return f"(?:{'|'.join(written)})"


def without_values(text: str) -> str:
    """Return what went wrong without the values that a database or the account quoted in it."""
    for pattern in VALUES:
        text = pattern.sub(VALUE, text)
    return text


def storable(content: Mapping[str, Any], redact: Callable[[str], str]) -> dict[str, Any]:
    """Return a record as it may be kept: no secret anywhere, no value of the data in its reasons."""

    def cleaned(value: Any, key: str = "") -> Any:  # noqa: ANN401 - JSON holds anything
        if isinstance(value, str):
            return redact(without_values(value) if key in REASONS else value)
        if isinstance(value, Mapping):
            return {name: cleaned(inner, name) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [cleaned(inner, key) for inner in value]
        return value

    return {name: cleaned(value, name) for name, value in content.items()}
