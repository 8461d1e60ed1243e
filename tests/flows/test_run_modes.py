"""What becomes of the rows of the run before, in each kind of warehouse."""

from pathlib import Path

import pytest

from acflow.engine import DELETED_AT
from acflow.engine.materialize import SYNCED_AT
from acflow.flows.materialize import STAGE
from activecampaign_sandbox import World, make_world
from tests.flows.run_harness import harness, of, statuses
from tests.load.warehouse_harness import MAKERS


@pytest.fixture
def world() -> World:
    """Return a company of a few people and deals."""
    return make_world("small", contacts=20, deals=12)


@pytest.mark.parametrize("kind", MAKERS)
def test_append_keeps_the_rows_of_every_run(world: World, tmp_path: Path, kind: str) -> None:
    """Each run's rows bear its time; what uses the flow sees them all; a column that is new is empty in old rows."""
    flows = """
  log: {entity: deals, group_by: [status], metrics: {deals: count(*)}, mode: append}
  times: {from: log, metrics: {n: count(*)}}
"""
    with harness(world, tmp_path, kind) as this:
        first = of(this.run(flows), "log").rows or 0
        second = this.run(flows.replace("count(*)}, mode", "count(*), most: max(id)}, mode"))
        rows = this.rows("log", f'"{SYNCED_AT}", "status"')
        assert this.rows("times") == [(len(rows),)]
        assert STAGE not in this.tables()
    assert of(second, "log").rows == len(rows) == 2 * first
    assert len({row[2] for row in rows}) == 2
    assert [row[3] is None for row in rows] == [True] * first + [False] * first


@pytest.mark.parametrize("kind", MAKERS)
def test_merge_updates_what_it_knows_and_adds_the_rest(world: World, tmp_path: Path, kind: str) -> None:
    """What the account no longer has stays, in a table beside the entity's own; others see the merged rows."""
    flows = """
  deals: {entity: deals, columns: [id, title], mode: merge}
  seen: {from: deals, metrics: {n: count(*), renamed: "count(*) filter (where title = 'New')"}}
"""
    with harness(world, tmp_path, kind) as this:
        assert this.run(flows).exit_code == 0
        gone, changed, *_ = world.ids("deals")
        world.delete("deals", gone)
        world.update("deals", changed, {"title": "New"})
        world.insert("deals", {"title": "New"})
        assert this.run(flows).exit_code == 0
        assert len(this.rows("deals")) == 12
        merged = dict(this.rows("deals_flow"))
        assert this.rows("seen") == [(13, 2)]
    assert len(merged) == 13
    assert gone in merged
    assert merged[changed] == "New"


@pytest.mark.parametrize("kind", MAKERS)
def test_rows_that_a_key_cannot_tell_apart_are_not_merged(world: World, tmp_path: Path, kind: str) -> None:
    """Which of two wins would be chance, so the flow fails and says so; the old rows stay."""
    flows = "  last: {entity: deals, columns: [id, {k: id}, title], mode: merge, key: k}\n"
    with harness(world, tmp_path, kind) as this:
        this.run(flows)
        old = this.rows("last")
        report = this.run(flows.replace("{k: id}", "{k: status}"), read=False)
        assert this.rows("last") == old
    assert statuses(report) == {"last": "failed"}
    assert "comes more than once" in str(of(report, "last").reason)


@pytest.mark.parametrize("kind", MAKERS)
def test_replace_takes_other_columns_too(world: World, tmp_path: Path, kind: str) -> None:
    """A flow that is written anew gets its new columns, with the same rows or others."""
    with harness(world, tmp_path, kind) as this:
        this.run("  a: {entity: deals, columns: [id, title]}\n")
        this.run("  a: {entity: deals, columns: [id], where: id < 4}\n", read=False)
        assert this.rows("a") == [(1,), (2,), (3,)]
        this.run("  a: {entity: deals, columns: [id], where: id < 3}\n", read=False)
        assert this.rows("a") == [(1,), (2,)]


