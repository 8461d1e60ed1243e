"""What contacts did with campaigns is read campaign by campaign and held against the campaigns' own counters."""

from pathlib import Path

import pytest

from acflow.source.certificate import Verdict
from activecampaign_sandbox import Behaviour, make_world, running
from tests.source.events_harness import Settle, account, asked, mailed, read, rows

OPENS = "select count(*), sum(times), count(last_at), count(distinct (campaign, contact)) from activecampaign.{}"


def test_the_opens_of_a_company_are_those_that_its_campaigns_count(tmp_path: Path, settings_of: Settle) -> None:
    """To the row, campaign by campaign; and the key goes in no address."""
    with running(make_world("small", contacts=60, deals=1)) as sandbox:
        settings = settings_of(sandbox)
        told = read(settings, "campaigns", "campaignOpens")["campaignOpens"]
        counters = {row["id"]: row for row in sandbox.world.rows("campaigns")}
        assert not any(sandbox.key in str(record.params) for record in sandbox.requests)
    unique, opens = (sum(int(row[name]) for row in counters.values()) for name in ("uniqueopens", "opens"))
    assert (told.verdict, told.landed, told.received, told.promised_last) == (Verdict.COMPLETE, True, unique, unique)
    assert told.rejects == 0
    assert told.new_fields == ()
    assert rows(tmp_path / "acflow.duckdb", OPENS.format('"campaignOpens"')) == [(unique, opens, unique, unique)]
    by_campaign = dict(
        rows(tmp_path / "acflow.duckdb", 'select campaign, count(*) from activecampaign."campaignOpens" group by all')
    )
    assert by_campaign == {
        int(key): int(row["uniqueopens"]) for key, row in counters.items() if row["uniqueopens"] != "0"
    }


def test_the_time_with_its_offset_counts(tmp_path: Path, settings_of: Settle) -> None:
    """Version 1 sends two, and the one without an offset is another clock's."""
    with running(account(uniqueopens=3, opens=3, send_amt=9, verified_unique_opens=3)) as sandbox:
        read(settings_of(sandbox), "campaignOpens")
        with sandbox.world.held():
            made = sandbox.world.mail.of(1)
    assert made
    query = 'select contact, epoch(last_at)::bigint from activecampaign."campaignOpens"'
    assert dict(rows(tmp_path / "acflow.duckdb", query)) == {
        event.contact: int(event.at.timestamp()) for event in made.opens
    }


def test_a_refresh_asks_campaigns_that_are_recent_or_have_moved(tmp_path: Path, settings_of: Settle) -> None:
    """The rows of all others stay, those of a campaign that is gone go."""
    counters = {"uniqueopens": 30, "opens": 40, "send_amt": 50}
    world = account(**counters)
    old, gone = mailed(world, **counters), mailed(world, **counters)
    world.advance(days=200)
    recent = int(world.insert("campaigns", {"sdate": "2027-05-10T09:00:00-05:00", "uniqueopens": "5", "opens": "5"}))
    with running(world) as sandbox:
        settings = settings_of(sandbox)
        first = read(settings, "campaignOpens")["campaignOpens"]
        assert (first.received, first.since) == (95, None)
        before = len(sandbox.requests)
        world.update("campaigns", old, {"uniqueopens": "33", "opens": "44"})
        world.delete("campaigns", gone)
        again = read(settings, "campaignOpens")["campaignOpens"]
        assert {int(one["campaignid"]) for one in asked(sandbox, before)} == {old, recent}
        assert (again.verdict, again.received, again.promised_last) == (Verdict.COMPLETE, 38, 38)
        assert again.counted
        assert (again.counted.campaigns, again.counted.others) == (2, 2)
    query = 'select campaign, count(*), sum(times) from activecampaign."campaignOpens" group by all order by 1'
    assert rows(tmp_path / "acflow.duckdb", query) == [(1, 30, 40), (old, 33, 44), (recent, 5, 5)]


