"""The process that answers one question in SQL and is killed when it takes too long or too much.

It reads a `Question` from stdin, writes the rows to stdout as an Arrow stream, and says on stderr, in JSON, what went
wrong. It is a process of its own because nothing else ends a query for certain: DuckDB's memory limit does not count
the texts that `repeat` makes, and an interrupt waits for the operator at work.
"""

import json
import os
import pickle
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from acflow.errors import AcflowError, ConfigError, MemoryLimitError, WarehouseError

if TYPE_CHECKING:
    from acflow.engine.model import Warehouse

MEGABYTE = 2**20
LONGEST_MESSAGE = 4000  # characters; more would fill the pipe that nobody reads before the end


@dataclass(frozen=True, slots=True)
class Question:
    """SQL that somebody typed, the warehouse to ask, and what answering may cost."""

    warehouse: "Warehouse"
    sql: str
    seconds: float
    rows: int | None
    memory_mb: int


def answer(question: Question, target: BinaryIO) -> None:
    """Write the rows that are asked for, and one more if there are more."""
    import pyarrow as pa

    left = None if question.rows is None else question.rows + 1

    def opened() -> None:
        limit_memory(question.memory_mb)
        limit_time(question.seconds)

    with (
        question.warehouse.stream_untrusted(question.sql, question.seconds, opened) as reader,
        pa.ipc.new_stream(target, reader.schema) as writer,
    ):
        for batch in reader:
            part = batch if left is None else batch.slice(0, left)
            writer.write_batch(part)
            if left is not None and (left := left - len(part)) <= 0:
                break


def limit_time(seconds: float) -> None:
    """Let the system end this process; no code has to run for that."""
    if hasattr(signal, "setitimer"):  # elsewhere whoever started it kills it, a little later
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def limit_memory(megabytes: int) -> None:
    """Bound the address space: what there is now, what the database may use, and as much for what it does not count."""
    try:
        import resource

        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except (ImportError, OSError):  # no such limit on this system; the database's own holds
        return
    bound = used + 2 * megabytes * MEGABYTE
    with suppress(ValueError, OSError):  # whoever started us has set a lower one
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


def main() -> int:
    """Answer the question on stdin; the pipes carry nothing but rows and what went wrong, whatever a library prints."""
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"  # its own reserves a gigabyte of addresses for 128 bytes
    question: Question = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
    rows, words = (os.fdopen(os.dup(pipe), "wb") for pipe in (1, 2))
    for pipe in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), pipe)
    with rows, words:
        try:
            answer(question, rows)
        except BrokenPipeError:
            return 0
        except Exception as error:  # noqa: BLE001 - each driver has errors of its own while rows come
            trouble = _ours(error, question)
            told = {"error": type(trouble).__name__, "message": str(trouble)[:LONGEST_MESSAGE]}
            words.write(json.dumps(told).encode())
            return trouble.exit_code
    return 0


def _ours(error: Exception, question: Question) -> AcflowError:
    trouble = error if isinstance(error, AcflowError) else question.warehouse.explain(error)
    if isinstance(error, MemoryError) or isinstance(trouble, MemoryLimitError):
        return MemoryLimitError(f"The question needs more than {question.memory_mb} MB of memory. Ask for less.")
    if isinstance(error, AcflowError) or type(trouble) is not WarehouseError:
        return trouble
    return ConfigError(f"The statement cannot be carried out. {error}")


if __name__ == "__main__":
    os._exit(main())  # a database at work in other threads need not be waited for
