"""Words for mistakes, and what an address says."""

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches
from urllib.parse import unquote, urlsplit

from acflow.destinations.model import Target
from acflow.errors import ConfigError


def meant(word: str, known: Iterable[str]) -> str:
    """Return the question for the known word nearest to a wrong one, or the whole choice."""
    names = list(known)
    near = get_close_matches(word, names, n=1)
    return f"Did you mean {near[0]}?" if near else f"Use one of: {', '.join(names)}."


def database_file(target: Target) -> Target:
    """Return the file that `sqlite:///out/bi.sqlite` means; a fourth slash begins a path from the root."""
    path = unquote(urlsplit(target.to).path).removeprefix("/")
    if not path:
        raise ConfigError(f"{target.shown} names no file. Write it as {target.kind}:///out/bi.{target.kind}.")
    return replace(target, to=path)
