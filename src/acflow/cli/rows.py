"""Rows on stdout: a table to look at, or CSV and JSON that are the same byte for byte for the same rows.

Memory stays flat: rows come in batches, and CSV and JSON go through a temporary file, so that nothing is printed of an
answer that breaks off, and the warehouse is free again before a slow reader has read everything.
"""

import tempfile
from collections.abc import Iterable, Sequence
from typing import IO, Any

import orjson
import pyarrow as pa
import pyarrow.csv as pc_csv

from acflow.cli import stdout
from acflow.cli.format_values import named_apart, plain, written_as_json
from acflow.cli.options import Format
from acflow.cli.table_view import TableView
from acflow.errors import DiskFullError

IN_MEMORY = 8 * 1024 * 1024  # bytes, before the temporary file becomes one


def write(
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    form: Format,
    *,
    more: str = "",
    interest: Sequence[str] = (),
) -> None:
    """Print rows; `more` says how to see the rows that a table leaves out, `interest` which columns matter most."""
    if form is Format.TABLE:
        screen = TableView(schema, interest)
        for batch in batches:
            if not screen.take(batch):
                break
        screen.show(more)
        return
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
        try:
            (write_csv if form is Format.CSV else write_json)(schema, batches, file)
        except OSError as error:
            raise DiskFullError(f"No room for the rows in {tempfile.gettempdir()}: {error}. Free some space.") from None
        file.seek(0)
        stdout.copy(file)


def write_csv(schema: pa.Schema, batches: Iterable[pa.RecordBatch], file: IO[bytes]) -> None:
    """Write CSV by RFC 4180, with bare newlines: text is quoted, so that null and empty text differ."""
    names = named_apart(schema.names)
    target = pa.schema([(name, plain(pa.nulls(0, field.type)).type) for name, field in zip(names, schema, strict=True)])
    with pc_csv.CSVWriter(file, target) as writer:
        for batch in batches:
            writer.write_batch(pa.record_batch([plain(column) for column in batch.columns], schema=target))


def write_json(schema: pa.Schema, batches: Iterable[pa.RecordBatch], file: IO[bytes]) -> None:
    """Write one array with an object on each line."""
    names = named_apart(schema.names)
    between = b"[\n"
    for batch in batches:
        columns = [written_as_json(column) for column in batch.columns]
        for values in zip(*columns, strict=True):
            file.write(between + orjson.dumps(dict(zip(names, values, strict=True))))
            between = b",\n"
    file.write(b"[]\n" if between == b"[\n" else b"\n]\n")


def one_table(table: pa.Table, form: Format, *, more: str = "") -> None:
    """Print a table that is in memory."""
    write(table.schema, table.to_batches(), form, more=more)


def objects(records: list[dict[str, Any]]) -> pa.Table:
    """Return records as a table."""
    return pa.Table.from_pylist(records)
