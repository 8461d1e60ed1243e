"""CSV as RFC 4180 has it: UTF-8, lines that end in CRLF, quotes only where they are needed.

Null is an empty field, empty text is `""`. The same rows give the same bytes on every machine.
https://www.rfc-editor.org/rfc/rfc4180
"""

import gzip
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from acflow.destinations.atomic_file import check_file, whole_file
from acflow.destinations.columns import counted, plain
from acflow.destinations.model import Delivered, Delivery, Destination, Source, Target
from acflow.engine.text_form import as_text
from acflow.errors import ConfigError

END = "\r\n"
BOM = b"\xef\xbb\xbf"
DELIMITERS = (",", ";", "\t", "|")


def check(target: Target, name: str | None = None) -> None:
    """Refuse a delimiter that readers would not understand, and a place that cannot be written."""
    if target.delimiter not in DELIMITERS:
        raise ConfigError(f"{target.delimiter!r} is no delimiter of CSV. Use a comma, a semicolon, a tab or a bar.")
    check_file(target, name)


def write(parcels: Sequence[Delivery]) -> list[Delivered]:
    """Write one flow into one file."""
    (parcel,) = parcels
    source, target = parcel.source, parcel.target
    with whole_file(target) as path:
        with opened(path, zipped=target.to.endswith(".gz")) as file:
            _write_rows(plain(source), target, file)
        size = path.stat().st_size
    return [Delivered(source.name, target.kind, target.shown, source.rows, size)]


@contextmanager
def opened(path: Path, *, zipped: bool) -> Iterator[IO[bytes]]:
    """Open a file to write; what is zipped holds neither name nor time, so that equal rows stay equal bytes."""
    with path.open("wb") as file:
        if not zipped:
            yield file
            return
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
            yield packed  # type: ignore[misc]  # it has what we use of IO


def _write_rows(source: Source, target: Target, file: IO[bytes]) -> None:
    if target.bom:
        file.write(BOM)
    if target.header:
        names = quoted(pa.array(source.schema.names, pa.string()), target.delimiter)
        file.write((target.delimiter.join(names.to_pylist()) + END).encode())
    for batch in counted(source):
        if batch.num_rows:
            file.write(lines(batch, target.delimiter).encode())


def lines(batch: pa.RecordBatch, delimiter: str) -> str:
    """Return the rows of a plain batch as text."""
    format_values = [
        quoted(column, delimiter) if pa.types.is_string(column.type) else as_text(column) for column in batch.columns
    ]
    if len(format_values) == 1:  # an empty line would be taken for no row at all
        format_values = [format_values[0].fill_null('""')]
    rows = pc.binary_join_element_wise(*format_values, delimiter, null_handling="replace", null_replacement="")
    return END.join([*rows.to_pylist(), ""])


def quoted(text: pa.Array, delimiter: str) -> pa.Array:
    """Put quotes around text that holds a delimiter, a quote or a line's end, or space at an end, or nothing."""
    special = f'["\r\n{delimiter}]|^\\s|\\s$|^$'
    needed = pc.match_substring_regex(text, special)
    doubled = pc.replace_substring(text, '"', '""')
    return pc.if_else(needed, pc.binary_join_element_wise('"', doubled, '"', ""), text)


DESTINATION = Destination(
    name="csv",
    title="CSV",
    example="out/deals.csv",
    write=write,
    check=check,
    endings=(".csv", ".csv.gz"),
    options=frozenset({"header", "bom", "delimiter"}),
)
