"""The records of one endpoint, held in memory."""

import zlib
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from activecampaign_sandbox import clock
from activecampaign_sandbox.behaviour import Behaviour
from activecampaign_sandbox.endpoints import KEYSET, Endpoint
from activecampaign_sandbox.filters import Item, Test
from activecampaign_sandbox.query import Query, whole_number
from activecampaign_sandbox.wire import encode

KEPT_SELECTIONS = 64
Sums = Mapping[str, tuple[int, int]]  # by currency: number of deals and their value, the limited ones too


@dataclass(frozen=True, slots=True)
class Selected:
    """What a query selects: how many rows before and after the keyset's cut, and the rows of its page as JSON."""

    total: int
    total_without_keyset: int
    bodies: Sequence[bytes]
    sums: Sums
    keys: Sequence[int] = ()  # of the page's rows


class Table(Protocol):
    """What the sandbox needs of a table, wherever its rows come from."""

    endpoint: Endpoint

    @property
    def first_keys(self) -> Sequence[int]:
        """Return the ids with which it began, ascending."""

    def select(self, query: Query, behaviour: Behaviour) -> Selected:
        """Return one page of what a query selects."""

    def get(self, key: int) -> Item | None:
        """Return one record."""

    def put(self, key: int, item: Item) -> None:
        """Add a record, or take the place of an old one."""

    def remove(self, key: int) -> None:
        """Delete for good."""

    def next_key(self) -> int:
        """Return an id that was never used."""

    def keys(self) -> list[int]:
        """Return every id, ascending."""

    def nth(self, position: int) -> int:
        """Return the id at a position, counted from 0 in the order of the ids."""

    def items(self) -> Iterator[Item]:
        """Return every record in the order of the ids."""

    def related(self, name: str, *values: str) -> list[Item]:
        """Return the records whose field names one of some owners, in the order of the ids."""

    def __len__(self) -> int:
        """Return the number of records."""


def owner(value: object) -> str:
    """Return a foreign key as text: an id, or `deal/7` where the field is an object that names the kind too."""
    return f"{value.get('type')}/{value.get('id')}" if isinstance(value, dict) else str(value)


def tests_of(endpoint: Endpoint, query: Query, behaviour: Behaviour) -> tuple[list[Test], list[Test]]:
    """Return the tests of the keyset and the other tests that a query asks for."""
    given = dict(query.filters)
    keyset: list[Test] = []
    others: list[Test] = []
    for name, value in query.filters:
        known = {**endpoint.filters, **(KEYSET if behaviour.keyset_everywhere else {})}
        test = known[name].test(value, given, behaviour) if name in known else None
        if test:
            (keyset if name in KEYSET else others).append(test)
    return keyset, others


def sort_key(item: Item, name: str) -> tuple[int, Any]:
    """Return what to sort a row by: rows without the field come first."""
    value = item.row.get(name)
    if name in {"id", "value", "contact", "organization"}:
        return (1, whole_number(str(value))) if value is not None else (0, 0)
    if name.endswith("date"):
        when = clock.read(value)
        return (1, when) if when else (0, 0)
    return (1, str(value).casefold()) if value is not None else (0, "")


