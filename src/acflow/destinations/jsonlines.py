"""JSON Lines: one object per row, every key in every row, decimals with all their digits.

https://jsonlines.org
"""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
import pyarrow as pa

from acflow.destinations.atomic_file import attempt_file, check_file, whole_file
from acflow.destinations.columns import counted, plain_column
from acflow.destinations.csvfile import opened
from acflow.destinations.model import Delivered, Delivery, Destination
from acflow.engine.text_form import as_text


def write(parcels: Sequence[Delivery]) -> list[Delivered]:
    """Write one flow into one file."""
    (parcel,) = parcels
    source, target = parcel.source, parcel.target
    with whole_file(target) as path:
        with opened(path, zipped=target.to.endswith(".gz")) as file:
            for batch in counted(source):
                file.writelines(lines(batch))
        size = path.stat().st_size
    return [Delivered(source.name, target.kind, target.shown, source.rows, size)]


def lines(batch: pa.RecordBatch) -> Iterator[bytes]:
    """Yield each row as a line."""
    names = batch.schema.names
    for row in zip(*[values(column) for column in batch.columns], strict=True):
        yield orjson.dumps(dict(zip(names, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE)


def values(column: pa.Array) -> list[Any]:
    """Return what JSON has for the values: numbers, true and false, text; lists and structs as such."""
    simple = plain_column(column)
    kind = simple.type
    if pa.types.is_nested(column.type) or pa.types.is_decimal(kind):
        return [None if text is None else orjson.Fragment(text) for text in as_text(simple).to_pylist()]
    found = as_text(simple) if pa.types.is_temporal(kind) else simple
    listed: list[Any] = found.to_pylist()
    return listed


DESTINATION = Destination(
    name="jsonl",
    title="JSON Lines",
    example="out/deals.jsonl",
    write=write,
    check=check_file,
    attempt=attempt_file,
    endings=(".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz"),
)
