"""Measures of lists, contacts and forms, worked out by hand for each edge case."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from acflow.reports import Options, answer, report
from tests.reports.report_harness import NOW, Row, duckdb_with, rows_of

LISTS = [{"id": 1, "name": "News", "active_subscribers": None}]


def ago(days: float) -> str:
    """Return the instant that many days before the tests' own."""
    return str(NOW - timedelta(days=days))


def naive(days: float) -> str:
    """Return it as the API writes dates without zone."""
    return str((NOW - timedelta(days=days)).replace(tzinfo=None))


def member(key: int, status: int = 1, joined: float | None = 100, left: float | None = None) -> Row:
    """Return the membership of a contact of the same number."""
    dates = {"sdate": None if joined is None else ago(joined), "udate": None if left is None else ago(left)}
    return {"id": key, "contact": key, "list": 1, "status": status, **dates}


def people(*keys: int, **more: Any) -> list[Row]:  # noqa: ANN401 - any column
    """Return contacts."""
    return [{"id": key, "email": f"{key}@example.com", **more} for key in keys]


def test_health_of_a_list(tmp_path: Path) -> None:
    """Nine were active a month ago: two came, one left, one bounced; growth is 2 - 1 - 1 of 9.

    Who is marked as deleted is no member, whenever that happened.
    """
    old = [member(key) for key in range(1, 9)]
    changes = [member(9, status=2, left=5), member(10, status=3), member(11, joined=3), member(12, joined=29)]
    never = [member(13, status=0, joined=2), member(14, status=2, joined=90, left=80)]
    contacts = [
        *people(1, 2, 3, 4, 5, 6, 9, 11, 12, 13, 14),
        *people(7, deleted=True),
        *people(8, bounced_hard=True, bounced_date=NOW.date() - timedelta(days=200)),
        *people(10, bounced_hard=True, bounced_date=NOW.date() - timedelta(days=8)),
    ]
    (found,) = rows_of(
        duckdb_with(tmp_path, lists=LISTS, contactLists=[*old, *changes, *never], contacts=contacts), "list_health"
    )
    assert (found["active"], found["active_source"], found["members"]) == (9, "memberships", 13)
    assert found["reach"] == 8, "one of the active has bounced"
    assert (found["unconfirmed"], found["unsubscribed"], found["hard_bounced"]) == (1, 2, 2)
    assert (found["active_at_start"], found["start_source"]) == (9, "reconstructed")
    assert (found["new"], found["left_since"], found["bounced_since"]) == (2, 1, 1), (
        "who has not confirmed is not new yet"
    )
    assert found["list_growth_rate"] == 0.0
    assert found["net_growth_of_total"] == pytest.approx((2 - 1) / 9)
    assert found["churn_rate"] == pytest.approx((1 + 1) / 9)
    assert found["bounced_share"] == pytest.approx(2 / 13)


def test_the_counter_of_the_list_goes_before_memberships(tmp_path: Path) -> None:
    """It is live; and a reading of the day on which the period began goes before a reconstruction."""
    counted = [{"id": 1, "name": "News", "active_subscribers": 40}]
    day = (NOW - timedelta(days=31)).date()
    read = [{"day": day, "_taken_at": ago(31), "id": 1, "active_subscribers": 20}]
    (found,) = rows_of(
        duckdb_with(tmp_path, lists=counted, lists_daily=read, contactLists=[member(1)], contacts=people(1)),
        "list_health",
    )
    assert (found["active"], found["active_source"]) == (40, "counter")
    assert (found["active_at_start"], found["start_source"]) == (20, "read")


def test_a_list_that_began_empty_has_no_growth_rate(tmp_path: Path) -> None:
    """From nothing to one is no percentage."""
    (found,) = rows_of(
        duckdb_with(tmp_path, lists=LISTS, contactLists=[member(1, joined=3)], contacts=people(1)), "list_health"
    )
    assert (found["active_at_start"], found["new"]) == (0, 1)
    assert (found["list_growth_rate"], found["churn_rate"]) == (None, None)


def test_without_memberships_movements_are_unknown(tmp_path: Path) -> None:
    """Null, since 0 would be a claim."""
    (found,) = rows_of(duckdb_with(tmp_path, lists=LISTS), "list_health")
    assert (found["active"], found["active_source"]) == (None, "none")
    assert (found["new"], found["reach"], found["list_growth_rate"]) == (None, None, None)


