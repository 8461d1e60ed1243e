"""The worlds: the same every time, and sound in themselves."""

import json
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from activecampaign_sandbox import WORLDS, World, make_world
from activecampaign_sandbox.worlds.hostile import ODDITIES

RECORDED = json.loads((Path(__file__).parent / "golden" / "recorded_keys.json").read_text())
ENTITIES = tuple(RECORDED)
NOT_IN_LISTS = {
    "contacts": {
        *("deals", "geoIps", "contactAutomations", "contactLists", "fieldValues"),  # of the single answer
        *("sentiment", "email_empty", "emailDomain"),  # gone since
    },
    "campaigns": {"isDoubleOptInCampaign"},
}


def number(row: dict[str, Any], field: str) -> int:
    """Return a count, which is a text on the wire."""
    assert isinstance(row[field], str)
    return int(row[field])


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_recorded_key_is_there_and_no_other(small: World, entity: str) -> None:
    """The union over all full rows, as sent in lists."""
    full = [row for row in small.rows(entity) if row.get("isDisabled") is not True]
    assert set().union(*full) == set(RECORDED[entity]) - NOT_IN_LISTS.get(entity, set())


@pytest.mark.parametrize("name", WORLDS)
def test_the_same_seed_makes_the_same_world(name: Any) -> None:  # noqa: ANN401 - a literal
    """Row by row, field by field."""
    sizes: dict[str, Any] = {"contacts": 300, "deals": 100, "campaigns": 50} if name == "large" else {}
    one, two = make_world(name, **sizes), make_world(name, **sizes)
    assert all(one.rows(entity) == two.rows(entity) for entity in ENTITIES)


@pytest.mark.parametrize("name", ["small", "large", "hostile"])
def test_another_seed_makes_another_world(name: Any) -> None:  # noqa: ANN401 - a literal
    """Seeds are not decoration."""
    one, two = make_world(name, contacts=200, deals=50), make_world(name, contacts=200, deals=50, seed=2)
    assert one.rows("contacts") != two.rows("contacts")
    assert one.rows("deals") != two.rows("deals")


def test_a_world_that_does_not_exist_is_refused_with_the_names_of_those_that_do() -> None:
    """A typo is found at once."""
    with pytest.raises(ValueError, match="hostile"):
        make_world("smal")  # type: ignore[arg-type]


def test_counters_of_campaigns_agree_with_each_other(small: World) -> None:
    """Nobody opens what did not arrive, and proxies only add opens."""
    for row in small.rows("campaigns"):
        sent = number(row, "total_amt")
        delivered = sent - number(row, "hardbounces") - number(row, "softbounces")
        assert delivered >= number(row, "uniqueopens") >= number(row, "verified_unique_opens")
        assert number(row, "opens") >= number(row, "uniqueopens") >= number(row, "subscriberclicks")
        assert number(row, "verified_unique_opens") >= number(row, "subscriberclicks")
        assert number(row, "linkclicks") >= number(row, "uniquelinkclicks") >= number(row, "subscriberclicks")
        assert number(row, "unsubscribes") <= delivered
        assert sent == 0 or row["ldate"]


def test_the_campaigns_are_of_every_kind_a_report_must_tell_apart(small: World) -> None:
    """Drafts, planned ones, automations, responders that count no sends, one that was stopped, and a bad day."""
    rows = small.rows("campaigns")
    assert {row["type"] for row in rows} == {"single", "split", "recurring", "responder", "reminder"}
    assert {row["status"] for row in rows} == {"0", "1", "4", "5"}
    assert [row for row in rows if row["seriesid"] != "0" and row["status"] == "1"]
    assert all(row["send_amt"] == "0" < row["total_amt"] for row in rows if row["type"] == "responder")
    bounces = sorted(number(row, "hardbounces") / max(1, number(row, "send_amt")) for row in rows)
    assert bounces[-1] > 0.05 > bounces[-2]


def test_deals_stand_in_stages_of_their_own_pipeline(small: World) -> None:
    """With the pipeline's currency; but for six, with an owner and a contact that exist."""
    stages = {row["id"]: row["group"] for row in small.rows("dealStages")}
    currencies = {row["id"]: row["currency"] for row in small.rows("dealGroups")}
    owners = {row["id"] for row in small.rows("users")}
    contacts = {row["id"] for row in small.rows("contacts")}
    full = [row for row in small.rows("deals") if not row["isDisabled"]]
    for row in full:
        assert stages[row["stage"]] == row["group"]
        assert currencies[row["group"]] == row["currency"]
        assert datetime.fromisoformat(row["cdate"]) <= datetime.fromisoformat(row["mdate"]) <= small.now
    assert sum(row["owner"] not in owners for row in full) == 3
    assert sum(row["contact"] not in contacts for row in full) == 3
    assert {row["status"] for row in full} == {"0", "1", "2"}
    assert min(sum(row["status"] == status for row in full) for status in "012") >= 30


def test_one_list_has_lost_most_of_its_readers(small: World) -> None:
    """The others have not."""
    shares = {
        row["name"]: number(row, "active_subscribers") / number(row, "non_deleted_subscribers")
        for row in small.rows("lists")
    }
    assert min(shares, key=lambda name: shares[name]) == "Blog updates"
    assert shares["Blog updates"] < 0.5
    assert sum(share > 0.8 for share in shares.values()) >= 10


def test_everybody_lives_at_a_domain_set_aside_for_examples(small: World) -> None:
    """No mail of ours could ever reach anyone."""
    for name in ("contacts", "users"):
        domains = {row["email"].rpartition("@")[2] for row in small.rows(name)}
        assert all(domain.split(".")[-2:] in (["example", tld] for tld in ("com", "org", "net")) for domain in domains)


def test_times_have_the_offset_of_their_season(small: World) -> None:
    """Summer -05:00, winter -06:00."""
    dates = [row["cdate"] for row in small.rows("contacts")]
    assert {date[19:] for date in dates if date[5:7] in {"06", "07"}} == {"-05:00"}
    assert {date[19:] for date in dates if date[5:7] in {"01", "12"}} == {"-06:00"}


def test_the_fields_that_claim_to_be_utc_are_not(small: World) -> None:
    """The same digits as the local time."""
    for row in small.rows("contacts"):
        assert row["updated_utc_timestamp"] == row["udate"][:19].replace("T", " ")


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_oddity_is_in_the_hostile_world(entity: str) -> None:
    """Each named one, on at least one row."""
    world = make_world("hostile")
    shown = {item.facts["oddity"] for item in world.tables[entity].items()}
    assert shown == {oddity.name for oddity in ODDITIES[entity]}


def test_the_ids_of_the_hostile_world_have_gaps_and_clusters() -> None:
    """Beyond 32 bits as well."""
    ids = [int(row["id"]) for row in make_world("hostile").rows("contacts")]
    steps = [after - before for before, after in pairwise(ids)]
    assert {1, 17} < set(steps)
    assert max(steps) > 1_000_000
    assert ids[-1] > 2**32
