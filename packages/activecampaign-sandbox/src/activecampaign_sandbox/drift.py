"""How the keys of rows change without notice: renamed and back, gone, come, of another type."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from activecampaign_sandbox.limits import limited
from activecampaign_sandbox.wire import Row

TYPES: Mapping[str, Callable[[Any], Any]] = {
    "text": lambda value: value if value is None or isinstance(value, list | dict) else str(value),
    "number": lambda value: int(value) if isinstance(value, str) and value.lstrip("-").isdecimal() else value,
}


@dataclass(slots=True)
class Drift:
    """What is different about the keys of one kind of record than when its rows were made."""

    renamed: dict[str, str] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    added: Row = field(default_factory=dict)
    retyped: dict[str, str] = field(default_factory=dict)

    def rename(self, old: str, new: str) -> None:
        """Call a key otherwise from now on; calling it as at first ends that."""
        first = next((name for name, now in self.renamed.items() if now == old), old)
        self.renamed.pop(first, None)
        if first != new:
            self.renamed[first] = new

    def remove(self, name: str) -> None:
        """Send a key no more."""
        if self.added.pop(name, self) is self:
            self.removed.add(name)

    def add(self, name: str, value: object) -> None:
        """Send a key again that was removed, or one that nobody knew, with the same value in every row."""
        if name in self.removed:
            self.removed.discard(name)
        else:
            self.added[name] = value

    def retype(self, name: str, kind: str | None) -> None:
        """Send a key's values as text or as numbers from now on, or with None as they are.

        Raises ValueError for another type.
        """
        if kind is not None and kind not in TYPES:
            raise ValueError(f"{kind!r} is none of {', '.join(TYPES)}")
        self.retyped.pop(name, None)
        if kind is not None:
            self.retyped[name] = kind

    def shown(self, row: Row) -> Row:
        """Return a row as it is sent now; the stub of a limited deal gets no further keys."""
        typed = {name: TYPES[kind](row[name]) for name, kind in self.retyped.items() if name in row}
        sent = {**row, **typed}
        kept = {self.renamed.get(name, name): value for name, value in sent.items() if name not in self.removed}
        return kept if limited(row) else {**kept, **self.added}
