"""A run of flows: in order, each entity once, and what fails takes along what needs it and nothing else."""

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from acflow.app.ledger import Ledger
from acflow.app.model import RunOptions
from acflow.engine import open_warehouse
from acflow.errors import ConfigError, WarehouseError
from acflow.flows.problems import FlowFileError
from acflow.reports import REPORTS
from activecampaign_sandbox import Fault, World, make_world
from tests.flows.run_harness import Harness, harness, of, statuses
from tests.load.warehouse_harness import MAKERS

SALES = """
  by_currency: {from: priced, group_by: [currency], metrics: {deals: count(*)}, sort: currency}
  priced: {entity: deals, where: amount is not null, columns: [id, title, currency, amount, contact]}
  people: {entity: contacts, columns: [id, email]}
  both: {join: {left: priced, right: people, on: {contact: id}}}
"""
BREAKS = """
  broken: {entity: deals, columns: [id, {number: {from: title, type: integer}}]}
  after: {from: broken, where: id > 1}
  later: {from: after, where: id > 2}
  fine: {entity: deals, columns: [id]}
"""


@pytest.fixture
def world() -> World:
    """Return a company of forty people and thirty deals."""
    return make_world("small", contacts=40, deals=30)


@pytest.mark.parametrize("kind", MAKERS)
def test_flows_come_after_what_they_need(world: World, tmp_path: Path, kind: str) -> None:
    """The order of the file does not matter, each entity is read once, and the figures are those of the account."""
    with harness(world, tmp_path, kind) as this:
        report = this.run(SALES)
        counted = {row[0]: row[1] for row in this.rows("by_currency")}
        assert len(this.rows("both")) == len(this.rows("priced"))
    assert report.exit_code == 0
    assert sorted(c.entity for c in report.certificates) == ["contacts", "deals"]
    assert [result.name for result in report.flows] == ["priced", "by_currency", "people", "both"]
    seen = [row["currency"] for row in world.rows("deals") if row.get("currency")]
    assert sum(counted.values()) == of(report, "priced").rows
    assert set(counted) <= set(seen)


def test_only_what_is_wanted_is_read_and_computed(world: World, tmp_path: Path) -> None:
    """A flow brings what it needs, an entity comes alone, and nothing else is asked for."""
    with harness(world, tmp_path) as this:
        report = this.run(SALES, "by_currency", "lists")
        assert this.tables() == ["by_currency", "deals", "lists", "priced"]
    assert statuses(report) == {"priced": "computed", "by_currency": "computed"}


def test_a_wish_for_something_unknown_does_nothing(world: World, tmp_path: Path) -> None:
    """It names what was probably meant."""
    with harness(world, tmp_path) as this, pytest.raises(ConfigError, match="Did you mean `by_currency`"):
        this.run(SALES, "by_curency")
    assert not list(tmp_path.iterdir())


def test_every_mistake_is_told_before_anything_is_read(world: World, tmp_path: Path) -> None:
    """One of SQL and one of a destination, in one go; no file is made."""
    (tmp_path / "taken").touch()
    flows = """
  a: {entity: deals, where: nothing_like_it = 1}
  b: {entity: deals, deliver: taken/deals.csv}
"""
    with harness(world, tmp_path) as this, pytest.raises(FlowFileError) as caught:
        this.run(flows)
    assert [problem.key for problem in caught.value.problems] == ["flows.a.where", "flows.b.deliver[0]"]
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_what_the_warehouse_cannot_say_is_told_before_anything_is_read(world: World, tmp_path: Path) -> None:
    """PostgreSQL is asked about every flow at once; those that use a wrong one are not told again."""
    flows = """
  lists_of_all: {entity: deals, formula: {n: "list_sum([1, 2])"}}
  uses_it: {from: lists_of_all, columns: [n]}
  fine: {entity: deals, columns: [id, title], sort: title}
  uses_fine: {sql: select count(*) as n from fine}
  structs: {sql: "select {'a': id} as s from deals"}
"""
    with harness(world, tmp_path, "PostgreSQL") as at:
        with pytest.raises(FlowFileError) as caught:
            at.run(flows)
        assert [problem.key for problem in caught.value.problems] == ["flows.lists_of_all.formula.n", "flows.structs"]
        assert "list_sum(integer[]) does not exist" in caught.value.problems[0].message
        assert at.tables() == []


