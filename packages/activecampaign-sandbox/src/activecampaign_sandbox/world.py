"""An account's contents, which can be read over HTTP and changed by hand."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from threading import RLock
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.behaviour import Behaviour
from activecampaign_sandbox.drift import Drift
from activecampaign_sandbox.effects import Change, Write, effects
from activecampaign_sandbox.endpoints import BY_PATH, ENDPOINTS, Endpoint, Total
from activecampaign_sandbox.events.log import MailLog
from activecampaign_sandbox.filters import Item
from activecampaign_sandbox.limits import hidden, limited, revealed
from activecampaign_sandbox.rows import NEW_ROW
from activecampaign_sandbox.table import MemoryTable, Table
from activecampaign_sandbox.wire import Row

BELOW: Mapping[
    tuple[str, str], Endpoint
] = {  # by the path of a parent, and the word under which records stand below it
    (parent, endpoint.below or endpoint.path): endpoint for endpoint in ENDPOINTS for parent in endpoint.parents
}

# Clocks that move with the date, in the recorded digits.
ALSO_TOUCHED: Mapping[str, tuple[str, ...]] = {
    "contacts": ("updated_utc_timestamp", "updated_timestamp"),
    "contactLists": ("updated_timestamp",),
    "fields": ("updated_timestamp",),
}


class World:
    """Tables by path, a lock around them, and a clock that moves one second with each change, or as far as asked."""

    def __init__(
        self,
        name: str,
        build: Callable[[], Iterable[Table]],
        now: datetime = clock.NOW,
        totals: Mapping[str, Total] | None = None,
        *,
        offset: timedelta | None = None,
    ) -> None:
        self.name = name
        self.totals = totals or {}  # how meta.total is written, by path, where this account differs from the recorded
        self.behaviour = Behaviour()  # of the server that serves it: some of what is unknown is about changes
        self.segment_asks: Counter[str] = Counter()
        self.mail = MailLog(self)
        self._lock, self._offset = RLock(), offset
        self._build, self.start = build, now
        self.reset()

    def reset(self) -> None:
        """Put everything back as it was at the start, the clock too."""
        with self.held():
            built = {table.endpoint.path: table for table in self._build()}
            self.tables: dict[str, Table] = {
                path: built[path] if path in built else MemoryTable(end, {}) for path, end in BY_PATH.items()
            }
            self.now = self.start
            self._changes = 0
            self._drift: dict[str, Drift] = {}
            self.segment_asks.clear()
            self.mail.forget()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep others from changing anything meanwhile, and write times as this account does."""
        with self._lock, clock.zone(self._offset):
            yield

    @property
    def changes(self) -> int:
        """Return how many changes there were so far."""
        return self._changes

    def clock(self) -> datetime:
        """Return the account's own time, which its answers give as `Date`."""
        return self.now + timedelta(seconds=self._changes)

    def advance(self, **by: float) -> datetime:
        """Let time pass: `days=1`, `hours=2`, as timedelta takes them; return the new time."""
        with self._lock:
            self.now += timedelta(**by)
            return self.clock()

    def set_clock(self, to: datetime) -> None:
        """Set the account's time; raises ValueError for a time without zone."""
        if to.tzinfo is None:
            raise ValueError(f"{to.isoformat()} has no zone: write it with one, such as +00:00")
        with self._lock:
            self.now = to.astimezone(UTC) - timedelta(seconds=self._changes)

    def rows(self, entity: str) -> list[Row]:
        """Return every row as a full read of the list would send it, in the order of the ids."""
        with self.held():
            return [self.shown(entity, item.row) for item in self.tables[entity].items()]

    def ids(self, entity: str) -> list[int]:
        """Return the ids of every row, ascending; cheap in every world."""
        with self._lock:
            return self.tables[entity].keys()

    def sample(self, entity: str, count: int, chance: Random) -> list[str]:
        """Return the ids of some rows, another one each, and of all where there are no more."""
        with self._lock:
            table = self.tables[entity]
            return [str(table.nth(at)) for at in chance.sample(range(len(table)), min(count, len(table)))]

    def has(self, entity: str, key: int | str) -> bool:
        """Tell whether a row is there."""
        with self.held():
            return self._look(entity, str(key)) is not None

    def get(self, entity: str, key: int | str) -> Row:
        """Return one row as the list would send it."""
        with self.held():
            return self.shown(entity, self._item(entity, key).row)

    def insert(self, entity: str, given: Mapping[str, Any], facts: Mapping[str, Any] | None = None) -> str:
        """Add a record, filling in what is not given, and return its id."""
        with self.held():
            self._changes += 1
            key = self._add(entity, given, facts or {})
            self._follow(Change(entity, None, self._item(entity, key).row))
            return key

    def update(self, entity: str, key: int | str, changes: Mapping[str, Any]) -> None:
        """Change a record as a write through the API would.

        Its date moves unless only counters changed or `changes` says otherwise, and what was null because it was never
        written becomes a zero. A limited deal is changed too, behind its stub.
        """
        with self.held():
            self._changes += 1
            item = self._item(entity, key)
            unseen = limited(item.row)
            item = revealed(int(key), item) if unseen else item
            after = self._changed(entity, item, changes, touch=not set(changes) <= BY_PATH[entity].counters)
            self.tables[entity].put(int(key), hidden(after) if unseen else after)
            if not unseen:
                self._follow(Change(entity, item.row, after.row))

    def delete(self, entity: str, key: int | str, *, tombstone: bool = False) -> None:
        """Remove a record and what belongs to it; nothing remembers it.

        Unless a tombstone is asked for: a row whose `deleted` is 1. None was ever recorded; the field reference speaks
        of them.
        """
        with self.held():
            self._changes += 1
            item = self._item(entity, key)
            if tombstone:
                gone = {"deleted": "1", "deleted_at": clock.digits(self.clock()), "udate": clock.stamp(self.clock())}
                self.tables[entity].put(int(key), Item({**item.row, **gone}, item.facts))
            else:
                self._remove(entity, int(key), item)

    def limit_deal(self, key: int | str) -> None:
        """Take a deal out of sight of the key's user: it becomes a stub, and its date stays."""
        with self.held():
            self._changes += 1
            item = self._item("deals", key)
            if not limited(item.row):
                self.tables["deals"].put(int(key), hidden(item))

    def unlimit_deal(self, key: int | str) -> None:
        """Let the key's user see a deal again, with all that happened to it meanwhile; its date stays."""
        with self.held():
            self._changes += 1
            item = self._item("deals", key)
            if limited(item.row):
                self.tables["deals"].put(int(key), revealed(int(key), item))

    def rename_key(self, entity: str, old: str, new: str) -> None:
        """Send a key of every row under another name, without moving any date; the other way round ends it."""
        with self._lock:
            self._drift.setdefault(entity, Drift()).rename(old, new)

    def remove_key(self, entity: str, name: str) -> None:
        """Send a key no more, without moving any date."""
        with self._lock:
            self._drift.setdefault(entity, Drift()).remove(name)

    def add_key(self, entity: str, name: str, value: object = None) -> None:
        """Send a key that was not sent before, without moving any date; one that was removed comes back as it was."""
        with self._lock:
            self._drift.setdefault(entity, Drift()).add(name, value)

    def retype_key(self, entity: str, name: str, kind: str | None) -> None:
        """Send a key's values as "text" or as "number", without moving any date; None sends them as they are."""
        with self._lock:
            self._drift.setdefault(entity, Drift()).retype(name, kind)

    def drifted(self, entity: str) -> bool:
        """Tell whether the rows of this kind are sent otherwise than they are kept."""
        return entity in self._drift

    def shown(self, entity: str, row: Row) -> Row:
        """Return a row as it is sent now."""
        row = BY_PATH[entity].sent(row)
        return self._drift[entity].shown(row) if entity in self._drift else dict(row)

    def _item(self, entity: str, key: int | str) -> Item:
        item = self._look(entity, str(key))
        if item is None:
            raise KeyError(f"The sandbox has no {entity}/{key}")
        return item

    def _look(self, entity: str, key: str) -> Item | None:
        return self.tables[entity].get(int(key)) if key.isdecimal() else None

    def _add(self, entity: str, given: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
        endpoint, table = BY_PATH[entity], self.tables[entity]
        dated = {} if endpoint.created is None else {endpoint.created: self._written(endpoint, endpoint.created)}
        key = int(given.get("id", table.next_key()))
        table.put(key, Item(NEW_ROW[entity](key, {**dated, **given}), dict(facts)))
        return str(key)

    def _changed(self, entity: str, item: Item, changes: Mapping[str, Any], *, touch: bool) -> Item:
        """Return a record after a write."""
        endpoint, row = BY_PATH[entity], dict(item.row)
        if touch:
            row |= {name: zero for name, zero in endpoint.flips.items() if name in row and row[name] is None}
            row |= dict.fromkeys(ALSO_TOUCHED.get(entity, ()), clock.digits(self.clock()))
            row |= {} if endpoint.touched is None else {endpoint.touched: self._written(endpoint, endpoint.touched)}
        if entity == "deals" and row.get("nexttaskid") is not None:
            row.setdefault("nextTask", None)
        return Item({**row, **changes}, item.facts)

    def _written(self, endpoint: Endpoint, name: str) -> str:
        """Return the present as a date of this endpoint has it."""
        if endpoint.mislabelled and name == endpoint.touched:
            return clock.mislabelled(self.clock())
        return clock.written(self.clock(), name, utc=endpoint.utc)

    def _remove(self, entity: str, key: int, item: Item) -> None:
        if entity == "dealGroups":  # the deals of a pipeline that is gone become stubs
            for deal in self.tables["deals"].related("group", str(key)):
                self.tables["deals"].put(int(deal.row["id"]), hidden(deal))
        self.tables[entity].remove(key)
        self._follow(Change(entity, item.row, None))
        for child in ENDPOINTS:
            if entity in child.parents and not child.outlives:
                owners = (str(key), f"{BY_PATH[entity].singular}/{key}")
                for one in self.tables[child.path].related(child.parents[entity], *owners):
                    self._remove(child.path, int(one.row["id"]), one)

    def _follow(self, change: Change) -> None:
        """Write what a change brings about, at the same second."""
        for write in list(effects(change, self._look, self.behaviour)):
            self._carry_out(write)

    def _carry_out(self, write: Write) -> None:
        if write.key is None:
            self._add(write.entity, write.row, write.facts)
            return
        item = self._item(write.entity, write.key)
        after = self._changed(write.entity, item, write.row, touch=write.touch and not limited(item.row))
        self.tables[write.entity].put(int(write.key), Item(after.row, {**item.facts, **write.facts}))
