"""Lists that a flow file declares: read, typed, proved and used by flows as acflow's own entities are."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from acflow.engine import open_warehouse
from acflow.entities import declare, declared, entity
from acflow.errors import ConfigError
from acflow.flows.file import load_flow_text
from acflow.flows.problems import FlowFileError
from acflow.settings import Settings, load_settings
from acflow.source.certificate import Verdict
from activecampaign_sandbox import World, make_world, running
from tests.run_harness import run_flows

DECLARED = """
read: [roles, nothingThere]
entities:
  roles:
    path: dealRoles
    types: {title: text, created_timestamp: timestamp}
    params: {search: maker}
    drop: [updated_timestamp]
  wares:
    path: ecomOrders/{}/orderProducts
    per: ecomOrders
    key: ecomOrderProducts
    types: {name: text, quantity: integer}
  happenings: {path: eventTrackingEvents, id: name}
  nothingThere: {path: whatever}
flows:
  sold: {entity: wares, group_by: [name], metrics: {pieces: sum(quantity)}}
  named: {entity: happenings, columns: [id, name]}
"""


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """Leave nothing declared behind."""
    yield
    declare("acflow.yaml", ())


@pytest.fixture(scope="module")
def world() -> World:
    """Return a small company."""
    return make_world("small", contacts=40, deals=10)


@pytest.fixture
def settings_for(tmp_path: Path) -> Callable[[str, str], Settings]:
    """Return settings for an account."""

    def made(url: str, key: str) -> Settings:
        return load_settings(
            {},
            tmp_path / "none.env",
            url=url,
            key=key,
            warehouse=f"duckdb:///{tmp_path}/w.duckdb",
            state=tmp_path / "state",
            pace=0,
        )

    return made


def test_declared_lists_are_read_as_all_others(world: World, settings_for: Callable[[str, str], Settings]) -> None:
    """With paging, types, keys made of names, owners and certificates; one that is not there costs nothing else."""
    with running(world) as sandbox:
        settings = settings_for(sandbox.url, sandbox.key)
        result = run_flows(settings, load_flow_text(DECLARED))
    certificates = {each.entity: each for each in result.certificates}
    assert {name: each.verdict for name, each in certificates.items()} == {
        "roles": Verdict.COMPLETE,
        "wares": Verdict.COMPLETE,
        "happenings": Verdict.COMPLETE,
        "nothingThere": Verdict.FORBIDDEN,
    }
    warehouse = open_warehouse(settings.warehouse, settings.dataset)

    def rows(sql: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = warehouse.query(sql).to_pylist()
        return found

    [role] = rows("SELECT * FROM roles")
    assert role["title"] == "Decision maker"
    assert (role["created_timestamp"].tzinfo is not None, "updated_timestamp" in role) == (True, False)
    sold: dict[str, int] = {}
    for line in world.rows("ecomOrderProducts"):
        sold[line["name"]] = sold.get(line["name"], 0) + int(line["quantity"])
    assert {row["name"]: row["pieces"] for row in rows("SELECT * FROM sold")} == sold
    assert rows("SELECT count(*) AS n FROM wares WHERE ecomOrder_id <> CAST(orderid AS BIGINT)") == [{"n": 0}]
    assert {row["name"] for row in rows("SELECT name FROM named WHERE id > 0")} == {
        row["name"] for row in world.rows("eventTrackingEvents")
    }


def test_flows_are_made_of_custom_objects_once_these_have_landed(
    world: World, settings_for: Callable[[str, str], Settings]
) -> None:
    """Before, they are refused with what to read first."""
    text = "flows:\n  plans: {from: object_tea_subscription, group_by: [plan], metrics: {boxes: sum(boxes)}}\n"
    with running(world) as sandbox:
        settings = settings_for(sandbox.url, sandbox.key)
        with pytest.raises(FlowFileError, match="Read customObjectSchemas and customObjectRecords first"):
            run_flows(settings, load_flow_text(text))
        run_flows(settings, load_flow_text(text), ["customObjectSchemas", "customObjectRecords"])
        run_flows(settings, load_flow_text(text))
    boxes: dict[str, int] = {}
    for row in world.rows("customObjects/records"):
        values = {value["id"]: value["value"] for value in row["fields"]}
        boxes[values["plan"]] = boxes.get(values["plan"], 0) + values["boxes"]
    found = open_warehouse(settings.warehouse, settings.dataset).query("SELECT * FROM plans").to_pylist()
    assert {row["plan"]: row["boxes"] for row in found} == boxes


@pytest.mark.parametrize(
    ("declaration", "line", "words"),
    [
        ("{path: https://elsewhere.example.com/x}", 3, "no path below /api/3/"),
        ("{path: //elsewhere.example.com/x}", 3, "no path below /api/3/"),
        ("{path: ../admin/api.php}", 3, "no path below /api/3/"),
        ("{path: 'notes?limit=1'}", 3, "no path below /api/3/"),
        ("{path: calendars}", 3, "holds credentials"),
        ("{path: Configs/1/x}", 3, "holds credentials"),
        ("{path: 'deals/{}/notes'}", 3, "each record of `per`"),
        ("{path: 'deals/{}/notes', per: nobody}", 3, "names no list of its own"),
        ("{path: notes, params: {limit: 5}}", 3, "set by acflow itself"),
        ("{path: notes, types: {cdate: instant}}", 3, "is none of"),
        ("{path: notes, pathh: x}", 3, "unknown key `pathh`"),
        ("{key: notes}", 3, "`path` is missing"),
    ],
)
def test_mistakes_are_told_with_their_line(declaration: str, line: int, words: str) -> None:
    """Nothing but a GET below the account's own API can be declared."""
    with pytest.raises(FlowFileError) as refused:
        load_flow_text(f"read: [lists]\nentities:\n  mine: {declaration}\n")
    assert words in str(refused.value)
    assert f"acflow.yaml:{line}:" in str(refused.value)


@pytest.mark.parametrize("name", ["contacts", "Pipelines", "deals_history", "report_x", "9lives", "x" * 51])
def test_names_must_not_clash(name: str) -> None:
    """With entities, with tables that acflow makes, or with what no table can be called."""
    with pytest.raises(FlowFileError) as refused:
        load_flow_text(f"entities:\n  {name}: {{path: notes}}\n")
    assert "acflow.yaml:2:3" in str(refused.value)


def test_a_flow_may_not_take_the_name_of_a_declared_list() -> None:
    """It would be two tables of one name."""
    text = "entities:\n  mine: {path: notes}\nflows:\n  mine: {entity: deals}\n"
    with pytest.raises(FlowFileError, match="is the name of an entity"):
        load_flow_text(text)


def test_what_is_declared_lasts_until_the_file_is_read_again() -> None:
    """A list that is taken out of the file is unknown from then on."""
    load_flow_text("entities:\n  mine: {path: notes}\n")
    assert entity("mine").path == "notes"
    load_flow_text("read: [lists]\n")
    assert declared() == ()
    with pytest.raises(ConfigError, match="There is no entity 'mine'"):
        entity("mine")
