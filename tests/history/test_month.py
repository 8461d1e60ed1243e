"""A month of a company's life, read day by day: what has landed is the account, then and at every day since."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from history_desk import Project, Row

from acflow.sandbox import Life, World

Make = Callable[..., Project]
Seen = dict[int, tuple[Any, ...]]
READ = ("contacts", "deals", "campaigns", "lists")
CONTACT, DEAL = ("email", "firstName", "lastName"), ("title", "value", "currency", "stage", "owner", "status")
COUNTERS = {"campaigns": "opens", "lists": "active_subscribers"}
NUMBERS = frozenset({"value", "stage", "owner", "status", "opens", "active_subscribers"})
SETTLED = timedelta(minutes=1)  # after the reading, before anything else happens


def shown(world: World, name: str, fields: tuple[str, ...]) -> Seen:
    """Return these fields of the rows that the key may see in full, and the title alone of those it may not."""
    return {int(row["id"]): _typed(row, fields) for row in world.rows(name)}


def _typed(row: Row, fields: tuple[str, ...]) -> tuple[Any, ...]:
    if row.get("isDisabled"):
        return (row[fields[0]],)
    return tuple(int(row[name]) if name in NUMBERS else row[name] for name in fields)


def same(found: Seen, truth: Seen) -> bool:
    """Tell whether the same rows are there, as far as the key may see each."""
    return found.keys() == truth.keys() and all(found[key][: len(row)] == row for key, row in truth.items())


def as_of(project: Project, moment: datetime) -> Seen:
    """Return the deals as they were at an instant."""
    columns = ", ".join(f'"{name}"' for name in ("id", *DEAL))
    at = f"TIMESTAMP WITH TIME ZONE '{moment.isoformat(sep=' ')}'"
    rows = project.rows(
        f'SELECT {columns} FROM deals_history WHERE "_valid_from" <= {at} '  # noqa: S608 - our own
        f'AND ("_valid_to" IS NULL OR "_valid_to" > {at})'
    )
    found = {row["id"]: tuple(row[name] for name in DEAL) for row in rows}
    assert len(found) == len(rows), "one version of each deal at a time"
    return found


@pytest.mark.parametrize(("kind", "days"), [("DuckDB", 30), ("PostgreSQL", 5)])
def test_every_day_of_a_month_is_the_account_of_that_day(project_of: Make, kind: str, days: int) -> None:
    """Rows come, change, go, are hidden and shown: every day's state and every later look back at it are true."""
    project = project_of(kind, contacts=150, deals=50)
    world = project.world
    life = Life(world, pace=0.5)
    deals: dict[datetime, Seen] = {}
    counted: dict[tuple[str, str], dict[int, int]] = {}
    for day in range(days):
        certificates = project.run(*READ)
        assert all(each.landed for each in certificates.values()), day
        for name, fields in (("contacts", CONTACT), ("deals", DEAL)):
            assert same(project.alive(name, *fields), shown(world, name, fields)), (day, name)
        deals[world.clock() + SETTLED] = shown(world, "deals", DEAL)
        for name, counter in COUNTERS.items():
            counts = shown(world, name, (counter,))
            counted[name, f"{world.clock():%Y-%m-%d}"] = {key: row[0] for key, row in counts.items()}
        life.day()
        if day % 7 == 5:
            world.limit_deal(world.ids("deals")[day])
        if day % 7 == 6:
            world.unlimit_deal(world.ids("deals")[day - 1])
    for moment, truth in deals.items():
        assert same(as_of(project, moment), truth), moment
    for (name, day_of), expected in counted.items():
        rows = project.rows(
            f'SELECT id, "{COUNTERS[name]}" AS n FROM {name}_daily WHERE "day" = DATE \'{day_of}\''  # noqa: S608
        )
        assert {row["id"]: row["n"] for row in rows} == expected, (name, day_of)
    assert len(deals) == days
