"""Parquet: the types of the warehouse, zstd, row groups of a size that readers like."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from acflow.destinations.atomic_file import attempt_file, check_file, whole_file
from acflow.destinations.columns import counted, grouped, plain_column, plain_type
from acflow.destinations.model import Delivered, Delivery, Destination

ROWS_IN_A_GROUP = 65_536


def write(parcels: Sequence[Delivery]) -> list[Delivered]:
    """Write one flow into one file."""
    (parcel,) = parcels
    source, target = parcel.source, parcel.target
    schema = pa.schema([pa.field(f.name, _kept_type(f.type)) for f in source.schema])
    with whole_file(target) as path:
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            kept = (_kept(batch, schema) for batch in counted(source))
            for table in grouped(kept, schema, ROWS_IN_A_GROUP):
                writer.write_table(table)
        size = path.stat().st_size
    return [Delivered(source.name, target.kind, target.shown, source.rows, size)]


def _kept_type(kind: pa.DataType) -> pa.DataType:
    """Return the type itself, or text for the few that Parquet lacks."""
    return plain_type(kind) if pa.types.is_interval(kind) or pa.types.is_null(kind) else kind


def _kept(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = [
        column if column.type == wanted.type else plain_column(column)
        for column, wanted in zip(batch.columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


DESTINATION = Destination(
    name="parquet",
    title="Parquet",
    example="s3://bucket/deals.parquet",
    write=write,
    check=check_file,
    attempt=attempt_file,
    endings=(".parquet",),
)