def test_growth_day_by_day_marks_what_it_reconstructed(tmp_path: Path) -> None:
    """A day with a reading shows the reading, the others go by it; there is no jump where readings begin."""
    members = [member(1, joined=None), member(2, joined=10), member(3, status=2, joined=9, left=7), member(4, joined=7)]
    read = [{"day": (NOW - timedelta(days=9)).date(), "_taken_at": ago(9), "id": 1, "active_subscribers": 77}]
    found = rows_of(
        duckdb_with(tmp_path, lists=LISTS, contactLists=members, contacts=people(1, 2, 3, 4), lists_daily=read),
        "list_growth",
    )
    seen = [
        (row["day"].day, row["active"], row["active_source"], row["new"], row["net"], row["contact_growth"])
        for row in found
    ]
    assert seen == [
        (5, 76, "reconstructed", 1, 1, 2),
        (6, 77, "read", 1, 1, 3),
        (8, 77, "between readings", 1, 0, 4),
    ]


def test_a_day_is_a_day_of_the_account(tmp_path: Path) -> None:
    """Two in the morning in Greenwich is the evening before in New York."""
    late = {**member(1), "sdate": "2026-06-02 02:00:00+00"}
    warehouse = duckdb_with(tmp_path, lists=LISTS, contactLists=[late], contacts=people(1))
    assert rows_of(warehouse, "list_growth")[0]["day"] == date(2026, 6, 2)
    assert rows_of(warehouse, "list_growth", zone="America/New_York")[0]["day"] == date(2026, 6, 1)


def test_contacts_grow_by_the_month_of_their_making(tmp_path: Path) -> None:
    """In the account's zone; who is deleted, gone or without a date is in none."""
    dates = ["2026-04-30 23:30:00+00", "2026-05-02 00:00:00+00", "2026-05-09 00:00:00+00", None]
    contacts = [*({"id": key, "cdate": made} for key, made in enumerate(dates)), *people(8, 9, cdate=dates[1])]
    contacts[-1]["deleted"], contacts[-2]["_deleted_at"] = True, ago(3)
    warehouse = duckdb_with(tmp_path, contacts=contacts)
    seen = [(row["month"].month, row["new_contacts"], row["contacts"]) for row in rows_of(warehouse, "account_growth")]
    assert seen == [(4, 1, 1), (5, 2, 3)]
    assert [row["contacts"] for row in rows_of(warehouse, "account_growth", zone="Europe/Berlin")] == [3]


@pytest.mark.parametrize(
    ("signs", "tier"),
    [
        ({}, "never"),
        ({"adate": ago(7)}, "recent"),
        ({"adate": ago(7.01)}, "engaged"),
        ({"last_click_date": naive(28)}, "engaged"),
        ({"last_click_date": naive(28.01)}, "disengaged"),
        ({"last_open_date": naive(58)}, "disengaged"),
        ({"last_open_date": naive(58.01)}, "inactive"),
        ({"adate": ago(200), "last_click_date": naive(3)}, "recent"),
        ({"last_open_date": naive(3), "last_mpp_open_date": naive(3)}, "never"),
        ({"last_open_date": naive(3), "last_mpp_open_date": naive(9)}, "recent"),
        ({"last_mpp_open_date": naive(1)}, "never"),
        ({"adate": ago(1), "bounced_hard": True}, "unmailable"),
        ({"adate": ago(1), "deleted": True}, "unmailable"),
    ],
)
def test_the_tier_of_a_contact(tmp_path: Path, signs: Row, tier: str) -> None:
    """The latest sign of life counts, and a proxy is none."""
    found = rows_of(duckdb_with(tmp_path, contacts=people(1, **signs)), "engagement_tiers")
    assert {row["tier"]: row["contacts"] for row in found if row["contacts"]} == {tier: 1}


