"""The small world: its figures agree with each other, and tell what its manual says they tell."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from statistics import mean, median
from typing import Any

import pytest

from activecampaign_sandbox import World

Row = dict[str, Any]
ACTIVE, BOUNCED = "1", "3"
DIGEST = """
import hashlib, json
from activecampaign_sandbox import make_world
world = make_world("small")
rows = {path: world.rows(path) for path in sorted(world.tables)}
print(hashlib.sha256(json.dumps(rows).encode()).hexdigest())
"""
# Which field points to which table; "0" and null point nowhere.
POINTERS = (
    *(("deals", "group", "dealGroups"), ("deals", "stage", "dealStages"), ("deals", "nexttaskid", "dealTasks")),
    *(("deals", "account", "accounts"), ("contacts", "orgid", "accounts"), ("dealStages", "group", "dealGroups")),
    *(("contactLists", "contact", "contacts"), ("contactLists", "list", "lists"), ("contactLists", "form", "forms")),
    *(
        ("contactLists", "campaign", "campaigns"),
        ("contactTags", "contact", "contacts"),
        ("contactTags", "tag", "tags"),
    ),
    *(("contactAutomations", "contact", "contacts"), ("contactAutomations", "automation", "automations")),
    *(("fieldValues", "contact", "contacts"), ("fieldValues", "field", "fields"), ("fieldOptions", "field", "fields")),
    *(("fieldRels", "field", "fields"), ("accountContacts", "account", "accounts"), ("accounts", "owner", "users")),
    *(("accountContacts", "contact", "contacts"), ("dealCustomFieldData", "dealId", "deals")),
    *(("dealCustomFieldData", "customFieldId", "dealCustomFieldMeta"), ("dealActivities", "deal", "deals")),
    *(("dealActivities", "stage", "dealStages"), ("dealTasks", "relid", "deals"), ("dealTasks", "user", "users")),
    *(("notes", "user", "users"), ("campaigns", "userid", "users"), ("campaigns", "automation", "automations")),
    *(("campaigns", "message_id", "messages"), ("campaigns", "formid", "forms"), ("messages", "user", "users")),
    *(("campaignMessages", "campaign", "campaigns"), ("campaignMessages", "message", "messages")),
    *(("campaignLists", "campaign", "campaigns"), ("campaignLists", "list", "lists"), ("lists", "userid", "users")),
)


def at(text: str) -> datetime:
    """Return an instant."""
    return datetime.fromisoformat(text)


def single(world: World, name: str) -> Row:
    """Return the campaign of a name."""
    return next(row for row in world.rows("campaigns") if row["name"] == name)


def newsletters(world: World) -> list[Row]:
    """Return what was mailed once to the newsletter and could be measured, in the order of sending."""
    lists = defaultdict(set)
    for row in world.rows("campaignLists"):
        lists[row["campaign"]].add(row["list"])
    sent = [row for row in world.rows("campaigns") if row["status"] == "5" and lists[row["id"]] == {"1"}]
    return sorted((row for row in sent if row["trackreads"] == "1"), key=lambda row: at(row["sdate"]))


@pytest.mark.parametrize(("entity", "field", "target"), POINTERS)
def test_every_id_points_to_a_row(small: World, entity: str, field: str, target: str) -> None:
    """What is not there is none of a handful that the manual names."""
    there = {int(key) for key in small.ids(target)}
    pointers = [int(row[field]) for row in small.rows(entity) if row.get(field) not in {None, "0", 0, ""}]
    assert pointers
    assert set(pointers) <= there


def test_a_handful_of_ids_point_nowhere_on_purpose(small: World) -> None:
    """Three deals of a seller who left, three of a deleted contact, two campaigns to a segment that is gone."""
    deals = [row for row in small.rows("deals") if not row["isDisabled"]]
    users, contacts, segments = (set(map(str, small.ids(name))) for name in ("users", "contacts", "segments"))
    sent_to = [row["segmentid"] for row in small.rows("campaigns") if row["segmentid"] != "0"]
    assert [row["owner"] for row in deals if row["owner"] not in users] == ["9"] * 3
    assert sum(row["contact"] not in contacts for row in deals) == 3
    assert sum(segment not in segments for segment in sent_to) == 2


def test_lists_count_their_memberships(small: World) -> None:
    """And everybody bounced is off every list."""
    stays = small.rows("contactLists")
    everyone, active = (Counter(row["list"] for row in stays if row["status"] in of) for of in ("0123", ACTIVE))
    for row in small.rows("lists"):
        assert int(row["non_deleted_subscribers"]) == everyone[row["id"]]
        assert int(row["active_subscribers"]) == active[row["id"]]
    bounced = {row["id"] for row in small.rows("contacts") if row["bounced_hard"] != "0"}
    assert {row["contact"] for row in stays if row["status"] == BOUNCED} <= bounced
    assert not [row for row in stays if row["contact"] in bounced and row["status"] == ACTIVE]


def test_memberships_have_their_dates(small: World) -> None:
    """Nobody joins before being there, or leaves before joining; who is there never left."""
    created = {row["id"]: at(row["cdate"]) for row in small.rows("contacts")}
    for row in small.rows("contactLists"):
        if row["status"] == "0":
            assert row["sdate"] is None
            continue
        assert created[row["contact"]] <= at(row["sdate"]) <= small.now
        assert (row["udate"] is None) == (row["status"] == ACTIVE)
        assert row["udate"] is None or at(row["sdate"]) <= at(row["udate"]) <= small.now


def test_campaigns_count_those_who_left_by_them(small: World) -> None:
    """One unsubscribe takes a person off each list of the mailing."""
    people = {(row["campaign"], row["contact"]) for row in small.rows("contactLists") if row["campaign"]}
    left = Counter(campaign for campaign, _ in people)
    mailed = [row for row in small.rows("campaigns") if row["type"] in {"single", "split"} and row["seriesid"] == "0"]
    assert sum(left.values()) > 200
    assert all(int(row["unsubscribes"]) == left[row["id"]] for row in mailed)


def test_forms_count_who_came_through_them(small: World) -> None:
    """And whose deals came of it; one form was never used."""
    through = Counter(form for item in small.tables["contacts"].items() for form in item.facts["forms"])
    for row in small.rows("forms"):
        assert row["contacts"] == through[row["id"]] <= row["entries"]
        assert row["deals"] <= row["contacts"]
    assert {row["name"] for row in small.rows("forms") if not row["entries"]} == {"Feedback"}
    assert sum(row["deals"] for row in small.rows("forms")) > 40


def test_tags_and_automations_count_their_people(small: World) -> None:
    """A tag that nobody has, and an automation that nobody entered, are among them."""
    tagged = Counter(row["tag"] for row in small.rows("contactTags"))
    assert all(int(row["subscriber_count"]) == tagged[row["id"]] for row in small.rows("tags"))
    entries = small.rows("contactAutomations")
    entered, left = (
        Counter(row["automation"] for row in entries),
        Counter(r["automation"] for r in entries if r["remdate"]),
    )
    for row in small.rows("automations"):
        assert (int(row["entered"]), int(row["exited"])) == (entered[row["id"]], left[row["id"]])
    assert {int(row["subscriber_count"]) > 0 for row in small.rows("tags")} == {True, False}
    assert {int(row["entered"]) > 0 for row in small.rows("automations")} == {True, False}


def test_messages_add_up_to_their_campaign(small: World) -> None:
    """Of two subjects that were tested, one did better."""
    parts = defaultdict(list)
    for row in small.rows("campaignMessages"):
        parts[row["campaign"]].append(row)
    for row in small.rows("campaigns"):
        of = parts[row["id"]]
        assert len(of) == int(row["numberOfMessages"])
        for counter in ("send_amt", "uniqueopens", "subscriberclicks", "unsubscribes", "hardbounces"):
            assert sum(int(part[counter]) for part in of) == int(row[counter])
        if row["type"] == "split":
            assert len({part["uniqueopens"] for part in of}) == 2


def test_the_bought_list_made_the_worst_campaign(small: World) -> None:
    """By bounces, by unsubscribes and by clicks, of all that went to a hundred people or more."""
    rows = [row for row in small.rows("campaigns") if row["status"] == "5" and int(row["send_amt"]) >= 100]
    for counter, worst in (("hardbounces", max), ("unsubscribes", max)):
        assert worst(rows, key=lambda r: int(r[counter]) / int(r["send_amt"]))["name"] == "Partner offer: kettles"
    bad = single(small, "Partner offer: kettles")
    bounced = [row for row in small.rows("contactLists") if row["list"] == "13" and row["status"] == BOUNCED]
    assert len(bounced) > 60
    assert int(bad["hardbounces"]) >= len(bounced)


def test_the_proxy_hides_that_mail_is_opened_less(small: World) -> None:
    """Opens look the same as two years ago; those that people made themselves do not."""
    rows = newsletters(small)

    def rate(some: list[Row], counter: str) -> float:
        return sum(int(row[counter]) for row in some) / sum(int(row["send_amt"]) for row in some)

    then, today = rows[:15], rows[-15:]
    assert rate(today, "uniqueopens") > rate(then, "uniqueopens") - 0.02
    assert rate(today, "verified_unique_opens") < 0.8 * rate(then, "verified_unique_opens")


def test_mail_without_tracking_counts_no_opens_but_of_those_who_click(small: World) -> None:
    """And without tracked links, no clicks."""
    plain, still = single(small, "A letter in plain text"), single(small, "We are moving house")
    assert plain["trackreads"] == "0"
    assert plain["uniqueopens"] == plain["subscriberclicks"] != "0"
    assert (still["tracklinks"], still["linkclicks"]) == ("none", "0")
    assert int(still["uniqueopens"]) > 100


def test_christmas_and_mothers_day_sell(small: World) -> None:
    """Mail of the season is clicked more, and brings people."""
    rows = [row for row in small.rows("campaigns") if row["status"] == "5" and int(row["send_amt"]) >= 300]

    def clicks(of: list[Row]) -> float:
        return mean(int(row["subscriberclicks"]) / int(row["send_amt"]) for row in of)

    season = [
        row for row in rows if "Mother's Day" in row["name"] or "Christmas" in row["name"] or "Friday" in row["name"]
    ]
    assert len(season) >= 6
    assert clicks(season) > 1.5 * clicks([row for row in rows if row not in season])
    months = Counter(row["cdate"][5:7] for row in small.rows("contacts") if row["cdate"] < "2025-10-31")
    assert months["12"] > 1.5 * months["08"]


def test_the_blog_loses_readers_month_by_month(small: World) -> None:
    """Nobody joins any more; the newsletter grows all the while."""

    def active(list_id: str, day: datetime) -> int:
        stays = [row for row in small.rows("contactLists") if row["list"] == list_id and row["sdate"]]
        return sum(at(row["sdate"]) <= day and (not row["udate"] or at(row["udate"]) > day) for row in stays)

    days = [small.now - timedelta(days=back) for back in (390, 270, 150, 30)]
    blog, newsletter = ([active(key, day) for day in days] for key in ("6", "1"))
    assert blog == sorted(blog, reverse=True)
    assert blog[-1] < 0.6 * blog[0]
    assert newsletter == sorted(newsletter)


def test_people_were_seen_when_mail_was_sent(small: World) -> None:
    """Nobody opens before being there; a proxy makes nobody active."""
    first = min(at(row["sdate"]) for row in small.rows("campaigns") if row["status"] == "5")
    contacts = small.rows("contacts")
    for row in contacts:
        seen = [at(row[name]) for name in ("last_open_date", "last_click_date") if row[name]]
        assert all(max(first, at(row["cdate"])) <= when <= small.now for when in seen)
        assert (at(row["adate"]) if row["adate"] else None) == max(seen, default=None)
        assert (row["mpp_tracking"] == "1") == (row["last_mpp_open_date"] is not None)
        assert row["sentcnt"] != "0" or not seen
    fetched = [row for row in contacts if row["mpp_tracking"] == "1"]
    assert sum(not row["adate"] for row in fetched) > 50


def test_deals_are_stuck_at_the_tasting(small: World) -> None:
    """More of them stand there than anywhere else, and far longer than others used to."""
    names = {row["id"]: row["title"] for row in small.rows("dealStages")}
    standing = [row for row in small.rows("deals") if row["status"] == "0" and not row["isDisabled"]]
    (stage, count), (_, second) = Counter(row["stage"] for row in standing).most_common(2)
    assert names[stage] == "Tasting"
    assert count > 2 * second
    entered: dict[str, datetime] = {}
    stayed = []
    for row in sorted(small.rows("dealActivities"), key=lambda row: at(row["cdate"])):
        if row["dataType"] == "d_stageid" and row["dataOldval"] == stage and row["deal"] in entered:
            stayed.append((at(row["cdate"]) - entered.pop(row["deal"])).days)
        if row["dataType"] == "d_stageid" and row["dataAction"] == stage:
            entered[row["deal"]] = at(row["cdate"])
    waiting = [(small.now - entered[row["id"]]).days for row in standing if row["stage"] == stage]
    assert median(waiting) > 2 * median(stayed)


def test_the_log_tells_each_deals_way(small: World) -> None:
    """From its first stage to where it stands, and to its end if it has one."""
    log = defaultdict(list)
    for row in small.rows("dealActivities"):
        log[row["deal"]].append(row)
    first = {row["group"]: row["id"] for row in reversed(small.rows("dealStages"))}
    for row in small.rows("deals"):
        if row["isDisabled"]:
            continue
        steps = [(one["dataOldval"], one["dataAction"]) for one in log[row["id"]] if one["dataType"] == "d_stageid"]
        ends = [one for one in log[row["id"]] if one["dataType"] == "status"]
        way = [first[row["group"]], *(new for _, new in steps)]
        assert [old for old, _ in steps] == way[:-1]
        assert way[-1] == row["stage"]
        assert [one["dataAction"] for one in ends] == ([] if row["status"] == "0" else [row["status"]])
        assert all(at(row["cdate"]) <= at(one["cdate"]) <= small.now for one in log[row["id"]])
        assert all(at(one["cdate"]) <= at(row["mdate"]) for one in ends)


def test_sellers_and_pipelines_differ_in_what_they_win(small: World) -> None:
    """The best seller wins more than twice as often as the worst, hospitality loses most."""
    closed = [row for row in small.rows("deals") if row["status"] != "0" and not row["isDisabled"]]

    def rates(field: str) -> dict[str, float]:
        of = defaultdict(list)
        for row in closed:
            of[row[field]].append(row["status"] == "1")
        return {key: mean(won) for key, won in of.items() if len(won) >= 10}

    owners, pipelines = rates("owner"), rates("group")
    assert owners["2"] == max(owners.values()) > 2 * min(owners.values()) > 0
    assert pipelines["2"] == min(pipelines.values()) < 0.3 < pipelines["1"]


def test_open_deals_are_dated_and_rated_as_in_real_life(small: World) -> None:
    """Some not at all, some long ago; some with a task, some overdue, some forgotten."""
    standing = [row for row in small.rows("deals") if row["status"] == "0" and not row["isDisabled"]]
    expected = [datetime.fromisoformat(row["edate"] + "+00:00") for row in standing if row["edate"]]
    planned = [at(row["nextdate"]) for row in standing if row["nextdate"]]
    assert 0.15 < sum(row["edate"] is None for row in standing) / len(standing) < 0.45
    assert 0.15 < sum(day < small.now for day in expected) / len(expected) < 0.85
    assert 0.15 < sum(row["winProbability"] is None for row in standing) / len(standing) < 0.45
    assert {row["percent"] != "0" for row in standing} == {True, False}
    assert 0.5 < len(planned) / len(standing) < 0.9
    assert {due < small.now for due in planned} == {True, False}
    tasks = {row["id"]: row for row in small.rows("dealTasks")}
    assert all(tasks[row["nexttaskid"]]["relid"] == row["id"] for row in standing if row["nextdate"])


def test_yen_have_no_minor_unit(small: World) -> None:
    """A Japanese deal is of tens of thousands at least, and of whole thousands."""
    yen = [int(row["value"]) for row in small.rows("deals") if row.get("currency") == "jpy"]
    assert len(yen) > 10
    assert all(value % 1_000 == 0 for value in yen)
    assert 50_000 < median(yen) < 5_000_000


def test_the_same_seed_makes_the_same_bytes_in_another_process(small: World) -> None:
    """Whatever the order in which that process keeps its sets."""
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    told = subprocess.run([sys.executable, "-c", DIGEST], capture_output=True, text=True, check=True, env=environment)
    rows = {path: small.rows(path) for path in sorted(small.tables)}
    assert told.stdout.strip() == hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def test_campaigns_can_be_told_apart_by_name(small: World) -> None:
    """But for the tests, which nobody took the trouble to name."""
    names = Counter(row["name"] for row in small.rows("campaigns"))
    assert {name for name, count in names.items() if count > 1} == {"Test, please ignore"}
