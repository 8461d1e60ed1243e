"""A copy of a result on the disk, for destinations that are slow or must know every value before the first is written.

The warehouse, which may admit one process only, is open for as long as the copying takes, not for as long as a
spreadsheet or a server far away takes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from acflow.destinations.atomic_file import file_trouble, working_folder
from acflow.destinations.columns import counted, plain
from acflow.destinations.model import Delivery, Source, Target
from acflow.errors import DeliveryError

UTF16_UNITS = 2  # at most, for one character


@dataclass(frozen=True, slots=True)
class Limits:
    """What a spreadsheet can hold: rows with the header, columns, characters as UTF-16 counts them."""

    name: str
    rows: int
    columns: int
    characters: int


@contextmanager
def spooled(parcels: Sequence[Delivery], limits: Limits | None = None) -> Iterator[list[Delivery]]:
    """Yield the same parcels in plain types, to be read from the disk as often as one likes.

    Raises:
        DeliveryError: a result is beyond the limits; nothing was written yet.

    """
    with working_folder(parcels[0].target.working) as folder:
        copies = []
        if limits:
            for parcel in parcels:
                _check_size(parcel.source, parcel.target, limits)
        for number, parcel in enumerate(parcels):
            path = folder / f"{number}.arrow"
            try:
                copies.append(replace(parcel, source=_copy(plain(parcel.source), path, limits)))
            except OSError as error:
                raise file_trouble(error, f"the copy of {parcel.source.name} in {folder}") from None
        yield copies


@dataclass(frozen=True, slots=True)
class _Spool:
    path: Path

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        with pa.OSFile(str(self.path)) as file, pa.ipc.open_stream(file) as reader:
            yield from reader


def _copy(source: Source, path: Path, limits: Limits | None) -> Source:
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, source.schema, options=options) as writer:
        before = 0
        for batch in counted(source):
            if limits:
                _check_cells(batch, before, source.name, limits)
            writer.write_batch(batch)
            before += batch.num_rows
    return replace(source, batches=_Spool(path))


def _check_size(source: Source, target: Target, limits: Limits) -> None:
    rows, columns = source.rows + target.header, len(source.schema)
    for count, most, what in ((rows, limits.rows, "rows"), (columns, limits.columns, "columns")):
        if count > most:
            raise DeliveryError(
                f"{source.name} has {count:,} {what} with its header, and {limits.name} holds at most {most:,}. "
                "Nothing was written. Narrow the flow with where, columns or group_by, or deliver CSV or Parquet."
            )


def _check_cells(batch: pa.RecordBatch, before: int, name: str, limits: Limits) -> None:
    for field, column in zip(batch.schema, batch.columns, strict=True):
        if not pa.types.is_string(field.type):
            continue
        longest = pc.max(pc.utf8_length(column)).as_py() or 0
        if longest * UTF16_UNITS <= limits.characters:
            continue
        for row, text in enumerate(column.to_pylist()):
            length = len((text or "").encode("utf-16-le")) // UTF16_UNITS
            if length > limits.characters:
                raise DeliveryError(
                    f"{name}, row {before + row + 1:,}: {field.name} holds {length:,} characters, and a cell of "
                    f"{limits.name} holds at most {limits.characters:,}. Nothing was written. "
                    "Leave the column out, shorten it by a formula, or deliver CSV or Parquet."
                )
