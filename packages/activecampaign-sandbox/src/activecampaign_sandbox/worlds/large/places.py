"""Arithmetic that stands in for stored rows: which id is the n-th, and which row comes n-th in an order."""

from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass, field
from math import gcd

BLOCK, HOLE = 50, 3  # after so many rows, so many ids are missing
JUMP_AFTER, JUMP = 0.3, 0.25  # and once, a quarter of all ids is missing: a big import that was taken back
STRIDE = 0.618_033_988_749  # golden section: neighbours in the shuffled order are far apart by id


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of `count` rows, ascending and with gaps."""

    count: int

    @property
    def _jump(self) -> tuple[int, int]:
        return int(self.count * JUMP_AFTER), int(self.count * JUMP)

    def key(self, index: int) -> int:
        """Return the id of the row with this index."""
        after, jump = self._jump
        return 1 + index + index // BLOCK * HOLE + (jump if index >= after else 0)

    def first_from(self, key: int) -> int:
        """Return the index of the first row whose id is this one or above; `count` if there is none."""
        after, jump = self._jump
        bare = key - 1
        if bare >= self.key(after) - 1:
            bare -= jump
        elif bare > self.key(after) - 1 - jump:
            return after
        block, rest = divmod(bare, BLOCK + HOLE)
        return max(0, min(self.count, block * BLOCK + min(rest, BLOCK)))

    def index(self, key: int) -> int | None:
        """Return the index of the row with this id, if there is one."""
        found = self.first_from(key)
        return found if found < self.count and self.key(found) == key else None


@dataclass(frozen=True, slots=True)
class Shuffle:
    """A fixed order of `count` rows that has nothing to do with their ids, and its inverse."""

    count: int
    stride: int
    back: int

    @classmethod
    def of(cls, count: int) -> "Shuffle":
        """Find a stride that reaches every row."""
        stride = max(1, int(count * STRIDE))
        while gcd(stride, count) > 1:
            stride += 1
        return cls(count, stride, pow(stride, -1, count) if count > 1 else 0)

    def index(self, position: int) -> int:
        """Return which row stands at a position."""
        return position * self.stride % self.count

    def position(self, index: int) -> int:
        """Return where a row stands."""
        return index * self.back % self.count


@dataclass(slots=True)
class Line:
    """Positions from 0 on, some of which have been taken out."""

    gone: list[int] = field(default_factory=list)

    def take_out(self, position: int) -> None:
        """Take a position out."""
        insort(self.gone, position)

    def between(self, low: int, high: int) -> int:
        """Return how many are left from `low` up to `high`, without it."""
        return max(0, high - low - bisect_left(self.gone, high) + bisect_left(self.gone, low))

    def walk(self, low: int, high: int, count: int) -> list[int]:
        """Return the first `count` positions left from `low` up to `high`, without it."""
        if not self.gone:
            return list(range(low, min(high, low + count)))
        found: list[int] = []
        taken = set(self.gone[bisect_left(self.gone, low) :])
        position = low
        while position < high and len(found) < count:
            if position not in taken:
                found.append(position)
            position += 1
        return found

    def skip(self, low: int, count: int) -> int:
        """Return the position that `count` positions left lie before, counted from `low`."""
        base = bisect_left(self.gone, low)
        position = low + count
        while True:
            moved = low + count + bisect_right(self.gone, position) - base
            if moved == position:
                return position
            position = moved
