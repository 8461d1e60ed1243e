"""What a run delivers: in the flow's order, all sheets of a workbook, and no more than a destination is to know."""

import csv
import os
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from acflow.app.own_places import certified_tables
from acflow.destinations import deliver, from_warehouse, parse_target
from acflow.engine import open_warehouse
from acflow.errors import Action, ConfigError, DeliveryError
from acflow.flows.file import load_flow_file, load_flow_text
from acflow.flows.problems import FlowFileError
from activecampaign_sandbox import World, make_world
from tests.flows.run_harness import harness, of
from tests.load.warehouse_harness import MAKERS
from tests.run_harness import run_flows


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
  by_address:
    entity: contacts
    columns: [id, email]
    sort: email
    deliver: {to: by_address.csv, privacy: {email: hash}}
"""
    with harness(world, tmp_path, kind) as this:
        report = this.run(flows, "people")
        assert of(report, "people").deliveries[0].error is None
        first = (tmp_path / "people.csv").read_bytes()
        assert this.run(flows, "people", "by_address").exit_code == 0
        emails = {row[1] for row in this.rows("people")}
    assert (tmp_path / "people.csv").read_bytes() == first
    with (tmp_path / "people.csv").open(newline="", encoding="utf-8") as file:
        people = {row["email"]: row for row in csv.DictReader(file)}
    with (tmp_path / "by_address.csv").open(newline="", encoding="utf-8") as file:
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


@pytest.mark.parametrize(
    "spelling",
    ["{url}&application_name=x", "{url}&options=-csearch_path%3Dactivecampaign", "{other}", "{other}&sslmode=disable"],
)
def test_certified_tables_are_spared_by_whatever_address(world: World, tmp_path: Path, spelling: str) -> None:
    """The open connection says which database it is and where a table without a schema lies."""
    with harness(world, tmp_path, "PostgreSQL") as this:
        url = this.settings.warehouse
        host = url.partition("host=")[2]
        (tmp_path / "host").symlink_to(host)  # as 127.0.0.1 is to localhost
        to = spelling.format(url=url, other=url.replace(host, str(tmp_path / "host")))
        table = "deals" if "search_path" in to else "activecampaign.deals"
        this.run("  few: {entity: deals, limit: 3}\n")
        flows = f"  few: {{entity: deals, limit: 3, deliver: {{to: '{to}', table: {table}}}}}\n"
        with pytest.raises(FlowFileError, match="the tables of activecampaign are acflow's own"):
            this.run(flows)
        assert len(this.rows("deals")) == 12


def test_certified_tables_are_spared_when_the_address_comes_to_mean_them_later(world: World, tmp_path: Path) -> None:
    """What was another file when the run began is asked again before a row is written."""
    with harness(world, tmp_path) as this:
        this.run("  few: {entity: deals, limit: 3}\n")
        other = tmp_path / "bi.duckdb"
        rows = this.rows("deals")
        target = parse_target({"to": f"duckdb:///{other}", "table": "activecampaign.deals"})
        warehouse = open_warehouse(this.settings.warehouse, "activecampaign")
        os.link(tmp_path / "acflow.duckdb", other)
        source = from_warehouse("few", warehouse, "SELECT 1 AS id")
        with pytest.raises(ConfigError, match="acflow's own"):
            deliver(source, replace(target, certified=certified_tables(warehouse)))
        assert this.rows("deals") == rows


def test_a_dataset_in_the_usual_schema_is_spared(world: World, tmp_path: Path) -> None:
    """A table that names no schema lands where the account's tables are."""
    with harness(world, tmp_path) as this:
        settings = this.settings.model_copy(update={"dataset": "main"})
        flows = f"flows:\n  few: {{sql: select 1 as id, deliver: {{to: '{settings.warehouse}', table: deals}}}}\n"
        with pytest.raises(FlowFileError, match="the tables of main are acflow's own"):
            run_flows(settings, load_flow_text(flows, env={}))


