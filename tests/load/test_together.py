"""Several at one warehouse, and tables that somebody has changed by hand."""

from pathlib import Path

import pytest

from acflow.engine import open_warehouse
from acflow.errors import RefusedTablesError, WarehouseBusyError, WarehouseError
from acflow.load.prepare import check_rows
from tests.load.warehouse_harness import DATASET, Harness

ROW = {"id": "1", "name": "old"}


def test_a_run_waits_for_another_that_lands(harness: Harness) -> None:
    """Of another machine or state folder; when patience ends it says so, and every table is as it was."""
    harness.land({"lists": [ROW]})
    other = open_warehouse(harness.url, DATASET, patience=0.2)
    with harness.warehouse.locked():
        harness.loader.warehouse = other
        with pytest.raises(WarehouseBusyError, match="Another acflow run is landing"):
            harness.land({"lists": [ROW | {"name": "new"}]})
        assert harness.table("lists").column("name").to_pylist() == ["old"]
    harness.land({"lists": [ROW | {"name": "new"}]})
    assert harness.table("lists").column("name").to_pylist() == ["new"]


def test_rows_that_are_not_ours_are_noticed(harness: Harness) -> None:
    """What counts is the table after the swap, not what the loader says."""
    harness.land({"lists": [ROW, {"id": "2"}]})
    check_rows(harness.warehouse, "lists", 2)
    with pytest.raises(WarehouseError, match="holds 2 rows after 3 were loaded"):
        check_rows(harness.warehouse, "lists", 3)


def test_rows_never_go_through_a_view(harness: Harness) -> None:
    """A view in the table's place is refused by name, and what it shows stays as it is."""
    harness.land({"contacts": [{"id": "1"}, {"id": "2"}]})
    harness.warehouse.execute(
        [
            "ALTER TABLE activecampaign.contacts RENAME TO everybody",
            "CREATE VIEW activecampaign.contacts AS SELECT * FROM activecampaign.everybody WHERE id > 1",
        ]
    )
    for rows in ([{"id": "1"}, {"id": "2"}], []):
        with pytest.raises(WarehouseError, match=r"activecampaign\.contacts is a view"):
            harness.land({"contacts": rows})
    assert harness.table("everybody").column("id").to_pylist() == [1, 2]


def test_nothing_but_tables_of_the_account_is_where_people_look(harness: Harness) -> None:
    """Neither the loader's own tables nor copies of ours stay behind, whatever a killed run had left."""
    harness.warehouse.execute(
        ["CREATE SCHEMA activecampaign_staging", "CREATE TABLE activecampaign_staging.lists (a INT)"]
    )
    harness.land({"lists": [ROW]})
    everything = harness.warehouse.query("SELECT table_schema AS s, table_name AS name FROM information_schema.tables")
    ours = {row["name"] for row in everything.to_pylist() if row["s"].startswith("activecampaign")}
    assert ours == {"lists", "lists_deleted"}


@pytest.mark.parametrize(
    "damage",
    [
        'DROP SCHEMA "activecampaign" CASCADE',
        'DROP TABLE "activecampaign"."lists"',
        'DROP TABLE "activecampaign"."lists_deleted"',
        'ALTER TABLE "activecampaign"."lists" DROP COLUMN "name"',
        'ALTER TABLE "activecampaign"."lists_deleted" DROP COLUMN "name"',
    ],
)
def test_what_somebody_dropped_comes_back(harness: Harness, damage: str) -> None:
    """The next landing makes it again, whatever the loader remembers."""
    harness.land({"lists": [ROW]})
    harness.warehouse.execute([damage])
    harness.land({"lists": [ROW | {"name": "new"}]})
    assert harness.table("lists").column("name").to_pylist() == ["new"]


def test_one_table_that_is_refused_stops_no_other(harness: Harness) -> None:
    """It stays as it is and is named; the others land, and what would not convert stands there once."""
    harness.land({"lists": [ROW], "contacts": [{"id": "1"}]})
    harness.warehouse.execute(
        ["DROP TABLE activecampaign.lists", "CREATE VIEW activecampaign.lists AS SELECT 7 AS id"],
    )
    with pytest.raises(RefusedTablesError, match=r"activecampaign\.lists is a view") as caught:
        harness.land({"lists": [ROW], "contacts": [{"id": "2", "sentcnt": "much"}], "forms": [{"id": "3"}]})
    assert list(caught.value.refused) == ["lists"]
    assert [harness.table(name).column("id").to_pylist() for name in ("lists", "contacts", "forms")] == [[7], [2], [3]]
    assert harness.table("_rejects").column("raw").to_pylist() == ["much"]


def test_an_open_transaction_is_waited_for_no_longer_than_patience_lasts(tmp_path: Path) -> None:
    """A reader that idles holds up a new column; the run says what to do, and the next one adds the column."""
    harness = Harness("PostgreSQL", tmp_path)
    harness.land({"lists": [ROW]})
    patient, harness.loader.warehouse = harness.warehouse, open_warehouse(harness.url, DATASET, patience=0.3)
    with patient.connect() as connection, connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT count(*) FROM activecampaign.lists")
        cursor.fetchall()
        with pytest.raises(WarehouseBusyError, match="End that session"):
            harness.land({"lists": [ROW | {"brandNew": "x"}]})
    assert "Finished" in str(harness.loader.recover_pending())
    assert harness.table("lists").column("brandNew").to_pylist() == ["x"]
