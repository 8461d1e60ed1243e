"""Parquet files that hold a reading until it is certified; only then are they loaded."""

import ctypes
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from acflow.engine import DELETED_AT
from acflow.entities.model import Entity
from acflow.source.decode import REJECTS, ColumnBuffer, ColumnNamer, decode, schema
from acflow.source.protocol import Row

ROWS_AT_ONCE = 4096
LOADER = "_dlt"
# Each file is written once and read once, whole: dictionaries and statistics would cost more than they bring.
WRITTEN_ONCE: dict[str, Any] = {"compression": "snappy", "use_dictionary": False, "write_statistics": False}


class Rejects:
    """The values that would not convert, in a file that is made when there is one."""

    schema = REJECTS.append(pa.field("run", pa.string()))

    def __init__(self, path: Path, run: str) -> None:
        self.path, self.run = path, run
        self.rows = 0
        self._writer: pq.ParquetWriter | None = None

    def add(self, table: pa.Table) -> None:
        """Write the rejects of one batch."""
        if not len(table):
            return
        if self._writer is None:
            self._writer = pq.ParquetWriter(self.path, self.schema, compression="snappy")
        self._writer.write_table(table.append_column("run", pa.array([self.run] * len(table), pa.string())))
        self.rows += len(table)

    def close(self) -> None:
        """Finish the file."""
        if self._writer is not None:
            self._writer.close()


class EntityStaging:
    """Collects one entity's rows, and writes them in batches.

    A batch with a column that no earlier one had starts a new file; `known` are the columns of the table so far.
    Limited rows are kept back: what an earlier reading knew of them is still to be filled in.
    """

    def __init__(self, entity: Entity, folder: Path, run: str, known: Iterable[str] = ()) -> None:
        self.entity, self.folder = entity, folder
        self.names = ColumnNamer(entity, known)
        self.files: list[Path] = []
        self.schema = schema(entity)
        self.rejects = Rejects(folder / f"_rejects.{entity.name}.parquet", run)
        self.kinds: dict[str, frozenset[str]] = {}
        self.rows = 0
        self.filled: Counter[str] = Counter()  # rows that hold something, by column
        self.limited_rows = 0
        self.limited: list[pa.Table] = []
        self.owners: Sequence[int] = ()  # records of which all that belongs to them has come, if it came along
        self.counters: Mapping[int, tuple[int, ...]] = {}  # of campaigns whose events have come
        self.unfinished = False  # whether others are left for the next reading
        self._waiting = ColumnBuffer(entity)
        self._writer: pq.ParquetWriter | None = None

    def add(self, rows: list[Row]) -> None:
        """Take the rows of one page."""
        self._waiting.add(rows)
        if self._waiting.rows >= ROWS_AT_ONCE:
            self.flush()

    def take(self, turned: ColumnBuffer) -> None:
        """Take rows that are turned on their side already."""
        self.flush()
        self._waiting = turned
        self.flush()

    def flush(self) -> None:
        """Decode and write what is waiting."""
        if not self._waiting.rows:
            return
        waiting, self._waiting = self._waiting, ColumnBuffer(self.entity)  # what cannot be decoded fails once
        batch = decode(waiting, self.names)
        for key, kinds in batch.kinds.items():
            self.kinds[key] = self.kinds.get(key, frozenset()) | kinds
        self.rejects.add(batch.rejects)
        table = batch.table
        for field in self.entity.wire_fields:
            self.filled[field.name] += _filled_rows(table.column(field.name))
        if batch.limited and self.entity.limited:
            flag = pc.field(self.entity.limited)
            self.limited.append(table.filter(flag))
            self.limited_rows += batch.limited
            table = table.filter(~flag | flag.is_null())
        self.write(table)

    def write(self, table: pa.Table) -> None:
        """Write typed rows."""
        if self._writer is None or any(name not in self.schema.names for name in table.column_names):
            self._next_file(table.schema)
        assert self._writer is not None  # noqa: S101 - for the type checker
        for field in self.schema:
            if field.name not in table.column_names:
                table = table.append_column(field, pa.nulls(len(table), field.type))
        self._writer.write_table(pa.table(table.select(self.schema.names).columns, schema=self.schema))
        self.rows += len(table)

    def _next_file(self, came: pa.Schema) -> None:
        if self._writer is not None:
            self._writer.close()
        for field in came:
            if field.name not in self.schema.names:
                self.schema = self.schema.append(field)
        self.files.append(self.folder / f"{self.entity.name}.{len(self.files)}.parquet")
        self._writer = pq.ParquetWriter(self.files[-1], self.schema, **WRITTEN_ONCE)

    @property
    def columns(self) -> frozenset[str]:
        """The columns that the rows so far have brought; the others are null because their key was in no row."""
        fields = {f.name for f in self.entity.wire_fields if not self.kinds.keys().isdisjoint(f.keys)}
        derived = {each.name for each in self.entity.derived if each.of in fields}
        unknown = {self.names.of(key) for key in self.kinds.keys() - self.entity.known_keys}
        return frozenset(fields | derived | unknown)

    def write_old(self, rows: pa.Table) -> None:
        """Write rows of the table that the account did not send and that stay as they are."""
        self.write(pa.table(self._as_before(rows)))

    def _as_before(self, rows: pa.Table) -> dict[str, pa.ChunkedArray]:
        """Return the columns of rows of the table, without those that acflow and the loader add."""
        kept = [name for name in rows.column_names if not name.startswith(LOADER) and name != DELETED_AT]
        kinds = {field.name: field.type for field in self.schema}
        return {name: rows.column(name).cast(kinds.get(name, pa.string())) for name in kept}

    def close_full(self) -> list[int]:
        """Write what is waiting, and return the ids of the limited rows that are kept back."""
        self.flush()
        return [key for table in self.limited for key in table.column(self.entity.key).to_pylist() if key is not None]

    def close(self) -> None:
        """Write what is left; an entity without rows leaves one empty file with all columns."""
        self.flush()
        if self._writer is None:
            self._next_file(self.schema)
        assert self._writer is not None  # noqa: S101 - for the type checker
        self._writer.close()
        self.rejects.close()


