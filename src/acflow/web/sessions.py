"""Who is logged in: sessions in memory, and a pause after too many wrong passwords."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from acflow.app.people import Person

COOKIE = "acflow_session"
LASTS = 12 * 3600.0  # seconds
TRIES, PAUSE = 5, 60.0  # wrong passwords of a name, and the seconds for which it then has to wait
MOST_NAMES = 10_000


@dataclass
class Sessions:
    """The sessions of one server; a restart ends them all."""

    state: Path
    clock: Callable[[], float] = time.monotonic
    _open: dict[str, tuple[str, float]] = field(default_factory=dict)
    _wrong: dict[str, list[float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def needed(self) -> bool:
        """Whether people have to log in."""
        from acflow.app.people import FILE, list_people

        return (self.state / FILE).exists() and bool(list_people(self.state))

    def person(self, session: str) -> "Person | None":
        """Return who a session belongs to, as the list of people is now."""
        from acflow.app.people import list_people

        name, until = self._open.get(session, ("", 0.0))
        if until < self.clock():
            return None
        return next((person for person in list_people(self.state) if person.name == name), None)

    def wait(self, name: str) -> float:
        """Return for how many seconds a name has to wait after too many wrong passwords."""
        with self._lock:
            recent = [moment for moment in self._wrong.get(name, []) if moment > self.clock() - PAUSE]
            self._wrong[name] = recent
            return recent[0] + PAUSE - self.clock() if len(recent) >= TRIES else 0.0

    def log_in(self, name: str, password: str) -> str | None:
        """Open a session of a name that nobody could know before; None if the password is wrong."""
        from acflow.app.people import person_of

        if person_of(self.state, name, password) is None:
            with self._lock:
                if len(self._wrong) > MOST_NAMES:
                    self._wrong.clear()
                self._wrong.setdefault(name, []).append(self.clock())
            return None
        session = secrets.token_urlsafe(32)
        with self._lock:
            self._wrong.pop(name, None)
            self._open[session] = (name, self.clock() + LASTS)
        return session

    def log_out(self, session: str) -> None:
        """End a session."""
        with self._lock:
            self._open.pop(session, None)
