"""Measures of e-mail, worked out by hand for each edge case."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from acflow.reports import Basis
from tests.reports.report_harness import NOW, Row, duckdb_with, rows_of

SENT = NOW - timedelta(days=10)


def mailing(key: int = 1, **more: Any) -> Row:  # noqa: ANN401 - any column
    """Return a campaign of 1,000 messages: 950 delivered, 285 opened, 57 clicked."""
    return {
        "id": key,
        "name": f"Mailing {key}",
        "type": "single",
        "status": 5,
        "cdate": SENT - timedelta(days=1),
        "sdate": SENT,
        "trackreads": True,
        "tracklinks": "all",
        "send_amt": 1000,
        "total_amt": 1200,
        "hardbounces": 20,
        "softbounces": 30,
        "uniqueopens": 285,
        "opens": 1900,
        "verified_unique_opens": 190,
        "subscriberclicks": 57,
        "uniquelinkclicks": 95,
        "linkclicks": 114,
        "unsubscribes": 4,
        "forwards": 19,
        "uniqueforwards": 9,
        "replies": 3,
        **more,
    }


def rated(folder: Path, row: Row, **options: Any) -> Row:  # noqa: ANN401 - any option
    """Return the report's one row about a campaign."""
    (found,) = rows_of(duckdb_with(folder, campaigns=[row]), "campaign_performance", **options)
    return found


