"""What earlier versions have left goes on: the ledger, the tables, their history.

Below tests/golden/layouts lie, as SQL, what two runs of earlier versions left of a small account: the first that could
be started, one that knew flows and bookmarks but no kinds of fields, and 0.1, which marked rows that are gone.
"""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from acflow.app.drift import stories
from acflow.app.ledger import Ledger
from acflow.app.ledger_layout import STEPS
from acflow.app.model import RunOptions
from acflow.app.upgrade import upgrade
from acflow.engine import open_warehouse
from acflow.entities import entity
from acflow.errors import ConfigError, LedgerError
from acflow.load.metadata import LAYOUT, metadata, save_metadata_sql
from acflow.settings import Settings
from activecampaign_sandbox import Running, make_world, running
from tests.postgresql_harness import postgresql_database
from tests.run_harness import run

LAYOUTS = sorted((Path(__file__).parents[1] / "golden" / "layouts").iterdir())
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
READ = ("contacts", "deals", "lists", "fields", "fieldValues")


def restore(layout: Path, settings: Settings, sandbox: Running) -> None:
    """Put what an earlier version had left where this one looks for it, as if it had read this account."""
    settings.state.mkdir(parents=True)
    ledger, tables = (
        ADDRESS.sub(sandbox.url, (layout / name).read_text(encoding="utf-8"))
        for name in ("ledger.sql", "warehouse.sql")
    )
    with sqlite3.connect(settings.state / "ledger.sqlite") as database:
        database.executescript(ledger)
    database.close()
    with duckdb.connect(settings.warehouse.removeprefix("duckdb:///")) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(tables)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda path: path.name)
def test_what_earlier_versions_left_goes_on(settings_of: Callable[..., Settings], layout: Path) -> None:
    """A run in full and one by changes go well; the history, the runs and the fields of before are still told."""
    world = make_world("small", contacts=5, deals=4)
    with running(world) as sandbox:
        settings = settings_of(sandbox)
        restore(layout, settings, sandbox)
        ledger = Ledger.at(settings.state)
        before = [each["id"] for each in ledger.runs()]
        assert stories(ledger.all_certificates())
        world.advance(days=9)
        for incremental in (frozenset[str](), frozenset({"all"})):
            options = RunOptions(incremental=incremental, clock=world.clock)
            result = run(settings, [entity(name) for name in READ], options=options)
            assert result.exit_code == 0, result
        warehouse = open_warehouse(settings.warehouse, settings.dataset)
        for name in READ:
            rows = warehouse.query(f'SELECT id FROM "{name}"')  # noqa: S608 - our own names
            assert set(rows.column("id").to_pylist()) == set(world.ids(name))
            assert "_deleted_at" not in warehouse.columns(name)
        assert set(before) < {each["id"] for each in ledger.runs()}
        assert stories(ledger.all_certificates())
        assert upgrade(warehouse) == []
        ledger.close()


def test_marked_rows_move_aside(settings_of: Callable[..., Settings]) -> None:
    """With the mark that they had; the view of custom fields is made anew, and the loader's tables go."""
    with running(make_world("small", contacts=5, deals=4)) as sandbox:
        settings = settings_of(sandbox)
        restore(next(path for path in LAYOUTS if path.name == "0.1"), settings, sandbox)
        warehouse = open_warehouse(settings.warehouse, settings.dataset)
        marked = warehouse.query("SELECT id, _deleted_at FROM contacts WHERE _deleted_at IS NOT NULL").to_pylist()
        assert marked
        assert upgrade(warehouse)
        assert warehouse.query("SELECT id, _deleted_at FROM contacts_deleted").to_pylist() == marked
        ids = warehouse.query("SELECT id FROM contacts").column("id").to_pylist()
        assert warehouse.query("SELECT id FROM contacts_wide ORDER BY id").column("id").to_pylist() == sorted(ids)
        assert not {row["id"] for row in marked} & set(ids)
        everything = warehouse.query("SELECT table_name AS name FROM information_schema.tables").column("name")
        assert not [name for name in everything.to_pylist() if name.startswith("_dlt")]


def test_a_view_of_somebody_else_stays_in_postgresql(tmp_path: Path) -> None:
    """It shows the mark, so the column stays and is null; the rows move all the same."""
    warehouse = open_warehouse(postgresql_database(tmp_path), "activecampaign")
    warehouse.execute(
        [
            "CREATE SCHEMA activecampaign",
            "CREATE TABLE activecampaign.deals (id BIGINT, _deleted_at TIMESTAMPTZ)",
            "INSERT INTO activecampaign.deals VALUES (1, NULL), (2, now())",
            "CREATE VIEW activecampaign.mine AS SELECT * FROM activecampaign.deals",
        ]
    )
    assert upgrade(warehouse)
    assert warehouse.query("SELECT id FROM mine").column("id").to_pylist() == [1]
    assert warehouse.query("SELECT id FROM deals_deleted").column("id").to_pylist() == [2]


def test_what_a_newer_version_wrote_is_left_alone(tmp_path: Path) -> None:
    """Nothing is changed, and the message says which of the two to upgrade."""
    warehouse = open_warehouse(f"duckdb:///{tmp_path / 'w.duckdb'}", "activecampaign")
    warehouse.execute(save_metadata_sql(warehouse, {LAYOUT: "99"}))
    with pytest.raises(ConfigError, match="newer acflow"):
        upgrade(warehouse)
    assert metadata(warehouse) == {LAYOUT: "99"}
    Ledger.at(tmp_path).close()
    with sqlite3.connect(tmp_path / "ledger.sqlite") as database:
        assert database.execute("SELECT version FROM layout").fetchall() == [(len(STEPS),)]
        database.execute("UPDATE layout SET version = 99")
    database.close()
    with pytest.raises(LedgerError, match="newer acflow"):
        Ledger.at(tmp_path)