def test_who_left_every_list_cannot_be_mailed(tmp_path: Path) -> None:
    """Who is still on one can; who never was on any can too, by an automation."""
    members = [member(1, status=2, left=3), {**member(2, status=2, left=3), "id": 8}, {**member(2), "id": 9, "list": 2}]
    contacts = people(1, 2, 3, adate=ago(1))
    found = rows_of(duckdb_with(tmp_path, contacts=contacts, contactLists=members), "engagement_tiers")
    assert {row["tier"]: row["contacts"] for row in found if row["contacts"]} == {"recent": 2, "unmailable": 1}
    assert found[0]["share"] == pytest.approx(2 / 3)
    assert found[0]["share_of_mailable"] == 1.0


def test_tiers_take_the_days_that_one_gives(tmp_path: Path) -> None:
    """30, 90 and 180 are a common choice."""
    found = rows_of(duckdb_with(tmp_path, contacts=people(1, adate=ago(60))), "engagement_tiers", tiers=(30, 90, 180))
    assert {row["tier"]: row["contacts"] for row in found if row["contacts"]} == {"engaged": 1}


def test_movements_between_tiers(tmp_path: Path) -> None:
    """Then and now, by the version of each contact that held when the period began."""
    then = [
        {**row, "adate": ago(33), "_valid_from": ago(90), "_valid_to": end}
        for row, end in zip(people(1, 2), (ago(5), None), strict=True)
    ]
    later = {**people(1)[0], "adate": ago(1), "_valid_from": ago(5), "_valid_to": None}
    now = [*people(1, adate=ago(1)), *people(2, adate=ago(33)), *people(3)]
    found = rows_of(duckdb_with(tmp_path, contacts=now, contacts_history=[*then, later]), "tier_movement")
    assert [(row["from_tier"], row["to_tier"], row["contacts"], row["reactivated"]) for row in found] == [
        ("new", "never", 1, None),
        ("recent", "disengaged", 1, False),
        ("recent", "recent", 1, False),
    ]


def test_a_form_brings_contacts_and_their_deals(tmp_path: Path) -> None:
    """Counters are the form's own; deals come by the memberships that name it."""
    forms = [{"id": 1, "name": "Sign-up", "entries": 10, "contacts": 4, "deals": 1}, {"id": 2, "name": "Old"}]
    members = [{**member(1), "form": 1}, {**member(2), "form": 1}, {**member(2), "id": 3, "list": 2, "form": 1}]
    deals: list[Row] = [
        {"id": 1, "contact": 1, "status": 1, "amount": 50, "currency": "usd"},
        {"id": 2, "contact": 2, "status": 0, "amount": 70, "currency": "usd"},
        {"id": 3, "contact": 2, "isDisabled": True, "status": 1},
    ]
    first, old = rows_of(duckdb_with(tmp_path, forms=forms, contactLists=members, deals=deals), "form_funnel")
    assert (first["contacts_per_entry"], first["deals_per_contact"]) == (0.4, 0.25)
    assert (first["matched_contacts"], first["contact_deals"], first["won_deals"]) == (2, 2, 1)
    assert (first["won_contact_share"], first["currency"], first["won_amount"]) == (0.5, "usd", 50)
    assert (old["matched_contacts"], old["won_contact_share"]) == (None, None)
    assert old["reason"] == "no membership names this form"
    assert {first["contacts_source"], old["contacts_source"]} == {"contactLists"}


def test_who_came_through_a_form_is_told_by_the_form_itself_where_it_was_asked(tmp_path: Path) -> None:
    """A form that puts nobody on a list has contacts and deals all the same, and memberships are not asked any more."""
    forms = [{"id": 1, "name": "Contact us"}, {"id": 2, "name": "Sign-up"}]
    brought = [{"id": 1_000_000_000_005, "form": 1, "contact": 5}, {"id": 1_000_000_000_006, "form": 1, "contact": 6}]
    deals = [{"id": 1, "contact": 5, "status": 1, "amount": 50, "currency": "usd"}]
    members = [{**member(1), "form": 2}]
    warehouse = duckdb_with(tmp_path, forms=forms, formContacts=brought, deals=deals, contactLists=members)
    first, other = sorted(rows_of(warehouse, "form_funnel"), key=lambda row: row["form_id"])
    assert (first["matched_contacts"], first["won_deals"], first["won_contact_share"]) == (2, 1, 0.5)
    assert (other["matched_contacts"], other["contact_deals"], other["won_contact_share"]) == (0, 0, None)
    assert {first["contacts_source"], other["contacts_source"]} == {"formContacts"}
    assert (first["reason"], other["reason"]) == (None, None)


