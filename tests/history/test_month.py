"""A month of a company's life, read day by day: what has landed is the account, then and at every day since."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from acflow.app.cancel import CancelToken
from acflow.app.events import EntityProgress, Event
from acflow.app.model import RunOptions
from acflow.entities import ENTITIES, entity
from acflow.errors import RunCancelledError
from acflow.source.certificate import Certificate
from activecampaign_sandbox import Fault, Life, World
from activecampaign_sandbox import clock as clocks
from tests.depth import deep, times
from tests.history.believed import CUSTOM, DRIFTING, Rows, believed, custom, differences, landed, plain
from tests.history.history_harness import ALL, Project
from tests.run_harness import run

Make = Callable[..., Project]
SIX = tuple(each.name for each in ENTITIES)
CUSTOM_TOO = (*SIX, "fields", "fieldValues", "dealCustomFieldMeta", "dealCustomFieldData")
EVERY = 5  # days from one reading of custom fields to the next, but for those on which something happens to them
SETTLED = timedelta(minutes=1)  # after the reading, before anything else happens


@dataclass(slots=True)
class Month:
    """An account that lives, and all that is known of what it was."""

    project: Project
    life: Life
    truth: dict[str, Rows] = field(default_factory=lambda: {name: {} for name in CUSTOM_TOO})
    then: dict[datetime, dict[str, Rows]] = field(default_factory=dict)
    read: int = 0
    unread: set[tuple[str, str]] = field(default_factory=set)  # days without a complete reading, by entity

    @property
    def world(self) -> World:
        """The account."""
        return self.life.world

    def look(self, *, custom_too: bool = False) -> None:
        """Read the account, and compare every column of every row with it."""
        names = CUSTOM_TOO if custom_too else SIX
        certificates = self.project.run(*names)
        self.read += sum(each.requests for each in certificates.values())
        for name in names:
            if not certificates[name].landed:
                self.unread.add((f"{self.world.clock():%Y-%m-%d}", name))
            else:
                self.truth[name] = believed(self.truth[name], self.world, name)
        with self.project.warehouse.held():
            self.compare(certificates)
        self.then[self.world.clock() + SETTLED] = {name: self.truth[name] for name in SIX}

    def compare(self, certificates: dict[str, Certificate]) -> None:
        """Compare what has landed with what is true; keys that come without a date come with the next full reading."""
        for name, certificate in certificates.items():
            rows = landed(self.project.rows(f'SELECT * FROM "{name}"'))  # noqa: S608 - our own names
            whole = certificate.landed and certificate.since is None
            drifting = DRIFTING.get(name, set())
            unsaid = {
                (key, each) for key, row in rows.items() if not whole or row.get("isDisabled") for each in drifting
            }
            assert differences(rows, self.truth[name], unsaid) == [], name
            if name == "contacts":
                domains = {key: row["email_domain"] or row["emailDomain"] for key, row in rows.items()}
                assert domains == {
                    key: row["email_domain"] or row["emailDomain"] for key, row in self.truth[name].items()
                }
        for name, (values, *_) in CUSTOM.items():
            if values in certificates and certificates[values].landed:
                self.compare_custom(name)

    def compare_custom(self, name: str) -> None:
        """Compare the wide table of custom fields, through the view that people use."""
        registry = self.project.rows(f"SELECT field_id, column_name FROM _custom_fields WHERE entity = '{name}'")  # noqa: S608
        columns = {row["field_id"]: row["column_name"] for row in registry}
        truth = custom(self.world, name, columns)
        rows = landed(self.project.rows(f'SELECT * FROM "{name}_wide"'))  # noqa: S608
        wrong = {
            (key, column)
            for key, row in rows.items()
            for column in columns.values()
            if plain(row[column]) != plain(truth.get(key, {}).get(column))
        }
        assert wrong == set(), name
        assert any(row[column] is not None for row in rows.values() for column in columns.values())

    def as_of(self, name: str, moment: datetime) -> Rows:
        """Return the rows of an entity as they were at an instant."""
        at = f"TIMESTAMP WITH TIME ZONE '{moment.isoformat(sep=' ')}'"
        rows = self.project.rows(
            f'SELECT * FROM {name}_history WHERE "_valid_from" <= {at} '  # noqa: S608 - our own
            f'AND ("_valid_to" IS NULL OR "_valid_to" > {at})'
        )
        assert len({row["id"] for row in rows}) == len(rows), "one version of each row at a time"
        return {key: blank(row) for key, row in landed(rows).items()}

    def look_back(self) -> None:
        """Ask for every day again: each row of it, and the counters that were kept of it."""
        last = {f"{moment:%Y-%m-%d}": rows for moment, rows in self.then.items()}
        for name in SIX:
            declared = entity(name)
            aside = declared.counters | declared.noise | DRIFTING.get(name, set()) | {"channel", "ai_score"}
            for moment, rows in self.then.items():
                truth = {key: blank(row) for key, row in rows[name].items()}
                unsaid = {(key, each) for key in truth for each in aside}
                assert differences(self.as_of(name, moment), truth, unsaid) == [], (name, moment)
            for day, rows in last.items() if declared.counters else ():
                if (day, name) in self.unread:
                    continue
                kept = self.project.rows(f"SELECT * FROM {name}_daily WHERE \"day\" = DATE '{day}'")  # noqa: S608
                found = {row["id"]: {each: row[each] for each in declared.counters} for row in kept}
                truth = {key: {each: row[each] for each in declared.counters} for key, row in rows[name].items()}
                assert found == truth, (name, day)


def blank(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row whose empty texts are nulls: going from one to the other is no change."""
    return {name: None if value == "" else value for name, value in row.items()}


