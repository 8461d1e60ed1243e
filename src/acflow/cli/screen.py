"""A table to look at: as many columns as fit the window, and a word about what is left out."""

import sys

import pyarrow as pa

from acflow.cli import talk
from acflow.cli.cells import named_apart, plain

MOST_ROWS = 1000
WIDEST_CELL = 40
GAP = 2  # columns between two cells


class Screen:
    """Collects rows until there are more than anybody would look at, then prints them."""

    def __init__(self, schema: pa.Schema) -> None:
        self._names = named_apart(schema.names)
        self._right = [
            pa.types.is_integer(f.type) or pa.types.is_floating(f.type) or pa.types.is_decimal(f.type) for f in schema
        ]
        self._rows: list[tuple[str, ...]] = []
        self._full = False

    def take(self, batch: pa.RecordBatch) -> bool:
        """Take a batch; return whether there is room for more."""
        room = MOST_ROWS - len(self._rows)
        self._full = self._full or batch.num_rows > room
        columns = [plain(column).to_pylist() for column in batch.slice(0, room).columns]
        self._rows += [tuple(map(_cell, values)) for values in zip(*columns, strict=True)]
        return not self._full

    def show(self, more: str) -> None:
        """Print the table on stdout, and what it leaves out on stderr."""
        from rich.box import SIMPLE_HEAD
        from rich.table import Table
        from rich.text import Text

        fitting = self._fitting()
        table = Table(box=SIMPLE_HEAD, padding=(0, GAP, 0, 0), pad_edge=False, show_edge=False)
        for name, right in zip(self._names[:fitting], self._right, strict=False):
            table.add_column(Text(name), justify="right" if right else "left", no_wrap=True, max_width=self._widest())
        for row in self._rows:
            table.add_row(*map(Text, row[:fitting]))
        console = talk.console(stderr=False)
        if not sys.stdout.isatty():
            console.width = 100_000
        console.print(table)
        left = len(self._names) - fitting
        if left:
            talk.say(f"{left} more columns do not fit; --format csv prints all.")
        if self._full:
            talk.say(f"There are more than {MOST_ROWS:,} rows; --format csv prints all.")
        elif more:
            talk.say(more)

    @staticmethod
    def _widest() -> int | None:
        return WIDEST_CELL if sys.stdout.isatty() else None

    def _fitting(self) -> int:
        """Return how many columns fit the window; all, if there is none."""
        if not sys.stdout.isatty():
            return len(self._names)
        from rich.cells import cell_len

        left = talk.console(stderr=False).width
        for n, name in enumerate(self._names):
            width = max([cell_len(name), *(cell_len(row[n]) for row in self._rows)])
            left -= min(width, WIDEST_CELL) + GAP
            if left < -GAP:
                return max(n, 1)
        return len(self._names)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else talk.printable(str(value).replace("\n", " "))