def test_no_flow_has_the_name_of_a_table_of_a_report(world: World, tmp_path: Path) -> None:
    """One would take the place of the other; other names may begin like that."""
    flows = """
  Report_pipeline_now: {entity: deals}
  report_of_mine: {entity: deals}
"""
    with harness(world, tmp_path) as this, pytest.raises(FlowFileError) as caught:
        this.run(flows.replace("pipeline_now", REPORTS[0].name))
    assert [problem.message for problem in caught.value.problems] == [
        f"`Report_{REPORTS[0].name}` is the table of the report `{REPORTS[0].name}`."
    ]


def test_a_file_with_mistakes_can_be_mended_and_used_again(world: World, tmp_path: Path) -> None:
    """What was told of a file does not stick to it: a folder that stood in the way goes, and the same file runs."""
    from acflow.flows.file import load_flow_text
    from tests.run_harness import run_flows

    file = load_flow_text("flows: {a: {entity: deals, deliver: out.csv}}", env={})
    (tmp_path / "out.csv").mkdir()
    with harness(world, tmp_path) as this:
        with pytest.raises(FlowFileError, match="is a folder"):
            run_flows(this.settings, file)
        (tmp_path / "out.csv").rmdir()
        assert run_flows(this.settings, file).exit_code == 0


def test_an_entity_without_rights_blocks_only_what_needs_it(world: World, tmp_path: Path) -> None:
    """The blocked flows name it and keep their old results; the others are new."""
    with harness(world, tmp_path) as this:
        this.run(SALES)
        old, address = this.rows("by_currency"), this.settings.url
    fault = Fault("forbidden", path="deals", count=None)
    (tmp_path / "acflow.duckdb").rename(tmp_path / "kept.duckdb")
    with harness(world, tmp_path, faults=[fault]) as this:
        (tmp_path / "kept.duckdb").rename(tmp_path / "acflow.duckdb")
        report = this.run(SALES, options=RunOptions(renamed_from=address))
        assert this.rows("by_currency") == old
    assert statuses(report) == {
        "priced": "blocked",
        "by_currency": "blocked",
        "people": "computed",
        "both": "blocked",
    }
    assert str(of(report, "by_currency").reason).startswith("needs deals (for priced), which failed: ")
    assert report.exit_code == 5


@pytest.mark.parametrize("kind", MAKERS)
def test_sql_that_fails_on_a_value_takes_only_its_dependents_along(world: World, tmp_path: Path, kind: str) -> None:
    """A title is no number: that flow fails with the database's words, what needs it is blocked, the rest is new."""
    with harness(world, tmp_path, kind) as this:
        report = this.run(BREAKS)
        assert "broken" not in this.tables()
        assert len(this.rows("fine")) == 30
    assert statuses(report) == {"broken": "failed", "after": "blocked", "later": "blocked", "fine": "computed"}
    assert str(of(report, "later").reason).startswith("needs broken (for after), which failed: ")
    assert (report.exit_code, report.status) == (5, "partial")


def test_a_run_in_which_nothing_came_about_ends_by_kind(world: World, tmp_path: Path) -> None:
    """Without reading, a flow that fails is all there was: the code is that of the warehouse."""
    with harness(world, tmp_path) as this:
        this.run("  fine: {entity: deals}\n")
        report = this.run("  broken: {entity: deals, columns: [{n: {from: title, type: integer}}]}\n", read=False)
    assert (report.exit_code, report.status) == (6, "failed")


def test_what_never_landed_blocks_a_run_without_reading(world: World, tmp_path: Path) -> None:
    """It says what to run first."""
    with harness(world, tmp_path) as this:
        report = this.run(SALES, read=False)
    assert set(statuses(report).values()) == {"blocked"}
    assert "never landed" in str(of(report, "priced").reason)
    assert report.exit_code == 6


