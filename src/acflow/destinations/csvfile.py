"""CSV as RFC 4180 has it: UTF-8, lines that end in CRLF, quotes only where they are needed.

Null is an empty field, empty text is `""`. Fractions have at most fifteen digits that count, and no zeros at their end.
The same rows give the same bytes on every machine.
https://www.rfc-editor.org/rfc/rfc4180
"""

import gzip
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from acflow.destinations.atomic_file import attempt_file, check_file, whole_file
from acflow.destinations.columns import counted, plain
from acflow.destinations.instants import UTC, in_zone, zone_trouble
from acflow.destinations.model import Delivered, Delivery, Destination, Source, Target
from acflow.engine.text_form import as_text
from acflow.errors import ConfigError

END = "\r\n"
BOM = b"\xef\xbb\xbf"
DECIMALS = (".", ",")
DATE_FORMAT = re.compile(r"%[dmYy]([-./ ]?%[dmYy]){1,2}")
DELIMITERS = (",", ";", "\t", "|")


def check(target: Target, name: str | None = None) -> None:
    """Refuse a delimiter that readers would not understand, and a place that cannot be written."""
    if target.delimiter not in DELIMITERS:
        raise ConfigError(f"{target.delimiter!r} is no delimiter of CSV. Use a comma, a semicolon, a tab or a bar.")
    if target.decimal not in DECIMALS or target.decimal == target.delimiter:
        raise ConfigError(f"{target.decimal!r} cannot be the decimal mark beside the delimiter {target.delimiter!r}.")
    if target.date_format and not DATE_FORMAT.fullmatch(target.date_format):
        raise ConfigError(f"{target.date_format!r} is no form of a date. Write it as %d.%m.%Y or %m/%d/%Y.")
    if trouble := zone_trouble(target.zone):
        raise ConfigError(trouble)
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
        names = quoted(pa.array(_headings(source, target), pa.string()), target.delimiter)
        file.write((target.delimiter.join(names.to_pylist()) + END).encode())
    for batch in counted(source):
        if batch.num_rows:
            file.write(lines(batch, target).encode())


def _headings(source: Source, target: Target) -> list[str]:
    """Return the names of the columns; where an instant is written without its offset, its zone stands in its name."""
    return [
        f"{field.name} ({target.zone})"
        if target.date_format and pa.types.is_timestamp(field.type) and field.type.tz
        else field.name
        for field in source.schema
    ]


def lines(batch: pa.RecordBatch, target: Target) -> str:
    """Return the rows of a plain batch as text."""
    cells = [_cells(column, target) for column in batch.columns]
    if len(cells) == 1:  # an empty line would be taken for no row at all
        cells = [cells[0].fill_null('""')]
    rows = pc.binary_join_element_wise(*cells, target.delimiter, null_handling="replace", null_replacement="")
    return END.join([*rows.to_pylist(), ""])


def _cells(column: pa.Array, target: Target) -> pa.Array:
    kind = column.type
    if pa.types.is_string(kind):
        return quoted(column, target.delimiter)
    if pa.types.is_temporal(kind):
        return _moments(column, target)
    text = as_text(column)
    fraction = target.decimal != "." and (pa.types.is_floating(kind) or pa.types.is_decimal(kind))
    return pc.replace_substring(text, ".", target.decimal) if fraction else text


def _moments(column: pa.Array, target: Target) -> pa.Array:
    """Return days and instants as ISO 8601 has them, or in the form and the zone that were chosen."""
    kind = column.type
    local = in_zone(column, target.zone)
    if target.date_format:
        form = target.date_format + (" %H:%M:%S" if pa.types.is_timestamp(kind) else "")
        seconds = pc.floor_temporal(local, unit="second") if pa.types.is_timestamp(kind) else local
        return pc.strftime(seconds.cast(pa.timestamp("s")), format=form)
    if target.zone == UTC or not (pa.types.is_timestamp(kind) and kind.tz):
        return as_text(column)
    offsets = pc.strftime(column.cast(pa.timestamp(kind.unit, target.zone)), format="%z")
    colon = pc.replace_substring_regex(offsets, r"(\d\d)$", r":\1")
    return pc.binary_join_element_wise(as_text(local), colon, "")


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
    attempt=attempt_file,
    endings=(".csv", ".csv.gz"),
    options=frozenset({"header", "bom", "delimiter", "decimal", "date_format", "zone"}),
)
