"""How a run over several accounts goes: a bar for each on a terminal, a line every few seconds elsewhere."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from acflow.app.events import EntityProgress, Event, Phase, Remark, RunFinished, Step
from acflow.cli import console
from acflow.cli.progress import DRAW_EVERY, LINE_EVERY, bars, phase

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from acflow.app.accounts import OnAccountEvent

MOST_NAMED = 8  # accounts in one line of a log
ALL = "all"


class AccountProgress:
    """What is known of one account's reading: rows so far, and how many are promised."""

    def __init__(self) -> None:
        self.entities: dict[str, EntityProgress] = {}
        self.doing = "waiting"
        self.over = False

    def hear(self, event: Event) -> None:
        """Take note of an event."""
        if isinstance(event, EntityProgress):
            self.entities[event.entity] = event
        elif isinstance(event, Phase):
            self.doing = {Step.READ: "reading", Step.LOAD: "loading", Step.COMPUTE: "computing"}.get(
                event.step, event.step.value
            )
        elif isinstance(event, RunFinished):
            self.doing, self.over = event.status, True

    @property
    def rows(self) -> int:
        """How many rows have come."""
        return sum(entity.rows for entity in self.entities.values())

    @property
    def total(self) -> int | None:
        """How many rows there will be; None until the account has said."""
        totals = [entity.rows if entity.done else entity.total for entity in self.entities.values()]
        return sum(total or 0 for total in totals) if totals and None not in totals else None

    @property
    def shown(self) -> str:
        """What it does, in words."""
        waiting = next((each.waiting_for for each in self.entities.values() if each.waiting_for), None)
        if waiting and self.doing == "reading":
            return f"trying again: {waiting}"
        return f"{self.doing}, {self.rows:,} rows" if self.entities else self.doing


@contextmanager
def following(names: Sequence[str], *, quiet: bool) -> "Iterator[OnAccountEvent]":
    """Yield what takes the events of the accounts' runs and shows on stderr how they go."""
    if quiet:
        yield lambda _, __: None
    elif sys.stderr.isatty():
        with bars() as drawn:
            yield Bars(drawn, names)
    else:
        yield Lines()


class Lines:
    """One line every few seconds for all accounts that are at work, for logs."""

    def __init__(self) -> None:
        self._accounts: dict[str, AccountProgress] = {}
        self._last = time.monotonic()

    def __call__(self, account: str, event: Event) -> None:
        """Show an event, if there is anything to say of it."""
        known = self._accounts.setdefault(account, AccountProgress())
        known.hear(event)
        if isinstance(event, Remark):
            console.say(event.text if account == ALL else f"{account}: {event.text}")
        elif isinstance(event, RunFinished) and account != ALL:
            console.say(f"{account}: {known.shown}")
        elif isinstance(event, Phase) and account == ALL:
            console.say(phase(event))
        if time.monotonic() - self._last >= LINE_EVERY:
            self._last = time.monotonic()
            busy = [f"{name} {state.shown}" for name, state in self._accounts.items() if not state.over and name != ALL]
            more = f"; {len(busy) - MOST_NAMED} more" if len(busy) > MOST_NAMED else ""
            if busy:
                console.say("; ".join(busy[:MOST_NAMED]) + more)


class Bars:
    """A bar for each account."""

    def __init__(self, progress: "Progress", names: Sequence[str]) -> None:
        self._progress = progress
        self._accounts = {name: AccountProgress() for name in names}
        self._tasks: dict[str, TaskID] = {}
        self._drawn: dict[str, float] = {}

    def __call__(self, account: str, event: Event) -> None:
        """Draw the account's bar again, if it is time."""
        known = self._accounts.setdefault(account, AccountProgress())
        known.hear(event)
        if isinstance(event, Remark):
            text = f"{account}: {event.text}"
            self._progress.console.print(console.redact(console.printable(text)))
            return
        now = time.monotonic()
        if now - self._drawn.get(account, 0.0) < DRAW_EVERY and not known.over:
            return
        self._drawn[account] = now
        if account not in self._tasks:
            self._tasks[account] = self._progress.add_task(account, total=None, rows="", hint="")
        total, rows = known.total, known.rows
        self._progress.update(
            self._tasks[account],
            total=1 if known.over else max(total, 1) if total is not None else None,
            completed=1 if known.over else rows,
            rows=console.redact(console.printable(known.shown)),
        )
