"""A mistake in the flow file: where it stands, what it is, and what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from acflow.errors import ConfigError

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A position in the file, counted from one."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake; `key` is its path in the file, such as `flows.open_deals.where`."""

    file: str
    line: int
    column: int
    key: str
    message: str
    fix: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}"
        key = f" {self.key}:" if self.key else ""
        fix = f" {self.fix}" if self.fix else ""
        return f"{where}:{key} {self.message}{fix}"


class SqlMistakeError(Exception):
    """A mistake in a piece of SQL; line and column count from one within it, 0 if they are not known."""

    def __init__(self, message: str, fix: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message, self.fix, self.line, self.column = message, fix, line, column


class FlowFileError(ConfigError):
    """The flow file has mistakes; the message lists every one of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems), key=lambda p: (p.file, p.line, p.column, p.key, p.message))
        count = len(self.problems)
        head = f"{count} mistake{'s' if count != 1 else ''} in the flow file. Nothing was read or written."
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant, compared without regard to case."""
    by_lower = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def suggest(word: str, known: Iterable[str], noun: str) -> str:
    """Return a fix for an unknown word: the nearest one, or the whole choice while it is short enough to read."""
    names = list(known)
    if near := nearest(word, names):
        return f"Did you mean `{near}`?"
    if not names:
        return ""
    shown = ", ".join(f"`{name}`" for name in names[:30])
    more = f" and {len(names) - 30} more" if len(names) > 30 else ""  # noqa: PLR2004 - a list that still fits a screen
    return f"The {noun} are {shown}{more}."


def dotted(path: Path) -> str:
    """Write `("flows", "a", "sort", 0)` as `flows.a.sort[0]`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
