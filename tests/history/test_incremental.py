"""Reading only what changed: what it costs, what it finds, and what makes it read all again."""

from collections.abc import Callable

import pytest

from acflow.load.state import bookmarks
from activecampaign_sandbox import Fault
from tests.history.history_harness import KINDS, Project, requests, seen

Make = Callable[..., Project]


@pytest.mark.parametrize("kind", KINDS)
def test_changes_go_in_and_nothing_else_is_asked_for(project_of: Make, kind: str) -> None:
    """Edits, new rows and unknown fields arrive by two requests; what the changes do not bring stays as it was."""
    project = project_of(kind)
    world = project.world
    project.run("contacts", "deals")
    project.sleep(3)
    changed, other = world.ids("contacts")[:2]
    world.update("contacts", changed, {"firstName": "Ada", "shoeSize": "44"})
    added = world.insert("contacts", {"email": "new@example.com"})
    deal = seen(world, "deals")[0]["id"]
    world.update("deals", deal, {"value": "77700", "currency": "usd"})
    certificates = project.run("contacts", "deals")
    assert requests(certificates) == {"contacts": 2, "deals": 2}
    assert all(each.landed and each.since for each in certificates.values())
    found = project.alive("contacts", "firstName", "email", "shoeSize")
    assert found.keys() == set(world.ids("contacts"))
    assert (found[changed][0], found[changed][2], found[other][2]) == ("Ada", "44", None)
    assert found[int(added)][1] == "new@example.com"
    assert str(project.alive("deals", "amount")[int(deal)][0]) == "777.0000"
    project.sleep(3)
    assert requests(project.run("contacts", "deals")) == {"contacts": 2, "deals": 2}


def test_values_that_changed_while_only_their_owners_were_read_are_not_missed(project_of: Make) -> None:
    """Each has a cursor of its own, and what comes along is asked for since the older one."""
    project = project_of(contacts=40)
    world = project.world
    names = ("contacts", "fields", "fieldValues")
    project.run(*names)
    project.sleep(2)
    value = next(row for row in world.rows("fieldValues") if row["contact"] in map(str, world.ids("contacts")))
    world.update("fieldValues", value["id"], {"value": "Darjeeling"})
    project.run("contacts")
    project.sleep(3)
    project.run("contacts")
    project.sleep(1)
    assert project.run(*names)["fieldValues"].since is not None
    assert project.alive("fieldValues", "value")[int(value["id"])] == ("Darjeeling",)


def test_rows_that_are_gone_move_aside_and_may_come_back(project_of: Make) -> None:
    """The account's own count gives them away; a row that is there again is in the table alone."""
    project = project_of()
    world = project.world
    project.run("contacts")
    project.sleep()
    key = world.ids("contacts")[5]
    row = world.get("contacts", key)
    world.delete("contacts", key)
    certificate = project.run("contacts")["contacts"]
    assert (certificate.since, certificate.gone, certificate.landed) == (None, 1, True)
    assert project.alive("contacts").keys() == set(world.ids("contacts"))
    gone = project.rows("SELECT * FROM contacts_deleted")
    assert [(each["id"], each["email"]) for each in gone] == [(key, row["email"])]
    project.sleep()
    assert project.run("contacts", sweep=True)["contacts"].gone == 0
    assert project.rows("SELECT * FROM contacts_deleted") == gone
    world.insert("contacts", {**row, "udate": "2026-11-01T12:00:00-05:00"})
    project.run("contacts")
    assert project.alive("contacts").keys() == set(world.ids("contacts"))
    assert project.rows("SELECT * FROM contacts_deleted") == []


def test_a_deal_that_is_hidden_keeps_its_values_and_shows_them_again(project_of: Make) -> None:
    """Losing sight of a deal nulls nothing and is no deletion; seeing it again, with its old date, is noticed."""
    project = project_of()
    world = project.world
    project.run("deals")
    row = seen(world, "deals")[3]
    key = int(row["id"])
    project.sleep(9)
    world.limit_deal(key)
    project.run("deals")
    assert project.alive("deals", "isDisabled", "value")[key] == (True, int(row["value"]))
    project.sleep(9)
    project.run("deals")
    project.sleep()
    world.unlimit_deal(key)
    assert project.run("deals")["deals"].since is None
    assert project.alive("deals", "isDisabled", "value")[key] == (False, int(row["value"]))


def test_values_that_would_not_convert_are_told_as_long_as_the_tables_lack_them(project_of: Make) -> None:
    """Changes forget those of the rows that came again, and of no others."""
    project = project_of()
    world = project.world
    first, second = world.ids("contacts")[:2]
    for key in (first, second):
        world.update("contacts", key, {"sentcnt": "12abc", "firstName": "x"})
    project.run("contacts")
    project.sleep(4)
    world.update("contacts", first, {"sentcnt": "12", "firstName": "y"})
    assert project.run("contacts")["contacts"].since
    assert project.rows("SELECT id, raw FROM _rejects") == [{"id": second, "raw": "12abc"}]


def test_a_reading_that_is_not_complete_moves_nothing(project_of: Make) -> None:
    """Neither the cursor nor a row; the next run finds the change all the same."""
    project = project_of()
    world = project.world
    project.run("contacts")
    before = bookmarks(project.warehouse)["contacts"]
    project.sleep(3)
    key = world.ids("contacts")[0]
    world.update("contacts", key, {"firstName": "Ada"})
    project.sandbox.add_fault(Fault("no-feature", path="contacts", count=3))
    assert not project.run("contacts")["contacts"].landed
    assert bookmarks(project.warehouse)["contacts"] == before
    assert project.alive("contacts", "firstName")[key] != ("Ada",)
    project.sleep(9)
    project.run("contacts")
    assert project.alive("contacts", "firstName")[key] == ("Ada",)
