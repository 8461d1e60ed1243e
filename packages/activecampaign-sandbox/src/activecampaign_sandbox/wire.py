"""What goes over the wire: JSON as PHP writes it, and the answers made of it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
ACCOUNT = "https://account.example.com/api/3"  # the host that rows give in their links; nobody answers there


def encode(value: object) -> bytes:
    r"""Write JSON with slashes and everything beyond ASCII escaped, as recorded: `\/`."""
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode()


def relations(path: str, key: int, names: Iterable[str]) -> dict[str, str]:
    """Return the `links` of a record: one URL per relation."""
    return {name: f"{ACCOUNT}/{path}/{key}/{name}" for name in names}


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of the sandbox, before the headers that all have in common."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    rows: int = 0
    content_type: str | None = "application/json"


def message(status: int, text: str, **headers: str) -> Reply:
    """Return an error in the commonest of the six recorded shapes."""
    return Reply(status, encode({"message": text}), {name.replace("_", "-"): value for name, value in headers.items()})


def html(status: int, title: str) -> Reply:
    """Return what a gateway in front of the API sends: a page, not JSON."""
    page = f"<html><head><title>{status} {title}</title></head><body><h1>{title}</h1></body></html>"
    return Reply(status, page.encode(), content_type="text/html; charset=UTF-8")
