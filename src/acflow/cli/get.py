"""`acflow get`: what the API says, untouched."""

import io
import re
from typing import TYPE_CHECKING, Annotated
from urllib.parse import parse_qsl, urlsplit

import typer

from acflow.cli import project, stdout
from acflow.errors import ConfigError

if TYPE_CHECKING:
    from acflow.source.protocol import Request

EXAMPLES = (
    "acflow get contacts/7",
    "acflow get deals --param limit=5 --param 'orders[cdate]=DESC'",
    "acflow get /api/3/users/me",
)


def get(
    path: Annotated[str, typer.Argument(metavar="PATH", help="Path below /api/3/.")],
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", metavar="NAME=VALUE", help="Query parameter; repeatable.")
    ] = None,
) -> None:
    """Print one answer of the API as it came.

    For the day when a record looks wrong.
    """
    request = request_of(path, param or [])
    with project.client(project.settings()) as client:
        client.probe()  # tells a wrong key from a missing right, and a wrong address at once
        body = client.raw(request)
    stdout.copy(io.BytesIO(body))


def request_of(path: str, params: list[str]) -> "Request":
    """Return the request for a path in any of the ways in which people write it."""
    from acflow.source.protocol import Request

    parts = urlsplit(path)
    if parts.scheme or parts.netloc:
        raise ConfigError(f"{path!r} names a host; the account's own is used. Give the path alone, such as contacts/7.")
    below = re.sub(r"^/*(api/3(/|$))?", "", parts.path).strip("/")
    if not below or ".." in below.split("/"):
        raise ConfigError(f"{path!r} is no path below /api/3/. Give one such as contacts or contacts/7.")
    return Request(below, (*parse_qsl(parts.query, keep_blank_values=True), *map(_pair, params)))


def _pair(param: str) -> tuple[str, str]:
    name, equals, value = param.partition("=")
    if not equals or not name:
        raise ConfigError(f"--param {param!r} is no NAME=VALUE.")
    return name, value
