"""The log and the files of one Delta table."""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from acflow.lake.place import folder_of
from acflow.lake.schema import ACCOUNT, PART, fitted

if TYPE_CHECKING:
    from deltalake import DeltaTable
    from deltalake.transaction import AddAction

GROUP_ROWS, GROUP_BYTES = 65_536, 24_000_000  # of a row group; wide rows would else need much memory


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the current version. `account` is None in a table that is not parted by accounts."""

    path: str
    account: str | None
    part: int
    rows: int
    size: int

    @property
    def partition(self) -> dict[str, str | None]:
        """The values of the columns that stand in the log and not in the file."""
        values: dict[str, str | None] = {PART: str(self.part)}
        return values if self.account is None else {ACCOUNT: self.account, **values}


def entries_of(table: "DeltaTable") -> list[Entry]:
    """Return the files of the current version."""
    rows = pa.table(table.get_add_actions(flatten=True)).to_pylist()
    return [
        Entry(
            row["path"],
            row.get(f"partition.{ACCOUNT}"),
            int(row[f"partition.{PART}"]),
            int(row["num_records"]),
            int(row["size_bytes"]),
        )
        for row in rows
    ]


def paths_of(table: "DeltaTable") -> list[str]:
    """Return the paths of the files of the current version, from the table's folder on."""
    return [entry.path for entry in entries_of(table)]


def schema_of(table: "DeltaTable") -> pa.Schema:
    """Return the columns of a table as its log has them."""
    return pa.schema(table.schema())


def write_file(  # noqa: PLR0913, PLR0917 - each says where or what
    files: Any,  # noqa: ANN401 - a filesystem of pyarrow
    writer: str,
    account: str | None,
    part: int,
    batches: Iterable[pa.RecordBatch],
    schema: pa.Schema,
) -> Entry | None:
    """Write rows into a new file of the writer's folder, which nobody sees before it is committed; None if none came.

    `schema` is that of the table; the columns that it is parted by are left out of the file.
    """
    inside = pa.schema([field for field in schema if field.name != PART and (field.name != ACCOUNT or account is None)])
    path, rows = f"{folder_of(writer)}/{PART}={part}/{uuid4()}.parquet", 0
    with files.open_output_stream(path) as sink, pq.ParquetWriter(sink, inside, compression="snappy") as parquet:
        for group in _groups(batches, inside):
            parquet.write_table(group)
            rows += group.num_rows
    if not rows:
        files.delete_file(path)
        return None
    return Entry(path, account, part, rows, files.get_file_info(path).size)


def copied(files: Any, writer: str, entry: Entry, schema: pa.Schema) -> Entry | None:  # noqa: ANN401 - as above
    """Write the rows of a file into another with the columns and types of a new schema."""
    with pq.ParquetFile(files.open_input_file(entry.path)) as parquet:
        return write_file(files, writer, entry.account, entry.part, parquet.iter_batches(), schema)


def add_action(entry: Entry) -> "AddAction":
    """Return what the log says of a new file; bounds of values stand in the file alone, so that purges reach them."""
    from deltalake.transaction import AddAction

    stats = json.dumps({"numRecords": entry.rows})
    return AddAction(entry.path, entry.size, entry.partition, now_ms(), data_change=True, stats=stats)


def remove_actions(entries: Sequence[Entry]) -> list[Any]:
    """Return what the log says of files that are no longer part of the table."""
    from deltalake.transaction import RemoveAction

    return [RemoveAction(entry.path, True, now_ms(), entry.size, entry.partition) for entry in entries]


def now_ms() -> int:
    """Return the clock in milliseconds, as the log has it."""
    return time.time_ns() // 1_000_000


def _groups(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    waiting: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        waiting.append(fitted(batch, schema))
        rows, size = rows + batch.num_rows, size + waiting[-1].nbytes
        if rows >= GROUP_ROWS or size >= GROUP_BYTES:
            yield pa.Table.from_batches(waiting, schema)
            waiting, rows, size = [], 0, 0
    if rows:
        yield pa.Table.from_batches(waiting, schema)
