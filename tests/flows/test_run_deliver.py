"""What a run delivers: in the flow's order, all sheets of a workbook, and no more than a destination is to know."""

import csv
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import load_workbook

from acflow.flows.problems import FlowFileError
from activecampaign_sandbox import World, make_world
from tests.flows.run_harness import harness, of
from tests.load.warehouse_harness import MAKERS


@pytest.fixture
def world() -> World:
    """Return a company of a few people and deals."""
    return make_world("small", contacts=20, deals=12)


def ids(path: Path) -> list[int]:
    """Return the ids of a CSV file from top to bottom."""
    with path.open(newline="", encoding="utf-8") as file:
        return [int(row["id"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize("kind", MAKERS)
def test_rows_are_delivered_in_the_order_of_the_flow(world: World, tmp_path: Path, kind: str) -> None:
    """Sorted by what the file says, then by key; without a word on it, by key."""
    flows = """
  worth: {entity: deals, columns: [id, currency, value], sort: [currency, -value], deliver: worth.csv}
  plain: {entity: deals, columns: [id], deliver: plain.csv}
"""
    with harness(world, tmp_path, kind) as this:
        assert this.run(flows).exit_code == 0
        rows = [(row[1], row[2], row[0]) for row in this.rows("worth")]
    key = {identity: (currency or "~", -(value or 0), identity) for currency, value, identity in rows}
    assert ids(tmp_path / "worth.csv") == sorted(key, key=lambda each: key[each])
    assert ids(tmp_path / "plain.csv") == sorted(key)


def test_a_workbook_keeps_every_sheet_whichever_flow_ran(world: World, tmp_path: Path) -> None:
    """It is written anew, so the sheets of flows that did not run come from their tables."""
    flows = """
  people: {entity: contacts, columns: [id], deliver: {to: all.xlsx}}
  deals_too: {entity: deals, columns: [id], deliver: {to: ./all.xlsx}}
  never: {entity: lists, columns: [id], deliver: {to: all.xlsx}}
"""
    with harness(world, tmp_path) as this:
        assert this.run(flows, "people", "deals_too").exit_code == 0
        world.delete("deals", world.ids("deals")[0])
        report = this.run(flows, "deals_too")
    assert [result.name for result in report.flows] == ["deals_too"]
    book = load_workbook(tmp_path / "all.xlsx")
    assert {sheet.title: sheet.max_row for sheet in book} == {"people": 21, "deals_too": 12}


def test_sqlite_and_zipped_lines_are_words_of_the_flow_file(world: World, tmp_path: Path) -> None:
    """What deliver can write, a file can ask for."""
    flows = """
  a:
    entity: contacts
    columns: [id, email]
    deliver:
      - {to: "sqlite:///bi.sqlite", mode: merge}
      - a.ndjson.gz
      - {to: a.csv, delimiter: ";"}
"""
    with harness(world, tmp_path) as this:
        assert this.run(flows).exit_code == 0
    with closing(sqlite3.connect(tmp_path / "bi.sqlite")) as file:
        assert file.execute("SELECT count(*) FROM a").fetchone() == (20,)
    assert (tmp_path / "a.ndjson.gz").read_bytes()[:2] == b"\x1f\x8b"
    assert (tmp_path / "a.csv").read_text(encoding="utf-8").startswith("id;email\n")


@pytest.mark.parametrize("kind", MAKERS)
def test_hashes_stay_the_same_from_run_to_run(world: World, tmp_path: Path, kind: str) -> None:
    """So two deliveries can be joined by what neither of them shows; the warehouse keeps the addresses."""
    flows = """
  people:
    entity: contacts
    columns: [id, email, firstName, phone]
    deliver: {to: people.csv, privacy: {email: hash, firstName: mask, phone: drop}}
  addresses:
    entity: contacts
    columns: [id, email]
    sort: email
    deliver: {to: addresses.csv, privacy: {email: hash}}
"""
    with harness(world, tmp_path, kind) as this:
        report = this.run(flows, "people")
        assert of(report, "people").deliveries[0].error is None
        first = (tmp_path / "people.csv").read_bytes()
        assert this.run(flows, "people", "addresses").exit_code == 0
        emails = {row[1] for row in this.rows("people")}
    assert (tmp_path / "people.csv").read_bytes() == first
    with (tmp_path / "people.csv").open(newline="", encoding="utf-8") as file:
        people = {row["email"]: row for row in csv.DictReader(file)}
    with (tmp_path / "addresses.csv").open(newline="", encoding="utf-8") as file:
        assert {row["email"]: row["id"] for row in csv.DictReader(file)} == {k: v["id"] for k, v in people.items()}
    assert list(next(iter(people.values()))) == ["id", "email", "firstName"]
    assert len(people) == len(emails) == 20
    assert not any(email.encode() in first for email in emails)
    assert stat.S_IMODE((tmp_path / ".acflow" / "privacy.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("kind", MAKERS)
def test_no_delivery_replaces_what_has_landed(world: World, tmp_path: Path, kind: str) -> None:
    """The schema of the account's tables is refused before anything is read; another schema of that database is not."""
    with harness(world, tmp_path, kind) as this:
        url = f"{this.settings.warehouse}"
        flows = """
  few: {entity: deals, limit: 3, deliver: {to: "%s", table: %s.deals}}
"""
        with pytest.raises(FlowFileError, match="the tables of activecampaign are acflow's own"):
            this.run(flows % (url, "activecampaign"))
        assert this.tables() == []
        assert this.run(flows % (url, "bi")).exit_code == 0
        assert len(this.rows("deals")) == 12


@pytest.mark.parametrize("to", ["acflow.duckdb", ".acflow/ledger.sqlite", "./out/../acflow.duckdb"])
def test_no_file_of_acflow_is_written_over(world: World, tmp_path: Path, to: str) -> None:
    """Whatever name it is given by, before anything is read."""
    with harness(world, tmp_path) as this, pytest.raises(FlowFileError, match="a file of acflow's own"):
        this.run(f"  few: {{entity: deals, deliver: {{to: {tmp_path}/{to}, format: csv}}}}\n")
