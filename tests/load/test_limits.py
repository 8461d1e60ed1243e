"""What databases have bounds for: arguments of a function, columns of a table, names of their own."""

from pathlib import Path

import pytest

from acflow.app.model import RunOptions
from acflow.engine import open_warehouse
from acflow.entities import entity
from acflow.settings import load_settings
from activecampaign_sandbox import World, make_world, running
from tests.load.warehouse_harness import MAKERS
from tests.run_harness import run

FIELDS = 320
SYSTEM = ("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid", "rowid", "Select", "x" * 90)


def read(world: World, kind: str, folder: Path, *names: str, times: int = 1) -> tuple[object, list[str]]:
    """Read a world into a new warehouse; return the warehouse and the remarks of the last run."""
    with running(world) as sandbox:
        settings = load_settings(
            url=sandbox.url, key=sandbox.key, pace=0.0, warehouse=MAKERS[kind](folder), state=folder / ".acflow"
        )
        for _ in range(times):
            result = run(settings, [entity(name) for name in names], options=RunOptions(clock=world.clock))
            assert result.exit_code == 0, result
            for row in world.rows("campaigns"):
                world.update("campaigns", row["id"], {f"new{n}": "after" for n in range(FIELDS)})
            world.advance(hours=1)
        return open_warehouse(settings.warehouse, settings.dataset), list(result.remarks)


@pytest.mark.parametrize("kind", MAKERS)
def test_a_row_whose_every_field_changed_has_a_version_that_names_them_all(kind: str, tmp_path: Path) -> None:
    """They are more than a function takes arguments."""
    world = make_world("small", contacts=0, deals=0)
    for row in world.rows("campaigns"):
        world.update("campaigns", row["id"], {f"new{n}": "before" for n in range(FIELDS)})
    warehouse, _ = read(world, kind, tmp_path, "campaigns", times=2)
    sql = 'SELECT "_changed" AS changed FROM campaigns_history WHERE "_valid_to" IS NULL'
    versions = warehouse.query(sql).to_pylist()  # type: ignore[attr-defined]
    assert versions
    for version in versions:
        assert set(version["changed"].split(",")) >= {f"new{n}" for n in range(FIELDS)}
        assert "" not in version["changed"].split(",")


def with_fields(titles: list[str]) -> World:
    """Return a world of one contact who has a value in each of these custom fields."""
    world = make_world("small", contacts=1, deals=0)
    for name in ("fieldValues", "fields"):
        for key in world.ids(name):
            world.delete(name, key)
    (contact,) = world.ids("contacts")
    for title in titles:
        made = world.insert("fields", {"title": title, "type": "text", "perstag": title[:20].upper()})
        world.insert("fieldValues", {"contact": str(contact), "field": str(made), "value": f"of {title}"[:50]})
    return world


@pytest.mark.parametrize("kind", MAKERS)
def test_custom_fields_may_have_the_names_of_columns_of_the_system(kind: str, tmp_path: Path) -> None:
    """Each has a column of its own with its value."""
    world = with_fields(list(SYSTEM))
    warehouse, _ = read(world, kind, tmp_path, "contacts", "fields", "fieldValues")
    (row,) = warehouse.query("SELECT * FROM contacts_wide").to_pylist()  # type: ignore[attr-defined]
    values = {value for value in row.values() if isinstance(value, str)}
    assert {f"of {title}"[:50] for title in SYSTEM} <= values


def test_more_custom_fields_than_a_table_has_columns_are_told(tmp_path: Path) -> None:
    """Fields that surely fit a row of PostgreSQL have columns; the others stay in the long table, and it is said."""
    world = with_fields([f"Field {n}" for n in range(1, 521)])
    warehouse, remarks = read(world, "PostgreSQL", tmp_path, "contacts", "fields", "fieldValues")
    assert any("120 fields are more than a table" in remark for remark in remarks), remarks
    (row,) = warehouse.query("SELECT * FROM contacts_wide").to_pylist()  # type: ignore[attr-defined]
    assert row["field_1"] == "of Field 1"
    assert "field_400" in row
    assert "field_401" not in row
    counted = warehouse.query('SELECT count(*) AS n FROM "fieldValues"').to_pylist()  # type: ignore[attr-defined]
    assert counted == [{"n": 520}]
