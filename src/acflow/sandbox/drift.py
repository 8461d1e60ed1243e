"""How the keys of rows change without notice: renamed and back, gone, come."""

from dataclasses import dataclass, field

from acflow.sandbox.limits import limited
from acflow.sandbox.wire import Row


@dataclass(slots=True)
class Drift:
    """What is different about the keys of one kind of record than when its rows were made."""

    renamed: dict[str, str] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    added: Row = field(default_factory=dict)

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

    def shown(self, row: Row) -> Row:
        """Return a row as it is sent now; the stub of a limited deal gets no further keys."""
        kept = {self.renamed.get(name, name): value for name, value in row.items() if name not in self.removed}
        return kept if limited(row) else {**kept, **self.added}