def test_a_view_is_never_written_through(world: World, tmp_path: Path) -> None:
    """Rows that are put into a view of a certified table would land in that table."""
    with harness(world, tmp_path, "PostgreSQL") as this:
        this.run("  few: {entity: deals, limit: 3}\n")
        warehouse = open_warehouse(this.settings.warehouse, "activecampaign")
        warehouse.execute(["CREATE VIEW public.seen AS SELECT id FROM activecampaign.deals"])
        deliver_to = f"deliver: {{to: '{this.settings.warehouse}', table: seen}}"
        flows = f"  few: {{entity: deals, columns: [id], limit: 3, {deliver_to}}}\n"
        with pytest.raises(DeliveryError, match="is no table"):
            this.run(flows)
        result = of(this.run(flows, keep_going=True), "few")
        assert "is no table" in str(result.deliveries[0].error)
        assert len(this.rows("deals")) == 12


@pytest.mark.parametrize(
    ("to", "more"),
    [
        ("acflow.duckdb", "format: csv"),
        ("./out/../acflow.duckdb", "format: csv"),
        ("acflow.duckdb.wal", "format: csv"),
        (".acflow.duckdb.lock", "format: csv"),
        ("hard.csv", "format: csv"),
        ("link.csv", "format: csv"),
        ("linked/ledger.csv", "format: csv"),
        (".acflow/ledger.sqlite", "format: csv"),
        (".acflow/new.csv", "format: csv"),
        ("sqlite:///{folder}/.acflow/ledger.sqlite", "table: runs"),
        ("sqlite:///{folder}/hard.csv", "table: runs"),
        ("sqlite:///{folder}/acflow.duckdb", "table: runs"),
        ("duckdb:///{folder}/.acflow/new.duckdb", "table: runs"),
    ],
)
def test_no_file_of_acflow_is_written_over(world: World, tmp_path: Path, to: str, more: str) -> None:
    """Whatever name it is given by, links among them, before anything is read."""
    with harness(world, tmp_path) as this:
        this.run("  few: {entity: deals, limit: 3}\n")
        os.link(tmp_path / ".acflow" / "ledger.sqlite", tmp_path / "hard.csv")
        (tmp_path / "link.csv").symlink_to(tmp_path / "acflow.duckdb")
        (tmp_path / "linked").symlink_to(tmp_path / ".acflow")
        address = to.format(folder=tmp_path) if "://" in to else f"{tmp_path}/{to}"
        with pytest.raises(FlowFileError, match="a file of acflow's own"):
            this.run(f"  few: {{entity: deals, deliver: {{to: '{address}', {more}}}}}\n")


