"""What readers that look as if they worked lose in a month of a company's life in the sandbox.

`.venv/bin/python bench/naive.py` prints the table of docs/why.md. Both readers do what published ones do: one reads by
offset in no order while people go on working, the other keeps what `updated_timestamp` says is new.
"""

import json
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from activecampaign_sandbox import Life, Running, World, make_world, running

DAYS, CONTACTS, DEALS = 30, 1_000, 200
PAGE = 100
COUNTERS: Mapping[str, tuple[str, ...]] = {
    "lists": ("active_subscribers",),
    "campaigns": ("opens", "uniqueopens", "linkclicks"),
}
TABLES = ("contacts", "deals", "lists", "campaigns")
Row = dict[str, Any]


def pages(account: Running, entity: str) -> Iterator[list[Row]]:
    """Yield the rows of an entity by offset, until a page is not full."""
    offset = 0
    while True:
        address = f"{account.url}/api/3/{entity}?limit={PAGE}&offset={offset}"
        request = urllib.request.Request(address, headers={"Api-Token": account.key})  # noqa: S310 - loopback
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
            rows: list[Row] = json.load(answer)[entity]
        yield rows
        if len(rows) < PAGE:
            return
        offset += len(rows)


@dataclass(slots=True)
class ByOffset:
    """Reads everything every day while the day goes on; counts contacts that did not come though they were there."""

    missed: set[str] = field(default_factory=set)
    times: int = 0
    twice: int = 0

    def read(self, account: Running, world: World, life: Life) -> None:
        """Read contacts; the day's work falls into the middle of it."""
        before, came = {str(key) for key in world.ids("contacts")}, []
        for number, rows in enumerate(pages(account, "contacts"), 1):
            came += [row["id"] for row in rows]
            if number == len(before) // PAGE // 2:
                life.day()
        lost = (before & {str(key) for key in world.ids("contacts")}) - set(came)
        self.missed |= lost
        self.times += len(lost)
        self.twice += len(came) - len(set(came))


@dataclass(slots=True)
class ByTimestamp:
    """Keeps rows by id, and of each reading those whose date of change is not before the newest that it knows."""

    tables: dict[str, dict[str, Row]] = field(default_factory=lambda: {name: {} for name in TABLES})
    bookmarks: dict[str, str] = field(default_factory=dict)
    nulled: set[str] = field(default_factory=set)

    def read(self, account: Running) -> None:
        """Read what seems new."""
        for name, table in self.tables.items():
            date = "mdate" if name == "deals" else "updated_timestamp"
            rows = [row for page in pages(account, name) for row in page]
            since = self.bookmarks.get(name, "")
            new = {row["id"]: row for row in rows if (row.get(date) or since) >= since}
            self.nulled |= {key for key, row in new.items() if "value" in table.get(key, {}) and "value" not in row}
            table.update(new)
            self.bookmarks[name] = max((row[date] for row in rows if row.get(date)), default=since)

    def gone(self, world: World, name: str) -> int:
        """Count the rows that the account has no more."""
        return len(self.tables[name].keys() - {str(key) for key in world.ids(name)})

    def stale(self, world: World, name: str) -> int:
        """Count the rows with a counter that is not the account's."""
        table = self.tables[name]
        return sum(
            any(table[row["id"]].get(counter) != row.get(counter) for counter in COUNTERS[name])
            for row in world.rows(name)
            if row["id"] in table
        )


def month() -> tuple[ByOffset, ByTimestamp, World]:
    """Live the month twice, once for each reader."""
    by_offset, by_timestamp = ByOffset(), ByTimestamp()
    world = make_world("small", contacts=CONTACTS, deals=DEALS)
    with running(world) as account:
        life = Life(world)
        for _ in range(DAYS):
            by_offset.read(account, world, life)
    world = make_world("small", contacts=CONTACTS, deals=DEALS)
    with running(world) as account:
        life = Life(world)
        for _ in range(DAYS):
            by_timestamp.read(account)
            life.day()
        by_timestamp.read(account)
    return by_offset, by_timestamp, world


def table() -> list[str]:
    """Return the lines of the table."""
    offset, stamp, world = month()
    counted = {
        "by offset, in no order": {
            "contacts that were there all the time and did not come, in 30 readings": offset.times,
            "different contacts among these": len(offset.missed),
            "contacts that came twice": offset.twice,
        },
        "by `updated_timestamp` and `mdate`": {
            "deleted contacts that are still in the table": stamp.gone(world, "contacts"),
            "deleted deals that are still in the table": stamp.gone(world, "deals"),
            f"lists with a wrong number of subscribers, of {len(world.ids('lists'))}": stamp.stale(world, "lists"),
            f"campaigns with wrong counts, of {len(world.ids('campaigns'))}": stamp.stale(world, "campaigns"),
            "deals that lost value and stage when they went out of the key's sight": len(stamp.nulled),
        },
    }
    lines = ["| reader | what is wrong after the month | rows |", "|---|---|---|"]
    return lines + [f"| {who} | {what} | {rows} |" for who, found in counted.items() for what, rows in found.items()]


if __name__ == "__main__":
    print("\n".join(table()))
