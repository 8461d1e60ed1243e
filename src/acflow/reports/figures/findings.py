"""What the rows say, in one sentence. Pure: each sentence is worked out from numbers and would change with them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from acflow.reports.figures.numbers import percent

Number = float | Decimal
FEW = 10  # below this many observations a rate is noise


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a row of periods: when, how much (None if it could not be told), out of how many."""

    when: str
    value: Number | None
    out_of: int | None = None

    @property
    def thin(self) -> bool:
        """Whether it stands on too few observations to mean anything."""
        return self.out_of is not None and self.out_of < FEW


def trend(name: str, points: Sequence[Point], *, steady: float, say: Callable[[Number], str] = percent) -> str | None:
    """Say where a value stands in the last period and whence it came; None if no period has one that can be trusted.

    A change of less than `steady` (in the value's own unit) counts as none.
    """
    known = [point for point in points if point.value is not None and not point.thin]
    if not known:
        return None
    last = known[-1]
    now = _value(last)
    if len(known) == 1:
        return f"{name} was {say(now)} in {last.when}"
    before = known[-2]
    then = _value(before)
    if abs(float(now) - float(then)) < steady:
        return f"{name} held at {say(now)} in {last.when}"
    moved = "rose" if now > then else "fell"
    return f"{name} {moved} to {say(now)} in {last.when}, from {say(then)} in {before.when}"


def lead(name: str, parts: Sequence[tuple[str, Number]]) -> str | None:
    """Say which part holds most of a whole; None if there is nothing to hold. Parts must not be negative."""
    whole = sum(float(amount) for _, amount in parts)
    if whole <= 0:
        return None
    label, most = max(parts, key=lambda part: part[1])
    share = float(most) / whole
    if len(parts) == 1:
        return f"{label} holds all {name}"
    return f"{label} holds {percent(share, 0)} of {name}"


def joined(words: Sequence[str]) -> str:
    """Return words as a sentence lists them."""
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _value(point: Point) -> Number:
    assert point.value is not None  # noqa: S101 - the caller left the others out
    return point.value
