"""What was worked out of the texts of reports, kept for the next process as Python keeps compiled modules.

It stands in the same `__pycache__`, under a name made of everything that it depends on. Where that folder cannot be
written, or PYTHONDONTWRITEBYTECODE asks for it, each process works it out anew.
"""

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any
from uuid import uuid4

PACKAGE = Path(__file__).parents[1]
SOURCES = frozenset({".py", ".sql"})
STEM = "report-sql"


def cached(kind: str, text: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - any JSON
    """Return what an earlier process made of a text, or make it; `kind` says what is made of it."""
    folder, state = Path(cache_from_source(__file__)).parent, _state_of_the_code()
    key = sha256(f"{kind}: {text}".encode()).hexdigest()[:16]
    path = folder / f"{STEM}-{state}-{key}.json"
    with suppress(OSError, ValueError):
        return json.loads(path.read_bytes())
    made = make()
    if not sys.dont_write_bytecode:
        with suppress(OSError):
            _write(path, json.dumps(made).encode(), state)
    return made


def _write(path: Path, content: bytes, state: str) -> None:
    """Write a whole file, since others may read it meanwhile, and remove those of code that is no longer here."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{uuid4().hex[:8]}")
    part.write_bytes(content)
    part.replace(path)
    for old in path.parent.glob(f"{STEM}-*"):
        if not old.name.startswith(f"{STEM}-{state}-"):
            old.unlink(missing_ok=True)


@cache
def _state_of_the_code() -> str:
    """Return what changes with any file of the package, by time and size as Python tells it, and with sqlglot."""
    state = sha256(version("sqlglot").encode())
    for path in sorted(path for path in PACKAGE.rglob("*") if path.suffix in SOURCES):
        status = path.stat()
        state.update(f"{path.relative_to(PACKAGE)} {status.st_mtime_ns} {status.st_size}\n".encode())
    return state.hexdigest()[:16]
