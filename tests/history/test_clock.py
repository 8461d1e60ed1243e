"""A wrong clock of the account loses no changes: no cursor lies in the future, and none from there is believed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from acflow.app.model import RunOptions
from acflow.entities import entity
from acflow.load.state import bookmarks, save_bookmark_sql
from activecampaign_sandbox import World
from tests.history.history_harness import ALL, Project
from tests.run_harness import run

Make = Callable[..., Project]
DEALS = [entity("deals")]


def read(project: Project, ours: datetime) -> datetime | None:
    """Read changes while our own clock says this; return since when they were read, None if all was."""
    result = run(project.settings, DEALS, options=RunOptions(incremental=ALL, clock=lambda: ours))
    (certificate,) = result.certificates
    assert certificate.landed
    return certificate.since


def change(world: World) -> tuple[int, str]:
    """Change a deal now, and return it with its new title."""
    key = world.ids("deals")[2]
    world.update("deals", key, {"title": f"Changed at {world.clock():%H:%M:%S}"})
    return key, str(world.get("deals", key)["title"])


@pytest.mark.parametrize("ahead", [timedelta(days=10), timedelta(days=26_000)])
def test_a_first_run_by_a_clock_far_ahead_misses_nothing_later(project_of: Make, ahead: timedelta) -> None:
    """The account's clock is set right after the run; what changes then comes with the next one."""
    project = project_of(contacts=0, deals=20)
    world, ours = project.world, project.world.clock()
    world.advance(seconds=ahead.total_seconds())
    read(project, ours)
    assert bookmarks(project.warehouse)["deals"].cursor <= ours
    world.advance(seconds=-ahead.total_seconds())
    key, title = change(world)
    read(project, ours + timedelta(hours=1))
    assert project.alive("deals", "title")[key] == (title,)


@pytest.mark.parametrize("year", [2099, 9999])
def test_a_bookmark_from_the_future_is_not_believed(project_of: Make, year: int) -> None:
    """As an earlier version may have left it: all is read once more, and then changes again."""
    project = project_of(contacts=0, deals=20)
    world, ours = project.world, project.world.clock()
    read(project, ours)
    far = datetime(year, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    bookmark = bookmarks(project.warehouse)["deals"]
    damaged = type(bookmark)("deals", bookmark.account, far, far, far, bookmark.fields)
    project.warehouse.execute(save_bookmark_sql(project.warehouse, damaged))
    key, title = change(world)
    assert read(project, ours + timedelta(hours=1)) is None
    assert project.alive("deals", "title")[key] == (title,)
    assert read(project, ours + timedelta(hours=2)) is not None
