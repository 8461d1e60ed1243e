"""Counters of lists where the account does not send them."""

from collections.abc import Callable

from activecampaign_sandbox import Fault
from tests.history.history_harness import Project

COUNTERS = ("active_subscribers", "non_deleted_subscribers")
Make = Callable[..., Project]


def test_lists_of_older_accounts_are_counted(project_of: Make) -> None:
    """By the totals of contacts: what the account would have sent, day by day, and the certificate tells the price."""
    project = project_of(contacts=40)
    world = project.world
    truth = {
        int(row["id"]): tuple(
            sum(status in wanted for status in project.statuses(row["id"])) for wanted in ({"1"}, {"0", "1", "2", "3"})
        )
        for row in world.rows("lists")
    }
    for name in COUNTERS:
        world.remove_key("lists", name)
    certificate = project.run("lists")["lists"]
    assert (certificate.requests, certificate.landed) == (1 + 2 * len(truth), True)
    assert "counted them" in " ".join(certificate.notes)
    assert project.alive("lists", *COUNTERS) == truth
    kept = project.rows("SELECT id, active_subscribers, non_deleted_subscribers FROM lists_daily")
    assert {row["id"]: tuple(row[name] for name in COUNTERS) for row in kept} == truth
    assert sum(active for active, _ in truth.values()) > 0


def test_an_account_that_sends_them_is_not_asked_twice(project_of: Make) -> None:
    """One request for the lists, and no word about counting."""
    certificate = project_of(contacts=20).run("lists")["lists"]
    assert (certificate.requests, certificate.notes) == (1, ())


def test_a_count_that_may_not_be_asked_for_is_unknown(project_of: Make) -> None:
    """And no zero; the lists land all the same."""
    project = project_of(contacts=20)
    project.world.remove_key("lists", "active_subscribers")
    project.sandbox.add_fault(Fault("no-feature", path="contacts", count=None))
    assert project.run("lists")["lists"].landed
    assert {row[0] for row in project.alive("lists", "active_subscribers").values()} == {None}
