"""Imaginary accounts that change while they are read, and walks over them."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from acflow.entities.model import Entity, Field, Keyset, Offset, Type
from acflow.source.certificate import Certificate, Reading, certify
from acflow.source.paging import Plan
from acflow.source.protocol import PAGE_SIZE, Page, Request

ID = (Field("id", Type.ID, "Key."),)
BY_KEY = Entity("contacts", "", ID, Keyset())
BY_OFFSET = Entity("deals", "", ID, Offset("cdate"))
BOTH = pytest.mark.parametrize("entity", [BY_KEY, BY_OFFSET], ids=["keyset", "offset"])
ALL_IDS = range(1, 2**62)


@dataclass
class Account:
    """Ids in the order in which the account lists them, and how it answers.

    `cut` shortens each page as it likes; `heeds` are the parameters that the account knows; a filter lets through the
    ids that are `fresh`.
    """

    ids: list[int]
    cap: int = PAGE_SIZE
    total: Callable[[int], int | None] = lambda count: count
    cut: Callable[[list[int]], list[int]] = lambda rows: rows
    heeds: Sequence[str] = ("limit", "offset", "ASC", "DESC", "id_greater", "id_less")
    fresh: set[int] | None = None
    deleted: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)

    def answer(self, request: Request) -> Page:
        asked = dict(request.params)
        listed = [key for key in self.ids if self.fresh is None or key in self.fresh]
        many = len(listed)
        if asked.get("orders[id]") in self.heeds:
            listed.sort(reverse=asked["orders[id]"] == "DESC")
        above, below = (int(asked.get(name, end)) if name in self.heeds else end for name, end in BOUNDS)
        listed = [key for key in listed if above < key < below]
        start = int(asked.get("offset", 0)) if "offset" in self.heeds else 0
        limit = min(int(asked["limit"]), self.cap) if "limit" in self.heeds else many
        rows = listed[start : start + limit]
        return Page([{"id": str(key)} for key in (self.cut(rows) if limit > 1 else rows)], self.total(many))

    def insert(self, place: int | None = None) -> None:
        key = max([*self.ids, *self.deleted], default=0) + 1
        self.ids.insert(len(self.ids) if place is None else place, key)

    def jump(self, chance: random.Random, place: int = 0) -> None:
        """Let a row stand elsewhere from now on, as a deal comes first that the key loses sight of; each row once."""
        if self.ids and (key := chance.choice(self.ids)) not in self.moved:
            self.moved.add(key)
            self.ids.remove(key)
            self.ids.insert(place, key)

    def delete(self, chance: random.Random) -> None:
        if self.ids:
            self.deleted.add(self.ids.pop(chance.randrange(len(self.ids))))


BOUNDS = (("id_greater", ALL_IDS.start - 1), ("id_less", ALL_IDS.stop))


def entity_read(
    plan: Plan,
    account: Account,
    chance: random.Random,
    *,
    width: int = 8,
    between: Callable[[int], None] = lambda _: None,
) -> tuple[list[int], int]:
    """Walk to the end; return the ids that were handed on and the number of requests."""
    out: list[Request] = []
    got: list[int] = []
    requests = 0
    while not plan.done:
        while len(out) < width and (request := plan.next(width)):
            out.append(request)
        assert out, "the plan neither asks nor ends"
        request = out.pop(chance.randrange(len(out)))
        between(requests)
        requests += 1
        assert requests < 5000, "the plan does not end"
        got += [int(row["id"]) for row in plan.take(request, account.answer(request))]
    return got, requests


def certified(plan: Plan) -> Certificate:
    """Return what a run would say of this walk."""
    stats = plan.stats
    totals = stats.first_total, stats.last_total
    return certify(
        plan.entity, Reading(*totals, stats.received, moved=stats.moved, unproved=tuple(stats.unproved)), None
    )


def some_ids(count: int, sparsity: int, chance: random.Random) -> list[int]:
    return chance.sample(range(1, count * sparsity + 2), count)