def test_a_destination_that_fails_holds_nothing_up(world: World, tmp_path: Path) -> None:
    """Rows that cannot be merged stay out of the other database; the table, the file and the other flow are there."""
    flows = """
  a: {entity: deals, columns: [id, currency], deliver: [{to: "duckdb:///bi.duckdb", mode: merge, key: currency}, a.csv]}
  b: {from: a, where: id > 3}
"""
    with harness(world, tmp_path) as this:
        report = this.run(flows)
        ledger = Ledger.at(this.settings.state)
        (kept,) = [row for row in ledger.flows(report.run) if row["name"] == "a"]
        ledger.close()
    failed, written = of(report, "a").deliveries
    assert "its key currency" in str(failed.error)
    assert (failed.code, written.error, written.rows) == (7, None, 30)
    assert kept["deliveries"][0]["error"] == failed.error
    assert statuses(report) == {"a": "computed", "b": "computed"}
    assert (report.exit_code, report.status) == (7, "partial")
    with (tmp_path / "a.csv").open(encoding="utf-8") as file:
        assert len(list(csv.reader(file))) == 31


def test_sums_in_sql_over_multiplied_rows_are_warned_of(world: World, tmp_path: Path) -> None:
    """What comes once for each deal of its contact is no sum of contacts; a sum of the deals themselves is right."""
    people = [row["id"] for row in world.rows("contacts")]
    for row in world.rows("deals")[:4]:
        world.update("deals", row["id"], {"contact": people[0], "isDisabled": 0})
    joined = "from contacts c join deals d on d.contact = c.id"
    flows = f"""
  wrong: {{sql: "select sum(c.sentcnt) as sent {joined}"}}
  right: {{sql: "select d.currency, sum(d.amount) as amount {joined} group by d.currency"}}
  list: {{sql: "select c.email, d.title {joined}"}}
"""
    with harness(world, tmp_path) as this:
        report = this.run(flows)
    (warning,) = of(report, "wrong").warnings
    assert "counts rows of contacts more than once" in warning
    assert "in deals (contact)" in warning
    assert of(report, "right").warnings == of(report, "list").warnings == ()


def test_a_flow_over_tables_of_different_days_says_so(world: World, tmp_path: Path) -> None:
    """Half of its rows are of today and the other half are not; one over a single table has but one day."""
    flows = """
  both: {join: {left: contacts, right: lists, on: id}}
  after: {from: both}
  one: {entity: contacts}
"""
    with harness(world, tmp_path) as this:
        assert not any("Not all data" in said for said in of(this.run(flows), "both").warnings)
        with closing(sqlite3.connect(this.settings.state / "ledger.sqlite")) as ledger:
            ledger.execute("UPDATE runs SET started_at = datetime(started_at, '-3 days')")
            ledger.commit()
        this.run(flows, "one")
        report = this.run(flows, read=False)
    for name in ("both", "after"):
        (warning,) = [said for said in of(report, name).warnings if said.startswith("Not all data are of")]
        assert "lists on " in warning
    assert not any("Not all data" in said for said in of(report, "one").warnings)


def test_joins_are_warned_of_with_counts(world: World, tmp_path: Path) -> None:
    """Two deals of one person make a row more; a deal of nobody has no match."""
    people = [row["id"] for row in world.rows("contacts")]
    for number, row in enumerate(world.rows("deals")):
        if row["isDisabled"]:
            world.unlimit_deal(row["id"])
        contact = {0: people[1], 2: "999999", 3: "0"}.get(number, people[number])
        world.update("deals", row["id"], {"contact": contact})
    flows = """
  deals_of: {join: {left: contacts, right: deals, on: {id: contact}, type: inner}}
  people_of: {join: {left: deals, right: contacts, on: {contact: id}}}
  lost: {join: {left: deals, right: contacts, on: {contact: id}, type: anti}}
"""
    with harness(world, tmp_path) as this:
        report = this.run(flows)
    assert of(report, "people_of").warnings == (
        "2 of 30 rows of deals have no match in contacts, 1 of them for want of a key",
    )
    assert of(report, "deals_of").warnings[0] == (
        "1 key stands more than once in deals (contact), so contacts got 1 row more"
    )
    assert of(report, "lost").warnings == ()
    assert of(report, "lost").rows == 2


