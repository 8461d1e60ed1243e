"""Excel by XlsxWriter: typed cells, a sheet for each flow that goes to the workbook.

The workbook is written anew with every delivery. https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
"""

import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from acflow.destinations.atomic_file import check_file, whole_file
from acflow.destinations.buffered import Limits, spooled
from acflow.destinations.format_values import Cell, format_values, number_format
from acflow.destinations.model import Delivered, Delivery, Destination, Source, Target
from acflow.engine.text_form import as_text
from acflow.errors import ConfigError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LIMITS = Limits("Excel", rows=1_048_576, columns=16_384, characters=32_767)
LONGEST_TITLE = 31
NO_TITLE = re.compile(r"[\[\]:*?/\\]|^'|'$|^history$", re.IGNORECASE)
NARROWEST, WIDEST = 8, 60
FILTER_BUTTON = 3  # characters that it covers
ROWS_TO_MEASURE = 1_000
HEADER = {"bold": True, "bg_color": "#E7EDF5", "font_color": "#1F2A3A", "bottom": 1, "indent": 1}
TRUTH = '"TRUE";"TRUE";"FALSE"'  # Excel shows truth as such by itself, LibreOffice only where a format says so
UTC_NOTE = "Instants in UTC. Add your own offset to see local time."


def title_of(target: Target, name: str) -> str:
    """Return the name of the sheet."""
    return target.sheet or name


def check(target: Target, name: str | None = None) -> None:
    """Refuse a name that Excel would not take for a sheet, and a place that cannot be written."""
    title = title_of(target, name or "")
    if len(title) > LONGEST_TITLE:
        raise ConfigError(f"{title} is too long for the name of a sheet: at most {LONGEST_TITLE}. Write sheet: …")
    if NO_TITLE.search(title):
        raise ConfigError(f"{title!r} cannot name a sheet of Excel: none of []:*?/\\, no ' at an end, not History.")
    check_file(target, name)


def write(parcels: Sequence[Delivery]) -> list[Delivered]:
    """Write the flows of one workbook, a sheet for each."""
    target = parcels[0].target
    titles = [title_of(parcel.target, parcel.source.name).lower() for parcel in parcels]
    twice = {title for title in titles if titles.count(title) > 1}
    if twice:
        raise ConfigError(f"Two flows go to the sheet {min(twice)} of {target.shown}. Give each its own sheet: …")
    with spooled(parcels, LIMITS) as copies, whole_file(target) as path:
        _write_workbook(copies, path)
        size = path.stat().st_size
    return [Delivered(p.source.name, p.target.kind, target.shown, p.source.rows, size) for p in parcels]


class Sink(io.FileIO):
    """A file that takes all that comes after an error too, so that the writer's archive ends in order."""

    trouble: OSError | None = None

    def write(self, data: "ReadableBuffer") -> int:
        """Write everything, or keep the error that stopped it."""
        left = memoryview(data).cast("B")
        size = len(left)
        while left and self.trouble is None:
            try:
                left = left[super().write(left) :]
            except OSError as error:
                self.trouble = error
        return size


def _write_workbook(parcels: Sequence[Delivery], path: Path) -> None:
    import xlsxwriter

    # Text stays text: what looks like a formula or a link was typed into a form by somebody.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Sink(path, "wb") as sink:
        workbook = xlsxwriter.Workbook(sink, options)
        workbook.use_zip64()
        styles = Styles(workbook)
        for parcel in parcels:
            sheet = workbook.add_worksheet(title_of(parcel.target, parcel.source.name))
            _write_sheet(sheet, parcel.source, styles, header=parcel.target.header)
        workbook.close()
        if sink.trouble:
            raise sink.trouble


class Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: "Workbook") -> None:
        self._workbook = workbook
        self._made: dict[str, Format] = {}
        self.header: Format = workbook.add_format(HEADER)

    def of(self, kind: pa.DataType) -> "Format":
        """Return the format of a column's cells."""
        name = str(kind)
        if name not in self._made:
            self._made[name] = self._workbook.add_format(_look(kind))
        return self._made[name]


def _look(kind: pa.DataType) -> dict[str, str | int]:
    if pa.types.is_string(kind):
        return {"indent": 1}  # or it would touch the number to its left
    if pa.types.is_boolean(kind):
        return {"num_format": TRUTH, "align": "center"}
    shown = number_format(kind)
    return {"num_format": shown} if shown else {}


def _write_sheet(sheet: "Worksheet", source: Source, styles: Styles, *, header: bool) -> None:
    for number, width in enumerate(widths(source)):
        sheet.set_column(number, number, width)
    if header:
        _write_header(sheet, source, styles)
    formats = [styles.of(kind) for kind in source.schema.types]
    for row, values in enumerate(_rows(source), start=int(header)):
        for column, value in enumerate(values):
            _write_cell(sheet, row, column, value, formats[column])
    last = source.rows + header - 1
    if last >= 0 and len(source.schema):
        # Long numbers are text on purpose, which Excel would mark as a mistake in every cell.
        sheet.ignore_errors({"number_stored_as_text": f"A1:{_letters(len(source.schema))}{last + 1}"})


def _write_header(sheet: "Worksheet", source: Source, styles: Styles) -> None:
    for column, field in enumerate(source.schema):
        sheet.write_string(0, column, field.name, styles.header)
        if pa.types.is_timestamp(field.type) and field.type.tz:
            sheet.write_comment(0, column, UTC_NOTE)
    sheet.freeze_panes(1, 0)
    if len(source.schema):
        sheet.autofilter(0, 0, source.rows, len(source.schema) - 1)


def _letters(columns: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(columns - 1))


def _rows(source: Source) -> Iterator[tuple[Cell, ...]]:
    for batch in source.batches:
        yield from zip(*[format_values(column) for column in batch.columns], strict=True)


def _write_cell(sheet: "Worksheet", row: int, column: int, value: Cell, look: "Format") -> None:
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(row, column, value, look)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, look)
    else:
        sheet.write_number(row, column, value, look)


def _longest(column: pa.Array) -> int:
    texts = as_text(column).to_pylist()
    return max((len(line) for text in texts if text for line in text.splitlines()), default=0)


def widths(source: Source) -> list[int]:
    """Return widths that show the name and the first thousand values, within reason."""
    longest = [len(name) + FILTER_BUTTON for name in source.schema.names]
    left = ROWS_TO_MEASURE
    for batch in source.batches:
        measured = batch.slice(0, left)
        longest = [max(now, _longest(column) + 2) for now, column in zip(longest, measured.columns, strict=True)]
        left -= measured.num_rows
        if left <= 0:
            break
    return [min(max(length, NARROWEST), WIDEST) for length in longest]


DESTINATION = Destination(
    name="xlsx",
    title="Excel",
    example="out/deals.xlsx",
    write=write,
    check=check,
    endings=(".xlsx",),
    options=frozenset({"sheet", "header"}),
    shared=True,
)
