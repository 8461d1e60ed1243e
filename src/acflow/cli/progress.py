"""How a run goes, while it goes: bars on a terminal, a line every few seconds elsewhere."""

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from acflow.cli import talk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress, TaskID

    from acflow.api.reader import Walk
    from acflow.run import Listener

LINE_EVERY = 5.0  # seconds
DRAW_EVERY = 0.1
MINUTE, HOUR = 60, 3600


@contextmanager
def following(*, quiet: bool) -> "Iterator[Listener]":
    """Yield a listener that shows on stderr how the reading goes."""
    from acflow.run import Listener

    if quiet:
        yield Listener()
    elif sys.stderr.isatty():
        with _bars() as bars:
            shown = Bars(bars)
            yield Listener(walked=shown.walked, said=shown.said)
    else:
        lines = Lines()
        yield Listener(walked=lines.walked, said=talk.say)


class Lines:
    """One line for all entities every few seconds, for logs."""

    def __init__(self) -> None:
        self._walks: dict[str, Walk] = {}
        self._last = time.monotonic()

    def walked(self, walk: "Walk") -> None:
        """Take note of a page, and speak if it is time."""
        self._walks[walk.entity.name] = walk
        if time.monotonic() - self._last < LINE_EVERY:
            return
        self._last = time.monotonic()
        parts = (f"{name} {rows_of(each)}{hint(each)}" for name, each in self._walks.items() if not each.over)
        talk.say("; ".join(parts))


class Bars:
    """A bar for each entity."""

    def __init__(self, progress: "Progress") -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}
        self._drawn: dict[str, float] = {}

    def walked(self, walk: "Walk") -> None:
        """Draw the entity's bar again, if it is time."""
        name, now = walk.entity.name, time.monotonic()
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(name, total=None, rows="", hint="")
        if now - self._drawn.get(name, 0.0) < DRAW_EVERY and not walk.over:
            return
        self._drawn[name] = now
        total = walk.plan.tally.received if walk.over else walk.plan.tally.last_total
        self._progress.update(
            self._tasks[name],
            total=max(total or 0, 1) if total is not None else None,
            completed=walk.plan.tally.received or (1 if walk.over else 0),
            rows=rows_of(walk),
            hint=talk.redact(hint(walk)),
        )

    def said(self, text: str) -> None:
        """Print a line above the bars."""
        self._progress.console.print(talk.redact(talk.printable(text)))


def _bars() -> "Progress":
    from rich.progress import BarColumn, Progress, TextColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[rows]}{task.fields[hint]}", markup=False),
        console=talk.console(),
    )


def rows_of(walk: "Walk") -> str:
    """Return how many rows have come, and of how many."""
    tally = walk.plan.tally
    if walk.over or tally.last_total is None:
        return f"{tally.received:,} rows"
    return f"{tally.received:,} of {tally.last_total:,} rows"


def hint(walk: "Walk") -> str:
    """Return how fast it goes and how long it will take, or what it waits for."""
    if walk.over:
        return ""
    if walk.waiting_for:
        return f", trying again: {walk.waiting_for}"
    seconds = time.monotonic() - walk.started
    rate = walk.plan.tally.received / seconds if seconds >= 1 else 0.0
    if not rate:
        return ""
    left = walk.plan.tally.missing / rate
    return f", {rate:,.0f}/s" + (f", {duration(left)} left" if left >= 1 else "")


def duration(seconds: float) -> str:
    """Return seconds as a person would say them."""
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    if seconds < HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds // HOUR:.0f} h {seconds % HOUR // MINUTE:.0f} min"
