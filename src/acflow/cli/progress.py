"""How a run goes, while it goes: bars on a terminal, a line every few seconds elsewhere."""

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from acflow.app.events import EntityProgress, Event, Phase, Remark, Step
from acflow.cli import console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress, TaskID

    from acflow.app.events import OnEvent

LINE_EVERY = 5.0  # seconds
DRAW_EVERY = 0.1
MINUTE, HOUR = 60, 3600


class View(Protocol):
    """Something that shows how far each entity is, and lines of text."""

    def progress(self, event: EntityProgress) -> None: ...

    def say(self, text: str) -> None: ...


@contextmanager
def following(*, quiet: bool) -> "Iterator[OnEvent]":
    """Yield what takes the events of a run and shows on stderr how it goes."""
    if quiet:
        yield lambda _: None
    elif sys.stderr.isatty():
        with bars() as drawn:
            yield Follower(Bars(drawn))
    else:
        yield Follower(Lines())


class Follower:
    """Puts events into words."""

    def __init__(self, view: View) -> None:
        self._view = view

    def __call__(self, event: Event) -> None:
        """Show an event, if there is anything to say of it."""
        if isinstance(event, EntityProgress):
            self._view.progress(event)
        elif isinstance(event, Remark):
            self._view.say(event.text)
        elif isinstance(event, Phase):
            self._view.say(phase(event))


def phase(event: Phase) -> str:
    """Return a part of a run in words."""
    names = ", ".join(event.names)
    many = "" if len(event.names) == 1 else "s"
    words = {
        Step.READ: f"Reading {names}",
        Step.LOAD: "Loading",
        Step.GATHER: f"Gathering {names} of all accounts",
        Step.COMPUTE: f"Computing {len(event.names)} flow{many}",
        Step.DELIVER: f"Delivering {names}",
        Step.PUBLISH: "Publishing",
        Step.LAKE: "Publishing to the lake",
    }
    return words[event.step]


class Lines:
    """One line for all entities every few seconds, for logs."""

    def __init__(self) -> None:
        self._latest: dict[str, EntityProgress] = {}
        self._last = time.monotonic()

    def progress(self, event: EntityProgress) -> None:
        """Take note of a page, and speak if it is time."""
        self._latest[event.entity] = event
        if time.monotonic() - self._last < LINE_EVERY:
            return
        self._last = time.monotonic()
        parts = (f"{name} {rows_of(latest)}{hint(latest)}" for name, latest in self._latest.items() if not latest.done)
        self.say("; ".join(parts))

    def say(self, text: str) -> None:
        """Print a line."""
        console.say(text)


class Bars:
    """A bar for each entity."""

    def __init__(self, progress: "Progress") -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}
        self._drawn: dict[str, float] = {}

    def progress(self, event: EntityProgress) -> None:
        """Draw the entity's bar again, if it is time."""
        name, now = event.entity, time.monotonic()
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(name, total=None, rows="", hint="")
        if now - self._drawn.get(name, 0.0) < DRAW_EVERY and not event.done:
            return
        self._drawn[name] = now
        total = event.rows if event.done else event.total
        self._progress.update(
            self._tasks[name],
            total=max(total or 0, 1) if total is not None else None,
            completed=event.rows or (1 if event.done else 0),
            rows=rows_of(event),
            hint=console.redact(hint(event)),
        )

    def say(self, text: str) -> None:
        """Print a line above the bars."""
        self._progress.console.print(console.redact(console.printable(text)))


def bars() -> "Progress":
    """Return bars, of which each has a name, how many rows have come, and a hint."""
    from rich.progress import BarColumn, Progress, TextColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[rows]}{task.fields[hint]}", markup=False),
        console=console.rich_console(),
    )


def rows_of(event: EntityProgress) -> str:
    """Return how many rows have come, and of how many."""
    if event.done or event.total is None:
        return f"{event.rows:,} rows"
    return f"{event.rows:,} of {event.total:,} rows"


def hint(event: EntityProgress) -> str:
    """Return how fast it goes and how long it will take, or what it waits for."""
    if event.done:
        return ""
    if event.waiting_for:
        return f", trying again: {event.waiting_for}"
    rate = event.rows / event.seconds if event.seconds >= 1 else 0.0
    if not rate:
        return ""
    left = event.missing / rate
    return f", {rate:,.0f}/s" + (f", {duration(left)} left" if left >= 1 else "")


def duration(seconds: float) -> str:
    """Return seconds as a person would say them."""
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    if seconds < HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds // HOUR:.0f} h {seconds % HOUR // MINUTE:.0f} min"
