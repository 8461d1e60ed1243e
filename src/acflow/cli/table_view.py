"""A table to look at: as many columns as fit the window, and a word about what is left out."""

import shutil
import sys
from collections.abc import Sequence

import pyarrow as pa
from rich.cells import cell_len, set_cell_size

from acflow.cli import console, stdout
from acflow.cli.format_values import named_apart, plain, rounded

MOST_ROWS = 1000
WIDEST_CELL = 40
WIDEST_PIPED = 1000  # one long cell must not fill the lines of all others with blanks
GAP = 2  # places between two cells
RULE = "─"


class TableView:
    """Collects rows until there are more than anybody would look at, then prints them."""

    def __init__(self, schema: pa.Schema, interest: Sequence[str] = ()) -> None:
        """Take the columns; those of `interest` come first, as far as there are such, where not all find room."""
        self._names = named_apart(schema.names)
        wanted = [self._names.index(name) for name in interest if name in self._names]
        self._by_interest = [*wanted, *(place for place in range(len(self._names)) if place not in wanted)]
        self._shown = list(range(len(self._names)))
        self._right = [
            pa.types.is_integer(f.type) or pa.types.is_floating(f.type) or pa.types.is_decimal(f.type) for f in schema
        ]
        self._rows: list[tuple[str, ...]] = []
        self._full = False

    def take(self, batch: pa.RecordBatch) -> bool:
        """Take a batch; return whether there is room for more."""
        room = MOST_ROWS - len(self._rows)
        self._full = self._full or batch.num_rows > room
        columns = [plain(rounded(column)).to_pylist() for column in batch.slice(0, room).columns]
        self._rows += [tuple(map(_cell, values)) for values in zip(*columns, strict=True)]
        return not self._full

    def show(self, more: str) -> None:
        """Print the table on stdout, and what it leaves out on stderr."""
        widths = self._widths()
        rule = RULE * (sum(widths) + GAP * (len(widths) - 1))
        stdout.write(
            "\n".join([self._line(self._names, widths), rule, *(self._line(row, widths) for row in self._rows)])
        )
        left = len(self._names) - len(widths)
        if left:
            console.say(f"{left} more columns do not fit; a wider window or --json shows them.")
        if self._full:
            console.say(f"There are more than {MOST_ROWS:,} rows; --format csv prints all.")
        elif more:
            console.say(more)

    def _widths(self) -> list[int]:
        """Choose the columns that fit the window, all if there is none, and return their widths."""
        widths = [max(map(cell_len, column)) for column in zip(self._names, *self._rows, strict=True)]
        if not sys.stdout.isatty():
            return [min(width, WIDEST_PIPED) for width in widths]
        widths = [min(width, WIDEST_CELL) for width in widths]
        room = shutil.get_terminal_size().columns
        if sum(widths) + GAP * (len(widths) - 1) > room:
            self._shown = _that_fit(self._by_interest, widths, room)
        return [widths[place] for place in self._shown]

    def _line(self, cells: Sequence[str], widths: Sequence[int]) -> str:
        fitted = (
            _fit(cells[place], width, self._right[place]) for place, width in zip(self._shown, widths, strict=True)
        )
        return (" " * GAP).join(fitted).rstrip()


def _that_fit(order: Sequence[int], widths: Sequence[int], room: int) -> list[int]:
    """Return the columns that fit, in this order; one that is too wide leaves its room to the next."""
    shown = [order[0]]
    left = room - widths[order[0]]
    for place in order[1:]:
        if widths[place] + GAP <= left:
            shown.append(place)
            left -= widths[place] + GAP
    return shown


def _fit(cell: str, width: int, right: bool) -> str:
    """Return the cell in exactly that many places of a terminal; some letters take two."""
    spare = width - cell_len(cell)
    if spare < 0:
        return set_cell_size(cell, width - 1) + "…"
    return " " * spare + cell if right else cell + " " * spare


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else console.printable(str(value).replace("\n", " "))