@pytest.mark.parametrize("to", [".env", "acflow.yaml", "ACFLOW.duckdb.tmp/../.env"])
def test_key_and_flow_file_are_spared(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str) -> None:
    """The files of the folder that one works in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("key")
    (tmp_path / "ACFLOW.duckdb.tmp").mkdir()
    text = f"flows:\n  few: {{entity: deals, deliver: {{to: '{to}', format: csv}}}}\n"
    (tmp_path / "acflow.yaml").write_text(text)
    with harness(world, tmp_path) as this, pytest.raises(FlowFileError, match="a file of acflow's own"):
        run_flows(this.settings, load_flow_file(Path("acflow.yaml"), env={}))


def _broken(to: str, folder: Path) -> None:
    """Leave at the address what cannot be written to."""
    if to.endswith((".sqlite", ".duckdb")):
        (folder / to.rpartition("/")[2]).write_text("no database, but more than a hundred bytes of words. " * 300)


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("postgresql://me:secret@127.0.0.1:1/bi", "does not answer"),
        ("sqlite:///{folder}/bi.sqlite", "not a database"),
        ("duckdb:///{folder}/bi.duckdb", "bi.duckdb"),
        ("github://nobody:nothing@/out.csv", "cannot be reached"),
    ],
)
def test_destinations_are_tried_before_anything_is_read(world: World, tmp_path: Path, to: str, why: str) -> None:
    """The run ends with 7 and names flow, place and reason; or it goes on without, and ends with 7 all the same."""
    address = to.format(folder=tmp_path)
    _broken(address, tmp_path)
    flows = f"  few: {{entity: deals, columns: [id], deliver: [few.csv, {{to: '{address}', format: csv}}]}}\n"
    if "://" in to and "github" not in to:
        flows = flows.replace(", format: csv", "")
    with harness(world, tmp_path) as this:
        with pytest.raises(DeliveryError, match="so nothing was read") as caught:
            this.run(flows)
        assert caught.value.exit_code == 7
        said = str(caught.value)
        assert "flow `few`" in said
        assert why in said
        assert caught.value.action == Action("keep_going")
        assert "secret" not in said
        assert this.tables() == []
        report = this.run(flows, keep_going=True)
        assert (report.exit_code, len(this.rows("deals")), len(ids(tmp_path / "few.csv"))) == (7, 12, 12)


def test_rights_are_asked_for_before_anything_is_read(world: World, tmp_path: Path) -> None:
    """Whoever may log in may still not be allowed to make a table, or to write to one that is there."""
    with harness(world, tmp_path, "PostgreSQL") as this:
        owner = open_warehouse(this.settings.warehouse, "activecampaign")
        owner.execute(["CREATE SCHEMA locked", "CREATE TABLE public.theirs (id bigint)", "CREATE ROLE guest LOGIN"])
        guest = this.settings.warehouse.replace("postgres:@", "guest@").replace("user=postgres", "user=guest")
        assert "guest" in guest
        for table in ("locked.few", "theirs", "newschema.few"):
            with pytest.raises(DeliveryError, match="flow `few`"):
                this.run(f"  few: {{entity: deals, columns: [id], deliver: {{to: '{guest}', table: {table}}}}}\n")
        own = f"  few: {{entity: deals, columns: [id], deliver: {{to: '{this.settings.warehouse}', table: new.few}}}}\n"
        assert this.run(own).exit_code == 0
        assert this.run(own).exit_code == 0


@pytest.mark.parametrize(
    ("kind", "codes", "places"),
    [("DuckDB", ("usd", "eur"), 2), ("DuckDB", ("jpy",), 0), ("PostgreSQL", ("usd", "kwd"), 3)],
)
def test_amounts_have_the_decimals_of_their_currencies(
    tmp_path: Path, kind: str, codes: tuple[str, ...], places: int
) -> None:
    """In Parquet and in tables that are new; values with more decimals, and tables that are there, keep four."""
    digits = 28 if kind == "DuckDB" else 38  # PostgreSQL does not send the precision
    world = make_world("small", contacts=20, deals=12)
    for number, identity in enumerate(world.ids("deals")):
        world.update("deals", identity, {"currency": codes[number % len(codes)], "value": "123450"})
    flows = """
  money:
    entity: deals
    where: amount is not null
    columns: [id, amount, currency]
    formula: {third: "cast(amount / 7 as decimal(28,4))"}
    deliver: [money.parquet, {to: "duckdb:///bi.duckdb"}, {to: "sqlite:///bi.sqlite"}, {to: "duckdb:///old.duckdb"}]
"""
    with duckdb.connect(str(tmp_path / "old.duckdb")) as old:
        old.execute(
            f"CREATE TABLE money (id BIGINT, amount DECIMAL({digits},4), currency VARCHAR, third DECIMAL({digits},4))"
        )
        old.execute("CREATE VIEW seen AS SELECT amount FROM money")
    with harness(world, tmp_path, kind) as this:
        for _ in range(2):
            result = this.run(flows)
            assert result.exit_code == 0, of(result, "money").deliveries
        kept = {row[0]: row[1] for row in this.rows("money")}
    table = pq.read_table(tmp_path / "money.parquet")
    assert table.schema.field("amount").type == pa.decimal128(digits, places)
    assert table.schema.field("third").type == pa.decimal128(digits, 4)
    assert {row["id"]: row["amount"] for row in table.to_pylist()} == kept
    for file, scale in (("bi.duckdb", places), ("old.duckdb", 4)):
        with duckdb.connect(str(tmp_path / file), read_only=True) as database:
            assert database.execute("SELECT DISTINCT typeof(amount) FROM money").fetchall() == [
                (f"DECIMAL({digits},{scale})",)
            ]
            assert dict(database.execute("SELECT id, amount FROM money").fetchall()) == kept
