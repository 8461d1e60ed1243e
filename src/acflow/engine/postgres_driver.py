"""What PostgreSQL's ADBC driver needs to be told, and what its errors mean.

https://arrow.apache.org/adbc/current/driver/postgresql.html
"""

import re
from importlib.util import find_spec
from typing import TYPE_CHECKING

from acflow.errors import ConfigError

if TYPE_CHECKING:
    import pyarrow as pa
    from adbc_driver_manager import AdbcDatabase
    from adbc_driver_manager.dbapi import Cursor

DRIVERS = ("adbc_driver_postgresql",)
WITHOUT_COPY = frozenset({"EXPLAIN", "SHOW"})  # the driver wraps all else in COPY, its fast way
PASSING = re.compile(
    r"connection refused|starting up|shutting down|in recovery|too many clients|connection slots|timeout expired"
    r"|timed out|no such file|closed the connection|connection reset|terminating connection|could not receive data",
    re.IGNORECASE,
)


class OpenDatabase:
    """What the driver knows of a server. It outlives the connections made by it, and holds none itself."""

    def __init__(self, handle: "AdbcDatabase") -> None:
        self.handle = handle

    def close(self) -> None:
        """Stay open, although the connection that ends is told to close it."""

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        """Go to no other process: there is none in a copy of a warehouse."""
        return type(None), ()


def require_drivers() -> None:
    """Raise ConfigError if what speaks to PostgreSQL is not installed."""
    missing = [name for name in DRIVERS if find_spec(name) is None]
    if missing:
        raise ConfigError(
            f"PostgreSQL needs packages that are not installed ({', '.join(missing)}). "
            "Install them with: pip install 'acflow[postgresql]'"
        )


def hint(said: str) -> str:
    """Return the next step after a refused connection."""
    if re.search(r"password|authentication|role .* does not exist", said, re.IGNORECASE):
        return " Check user and password in the URL; write special characters of a password as %XX."
    if "does not exist" in said:
        return " Check the name of the database in the URL, or create it."
    return " Check the URL."


def first_word(sql: str) -> str:
    """Return the word that a statement begins with, comments left out."""
    from sqlglot.errors import TokenError
    from sqlglot.tokens import Tokenizer

    try:
        tokens = Tokenizer(dialect="postgres").tokenize(sql)
    except TokenError:
        return "SELECT"  # the database says best what is wrong with it; it cannot write in any case
    return tokens[0].text.upper() if tokens else ""


def rows_of(cursor: "Cursor", sql: str) -> "pa.RecordBatchReader":
    """Return the rows of a statement, in types that every reader of Arrow knows."""
    from acflow.engine.postgres_types import plain

    if first_word(sql) in WITHOUT_COPY:
        cursor.adbc_statement.set_options(**{"adbc.postgresql.use_copy": "false"})
    cursor.execute(sql)
    return plain(cursor.fetch_record_batch())