def test_a_flow_of_its_entitys_name_lets_through_what_it_says(world: World, tmp_path: Path) -> None:
    """The entity's own table stays whole, the flow stands beside it, and other flows see the flow."""
    flows = """
  contacts: {entity: contacts, where: id <= 5}
  few: {from: contacts, columns: [id]}
  asked: {sql: select count(*) as n from contacts}
  joined: {join: {left: deals, right: contacts, on: {contact: id}, type: inner}}
"""
    with harness(world, tmp_path) as this:
        assert this.run(flows).exit_code == 0
        assert len(this.rows("contacts")) == 20
        assert len(this.rows("contacts_flow")) == len(this.rows("few")) == 5
        assert this.rows("asked") == [(5,)]


def test_an_entity_as_it_is_needs_no_second_table(world: World, tmp_path: Path) -> None:
    """Its flow is what has landed, by its name; under another name it is a table of its own."""
    with harness(world, tmp_path) as this:
        report = this.run("  deals: {entity: deals}\n  all_deals: {entity: deals}\n")
        assert this.tables() == ["all_deals", "deals"]
    assert [result.rows for result in report.flows] == [12, 12]


def test_an_entity_that_is_merged_is_what_has_landed(world: World, tmp_path: Path) -> None:
    """Rows of an entity are told apart by id anyway; by another key they are kept beside it."""
    flows = "  deals: {entity: deals, mode: merge}\n  contacts: {entity: contacts, mode: merge, key: email}\n"
    with harness(world, tmp_path) as this:
        report = this.run(flows)
        assert this.tables() == ["contacts", "contacts_flow", "deals"]
    assert [result.rows for result in report.flows] == [12, 20]


@pytest.mark.parametrize("kind", MAKERS)
def test_rows_that_are_gone_from_the_account_are_gone_from_flows(tmp_path: Path, kind: str) -> None:
    """No flow counts, joins or delivers them, nor does plain SQL; `deals_deleted` tells of them."""
    flows = """
  deals: {entity: deals, deliver: deals.jsonl}
  n: {from: deals, metrics: {n: count(*)}}
  asked: {sql: select count(d.id) as n from contacts c left join deals d on d.contact = c.id}
  lost: {sql: "select id, _deleted_at is not null as told from deals_deleted"}
"""
    world = make_world("small", contacts=20, deals=12)
    with harness(world, tmp_path, kind) as this:
        assert this.run(flows).exit_code == 0
        assert this.rows("lost") == []
        gone = world.ids("deals")[3]
        world.delete("deals", gone)
        report = this.run(flows)
        assert report.exit_code == 0, report.flows
        assert [row[0] for row in this.rows("deals")] == world.ids("deals")
        assert this.rows("n") == [(11,)]
        assert this.rows("asked") == [(11,)]
        assert this.rows("lost") == [(gone, True)]
    assert of(report, "deals").rows == 11
    delivered = (tmp_path / "deals.jsonl").read_text(encoding="utf-8")
    assert len(delivered.splitlines()) == 11
    assert DELETED_AT not in delivered


def test_a_history_is_delivered_whole_and_added_to_only_once(world: World, tmp_path: Path) -> None:
    """A file gets the rows of every run with their times; a table that is appended to gets those of the newest."""
    import duckdb

    flows = """
  log:
    {entity: deals, metrics: {deals: count(*)}, mode: append,
     deliver: [log.jsonl, {to: "duckdb:///bi.duckdb", mode: append}]}
"""
    with harness(world, tmp_path) as this:
        for _ in range(3):
            assert this.run(flows).exit_code == 0
    lines = (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3
    assert all(SYNCED_AT in line for line in lines)
    with duckdb.connect(str(tmp_path / "bi.duckdb")) as connection:
        assert connection.execute("SELECT count(*) FROM log").fetchone() == (3,)
