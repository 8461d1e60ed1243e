"""SQL that somebody typed, answered by a process of its own: it reads, and it ends in time."""

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acflow.engine import Warehouse
from acflow.engine.query_worker import Question
from acflow.errors import (
    AcflowError,
    ConfigError,
    DiskFullError,
    MemoryLimitError,
    QueryTimeoutError,
    WarehouseBusyError,
    WarehouseError,
)

if TYPE_CHECKING:
    import pyarrow as pa

SECONDS = 60.0
ROWS = 10_000
MEMORY_MB = 512
GRACE = 5.0  # seconds beyond the limit, after which this process kills the one that did not end itself
OWN_VARIABLES = ("ACFLOW_", "ACTIVECAMPAIGN_")
KILLED = frozenset({-signal.SIGKILL, -signal.SIGALRM} if hasattr(signal, "SIGALRM") else {1})
ERRORS = (ConfigError, QueryTimeoutError, MemoryLimitError, DiskFullError, WarehouseBusyError)


@dataclass(frozen=True, slots=True)
class QueryResult:
    """Rows of one question; `truncated` if there are more of them."""

    table: "pa.Table"
    truncated: bool


def query(
    warehouse: Warehouse, sql: str, *, seconds: float = SECONDS, rows: int = ROWS, memory_mb: int = MEMORY_MB
) -> QueryResult:
    """Return up to so many rows of a question, or fewer if they take more than the memory allowed.

    Nothing can be changed by it, and nothing outside the dataset's database read.

    Raises:
        ConfigError: the statement cannot be understood, does not fit the tables, or would do more than read.
        QueryTimeoutError: it took longer than these seconds.
        MemoryLimitError: it needs more memory than allowed.
        WarehouseError: the warehouse is not there, or busy for as long as its own patience lasts.

    """
    import pyarrow as pa

    batches: list[pa.RecordBatch] = []
    held = size = 0
    with stream_query(warehouse, sql, seconds=seconds, rows=rows, memory_mb=memory_mb) as answer:
        for batch in answer.batches:
            batches.append(batch)
            held += len(batch)
            size += batch.nbytes
            if size > memory_mb * 2**20:
                break
        truncated = held > rows or size > memory_mb * 2**20
    return QueryResult(pa.Table.from_batches(batches, answer.schema).slice(0, rows), truncated)


def tables_in(sql: str, dialect: str) -> tuple[str, ...]:
    """Return the tables that a question names, and the parts that WITH names; none if it is not understood."""
    from sqlglot import exp, parse_one
    from sqlglot.errors import SqlglotError

    try:
        statement = parse_one(sql, dialect=dialect)
    except SqlglotError:
        return ()
    return tuple(dict.fromkeys(table.name for table in statement.find_all(exp.Table)))


@dataclass(frozen=True, slots=True)
class QueryRows:
    """Rows of one question as they come."""

    schema: "pa.Schema"
    batches: "Iterator[pa.RecordBatch]"


@contextmanager
def stream_query(
    warehouse: Warehouse, sql: str, *, seconds: float = SECONDS, rows: int | None = None, memory_mb: int = MEMORY_MB
) -> Iterator[QueryRows]:
    """Yield the rows of a question as they come, with one row more than asked for if there are more.

    Raises what `query` raises, also while rows are taken.
    """
    question = pickle.dumps(Question(warehouse, sql, seconds, rows, memory_mb))
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "acflow.engine.query_worker"],
        env={name: value for name, value in os.environ.items() if not name.startswith(OWN_VARIABLES)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    timer = threading.Timer(seconds + getattr(warehouse, "patience", 0.0) + GRACE, process.kill)
    timer.daemon = True
    timer.start()
    try:
        if process.stdin:
            with suppress(BrokenPipeError), process.stdin:  # why it ended is read below
                process.stdin.write(question)
        yield _received(process, seconds, memory_mb)
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()


def _received(process: "subprocess.Popen[bytes]", seconds: float, memory_mb: int) -> QueryRows:
    import pyarrow as pa

    def batches() -> "Iterator[pa.RecordBatch]":
        try:
            yield from reader
        except (pa.ArrowException, OSError) as error:
            raise _trouble(process, seconds, memory_mb) from error
        if process.wait():
            raise _trouble(process, seconds, memory_mb)

    try:
        reader = pa.ipc.open_stream(process.stdout)
    except (pa.ArrowException, OSError) as error:
        raise _trouble(process, seconds, memory_mb) from error
    return QueryRows(reader.schema, batches())


def _trouble(process: "subprocess.Popen[bytes]", seconds: float, memory_mb: int) -> AcflowError:
    """Return why the process ended before its rows did."""
    said = process.stderr.read() if process.stderr else b""
    status = process.wait()
    if status in KILLED:
        return QueryTimeoutError(f"The question was stopped after {seconds:g} s. Ask for less, or allow it more time.")
    try:
        answered = json.loads(said)
    except ValueError:  # it was ended by its limit of memory, in whatever way the library at work does that
        return MemoryLimitError(f"The question needs more than {memory_mb} MB of memory. Ask for less.")
    return next((kind for kind in ERRORS if kind.__name__ == answered["error"]), WarehouseError)(answered["message"])
