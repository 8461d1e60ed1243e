"""What contacts did with campaigns is read campaign by campaign and held against the campaigns' own counters."""

from pathlib import Path

import pytest

from acflow.entities import entity
from acflow.source.certificate import Verdict
from activecampaign_sandbox import Behaviour, Fault, make_world, running
from tests.run_harness import run
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
        assert "1 of 2 campaigns are not proved" in str(told.notes)
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
    assert "1 of 1 campaigns count more contacts than came, 26 of 30 in all: campaign 1 26 of 30" in str(told.notes)


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


COUNTED = {
    "campaignSends": ("send_amt",),
    "campaignOpens": ("uniqueopens",),
    "campaignClicks": ("uniquelinkclicks",),
    "campaignBounces": ("hardbounces", "softbounces"),
    "campaignUnsubscribes": ("unsubscribes",),
    "campaignForwards": ("uniqueforwards",),
}
SOURCES = {
    "legacy": Behaviour(),
    "reports": Behaviour(campaign_reports=True),
    "lists": Behaviour(legacy="refused", isread="bool"),
    "lists, written otherwise": Behaviour(legacy="off", isread="int"),
}


@pytest.mark.parametrize("source", SOURCES)
def test_every_kind_of_event_is_read_from_every_source(source: str, tmp_path: Path, settings_of: Settle) -> None:
    """As many rows as campaigns count, in one shape: same contacts, same instants, same counts."""
    counters = {"send_amt": 60, "uniqueopens": 40, "opens": 55, "verified_unique_opens": 30, "subscriberclicks": 12}
    counters |= {"uniquelinkclicks": 20, "linkclicks": 25, "hardbounces": 3, "softbounces": 5, "unsubscribes": 4}
    world = account(**counters, forwards=3, uniqueforwards=2, unsubreasons=2)
    mailed(world, **counters)
    with running(world, SOURCES[source]) as sandbox:
        kinds = list(COUNTED)[: 4 if "lists" in source else None]
        told = read(settings_of(sandbox), *kinds)
        campaigns = sandbox.world.rows("campaigns")
        with sandbox.world.held():
            made = {one.key: one for one in sandbox.world.mail.all()}
    for kind, certificate in told.items():
        expected = sum(int(row[name]) for row in campaigns for name in COUNTED[kind])
        assert (kind, certificate.verdict, certificate.received) == (kind, Verdict.COMPLETE, expected)
        assert (certificate.rejects, certificate.new_fields) == (0, ())
        assert certificate.counted
        assert certificate.counted.source == ("lists" if kind == "campaignSends" else source.partition(",")[0])
    warehouse, told_apart = tmp_path / "acflow.duckdb", "lists" in source
    opens = 'select campaign, contact, epoch(last_at)::bigint, times, prefetched from activecampaign."campaignOpens"'
    assert sorted(rows(warehouse, opens)) == sorted(
        (one.key, event.contact, int(event.at.timestamp()), event.times, event.prefetched if told_apart else None)
        for one in made.values()
        for event in one.opens
    )
    clicks = 'select campaign, contact, link, epoch(last_at)::bigint, times from activecampaign."campaignClicks"'
    assert sorted(rows(warehouse, clicks)) == sorted(
        (one.key, event.contact, one.key * 100 + event.link, int(event.at.timestamp()), event.times)
        for one in made.values()
        for event in one.clicks
    )
    bounces = "select count(*) filter (code like '5%'), count(*) from activecampaign.\"campaignBounces\""
    assert rows(warehouse, bounces) == [(6, 16)]


def test_who_left_by_a_mail_is_found_in_the_memberships_too(tmp_path: Path, settings_of: Settle) -> None:
    """Where no reports answer; memberships that ended otherwise are no events."""
    world = account(unsubscribes=1)
    for contact, campaign, status in (("1", "1", "2"), ("2", "1", "1"), ("3", "0", "2")):
        row = {"contact": contact, "campaign": campaign, "status": status, "unsubreason": "no tea", "list": "1"}
        world.insert("contactLists", {**row, "udate": "2026-10-21T09:00:00-05:00"})
    with running(world, Behaviour(legacy="off")) as sandbox:
        told = read(settings_of(sandbox, events_source="lists"), "campaignUnsubscribes")["campaignUnsubscribes"]
    assert (told.verdict, told.received, told.new_fields) == (Verdict.COMPLETE, 1, ())
    query = 'select campaign, contact, reason, list, left_at is not null from activecampaign."campaignUnsubscribes"'
    assert rows(tmp_path / "acflow.duckdb", query) == [(1, 1, "no tea", 1, True)]


def test_a_reading_that_stops_early_keeps_its_campaigns_and_the_next_goes_on(
    tmp_path: Path, settings_of: Settle
) -> None:
    """By an error, which the run tells by its exit code; no campaign that was read to its end is asked again."""
    counters = {"uniqueopens": 30, "opens": 40, "send_amt": 50}
    world = account(**counters)
    for _ in range(40):
        mailed(world, **counters)
    down = Fault("error", at=60, count=None, path="/admin/api.php")
    with running(world, faults=[down]) as sandbox:
        settings = settings_of(sandbox, retry_patience=0.5, events_days=0)
        result = run(settings, [entity("campaignOpens")])
        (told,) = result.certificates
        assert (told.verdict, told.landed, result.status) == (Verdict.PARTIAL, True, "partial")
        assert told.counted
        assert told.counted.left > 0
        assert "are left for the next run, as the reading stopped (500 on /admin/api.php" in str(told.notes)
        read_once = {one["campaignid"] for one in asked(sandbox)}
        sandbox.sandbox.script.clear()
        before = len(sandbox.requests)
        again = read(settings, "campaignOpens")["campaignOpens"]
        asked_again = {one["campaignid"] for one in asked(sandbox, before)}
    assert (again.verdict, len(asked_again)) == (Verdict.COMPLETE, told.counted.left)
    assert len(asked_again) < 41 <= len(read_once | asked_again)
    query = 'select count(distinct campaign), count(*) from activecampaign."campaignOpens"'
    assert rows(tmp_path / "acflow.duckdb", query) == [(41, 41 * 30)]


def test_a_large_account_can_be_read_over_several_runs(tmp_path: Path, settings_of: Settle) -> None:
    """So many requests a run, the newest campaigns first; that is no failure."""
    world = make_world("empty")
    for day in range(1, 7):
        sent = f"2026-10-{day:02d}T09:00:00-05:00"
        world.insert("campaigns", {"sdate": sent, "ldate": sent, "uniqueopens": "5", "opens": "5"})
    done: list[set[int]] = []
    with running(world) as sandbox:
        settings = settings_of(sandbox, events_requests=2, events_days=0)
        for _ in range(3):
            before = len(sandbox.requests)
            result = run(settings, [entity("campaignOpens")])
            done.append({int(one["campaignid"]) for one in asked(sandbox, before)})
            assert result.status == "ok"
    assert done == [{5, 6}, {3, 4}, {1, 2}]
    query = 'select count(distinct campaign), count(*) from activecampaign."campaignOpens"'
    assert rows(tmp_path / "acflow.duckdb", query) == [(6, 30)]
