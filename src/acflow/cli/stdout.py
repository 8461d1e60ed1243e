"""Data on stdout: always UTF-8, whatever the terminal's language, and at peace with a reader that goes away."""

import io
import json
import os
import shutil
import sys
from typing import IO, Any

import typer

from acflow.cli import console

BROKEN_PIPE = 141  # what a shell gives to a command whose reader went away


def copy(file: IO[bytes]) -> None:
    """Copy bytes to stdout; whoever stops reading has seen enough."""
    try:
        shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())  # what is still buffered must not raise again at the end
        raise typer.Exit(BROKEN_PIPE) from None


def write(text: str) -> None:
    """Write a text and a line's end."""
    copy(io.BytesIO(f"{console.redact(text)}\n".encode(errors="replace")))


def write_json(value: Any) -> None:  # noqa: ANN401 - whatever JSON holds
    """Write a value as JSON that people can read too."""
    write(json.dumps(value, indent=2, ensure_ascii=False, default=str))