def test_every_rate_of_an_ordinary_mailing(tmp_path: Path) -> None:
    """Opens and clicks by delivered, bounces and unsubscribes by sends."""
    found = rated(tmp_path, mailing())
    assert (found["sends"], found["delivered"], found["recipients"], found["base"]) == (1000, 950, 1200, 950)
    expected = {
        "delivery_rate": 0.95,
        "open_rate": 0.3,
        "verified_open_rate": 0.2,
        "total_open_rate": 2.0,
        "click_rate": 0.06,
        "link_click_rate": 0.1,
        "total_click_rate": 0.12,
        "ctor": 0.2,
        "bounce_rate": 0.05,
        "hard_bounce_rate": 0.02,
        "soft_bounce_rate": 0.03,
        "unsubscribe_rate": 0.004,
        "unsubscribe_rate_of_delivered": 4 / 950,
        "forward_rate": 9 / 950,
        "reply_rate": 3 / 950,
        "send_progress": 1000 / 1200,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    assert found["flags"] is None


@pytest.mark.parametrize(("basis", "rate"), [("delivered", 0.3), ("sends", 0.285), ("total_amt", 0.2375)])
def test_the_basis_is_a_choice(tmp_path: Path, basis: str, rate: float) -> None:
    """ActiveCampaign's older reports divide by the planned audience, its help by sends."""
    found = rated(tmp_path, mailing(), basis=Basis(basis))
    assert found["open_rate"] == pytest.approx(rate)
    assert found["bounce_rate"] == pytest.approx(0.05), "bounces never change their denominator"


def test_an_autoresponder_counts_in_total_amt(tmp_path: Path) -> None:
    """It never fills send_amt."""
    found = rated(tmp_path, mailing(type="responder", status=1, send_amt=0, total_amt=1000))
    assert (found["sends"], found["sends_source"], found["running"]) == (1000, "total_amt", True)
    assert found["open_rate"] == pytest.approx(0.3)


def test_a_total_without_sends_proves_nothing_sent(tmp_path: Path) -> None:
    """Of any other type all rates are null, and the row says why."""
    found = rated(tmp_path, mailing(send_amt=0, total_amt=1000))
    assert (found["sends"], found["sends_source"], found["flags"]) == (0, "none", "sends unknown")
    assert {value for name, value in found.items() if name.endswith("rate")} == {None}


@pytest.mark.parametrize(("status", "flag"), [(0, "draft"), (7, "pending approval")])
def test_what_was_not_sent_yet_has_no_rates(tmp_path: Path, status: int, flag: str) -> None:
    """Counters of a draft are those of a test."""
    found = rated(tmp_path, mailing(status=status))
    assert (found["open_rate"], found["bounce_rate"], found["flags"]) == (None, None, flag)


def test_automation_mail_stays_scheduled_and_is_measured(tmp_path: Path) -> None:
    """Status 1 for ever is no reason to leave it out."""
    found = rated(tmp_path, mailing(status=1, seriesid=3))
    assert (found["running"], found["open_rate"]) == (True, pytest.approx(0.3))


def test_untracked_is_unknown_and_not_zero(tmp_path: Path) -> None:
    """Zero opens without tracking mean nothing."""
    found = rated(tmp_path, mailing(trackreads=False, uniqueopens=0, opens=0))
    assert (found["open_rate"], found["total_open_rate"], found["ctor"]) == (None, None, None)
    assert found["click_rate"] == pytest.approx(0.06)
    assert found["flags"] == "opens not tracked"
    found = rated(tmp_path, mailing(tracklinks="none", subscriberclicks=0))
    assert (found["click_rate"], found["link_click_rate"], found["ctor"]) == (None, None, None)
    assert found["flags"] == "clicks not tracked"


def test_unique_link_clicks_stand_in_for_people_and_say_so(tmp_path: Path) -> None:
    """Old accounts do not tell how many people clicked."""
    found = rated(tmp_path, mailing(subscriberclicks=None))
    assert (found["clickers"], found["clickers_source"]) == (95, "unique link clicks")
    assert found["click_rate"] == pytest.approx(0.1)


def test_a_rate_above_one_is_flagged_and_kept(tmp_path: Path) -> None:
    """Cutting it off would hide a fault of the data."""
    found = rated(tmp_path, mailing(uniqueopens=1900))
    assert (found["open_rate"], found["flags"]) == (2.0, "rate above 1")
    assert (found["open_rate_low"], found["open_rate_high"]) == (None, None)


def test_everything_bounced_leaves_no_denominator(tmp_path: Path) -> None:
    """Null, not zero and not an error; more bounces than sends count as none delivered."""
    found = rated(tmp_path, mailing(hardbounces=700, softbounces=400))
    assert (found["delivered"], found["open_rate"], found["forward_rate"]) == (0, None, None)
    assert (found["bounce_rate"], found["delivery_rate"]) == (pytest.approx(1.1), 0.0)


def test_nobody_opened(tmp_path: Path) -> None:
    """An open rate of 0, and no click-to-open rate."""
    found = rated(tmp_path, mailing(uniqueopens=0, subscriberclicks=0))
    assert (found["open_rate"], found["ctor"]) == (0.0, None)


def test_progress_is_cut_off_at_one_and_unknown_without_a_plan(tmp_path: Path) -> None:
    """Repeated sending passes the planned audience."""
    assert rated(tmp_path, mailing(total_amt=600))["send_progress"] == 1.0
    assert rated(tmp_path, mailing(total_amt=0))["send_progress"] is None


def test_tiny_mailings_have_no_place_and_a_wide_range(tmp_path: Path) -> None:
    """One opening of one message is no record. The range is Wilson's: 10 of 20 may be 30 to 70 per cent."""
    tiny = mailing(2, send_amt=20, hardbounces=0, softbounces=0, uniqueopens=10)
    both = duckdb_with(tmp_path, campaigns=[mailing(), tiny])
    large, small = sorted(rows_of(both, "campaign_performance"), key=lambda row: int(row["campaign_id"]))
    assert (large["rank"], small["rank"]) == (1, None)
    assert (small["open_rate_low"], small["open_rate_high"]) == pytest.approx((0.2993, 0.7007), abs=0.0001)
    assert [row["rank"] for row in rows_of(both, "campaign_performance", minimum_sends=1)].count(1) == 1


def test_groups_have_ratios_of_sums(tmp_path: Path) -> None:
    """A mean of the two open rates would be 0.45; and a mailing without tracking weighs nothing in them."""
    small = mailing(2, send_amt=100, hardbounces=0, softbounces=0, uniqueopens=60, subscriberclicks=0)
    blind = mailing(3, trackreads=False, uniqueopens=0)
    (found,) = rows_of(duckdb_with(tmp_path, campaigns=[mailing(), small, blind]), "campaigns_by_type")
    assert (found["campaigns"], found["sends"]) == (3, 2100)
    assert found["open_rate"] == pytest.approx((285 + 60) / (950 + 100))
    assert found["click_rate"] == pytest.approx((57 + 0 + 57) / (950 + 100 + 950))
    assert found["ctor"] == pytest.approx(57 / (285 + 60)), "clicks of the untracked mailing have no opens to go with"
    assert found["bounce_rate"] == pytest.approx((50 + 0 + 50) / 2100)


def test_a_campaign_to_two_lists_counts_on_each_and_is_marked(tmp_path: Path) -> None:
    """The same pair twice is still one."""
    ties = [(1, 1, 7), (2, 1, 8), (3, 2, 7), (4, 2, 7)]
    found = rows_of(
        duckdb_with(
            tmp_path,
            campaigns=[mailing(), mailing(2)],
            lists=[{"id": 7, "name": "News"}],
            campaignLists=[{"id": key, "campaign": campaign, "list": of} for key, campaign, of in ties],
        ),
        "campaigns_by_list",
    )
    seen = [(row["list"], row["campaigns"], row["sends"], row["shared_campaigns"]) for row in found]
    assert seen == [("News", 2, 2000, 1), ("List 8", 1, 1000, 1)]


def test_messages_of_a_split_test_are_held_against_each_other(tmp_path: Path) -> None:
    """300 of 1,000 against 200 is no chance; 21 of 60 against 18 may well be; and only split tests are looked at."""
    campaigns = [mailing(1, type="split"), mailing(2, type="split"), mailing(3)]
    opened = {1: (1, 1000, 300), 2: (1, 1000, 200), 3: (2, 60, 21), 4: (2, 60, 18), 5: (3, 1000, 900)}
    messages = [
        {"id": key, "campaign": of, "message": 10 + key, "percentage": 50, "send_amt": sent, "uniqueopens": seen}
        for key, (of, sent, seen) in opened.items()
    ]
    found = rows_of(duckdb_with(tmp_path, campaigns=campaigns, campaignMessages=messages), "split_tests")
    assert [(row["message_id"], row["open_rate"], row["share"], row["significantly_better"]) for row in found] == [
        (11, 0.3, 0.5, True),
        (12, 0.2, 0.5, False),
        (13, 0.35, 0.5, False),
        (14, 0.3, 0.5, False),
    ]


def reading(key: int, at: datetime, sent: int, opened: int) -> Row:
    """Return a day's counters."""
    counted = {"send_amt": sent, "total_amt": sent, "uniqueopens": opened, "hardbounces": 0, "softbounces": 0}
    return {"day": at.date(), "_taken_at": at, "id": key, **counted}


def test_running_mail_counts_in_a_month_what_it_gained(tmp_path: Path) -> None:
    """Its totals are of years; before the first reading nobody knows which month they belong to."""
    moments = [datetime.fromisoformat(f"2026-{day}T08:00:00+00:00") for day in ("04-20", "04-30", "05-31", "06-15")]
    days = [reading(1, at, sent, sent // 10) for at, sent in zip(moments, (500, 600, 900, 1000), strict=True)]
    old = mailing(1, seriesid=4, status=1, send_amt=1000, cdate="2024-01-01 00:00:00+00")
    found = rows_of(duckdb_with(tmp_path, campaigns=[old], campaigns_daily=days), "campaigns_by_month")
    seen = [(row["month"], row["sends"], row["unique_opens"], row["open_rate"]) for row in found]
    assert seen == [
        (date(2026, 4, 1), 100, 10, pytest.approx(0.1)),
        (date(2026, 5, 1), 300, 30, pytest.approx(0.1)),
        (date(2026, 6, 1), 100, 10, pytest.approx(0.1)),
    ]


def test_running_mail_made_since_readings_began_counts_from_zero(tmp_path: Path) -> None:
    """All that its first reading holds was sent since."""
    first = datetime.fromisoformat("2026-06-01T08:00:00+00:00")
    days = [reading(2, first, 5, 0), reading(1, first + timedelta(days=4), 80, 8)]
    new = mailing(1, seriesid=4, status=1, cdate=first + timedelta(days=3))
    other = mailing(2, seriesid=4, status=1, cdate="2024-01-01 00:00:00+00")
    (found,) = rows_of(duckdb_with(tmp_path, campaigns=[new, other], campaigns_daily=days), "campaigns_by_month")
    assert (found["sends"], found["unique_opens"]) == (80, 8)


def test_a_month_counts_only_what_sent_in_it(tmp_path: Path) -> None:
    """Of two automations that were read all month one sent; the month in which readings began is partial."""
    first = datetime.fromisoformat("2026-05-10T08:00:00+00:00")
    days = [
        reading(key, first + timedelta(days=after), 100 + (after if key == 1 else 0), 10)
        for key in (1, 2)
        for after in (0, 15, 30)
    ]
    old = {"seriesid": 4, "status": 1, "cdate": "2024-01-01 00:00:00+00"}
    warehouse = duckdb_with(tmp_path, campaigns=[mailing(1, **old), mailing(2, **old)], campaigns_daily=days)
    found = rows_of(warehouse, "campaigns_by_month")
    assert [(row["month"].month, row["campaigns"], row["sends"], row["partial"]) for row in found] == [
        (5, 1, 15, True),
        (6, 1, 15, True),
    ]


def test_mail_whose_sends_are_unknown_is_counted_apart(tmp_path: Path) -> None:
    """An automation mail with opens and no send_amt was sent, nobody knows how often; it is flagged and in no rate."""
    silent = mailing(2, seriesid=4, send_amt=0, total_amt=0, hardbounces=0, softbounces=0)
    warehouse = duckdb_with(tmp_path, campaigns=[mailing(seriesid=4), silent])
    flags = {row["campaign_id"]: row["flags"] for row in rows_of(warehouse, "campaign_performance")}
    assert flags == {1: None, 2: "sends unknown"}
    (kind,) = rows_of(warehouse, "campaigns_by_type")
    assert (kind["campaigns"], kind["campaigns_without_sends"], kind["open_rate"]) == (1, 1, pytest.approx(0.3))
    checks = {row["finding"]: row["affected"] for row in rows_of(warehouse, "data_health")}
    assert checks["campaigns whose number of sends is unknown"] == 1


def test_more_bounces_than_sends_are_flagged(tmp_path: Path) -> None:
    """A rate above 100 % is shown as it is, with its flag, and counted."""
    odd = mailing(send_amt=40, uniqueopens=0, opens=0, subscriberclicks=0, verified_unique_opens=0)
    found = rated(tmp_path, odd)
    assert (found["bounce_rate"], found["flags"]) == (1.25, "more bounces than sends")
    (tmp_path / "reports.duckdb").unlink()
    checks = rows_of(duckdb_with(tmp_path, campaigns=[odd]), "data_health")
    assert [row["affected"] for row in checks if row["finding"] == "campaigns with a rate above 1"] == [1]


def test_one_off_mail_belongs_to_the_month_of_the_account(tmp_path: Path) -> None:
    """Half past eleven at night in New York is still May there."""
    late = mailing(sdate="2026-06-01 03:30:00+00")
    warehouse = duckdb_with(tmp_path, campaigns=[late])
    assert rows_of(warehouse, "campaigns_by_month")[0]["month"] == date(2026, 6, 1)
    assert rows_of(warehouse, "campaigns_by_month", zone="America/New_York")[0]["month"] == date(2026, 5, 1)


def test_campaigns_are_compared_at_the_same_age(tmp_path: Path) -> None:
    """The first reading at or after the age counts, if it came within a day of it."""
    hours = {-30: (0, 0), 20: (900, 100), 25: (1000, 200), 50: (1000, 250), 230: (1000, 300)}
    days = [reading(1, SENT + timedelta(hours=age), *counted) for age, counted in hours.items()]
    found = rows_of(duckdb_with(tmp_path, campaigns=[mailing()], campaigns_daily=days), "same_age")
    seen = [(row["age"], row["read_after_hours"], row["open_rate"], row["reason"]) for row in found]
    assert seen == [
        ("24 h", 25.0, 0.2, None),
        ("48 h", 50.0, 0.25, None),
        ("7 d", None, None, "no reading within a day of that age"),
    ]


def test_proxy_opens_are_what_verified_opens_leave_out(tmp_path: Path) -> None:
    """A campaign that does not tell verified opens says nothing of them."""
    blind = mailing(2, verified_unique_opens=None)
    (found,) = rows_of(duckdb_with(tmp_path, campaigns=[mailing(), blind]), "proxy_opens")
    assert (found["campaigns"], found["proxy_opens"], found["proxy_share"]) == (1, 95, pytest.approx(1 / 3))


def test_segments_are_used_planned_missing_or_idle(tmp_path: Path) -> None:
    """A segment that a campaign names but that is gone is told too."""
    campaigns = [mailing(1, segmentid=1), mailing(2, segmentid=2, status=0), mailing(3, segmentid=9)]
    names: list[Row] = [
        {"id": 1, "name": "VIP"},
        {"id": 2, "name": "Soon"},
        {"id": 3, "name": "Idle"},
        {"id": 4, "seriesid": 1},
    ]
    found = rows_of(duckdb_with(tmp_path, campaigns=campaigns, segments=names), "segment_audit")
    assert {row["segment_id"]: row["state"] for row in found} == {
        1: "used",
        2: "planned",
        3: "never used",
        4: "automation",
        9: "missing",
    }
    assert found[0]["open_rate"] == pytest.approx(0.3)
