"""Measures of what contacts did with campaigns, worked out by hand for each edge case."""

from datetime import timedelta
from pathlib import Path

import pytest

from acflow.engine import Warehouse
from tests.reports.report_harness import NOW, Row, duckdb_with, rows_of
from tests.reports.test_audience_kpis import ago, people

MAILING = {"id": 1, "name": "News", "type": "single", "status": 5, "send_amt": 200, "total_amt": 200}


def mailing(**given: object) -> Row:
    """Return a campaign that was sent ten days ago at noon."""
    return {**MAILING, "sdate": ago(10), "ldate": ago(10), **given}


def opening(key: int, contact: int, days: float, campaign: int = 1, **given: object) -> Row:
    """Return the last opening of a contact, so many days ago."""
    return {"id": key, "campaign": campaign, "contact": contact, "last_at": ago(days), "times": 1, **given}


def test_a_prefetch_makes_no_reader_and_a_click_does(tmp_path: Path) -> None:
    """Where nobody tells prefetches apart, those who use Apple's proxy prove nothing by opening."""
    opens = [
        opening(1, 1, 3, prefetched=True),
        opening(2, 2, 3, prefetched=False),
        opening(3, 3, 3),
        opening(4, 4, 3),
        *(opening(10 + campaign, 5, 40, campaign) for campaign in range(1, 6)),
    ]
    contacts = [*people(1, 2, 4, 5, 6), *people(3, mpp_tracking=True), *people(7, bounced_hard=True)]
    clicks = [opening(1, 6, 20), opening(2, 7, 1)]
    found = rows_of(
        duckdb_with(tmp_path, contacts=contacts, campaignOpens=opens, campaignClicks=clicks), "reader_tiers"
    )
    assert {(row["recency"], row["frequency"]): (row["contacts"], row["clickers"]) for row in found} == {
        ("recent", "1"): (2, 0),
        ("engaged", "1"): (1, 1),
        ("disengaged", "5 and more"): (1, 0),
        ("never", "none"): (2, 0),
    }
    assert sum(row["share"] for row in found) == pytest.approx(1)


def test_openings_are_placed_by_hours_and_days(tmp_path: Path) -> None:
    """The first hour is 0; openings after two weeks are in no row and in every denominator."""
    hour = 1 / 24
    opens = [
        opening(1, 1, 10 - 0.5 * hour),
        opening(2, 2, 10 - 1.5 * hour),
        opening(3, 3, 10 - 1.9),
        opening(4, 4, 10 - 0.1 * hour, prefetched=True),
    ]
    old = mailing(id=2, sdate=ago(100), ldate=ago(100))
    warehouse = duckdb_with(tmp_path, campaigns=[mailing(), old], campaignOpens=[*opens, opening(5, 5, 60, 2)])
    found = {(row["unit"], row["after"]): row["share_until_then"] for row in rows_of(warehouse, "open_delays")}
    assert found == {("hour", 0): 0.25, ("hour", 1): 0.5, ("day", 0): 0.5, ("day", 1): 0.75}


def test_hours_of_sending_are_ranked_by_what_is_opened_in_a_day(tmp_path: Path) -> None:
    """On the clock of the report, and only where enough was sent; mail of today is too young."""
    at = {key: NOW - timedelta(days=10 + key, hours=key) for key in (1, 2, 3)}
    campaigns = [mailing(id=key, sdate=str(at[key]), ldate=str(at[key])) for key in (1, 2)]
    campaigns += [mailing(id=3, sdate=str(at[3]), ldate=str(at[3]), send_amt=10)]
    campaigns += [mailing(id=4, sdate=ago(0.5), ldate=ago(0.5))]
    opens = [
        {**opening(10 * key + person, person, 1, key), "last_at": str(at[key] + timedelta(hours=2))}
        for key, readers in ((1, 4), (2, 8), (3, 9))
        for person in range(readers)
    ]
    warehouse = duckdb_with(tmp_path, campaigns=campaigns, campaignOpens=[*opens, opening(99, 1, 0.4, 4)])
    found = {
        row["hour"]: (row["opened_in_a_day"], row["low_sample"], row["rank"])
        for row in rows_of(warehouse, "send_hours")
    }
    assert found == {9: (0.9, True, None), 10: (0.04, False, 1), 11: (0.02, False, 2)}
    assert [row["hour"] for row in rows_of(warehouse, "send_hours", zone="Asia/Tokyo")] == [18, 19, 20]


def test_links_are_ranked_within_their_campaign(tmp_path: Path) -> None:
    """Who clicks two links counts for both, so shares add up to more than one."""
    clicks = [
        opening(key, contact, 9, link=link, url=f"https://example.com/{link}")
        for key, (contact, link) in enumerate(((1, 7), (2, 7), (2, 8), (3, 7)), start=1)
    ]
    found = rows_of(duckdb_with(tmp_path, campaigns=[mailing()], campaignClicks=clicks), "link_clicks")
    seen = [(row["link_id"], row["clickers"], row["clicks"], row["share_of_clickers"], row["rank"]) for row in found]
    assert seen == [(7, 3, 3, 1.0, 1), (8, 1, 1, pytest.approx(1 / 3), 2)]
    assert found[0]["click_rate"] == 3 / 200


def domains(folder: Path, *, sends: bool) -> Warehouse:
    """Return a warehouse in which one provider refuses mail of two campaigns."""
    contacts = [
        *people(1, 2, email_domain="Mail.test "),
        *people(3, email_domain="example.com"),
        *people(4, email_domain=""),
    ]
    bounces: list[Row] = [
        {"id": 1, "campaign": 1, "contact": 1, "type": "hard", "code": "5.1.1", "bounced_at": ago(9)},
        {"id": 2, "campaign": 1, "contact": 2, "type": None, "code": "4.2.2", "bounced_at": ago(9)},
    ]
    sent = [{"id": key, "campaign": 1, "contact": key, "sent_at": ago(10)} for key in (1, 2, 3, 4)]
    known = {"campaignSends": sent} if sends else {}
    opens = [opening(1, 3, 9), opening(2, 3, 9, 2), opening(3, 3, 400, 3)]
    return duckdb_with(folder, contacts=contacts, campaignBounces=bounces, campaignOpens=opens, **known)


def test_a_provider_that_refuses_mail_stands_out(tmp_path: Path) -> None:
    """Domains are compared without case and blanks, and a code tells the kind where nothing else does."""
    first, second = rows_of(domains(tmp_path, sends=True), "mail_domains")
    assert (first["domain"], first["sends"], first["hard_bounces"], first["soft_bounces"]) == ("mail.test", 2, 1, 1)
    assert (first["bounce_rate"], second["bounce_rate"]) == (1.0, 0.0)
    assert (second["domain"], second["opens"], second["open_rate"]) == ("example.com", 2, 2.0)


def test_without_sends_a_provider_has_no_rates(tmp_path: Path) -> None:
    """Null, as nobody knows of how many."""
    for row in rows_of(domains(tmp_path, sends=False), "mail_domains"):
        assert (row["sends"], row["bounce_rate"], row["open_rate"], row["low_sample"]) == (None, None, None, True)
