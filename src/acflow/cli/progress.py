"""How a run goes, while it goes: bars on a terminal, a line every few seconds elsewhere."""

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from acflow.cli import console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress, TaskID

    from acflow.app import Listener
    from acflow.source.reader import EntityRead

LINE_EVERY = 5.0  # seconds
DRAW_EVERY = 0.1
MINUTE, HOUR = 60, 3600


@contextmanager
def following(*, quiet: bool) -> "Iterator[Listener]":
    """Yield a listener that shows on stderr how the reading goes."""
    from acflow.app import Listener

    if quiet:
        yield Listener()
    elif sys.stderr.isatty():
        with _bars() as bars:
            shown = Bars(bars)
            yield Listener(walked=shown.walked, said=shown.said)
    else:
        lines = Lines()
        yield Listener(walked=lines.walked, said=console.say)


class Lines:
    """One line for all entities every few seconds, for logs."""

    def __init__(self) -> None:
        self._walks: dict[str, EntityRead] = {}
        self._last = time.monotonic()

    def walked(self, entity_read: "EntityRead") -> None:
        """Take note of a page, and speak if it is time."""
        self._walks[entity_read.entity.name] = entity_read
        if time.monotonic() - self._last < LINE_EVERY:
            return
        self._last = time.monotonic()
        parts = (f"{name} {rows_of(each)}{hint(each)}" for name, each in self._walks.items() if not each.over)
        console.say("; ".join(parts))


class Bars:
    """A bar for each entity."""

    def __init__(self, progress: "Progress") -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}
        self._drawn: dict[str, float] = {}

    def walked(self, entity_read: "EntityRead") -> None:
        """Draw the entity's bar again, if it is time."""
        name, now = entity_read.entity.name, time.monotonic()
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(name, total=None, rows="", hint="")
        if now - self._drawn.get(name, 0.0) < DRAW_EVERY and not entity_read.over:
            return
        self._drawn[name] = now
        total = entity_read.plan.stats.received if entity_read.over else entity_read.plan.stats.last_total
        self._progress.update(
            self._tasks[name],
            total=max(total or 0, 1) if total is not None else None,
            completed=entity_read.plan.stats.received or (1 if entity_read.over else 0),
            rows=rows_of(entity_read),
            hint=console.redact(hint(entity_read)),
        )

    def said(self, text: str) -> None:
        """Print a line above the bars."""
        self._progress.console.print(console.redact(console.printable(text)))


def _bars() -> "Progress":
    from rich.progress import BarColumn, Progress, TextColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[rows]}{task.fields[hint]}", markup=False),
        console=console.rich_console(),
    )


def rows_of(entity_read: "EntityRead") -> str:
    """Return how many rows have come, and of how many."""
    tally = entity_read.plan.stats
    if entity_read.over or tally.last_total is None:
        return f"{tally.received:,} rows"
    return f"{tally.received:,} of {tally.last_total:,} rows"


def hint(entity_read: "EntityRead") -> str:
    """Return how fast it goes and how long it will take, or what it waits for."""
    if entity_read.over:
        return ""
    if entity_read.waiting_for:
        return f", trying again: {entity_read.waiting_for}"
    seconds = time.monotonic() - entity_read.started
    rate = entity_read.plan.stats.received / seconds if seconds >= 1 else 0.0
    if not rate:
        return ""
    left = entity_read.plan.stats.missing / rate
    return f", {rate:,.0f}/s" + (f", {duration(left)} left" if left >= 1 else "")


def duration(seconds: float) -> str:
    """Return seconds as a person would say them."""
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    if seconds < HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds // HOUR:.0f} h {seconds % HOUR // MINUTE:.0f} min"