@contextmanager
def killed(project: Project) -> Iterator[None]:
    """Read, and break off before anything lands."""
    cancel = CancelToken()

    def stop(event: Event) -> None:
        if isinstance(event, EntityProgress):
            cancel.cancel()

    with pytest.raises(RunCancelledError):
        run(
            project.settings,
            [entity(name) for name in SIX],
            options=RunOptions(incremental=ALL, clock=project.world.clock),
            on_event=stop,
            cancel=cancel,
        )
    yield


def trouble(month: Month, day: int) -> None:
    """Let happen, on its day, what has broken readers of this API."""
    world, project = month.world, month.project
    contact, deal = world.ids("contacts")[day], world.ids("deals")[day]
    if day % 7 == 3:
        world.limit_deal(deal)
    if day % 7 == 5:
        world.unlimit_deal(world.ids("deals")[day - 2])
    if day == 2:  # an hour that nobody saw: the account's clock is set back, and rows change in it
        world.advance(hours=-1)
        world.update("contacts", contact, {"lastName": "Again"})
    if day == 4:  # a date that lies in the future
        ahead = clocks.stamp(world.clock() + timedelta(hours=5))
        world.update("contacts", contact, {"lastName": "Ahead", "udate": ahead})
    if day == 6:  # the reading of one entity is not complete, the others are
        world.update("contacts", contact, {"lastName": "Late"})
        project.sandbox.add_fault(Fault("no-feature", path="contacts", count=3))
    if day == 8:
        with killed(project):
            world.update("deals", deal, {"title": "Changed while nobody looked"})
    if day == 10:  # deleted, and a new one in its place: the account's own count is the same
        world.delete("contacts", contact)
        world.insert("contacts", {"email": f"in.place@{day}.example"})
    if day == 12:  # two contacts are merged: one goes, the other takes what it had
        gone, kept = world.ids("contacts")[1:3]
        row = world.get("contacts", gone)
        world.delete("contacts", gone)
        world.update("contacts", kept, {"phone": row["phone"], "lastName": row["lastName"]})
        month.life.day()
        month.look()
        world.advance(hours=1)
        world.insert("contacts", {**row, "udate": clocks.stamp(world.clock())})  # and comes back with its id
    if day == 14:  # a custom value is taken away, not only emptied
        world.delete("fieldValues", world.ids("fieldValues")[day])


@deep
@pytest.mark.parametrize(
    ("kind", "days", "offset"), [("DuckDB", times(16, 31), ""), ("PostgreSQL", times(5, 16), "+10:30")]
)
def test_every_day_of_a_month_is_the_account_of_that_day(project_of: Make, kind: str, days: int, offset: str) -> None:
    """Rows come, change, go, are hidden and shown: every day's state and every later look back at it are true."""
    project = project_of(kind, contacts=120, deals=50, offset=offset, history=",".join(SIX))
    month = Month(project, Life(project.world, pace=0.5))
    for day in range(days):
        month.look(custom_too=day % EVERY == 0)
        month.life.day()
        trouble(month, day)
    month.look(custom_too=True)
    with project.warehouse.held():
        month.look_back()
    assert len(month.then) >= days
