"""Plain rows as data: what a fresh record of a kind has under each key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from uuid import UUID

from activecampaign_sandbox import clock
from activecampaign_sandbox.wire import Row, relations


class Of(Enum):
    """What stands in a template for what each record has of its own."""

    KEY = "its id as text"
    NUMBER = "its id as a number"
    UUID = "an id made of its number, as the newer parts of the API have"
    MADE = "when it was made, with offset"
    DIGITS = "when it was made, without zone"
    ZULU = "when it was made, in UTC with nanoseconds"


@dataclass(frozen=True, slots=True)
class Template:
    """The keys of a fresh record in their order; `{key}` in a text becomes its id.

    `links` are the names of its relations, None where it has an empty list instead, and nothing where it has no such
    key. `twins` are keys that hold the same as others, `sparse` keys that are left out where they hold nothing.
    """

    row: Mapping[str, Any]
    links: tuple[str, ...] | None = ()
    twins: Mapping[str, str] = field(default_factory=dict)
    sparse: frozenset[str] = frozenset()

    def filled(self, path: str, key: int, created: str | None, given: Mapping[str, Any]) -> Row:
        """Return a record: what is given, and for the rest what a fresh one has."""
        made = created or clock.stamp(clock.NOW)
        own = {
            Of.KEY: str(key),
            Of.NUMBER: key,
            Of.UUID: str(UUID(int=key)),
            Of.MADE: made,
            Of.DIGITS: clock.without_zone(made),
            Of.ZULU: f"{made[:19]}.{key % 10**9:09d}Z",
        }
        row: Row = {name: _value(value, own, key) for name, value in self.row.items()}
        row |= given
        row |= {twin: row[name] for twin, name in self.twins.items() if twin not in given}
        if self.links != ():
            row["links"] = [] if self.links is None else relations(path, key, self.links)
        return {name: value for name, value in row.items() if value is not None or name not in self.sparse}


def _value(value: object, own: Mapping[Of, object], key: int) -> object:
    if isinstance(value, Of):
        return own[value]
    if isinstance(value, str):
        return value.replace("{key}", str(key))
    return list(value) if isinstance(value, list) else dict(value) if isinstance(value, dict) else value
