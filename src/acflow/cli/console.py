"""What is said to people: on stderr, in plain words, never with a key in it."""

import os
import re
import sys
import tempfile
import traceback
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console

SHORTEST_SECRET = 6  # characters; what is shorter would blot out ordinary words
PIPE_WIDTH = 200  # columns, where nobody's window sets a limit
CONTROL = re.compile(r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_secrets: set[str] = set()


def hide(secret: str | None) -> None:
    """Keep a text out of everything that is said from now on."""
    if secret and len(secret) >= SHORTEST_SECRET:
        _secrets.add(secret)


def hide_environment() -> None:
    """Keep the key out of what is said before any setting is read."""
    for name in ("ACTIVECAMPAIGN_KEY", "ACFLOW_KEY"):
        hide(os.environ.get(name))


def redact(text: str) -> str:
    """Return the text with *** for every secret."""
    from acflow.engine.redaction import redactor

    return redactor(_secrets)(text)


def printable(text: str) -> str:
    """Return the text without what could steer a terminal; the API's texts come from anyone who fills in a form."""
    return CONTROL.sub(" ", text)


def say(text: str = "") -> None:
    """Say something on stderr."""
    typer.echo(redact(printable(text)), err=True)


def rich_console(*, stderr: bool = True) -> "Console":
    """Return a console without colours of its own making; outside a terminal it is wide enough for any table."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PIPE_WIDTH
    return Console(file=stream, highlight=False, markup=False, emoji=False, width=width)


def unexpected(error: Exception, *, debug: bool) -> None:
    """Say that something went wrong which nobody foresaw, and keep its trace for a report."""
    trace = redact("".join(traceback.format_exception(error)))
    said = f"Something unexpected went wrong: {type(error).__name__}: {error}"
    if debug:
        say(trace)
        say(said)
        return
    try:
        handle, path = tempfile.mkstemp(prefix="acflow-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            file.write(trace)
        say(f"{said}\nThe trace is in {path}; please report it. `acflow --debug …` shows it here.")
    except OSError:
        say(f"{said}\n`acflow --debug …` shows where.")
