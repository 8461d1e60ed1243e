"""Several at one warehouse, and tables that somebody has changed by hand."""

from pathlib import Path

import pytest
from warehouse_desk import DATASET, Desk

from acflow.errors import RefusedTablesError, WarehouseBusyError, WarehouseError
from acflow.load.prepare import check_rows
from acflow.warehouse import open_warehouse

ROW = {"id": "1", "name": "old"}


def test_a_run_waits_for_another_that_lands(desk: Desk) -> None:
    """Of another machine or state folder; when patience ends it says so, and every table is as it was."""
    desk.land({"lists": [ROW]})
    other = open_warehouse(desk.url, DATASET, patience=0.2)
    with desk.warehouse.locked():
        desk.lander.warehouse = other
        with pytest.raises(WarehouseBusyError, match="Another acflow run is landing"):
            desk.land({"lists": [ROW | {"name": "new"}]})
        assert desk.table("lists").column("name").to_pylist() == ["old"]
    desk.land({"lists": [ROW | {"name": "new"}]})
    assert desk.table("lists").column("name").to_pylist() == ["new"]


def test_rows_that_are_not_ours_are_noticed(desk: Desk) -> None:
    """What counts is the table after the swap, not what the loader says."""
    desk.land({"lists": [ROW, {"id": "2"}]})
    check_rows(desk.warehouse, "lists", 2)
    with pytest.raises(WarehouseError, match="holds 2 rows after 3 were loaded"):
        check_rows(desk.warehouse, "lists", 3)


def test_rows_never_go_through_a_view(desk: Desk) -> None:
    """A view in the table's place is refused by name, and what it shows stays as it is."""
    desk.land({"contacts": [{"id": "1"}, {"id": "2"}]})
    desk.warehouse.execute(
        [
            "ALTER TABLE activecampaign.contacts RENAME TO everybody",
            "CREATE VIEW activecampaign.contacts AS SELECT * FROM activecampaign.everybody WHERE id > 1",
        ]
    )
    for rows in ([{"id": "1"}, {"id": "2"}], []):
        with pytest.raises(WarehouseError, match=r"activecampaign\.contacts is a view"):
            desk.land({"contacts": rows})
    assert desk.table("everybody").column("id").to_pylist() == [1, 2]


@pytest.mark.parametrize(
    "damage",
    [
        'DROP SCHEMA "activecampaign_staging" CASCADE',
        'DROP SCHEMA "activecampaign" CASCADE',
        'DROP TABLE "activecampaign_staging"."lists"',
        'DROP TABLE "activecampaign"."_dlt_loads"',
        'DROP TABLE "activecampaign"."_dlt_version"',
        'ALTER TABLE "activecampaign_staging"."lists" DROP COLUMN "name"',
    ],
)
def test_what_somebody_dropped_comes_back(desk: Desk, damage: str) -> None:
    """The next landing makes it again, whatever the loader remembers."""
    desk.land({"lists": [ROW]})
    desk.warehouse.execute([damage])
    desk.land({"lists": [ROW | {"name": "new"}]})
    assert desk.table("lists").column("name").to_pylist() == ["new"]


def test_one_table_that_is_refused_stops_no_other(desk: Desk) -> None:
    """It stays as it is and is named; the others land, and what would not convert stands there once."""
    desk.land({"lists": [ROW], "contacts": [{"id": "1"}]})
    desk.warehouse.execute(
        ["DROP TABLE activecampaign.lists", "CREATE VIEW activecampaign.lists AS SELECT 7 AS id"],
    )
    with pytest.raises(RefusedTablesError, match=r"activecampaign\.lists is a view") as caught:
        desk.land({"lists": [ROW], "contacts": [{"id": "2", "sentcnt": "much"}], "forms": [{"id": "3"}]})
    assert list(caught.value.refused) == ["lists"]
    assert [desk.table(name).column("id").to_pylist() for name in ("lists", "contacts", "forms")] == [[7], [2], [3]]
    assert desk.table("_rejects").column("raw").to_pylist() == ["much"]


def test_an_open_transaction_is_waited_for_no_longer_than_patience_lasts(tmp_path: Path) -> None:
    """A reader that idles holds up a new column; the run says what to do, and the next one adds the column."""
    desk = Desk("PostgreSQL", tmp_path)
    desk.land({"lists": [ROW]})
    patient, desk.lander.warehouse = desk.warehouse, open_warehouse(desk.url, DATASET, patience=0.3)
    with patient.connect() as connection, connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT count(*) FROM activecampaign.lists")
        cursor.fetchall()
        with pytest.raises(WarehouseBusyError, match="End that session"):
            desk.land({"lists": [ROW | {"brandNew": "x"}]})
    assert "Finished" in str(desk.lander.settle())
    assert desk.table("lists").column("brandNew").to_pylist() == ["x"]
