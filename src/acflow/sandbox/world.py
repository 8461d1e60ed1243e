"""An account's contents, which can be read over HTTP and changed by hand."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from threading import RLock
from typing import Any

from acflow.sandbox import clock
from acflow.sandbox.endpoints import ENDPOINTS, Endpoint, Total
from acflow.sandbox.filters import Item
from acflow.sandbox.rows import NEW_ROW
from acflow.sandbox.table import MemoryTable, Table
from acflow.sandbox.wire import Row

BY_PATH: Mapping[str, Endpoint] = {endpoint.path: endpoint for endpoint in ENDPOINTS}


class World:
    """Tables by path, a lock around them, and a clock that moves one second with each change."""

    def __init__(
        self,
        name: str,
        build: Callable[[], Iterable[Table]],
        now: datetime = clock.NOW,
        totals: Mapping[str, Total] | None = None,
    ) -> None:
        self.name, self.now = name, now
        self.totals = totals or {}  # how meta.total is written, by path, where this account differs from the recorded
        self.lock = RLock()
        self.changes = 0
        self.segment_asks: Counter[str] = Counter()
        self._build = build
        self.tables: dict[str, Table] = {}
        self.reset()

    def reset(self) -> None:
        """Put everything back as it was at the start."""
        with self.lock:
            built = {table.endpoint.path: table for table in self._build()}
            self.tables = {path: built.get(path) or MemoryTable(end, {}) for path, end in BY_PATH.items()}
            self.changes = 0
            self.segment_asks.clear()

    def clock(self) -> datetime:
        """Return the account's own time."""
        return self.now + timedelta(seconds=self.changes)

    def rows(self, entity: str) -> list[Row]:
        """Return every row as a full read of the list would send it, in the order of the ids."""
        with self.lock:
            return [dict(item.row) for item in self.tables[entity].items()]

    def ids(self, entity: str) -> list[int]:
        """Return the ids of every row, ascending; cheap in every world."""
        with self.lock:
            return self.tables[entity].keys()

    def get(self, entity: str, key: int | str) -> Row:
        """Return one row as the list would send it."""
        with self.lock:
            return dict(self._item(entity, key).row)

    def insert(self, entity: str, given: Mapping[str, Any], facts: Mapping[str, Any] | None = None) -> str:
        """Add a record, filling in what is not given, and return its id."""
        with self.lock:
            self.changes += 1
            table = self.tables[entity]
            key = int(given.get("id", table.next_key()))
            row = NEW_ROW[entity](key, self._dated(entity, given))
            table.put(key, Item(row, dict(facts or {})))
            return str(key)

    def update(self, entity: str, key: int | str, changes: Mapping[str, Any]) -> None:
        """Change a record as a write through the API would.

        Its date moves unless only counters changed or `changes` says otherwise, and what was null because it was never
        written becomes a zero.
        """
        with self.lock:
            self.changes += 1
            endpoint, item = BY_PATH[entity], self._item(entity, key)
            row = dict(item.row)
            if not row.get("isDisabled") and not set(changes) <= endpoint.counters:
                row |= {name: zero for name, zero in endpoint.flips.items() if name in row and row[name] is None}
                row |= self._touched(endpoint)
            if entity == "deals" and row.get("nexttaskid") is not None:
                row.setdefault("nextTask", None)
            self.tables[entity].put(int(key), Item({**row, **changes}, item.facts))

    def delete(self, entity: str, key: int | str, *, tombstone: bool = False) -> None:
        """Remove a record; nothing remembers it, unless a tombstone is asked for: a row whose `deleted` is 1.

        No tombstone was ever recorded; the field reference speaks of them.
        """
        with self.lock:
            self.changes += 1
            item = self._item(entity, key)
            if tombstone:
                gone = {"deleted": "1", "deleted_at": clock.digits(self.clock()), "udate": clock.stamp(self.clock())}
                self.tables[entity].put(int(key), Item({**item.row, **gone}, item.facts))
            else:
                self.tables[entity].remove(int(key))

    def _item(self, entity: str, key: int | str) -> Item:
        item = self.tables[entity].get(int(key))
        if item is None:
            raise KeyError(f"The sandbox has no {entity}/{key}")
        return item

    def _touched(self, endpoint: Endpoint) -> dict[str, str]:
        if endpoint.touched is None:
            return {}
        also = dict.fromkeys(ALSO_TOUCHED.get(endpoint.path, ()), clock.digits(self.clock()))
        return {endpoint.touched: self._written(endpoint, endpoint.touched), **also}

    def _written(self, endpoint: Endpoint, name: str) -> str:
        """Return the present as a date of this endpoint has it."""
        return clock.written(self.clock(), name, utc=endpoint.utc)

    def _dated(self, entity: str, given: Mapping[str, Any]) -> dict[str, Any]:
        endpoint = BY_PATH[entity]
        if endpoint.created is None:
            return dict(given)
        return {endpoint.created: self._written(endpoint, endpoint.created), **given}


# Clocks that move with the date, in the recorded digits.
ALSO_TOUCHED: Mapping[str, tuple[str, ...]] = {
    "contacts": ("updated_utc_timestamp", "updated_timestamp"),
    "contactLists": ("updated_timestamp",),
    "fields": ("updated_timestamp",),
}
