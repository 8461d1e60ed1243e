"""Excel by XlsxWriter: typed cells, a sheet for each flow that goes to the workbook.

Shares are percentages, amounts carry the code and the decimals of their currency, counts have thousands separators, and
instants are dates of the chosen zone, which the header names: a cell knows no zone.

The workbook is written anew with every delivery. https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
"""

import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from acflow.destinations.atomic_file import attempt_file, check_file, whole_file
from acflow.destinations.buffered import Limits, spooled
from acflow.destinations.format_values import PLAIN_FORMATS, Cell, format_values, number_format
from acflow.destinations.instants import in_zone, zone_trouble
from acflow.destinations.model import Delivered, Delivery, Destination, Source, Target
from acflow.destinations.presentation import Look, Shown, looks, money_format
from acflow.destinations.suggest import meant
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
NO_XML = re.compile("[\ufffe\uffff]")
NARROWEST, WIDEST = 8, 60
FILTER_BUTTON = 3  # characters that it covers
ROWS_TO_MEASURE = 1_000
HEADER = {"bold": True, "bg_color": "#E7EDF5", "font_color": "#1F2A3A", "bottom": 1, "indent": 1}
TRUTH = '"TRUE";"TRUE";"FALSE"'  # Excel shows truth as such by itself, LibreOffice only where a format says so
CODE_ROOM = 7  # characters of a currency's code and of the separators of an amount


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
    for column, shown in target.formats.items():
        if shown not in {*Shown}:
            raise ConfigError(f"formats: {column}: {shown} is none. {meant(shown, Shown)}")
    if trouble := zone_trouble(target.zone):
        raise ConfigError(trouble)
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
            _write_sheet(sheet, parcel.source, styles, parcel.target)
        workbook.close()
        if sink.trouble:
            raise sink.trouble


class Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: "Workbook") -> None:
        self._workbook = workbook
        self._made: dict[str, Format] = {}
        self.header: Format = workbook.add_format(HEADER)

    def of(self, kind: pa.DataType, look: Look) -> "Format":
        """Return the format of a column's cells."""
        return self._format(f"{kind} {look.shown}", _cells(kind, look))

    def money(self, code: Cell) -> "Format":
        """Return the format of an amount in that currency."""
        shown = money_format(code if isinstance(code, str) else None)
        return self._format(shown, {"num_format": shown})

    def _format(self, name: str, properties: dict[str, str | int]) -> "Format":
        if name not in self._made:
            self._made[name] = self._workbook.add_format(properties)
        return self._made[name]


def _cells(kind: pa.DataType, look: Look) -> dict[str, str | int]:
    if pa.types.is_string(kind):
        return {"indent": 1}  # or it would touch the number to its left
    if pa.types.is_boolean(kind):
        return {"num_format": TRUTH, "align": "center"}
    shown = PLAIN_FORMATS.get(look.shown) or number_format(kind)
    return {"num_format": shown} if shown else {}


def _write_sheet(sheet: "Worksheet", source: Source, styles: Styles, target: Target) -> None:
    shown = looks(source.schema, target.formats)
    for number, width in enumerate(widths(source, target)):
        sheet.set_column(number, number, width)
    if target.header:
        _write_header(sheet, source, styles, target)
    formats = [styles.of(kind, look) for kind, look in zip(source.schema.types, shown, strict=True)]
    amounts = [(place, look.currency) for place, look in enumerate(shown) if look.currency is not None]
    for row, values in enumerate(_rows(source, target.zone), start=int(target.header)):
        for place, currency in amounts:
            formats[place] = styles.money(values[currency])
        for column, value in enumerate(values):
            _write_cell(sheet, row, column, value, formats[column])
    last = source.rows + target.header - 1
    if last >= 0 and len(source.schema):
        # Long numbers are text on purpose, which Excel would mark as a mistake in every cell.
        sheet.ignore_errors({"number_stored_as_text": f"A1:{_letters(len(source.schema))}{last + 1}"})


def headings(source: Source, target: Target) -> list[str]:
    """Return the names of the columns; an instant's zone stands behind its name."""
    return [
        f"{field.name} ({target.zone})" if pa.types.is_timestamp(field.type) and field.type.tz else field.name
        for field in source.schema
    ]


def _write_header(sheet: "Worksheet", source: Source, styles: Styles, target: Target) -> None:
    for column, name in enumerate(headings(source, target)):
        sheet.write_string(0, column, xml_text(name), styles.header)
    sheet.freeze_panes(1, 0)
    if len(source.schema):
        sheet.autofilter(0, 0, source.rows, len(source.schema) - 1)


def _letters(columns: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(columns - 1))


def _rows(source: Source, zone: str) -> Iterator[tuple[Cell, ...]]:
    for batch in source.batches:
        yield from zip(*[format_values(column, in_zone(column, zone)) for column in batch.columns], strict=True)


def _write_cell(sheet: "Worksheet", row: int, column: int, value: Cell, look: "Format") -> None:
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(row, column, xml_text(value), look)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, look)
    else:
        sheet.write_number(row, column, value, look)


def xml_text(text: str) -> str:
    """Return the text without the two code points that XML cannot hold and XlsxWriter does not escape."""
    return NO_XML.sub("\ufffd", text)


def _longest(column: pa.Array) -> int:
    texts = as_text(column).to_pylist()
    return max((len(line) for text in texts if text for line in text.splitlines()), default=0)


def widths(source: Source, target: Target) -> list[int]:
    """Return widths that show the name and the first thousand values, within reason."""
    longest = [len(name) + FILTER_BUTTON for name in headings(source, target)]
    spare = [CODE_ROOM if look.shown is Shown.MONEY else 2 for look in looks(source.schema, target.formats)]
    left = ROWS_TO_MEASURE
    for batch in source.batches:
        measured = batch.slice(0, left)
        longest = [
            max(now, _longest(column) + more)
            for now, column, more in zip(longest, measured.columns, spare, strict=True)
        ]
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
    attempt=attempt_file,
    endings=(".xlsx",),
    options=frozenset({"sheet", "header", "zone", "formats"}),
    shared=True,
)