@pytest.mark.parametrize("there", ["formContacts", "contactLists"])
def test_the_funnel_says_which_table_it_lacks(tmp_path: Path, there: str) -> None:
    """Memberships are not missed where forms themselves were asked; the other way round they are a poor stand-in."""
    rows: dict[str, list[Row]] = {"formContacts": [{"id": 1_000_000_000_005, "form": 1, "contact": 5}]}
    rows["contactLists"] = [{**member(1), "form": 1}]
    warehouse = duckdb_with(tmp_path, forms=[{"id": 1}], **{there: rows[there]})
    notes = " ".join(answer(warehouse, report("form_funnel"), Options(as_of=NOW)).notes)
    poorer = "formContacts is not in the warehouse: contacts are identified by memberships" in notes
    assert poorer is (there == "contactLists")
    assert "contactLists is not in the warehouse" not in notes


def test_one_row_tells_all_of_a_contact(tmp_path: Path) -> None:
    """Amounts of several currencies are never added."""
    deals = [
        {"id": 1, "contact": 1, "status": 1, "amount": 50, "currency": "usd"},
        {"id": 2, "contact": 1, "status": 0, "amount": 70, "currency": "USD"},
        {"id": 3, "contact": 2, "status": 0, "amount": 70, "currency": "usd"},
        {"id": 4, "contact": 2, "status": 0, "amount": 70, "currency": "eur"},
    ]
    members = [member(1), {**member(1, status=2, left=3), "id": 2, "list": 2}]
    warehouse = duckdb_with(tmp_path, contacts=people(1, 2, 3), contactLists=members, deals=deals)
    one, two, three = rows_of(warehouse, "unified")
    assert (one["lists"], one["active_lists"], one["open_deals"], one["won_deals"]) == (2, 1, 1, 1)
    assert (one["currency"], one["open_amount"], one["won_amount"]) == ("usd", 70, 50)
    assert (two["currencies"], two["currency"], two["open_amount"]) == (2, None, None)
    assert (three["open_deals"], three["lists"]) == (0, None)


def test_faults_of_the_data_are_counted(tmp_path: Path) -> None:
    """What does not match is told with how many rows were looked at."""
    contacts = [{"id": 1, "email": "a@x.org"}, {"id": 2, "email": " A@x.org"}, {"id": 3, "email": ""}]
    deals = [
        {"id": 1, "contact": 1, "owner": 5, "amount": 1, "percent": 20},
        {"id": 2, "contact": 9, "amount": 0, "percent": 120},
        {"id": 3, "isDisabled": True},
    ]
    rejects = [{"entity": "deals", "id": 2, "field": name, "raw": "?", "run": "r"} for name in ("value", "edate")]
    tables: dict[str, list[Row]] = {"contacts": contacts, "deals": deals, "users": [{"id": 4}], "_rejects": rejects}
    found = {
        row["finding"]: (row["affected"], row["total"])
        for row in rows_of(duckdb_with(tmp_path, **tables), "data_health")
    }
    assert found == {
        "values that could not be read": (1, None),
        "deals that the key's user may not see": (1, 3),
        "contacts sharing an address": (2, 3),
        "contacts without an address": (1, 3),
        "deals without an owner": (1, 2),
        "deals without a contact": (0, 2),
        "deals without an amount": (1, 2),
        "deals whose contact is not there": (1, 2),
        "deals whose owner is not there": (1, 2),
        "deals with a probability outside 0 to 100": (1, 2),
    }


def test_who_counts_as_a_member(tmp_path: Path) -> None:
    """Neither an SMS membership nor a contact marked as deleted or without an address; mail cannot reach them."""
    sms = {**member(4), "channel": "sms"}
    contacts = [*people(1, 4), *people(2, deleted=True), {"id": 3, "email": " "}]
    members = [member(1), member(2), member(3), sms]
    warehouse = duckdb_with(tmp_path, lists=LISTS, contactLists=members, contacts=contacts)
    (found,) = rows_of(warehouse, "list_health")
    assert (found["members"], found["active"], found["reach"]) == (1, 1, 1)
    tiers = {row["tier"]: row["contacts"] for row in rows_of(warehouse, "engagement_tiers")}
    assert (tiers["unmailable"], tiers["never"]) == (2, 2)