class MemoryTable:
    """Rows as dicts; selections are kept until something changes."""

    def __init__(self, endpoint: Endpoint, items: Mapping[int, Item]) -> None:
        self.endpoint = endpoint
        self._items = dict(items)
        self._keys = sorted(items)
        self.first_keys: Sequence[int] = tuple(self._keys)
        self._top = max(items, default=0)
        self._bodies: dict[int, bytes] = {}
        self._owned: dict[str, dict[str, set[int]]] = {}  # ids by field and owner, for fields that were asked for
        self._own: list[int] = []  # ids in the default order, until something changes
        self._selections: dict[tuple[object, ...], tuple[list[int], int, Sums]] = {}

    def __len__(self) -> int:
        return len(self._items)

    def get(self, key: int) -> Item | None:
        return self._items.get(key)

    def next_key(self) -> int:
        return self._top + 1

    def keys(self) -> list[int]:
        return list(self._keys)

    def nth(self, position: int) -> int:
        return self._keys[position]

    def items(self) -> Iterator[Item]:
        return iter([self._items[key] for key in self._keys])

    def related(self, name: str, *values: str) -> list[Item]:
        if name not in self._owned:
            self._owned[name] = {}
            for key, item in self._items.items():
                self._owned[name].setdefault(owner(item.row.get(name)), set()).add(key)
        return [self._items[key] for value in values for key in sorted(self._owned[name].get(value, ()))]

    def put(self, key: int, item: Item) -> None:
        if key in self._items:
            self._forget(key)
        else:
            insort(self._keys, key)
        self._items[key] = item
        self._top = max(self._top, key)
        for name, found in self._owned.items():
            found.setdefault(owner(item.row.get(name)), set()).add(key)
        self._selections.clear()
        self._own.clear()

    def remove(self, key: int) -> None:
        self._forget(key)
        del self._items[key]
        del self._keys[bisect_left(self._keys, key)]
        self._selections.clear()
        self._own.clear()

    def _forget(self, key: int) -> None:
        """Drop what is kept of a record as it was."""
        for name, found in self._owned.items():
            found[owner(self._items[key].row.get(name))].discard(key)
        self._bodies.pop(key, None)

    def select(self, query: Query, behaviour: Behaviour) -> Selected:
        cache_key = (*query.selection, *behaviour.selecting)
        if cache_key not in self._selections:
            if len(self._selections) >= KEPT_SELECTIONS:
                self._selections.clear()
            self._selections[cache_key] = self._choose(query, behaviour)
        keys, before_keyset, sums = self._selections[cache_key]
        page = keys[query.offset : query.offset + query.limit]
        return Selected(len(keys), before_keyset, [self._body(key) for key in page], sums, page)

    def _body(self, key: int) -> bytes:
        if key not in self._bodies:
            self._bodies[key] = encode(self._items[key].row)
        return self._bodies[key]

    def _choose(self, query: Query, behaviour: Behaviour) -> tuple[list[int], int, Sums]:
        keyset, others = tests_of(self.endpoint, query, behaviour)
        chosen = [key for key in self._ordered(query, behaviour) if all(test(self._items[key]) for test in others)]
        after = [key for key in chosen if all(test(self._items[key]) for test in keyset)]
        return after, len(chosen), sums_of(self._items[key] for key in after)

    def _ordered(self, query: Query, behaviour: Behaviour) -> list[int]:
        self._own = self._own or self._own_order()
        keys = self.keys() if behaviour.default_order == "id" else list(self._own)
        orders = {**self.endpoint.orders, **({"id": "id"} if behaviour.keyset_everywhere else {})}
        for order in reversed(query.orders):
            name = orders.get(order.name)
            if name:
                keys.sort(key=lambda key, name=name: sort_key(self._items[key], name), reverse=order.descending)  # type: ignore[misc]
        return keys

    def _own_order(self) -> list[int]:
        name = self.endpoint.own_order
        if name:
            return sorted(self._items, key=lambda key: (sort_key(self._items[key], name), key))
        return sorted(self._items, key=shuffled)


def shuffled(key: int) -> int:
    """Return a number that puts ids into an order which looks like none, always the same."""
    return zlib.crc32(b"%d" % key)


def sums_of(items: Iterable[Item]) -> Sums:
    """Add deals up by currency, the hidden values of limited ones included."""
    sums: dict[str, tuple[int, int]] = {}
    for item in items:
        currency, value = (
            item.facts.get("currency", item.row.get("currency")),
            item.facts.get("value", item.row.get("value")),
        )
        if isinstance(currency, str) and currency:
            count, amount = sums.get(currency.upper(), (0, 0))
            sums[currency.upper()] = (count + 1, amount + whole_number(str(value)))
    return sums
