"""Looking at every row of a generated table, for filters and orders that have no short cut."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from activecampaign_sandbox import clock
from activecampaign_sandbox.behaviour import Behaviour
from activecampaign_sandbox.endpoints import KEYSET, Endpoint
from activecampaign_sandbox.filters import After, Among, Item, OnList
from activecampaign_sandbox.query import Query, moment
from activecampaign_sandbox.table import Sums, sort_key, sums_of
from activecampaign_sandbox.worlds.large.recipe import NEVER, Recipe


class Looker:
    """Sees slots as rows: those of the recipe by arithmetic as far as possible, changed ones as they are."""

    def __init__(self, recipe: Recipe, changed: Mapping[int, Item], item: Callable[[int], Item]) -> None:
        self._recipe, self._changed, self._item = recipe, changed, item
        self._moments: dict[str, array[int]] = {}  # dates of the recipe's rows, from the first look at them on
        self._dates = {known.name for known in recipe.endpoint.filters.values() if isinstance(known, After)}

    @property
    def _endpoint(self) -> Endpoint:
        return self._recipe.endpoint

    def choose(self, slots: list[int], query: Query, behaviour: Behaviour) -> list[int]:
        """Return the slots that pass every filter but the keyset."""
        for name, value in query.filters:
            passes = self._test(name, value, query, behaviour)
            if passes:
                slots = [slot for slot in slots if passes(slot)]
        return slots

    def sort(self, slots: list[int], query: Query, own_order: Callable[[int], int]) -> None:
        """Put slots into the order that a query asks for."""
        slots.sort(key=own_order)
        for order in reversed(query.orders):
            name = self._endpoint.orders.get(order.name)
            if name == "id":
                slots.sort(reverse=order.descending)
            elif name in self._dates:
                slots.sort(key=lambda slot, name=name: self._seconds(slot, name), reverse=order.descending)  # type: ignore[misc]
            elif name:
                slots.sort(key=lambda slot, name=name: sort_key(self._item(slot), name), reverse=order.descending)  # type: ignore[misc]

    def _test(self, name: str, value: str, query: Query, behaviour: Behaviour) -> Callable[[int], bool] | None:
        known = self._endpoint.filters.get(name)
        if known is None or name in KEYSET:
            return None
        test = known.test(value, dict(query.filters), behaviour)
        if test is None:
            return None
        if isinstance(known, Among | OnList):
            return lambda slot: test(self._known(slot))
        bound = moment(value, behaviour) if isinstance(known, After) else None
        if bound is None or not isinstance(known, After):
            return lambda slot: test(self._item(slot))
        return self._after(known, bound, behaviour)

    def _known(self, slot: int) -> Item:
        """Return what the account knows of a row beside what it sends, which spares making the row."""
        return self._changed[slot] if slot in self._changed else Item({}, self._recipe.facts(slot))

    def _after(self, known: After, bound: datetime, behaviour: Behaviour) -> Callable[[int], bool]:
        seconds, compare, name = bound.timestamp(), known.compare(behaviour), known.name
        moments, changed = self._moments_of(name), self._changed

        def passes(slot: int) -> bool:
            if slot in changed:
                when = clock.read(changed[slot].row.get(name))
                return name not in changed[slot].row or (when is not None and compare(when.timestamp(), seconds))
            return moments[slot] == NEVER or compare(moments[slot], seconds)

        return passes

    def _moments_of(self, name: str) -> "array[int]":
        if name not in self._moments:
            moment, count = self._recipe.moment, self._recipe.ids.count
            self._moments[name] = array("q", (moment(slot, name) for slot in range(count)))
        return self._moments[name]

    def _seconds(self, slot: int, name: str) -> float:
        if slot not in self._changed:
            return self._moments_of(name)[slot]
        when = clock.read(self._changed[slot].row.get(name))
        return when.timestamp() if when else NEVER

    def sums(self, slots: Sequence[int]) -> Sums:
        """Add up the money of deals by currency."""
        counts: dict[str, tuple[int, int]] = {}
        for slot in slots:
            money = None if slot in self._changed else self._recipe.money(slot)
            if money:
                count, value = counts.get(money[0], (0, 0))
                counts[money[0]] = (count + 1, value + money[1])
        there = set(slots) if self._changed else set()
        by_hand = sums_of(item for slot, item in self._changed.items() if slot in there)
        for code, (more, worth) in by_hand.items():
            count, value = counts.get(code, (0, 0))
            counts[code] = (count + more, value + worth)
        return counts
