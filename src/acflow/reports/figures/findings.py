"""What the rows say, in one sentence. Pure: each sentence is worked out from numbers and would change with them."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from acflow.reports.figures.numbers import percent

Number = float | Decimal
MOVES = {1: "rose to", 0: "held at", -1: "fell to"}
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


def trend(
    name: str,
    points: Sequence[Point],
    *,
    steady: float,
    year_before: Mapping[str, Point] | None = None,
    say: Callable[[Number], str] = percent,
) -> str | None:
    """Say where a value stands in the last period and whence it came; None if no period has one that can be trusted.

    A change of less than `steady` (in the value's own unit) counts as none. `year_before` is the same period a year
    earlier, by the name of the later one; where the year leads elsewhere than the last step, both are said, since one
    alone would mislead.
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
    step = _direction(then, now, steady)
    moved = f"{MOVES[step]} {say(now)} in {last.when}" + (f", from {say(then)} in {before.when}" if step else "")
    ago = (year_before or {}).get(last.when)
    if ago is None or ago.value is None or ago.thin or ago.when == before.when:
        return f"{name} {moved}"
    over_a_year = _direction(ago.value, now, steady)
    if over_a_year in {0, step}:
        return f"{name} {moved}"
    return f"{name} {moved}, but {'rose' if over_a_year > 0 else 'fell'} from {say(ago.value)} a year before"


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


def likely_range(successes: int, out_of: int) -> tuple[float, float]:
    """Return where a rate may truly be, at 95 per cent: Wilson's interval, which is wide where few were asked."""
    rate, z = successes / out_of, 1.96
    middle = rate + z * z / (2 * out_of)
    reach = z * math.sqrt((rate * (1 - rate) + z * z / (4 * out_of)) / out_of)
    return (middle - reach) / (1 + z * z / out_of), (middle + reach) / (1 + z * z / out_of)


def _direction(then: Number, now: Number, steady: float) -> int:
    change = float(now) - float(then)
    return 0 if abs(change) < steady else 1 if change > 0 else -1


def _value(point: Point) -> Number:
    assert point.value is not None  # noqa: S101 - the caller left the others out
    return point.value