def test_an_impossible_reach_raises_a_check(tmp_path: Path) -> None:
    """More people than the list's own counter knows cannot be reached."""
    counted = [{"id": 1, "name": "News", "active_subscribers": 1}]
    warehouse = duckdb_with(tmp_path, lists=counted, contactLists=[member(1), member(2)], contacts=people(1, 2))
    checks = {row["finding"]: row for row in rows_of(warehouse, "data_health")}
    assert checks["lists that reach more than they have subscribers"]["affected"] == 1


def reading(days: float, active: int) -> Row:
    """Return the counter of the list, as it was read that many days ago."""
    return {"day": (NOW - timedelta(days=days)).date(), "_taken_at": ago(days), "id": 1, "active_subscribers": active}


def test_deletions_are_counted_where_the_counter_fell(tmp_path: Path) -> None:
    """From 100 to 97 with one sign-up and one who left: three were deleted, of whom one is known."""
    members = [member(1), member(2, joined=1.5), member(3, status=2, left=1.4)]
    gone = [{**member(4), "_deleted_at": ago(1.3)}]
    warehouse = duckdb_with(
        tmp_path,
        lists=[{"id": 1, "name": "News", "active_subscribers": 97}],
        contactLists=members,
        contactLists_deleted=gone,
        contacts=people(1, 2, 3, 4),
        lists_daily=[reading(2, 100), reading(1, 97)],
    )
    days = {(NOW.date() - row["day"]).days: row for row in rows_of(warehouse, "list_growth")}
    moves = ("active", "new", "unsubscribed", "deleted", "net", "inferred")
    assert [days[1][name] for name in moves] == [97, 1, 1, 3, -3, 2]
    assert [days[2][name] for name in moves] == [100, 0, 0, 0, 0, 0]
    (health,) = rows_of(warehouse, "list_health", recent_days=2)
    assert (health["active_at_start"], health["active"], health["deleted_since"]) == (100, 97, 3)
    assert health["list_growth_rate"] == pytest.approx(-0.03)
    assert health["churn_rate"] == pytest.approx(0.04)


def test_what_old_memberships_cannot_know_is_null(tmp_path: Path) -> None:
    """They were read days before the counter, so of the last days only the change is known."""
    warehouse = duckdb_with(
        tmp_path,
        lists=[{"id": 1, "name": "News", "active_subscribers": 8}],
        contactLists=[member(1)],
        contacts=people(1),
        lists_daily=[reading(9, 10), reading(1, 8)],
        _readings=[{"entity": "contactLists", "read_at": ago(5)}],
    )
    *_, last, today = rows_of(warehouse, "list_growth")
    assert (last["active"], last["net"], last["new"], last["deleted"]) == (8, -2, None, None)
    assert (today["active"], today["net"]) == (8, 0)


def test_the_money_of_a_form_stands_per_currency(tmp_path: Path) -> None:
    """The row of the form has the counts, those under it the amounts; a buyer of two deals is one buyer."""
    forms = [{"id": 1, "name": "Sign-up", "entries": 4, "contacts": 5}]
    members = [{**member(1), "form": 1}, {**member(2), "form": 1}]
    deals: list[Row] = [
        {"id": key, "contact": 1, "status": 1, "amount": 50, "currency": currency}
        for key, currency in enumerate(("usd", "usd", "eur"))
    ]
    whole, *parts = rows_of(duckdb_with(tmp_path, forms=forms, contactLists=members, deals=deals), "form_funnel")
    assert (whole["won_deals"], whole["won_contacts"], whole["won_contact_share"]) == (3, 1, 0.5)
    assert (whole["currency"], whole["won_amount"], whole["contacts_per_entry"]) == (None, None, None)
    assert whole["reason"] == (
        "the form counts more contacts than entries; amounts of several currencies are not added"
    )
    assert [(row["currency"], row["won_deals"], row["won_amount"]) for row in parts] == [
        ("eur", 1, 50),
        ("usd", 2, 100),
    ]
    assert {row["entries"] for row in parts} == {None}
