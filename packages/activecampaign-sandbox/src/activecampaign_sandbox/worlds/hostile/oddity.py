"""Named oddities, and how rows come to have them: one row, one oddity, so that a failure names its cause."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from activecampaign_sandbox.wire import Row


class Missing:
    """Stands for a key that is not there."""


MISSING: Final = Missing()
ONLY: Final = "only"  # a case that holds this key gives the whole row, apart from its id


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something that breaks readers: what it is, and the changes to a plain row that show it."""

    name: str
    cases: tuple[Mapping[str, Any], ...]


def values(field: str, *of: object) -> tuple[Mapping[str, Any], ...]:
    """Return one case per value of a field."""
    return tuple({field: value} for value in of)


def bent(row: Row, case: Mapping[str, Any]) -> Row:
    """Return a row with one case applied."""
    if ONLY in case:
        return {**case[ONLY], "id": row["id"]}
    changed = {**row, **case}
    return {name: value for name, value in changed.items() if value is not MISSING}


def cases_of(oddities: tuple[Oddity, ...]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every case with the name of its oddity."""
    for oddity in oddities:
        for case in oddity.cases:
            yield oddity.name, case