def test_a_condition_that_no_row_meets_is_told(world: World, tmp_path: Path) -> None:
    """With what it was asked of; nothing is said of what came empty into the flow."""
    flows = """
  typo: {entity: deals, where: status_label = 'opne'}
  of_nothing: {from: typo, where: id > 1}
  counted: {entity: deals, where: id > 0}
"""
    with harness(world, tmp_path) as this:
        report = this.run(flows)
    assert of(report, "typo").warnings == ("`where` left nothing of 30 rows of deals",)
    assert of(report, "of_nothing").warnings == of(report, "counted").warnings == ()


def _same(this: Harness, flows: str) -> dict[str, str]:
    return statuses(this.run(flows, only_changed=True))


@pytest.mark.parametrize("kind", MAKERS)
def test_what_has_not_changed_is_left_alone(world: World, tmp_path: Path, kind: str) -> None:
    """Only what hangs on the change is computed again; a new definition and a lost file count as changes."""
    flows = """
  a: {entity: deals, columns: [id, title], deliver: a.csv}
  b: {from: a, where: id > 3}
  c: {entity: lists}
"""
    with harness(world, tmp_path, kind) as this:
        assert set(_same(this, flows).values()) == {"computed"}
        assert set(_same(this, flows).values()) == {"unchanged"}
        world.update("deals", world.rows("deals")[0]["id"], {"title": "Renamed"})
        assert _same(this, flows) == {"a": "computed", "b": "computed", "c": "unchanged"}
        narrower = flows.replace("id > 3", "id > 4")
        assert _same(this, narrower) == {"a": "unchanged", "b": "computed", "c": "unchanged"}
        (tmp_path / "a.csv").unlink()
        assert _same(this, narrower)["a"] == "computed"
        assert (tmp_path / "a.csv").exists()
        this.run(flows)  # without a look at what changed, so nothing is known of what it was made of
        assert set(_same(this, flows).values()) == {"computed"}


def test_what_asks_for_the_time_is_never_unchanged(world: World, tmp_path: Path) -> None:
    """The same rows give another result tomorrow."""
    flows = "  a: {entity: deals, formula: {seen: current_date}}\n"
    with harness(world, tmp_path) as this:
        assert _same(this, flows) == _same(this, flows) == {"a": "computed"}


def test_time_between_two_moments_is_counted_alike(world: World, tmp_path: Path) -> None:
    """By the midnights or full hours that lie in between, in every warehouse, however little has passed."""
    moments = ["2023-12-31 23:59:59", "2024-01-01 00:00:01", "2024-02-29 12:00:00", "1969-12-28 22:30:30"]
    moments += ["2026-10-04 23:00:00", "2026-10-05 01:00:00", "1970-01-05 00:00:00"]
    values = ", ".join(f"('{moment}+00'::timestamptz)" for moment in moments)
    counts = ", ".join(
        f"date_diff('{unit}', a.m, b.m) as {unit}, date_diff('{unit}s', a.m::date, b.m::date) as {unit}_of_day"
        for unit in ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
    )
    flows = f"""
  moments: {{sql: "select m from (values {values}) v(m)"}}
  counted: {{sql: "select a.m as a, b.m as b, {counts} from moments a cross join moments b"}}
"""  # noqa: S608 - our own
    found = []
    for kind in MAKERS:
        (tmp_path / kind).mkdir()
        with harness(world, tmp_path / kind, kind) as this:
            report = this.run(flows)
            assert report.exit_code == 0, report.flows
            found.append(this.rows("counted", "1, 2"))
    assert len(found[0]) == len(moments) ** 2
    assert all(rows == found[0] for rows in found)


def test_statements_reach_no_file_but_the_warehouse(tmp_path: Path) -> None:
    """Even SQL that should have been refused long before cannot read another file."""
    warehouse = open_warehouse(f"duckdb:///{tmp_path}/w.duckdb", "flows")
    with pytest.raises(WarehouseError, match="disabled"):
        warehouse.execute(["CREATE TABLE t AS SELECT * FROM read_text('/etc/hostname')"])
