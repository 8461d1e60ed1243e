"""A table whose rows are made when they are asked for, with what was changed by hand laid over them."""

import json
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import overload

from activecampaign_sandbox.behaviour import Behaviour
from activecampaign_sandbox.endpoints import KEYSET
from activecampaign_sandbox.filters import Item
from activecampaign_sandbox.query import Query, whole_number
from activecampaign_sandbox.table import Selected, Sums, owner
from activecampaign_sandbox.wire import encode
from activecampaign_sandbox.worlds.large.listing import Looker
from activecampaign_sandbox.worlds.large.places import Ids, Line, Shuffle
from activecampaign_sandbox.worlds.large.recipe import Recipe

KEPT_LISTINGS = 6  # in full length; there may be many more short ones, such as of the contacts of one form


class FirstKeys(Sequence[int]):
    """The ids of the recipe's rows, each made when it is asked for."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids

    def __len__(self) -> int:
        return self._ids.count

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> list[int]: ...
    def __getitem__(self, place: int | slice) -> int | list[int]:
        if isinstance(place, slice):
            return [self._ids.key(nth) for nth in range(*place.indices(len(self)))]
        return self._ids.key(place % len(self))


class GeneratedTable:
    """Slots 0 to n-1 are the recipe's rows, in the order of their ids; slots from n on are rows that were inserted.

    Three ways to select, dearest last: a range of slots (by id), the shuffled default order, and a listing of slots
    that is made by looking at every row once and kept until something changes.
    """

    def __init__(self, recipe: Recipe) -> None:
        self.endpoint, self._recipe, self._ids = recipe.endpoint, recipe, recipe.ids
        self._made = recipe.ids.count
        self._shuffle = Shuffle.of(max(1, self._made))
        self._changed: dict[int, Item] = {}  # by slot
        self._inserted: list[int] = []  # ids of the slots from n on
        self._by_id, self._by_chance = Line(), Line()
        self._look = Looker(recipe, self._changed, self._item)
        self._listings: dict[tuple[object, ...], array[int]] = {}
        self._sums: dict[tuple[object, ...], Sums] = {}

    @property
    def first_keys(self) -> Sequence[int]:
        return FirstKeys(self._ids)

    @property
    def _slots(self) -> int:
        return self._made + len(self._inserted)

    def __len__(self) -> int:
        return self._by_id.between(0, self._slots)

    def _key(self, slot: int) -> int:
        return self._ids.key(slot) if slot < self._made else self._inserted[slot - self._made]

    def _slot_from(self, key: int) -> int:
        """Return the first slot whose id is this one or above."""
        found = self._ids.first_from(key)
        return found if found < self._made else self._made + bisect_left(self._inserted, key)

    def _slot(self, key: int) -> int | None:
        slot = self._slot_from(key)
        there = slot < self._slots and self._key(slot) == key and self._by_id.between(slot, slot + 1)
        return slot if there else None

    def _item(self, slot: int) -> Item:
        if slot in self._changed:
            return self._changed[slot]
        return Item(json.loads(self._recipe.bodies([slot])[0]), self._recipe.facts(slot))

    def get(self, key: int) -> Item | None:
        slot = self._slot(key)
        return None if slot is None else self._item(slot)

    def next_key(self) -> int:
        return self._key(self._slots - 1) + 1 if self._slots else 1

    def keys(self) -> list[int]:
        return [self._key(slot) for slot in self._by_id.walk(0, self._slots, self._slots)]

    def nth(self, position: int) -> int:
        return self._key(self._by_id.skip(0, position))

    def items(self) -> Iterator[Item]:
        for slot in self._by_id.walk(0, self._slots, self._slots):
            yield self._item(slot)

    def related(self, name: str, *values: str) -> list[Item]:
        return [item for item in self.items() if owner(item.row.get(name)) in values]

    def put(self, key: int, item: Item) -> None:
        slot = self._slot(key)
        if slot is None:
            if key < self.next_key():
                raise ValueError(f"{key} is below the highest id; this table only grows at its end")
            self._inserted.append(key)
            slot = self._slots - 1
        self._changed[slot] = item
        self._forget()

    def remove(self, key: int) -> None:
        slot = self._slot(key)
        if slot is None:
            raise KeyError(key)
        self._by_id.take_out(slot)
        self._by_chance.take_out(self._place(slot))
        self._changed.pop(slot, None)
        self._forget()

    def _place(self, slot: int) -> int:
        """Return where a slot stands in the default order."""
        return self._shuffle.position(slot) if slot < self._made else slot

    def _forget(self) -> None:
        self._listings.clear()
        self._sums.clear()

    def select(self, query: Query, behaviour: Behaviour) -> Selected:
        low, high = self._range(query, behaviour)
        plain = not any(name in self.endpoint.filters and name not in KEYSET for name, _ in query.filters)
        orders = [order for order in query.orders if order.name in self.endpoint.orders]
        by_id = bool(orders) and self.endpoint.orders[orders[0].name] == "id"
        if not orders and behaviour.default_order == "id":
            by_id = True
        if plain and by_id:
            return self._ranged(query, low, high, descending=bool(orders) and orders[0].descending)
        if plain and not orders and (low, high) == (0, self._slots):
            return self._shuffled(query)
        return self._listed(query, behaviour, low, high)

    def _range(self, query: Query, behaviour: Behaviour) -> tuple[int, int]:
        """Return the slots between the bounds of the keyset, if this endpoint has one."""
        if not (self.endpoint.keyset or behaviour.keyset_everywhere):
            return 0, self._slots
        given = dict(query.filters)
        low = self._slot_from(whole_number(given["id_greater"]) + 1) if "id_greater" in given else 0
        high = self._slot_from(whole_number(given["id_less"])) if "id_less" in given else self._slots
        return low, max(low, high)

    def _ranged(self, query: Query, low: int, high: int, *, descending: bool) -> Selected:
        total = self._by_id.between(low, high)
        count = max(0, min(query.limit, total - query.offset))
        skip = total - query.offset - count if descending else query.offset
        slots = self._by_id.walk(self._by_id.skip(low, skip), high, count) if count else []
        return self._page(slots[::-1] if descending else slots, total, len(self), ())

    def _shuffled(self, query: Query) -> Selected:
        total = len(self)
        start = self._by_chance.skip(0, query.offset) if query.offset < total else self._slots
        places = self._by_chance.walk(start, self._slots, query.limit)
        slots = [self._shuffle.index(place) if place < self._made else place for place in places]
        return self._page(slots, total, total, ())

    def _listed(self, query: Query, behaviour: Behaviour, low: int, high: int) -> Selected:
        kept = tuple((name, value) for name, value in query.filters if name not in KEYSET)
        signature = (kept, query.orders, behaviour.selecting)
        if signature not in self._listings:
            if sum(map(len, self._listings.values())) >= KEPT_LISTINGS * self._slots:
                self._forget()
            chosen = self._look.choose(self._by_id.walk(0, self._slots, self._slots), query, behaviour)
            self._look.sort(chosen, query, self._place)
            self._listings[signature] = array("q", chosen)
        slots: Sequence[int] = self._listings[signature]
        within = slots if (low, high) == (0, self._slots) else _cut(slots, query, low, high)
        page = within[query.offset : query.offset + query.limit]
        return self._page(page, len(within), len(slots), signature, within)

    def _page(
        self,
        slots: Sequence[int],
        total: int,
        total_without_keyset: int,
        signature: tuple[object, ...],
        counted: Sequence[int] | None = None,
    ) -> Selected:
        made = [slot for slot in slots if slot not in self._changed]
        bodies = dict(zip(made, self._recipe.bodies(made), strict=True))
        found = [bodies[slot] if slot in bodies else encode(self._changed[slot].row) for slot in slots]
        keys = [self._key(slot) for slot in slots]
        return Selected(total, total_without_keyset, found, self._sums_of(signature, counted), keys)

    def _sums_of(self, signature: tuple[object, ...], slots: Sequence[int] | None) -> Sums:
        if self.endpoint.path != "deals":
            return {}
        if signature not in self._sums:
            every = self._by_id.walk(0, self._slots, self._slots) if slots is None else slots
            self._sums[signature] = self._look.sums(every)
        return self._sums[signature]


def _cut(slots: Sequence[int], query: Query, low: int, high: int) -> Sequence[int]:
    """Return the part of a listing between the keyset's bounds; quick where the listing is in the order of the ids."""
    if query.orders and query.orders[0].name == "id" and not query.orders[0].descending:
        return slots[bisect_left(slots, low) : bisect_left(slots, high)]
    return [slot for slot in slots if low <= slot < high]