def test_a_campaign_of_which_nothing_comes_is_not_proved_and_stops_no_other(
    tmp_path: Path, settings_of: Settle
) -> None:
    """It is asked twice, told with its counter, keeps its rows, and is asked again by the next run."""
    counters = {"uniqueopens": 30, "opens": 40, "send_amt": 50}
    world = account(**counters)
    other = mailed(world, **counters)
    with running(world) as sandbox:
        settings = settings_of(sandbox)
        read(settings, "campaignOpens")
        sandbox.world.mail.lost[1] = 30
        world.update("campaigns", other, {"uniqueopens": "31"})
        told = read(settings, "campaignOpens")["campaignOpens"]
        assert (told.verdict, told.landed, told.reason) == (Verdict.PARTIAL, True, None)
        assert "campaign 1 0 of 30" in str(told.notes)
        assert "1 of them are not proved" in str(told.notes)
        query = 'select campaign, count(*) from activecampaign."campaignOpens" group by all order by 1'
        assert rows(tmp_path / "acflow.duckdb", query) == [(1, 30), (other, 31)]
        sandbox.world.mail.lost.clear()
        assert read(settings, "campaignOpens")["campaignOpens"].verdict is Verdict.COMPLETE


def test_a_few_that_are_counted_and_do_not_come_are_told(settings_of: Settle) -> None:
    """Deleted contacts, prefetches and robots are in a counter and not in a list; that is no failure."""
    with running(account(uniqueopens=30, opens=40, send_amt=50)) as sandbox:
        sandbox.world.mail.lost[1] = 4
        told = read(settings_of(sandbox), "campaignOpens")["campaignOpens"]
    assert (told.verdict, told.received, told.promised_last) == (Verdict.COMPLETE, 26, 30)
    assert "1 of them count more contacts than came, 26 of 30 in all: campaign 1 26 of 30" in str(told.notes)


@pytest.mark.parametrize(
    ("behaviour", "verdict", "received", "said"),
    [
        (Behaviour(legacy="refused"), Verdict.FORBIDDEN, 0, "no right to /admin/api.php"),
        (Behaviour(legacy="off"), Verdict.FORBIDDEN, 0, "/admin/api.php does not exist"),
        (Behaviour(legacy_key="query"), Verdict.FORBIDDEN, 0, "no right to /admin/api.php"),
        (Behaviour(legacy_nothing="empty"), Verdict.COMPLETE, 40, ""),
        (Behaviour(legacy_repeats=True), Verdict.PARTIAL, 20, ""),
        (Behaviour(campaign_reports=True), Verdict.COMPLETE, 40, ""),
        (Behaviour(campaign_reports=True, legacy="off"), Verdict.COMPLETE, 40, ""),
    ],
)
def test_each_way_in_which_an_account_may_answer_ends(
    behaviour: Behaviour, verdict: Verdict, received: int, said: str, settings_of: Settle
) -> None:
    """Refusals in XML, empty bodies, pages that repeat, reports of version 3 and none."""
    with running(account(uniqueopens=40, opens=50, send_amt=60), behaviour) as sandbox:
        told = read(settings_of(sandbox, retry_patience=5.0), "campaignOpens")["campaignOpens"]
    assert (told.verdict, told.received) == (verdict, received)
    assert said in (told.reason or "")
    assert told.landed is (verdict is not Verdict.FORBIDDEN)


def test_the_source_is_tried_once_and_kept(settings_of: Settle) -> None:
    """The certificate names it; reports of version 3 give a thousand rows a request, version 1 twenty."""
    with running(account(uniqueopens=40, opens=50, send_amt=60), Behaviour(campaign_reports=True)) as sandbox:
        settings = settings_of(sandbox)
        told = read(settings, "campaignOpens")["campaignOpens"]
        assert told.counted
        assert told.counted.source == "reports"
        assert "the campaign reports of version 3" in str(told.notes)
        assert told.requests == 2
        before = len(sandbox.requests)
        read(settings, "campaignOpens")
        assert [record.path.rpartition("/")[2] for record in sandbox.requests[before:]] == ["me", "campaigns", "opens"]