class StagingFiles:
    """The spool of one run: a folder that is gone when the run ends. `known` returns the columns of a table so far."""

    def __init__(self, folder: Path, run: str, known: Callable[[str], Iterable[str]] = lambda _: ()) -> None:
        self.folder, self.run, self.known = folder, run, known
        self.entities: dict[str, EntityStaging] = {}

    def __enter__(self) -> Self:
        shutil.rmtree(self.folder, ignore_errors=True)  # left by a run that was killed
        self.folder.mkdir(parents=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def of(self, entity: Entity) -> EntityStaging:
        """Return the spool of one entity."""
        if entity.name not in self.entities:
            self.entities[entity.name] = EntityStaging(entity, self.folder, self.run, self.known(entity.name))
        return self.entities[entity.name]

    def add(self, entity: Entity, rows: list[Row]) -> None:
        """Take the rows of one page of an entity."""
        self.of(entity).add(rows)

    def forget(self, entity: Entity) -> None:
        """Drop what has been read of an entity, as it is to be read anew."""
        kept = self.entities.pop(entity.name, None)
        if kept is not None:
            kept.close()
            for path in kept.files:
                path.unlink()


def give_back_memory() -> None:
    """Return to the system what reading no longer needs, before the warehouse takes its share."""
    pa.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError):  # only glibc has it, and only glibc needs it
        ctypes.CDLL(None).malloc_trim(0)


def carry_over(spool: EntityStaging, earlier: pa.Table | None) -> None:
    """Write the limited rows, filled with what the table knew of them before the key lost sight of it."""
    for limited in spool.limited:
        spool.write(_filled(limited, earlier) if earlier is not None else limited)
    spool.limited = []


def _filled_rows(column: pa.ChunkedArray) -> int:
    """Count the rows that hold something in a column; empty text is nothing."""
    empty = pc.sum(pc.equal(column, "")).as_py() if column.type == pa.string() else 0
    return int(len(column) - column.null_count - (empty or 0))


def _filled(limited: pa.Table, earlier: pa.Table) -> pa.Table:
    found = pc.index_in(limited.column("id"), value_set=earlier.column("id").combine_chunks())
    known = earlier.take(found)
    columns = [
        pc.coalesce(column, known.column(name).cast(column.type)) if name in earlier.column_names else column
        for name, column in zip(limited.column_names, limited.columns, strict=True)
    ]
    return pa.table(columns, schema=limited.schema)
