"""What every warehouse must do with every entity."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from acflow.engine import count_rows, count_tables
from acflow.entities import ENTITIES
from acflow.entities.model import Entity, Type
from activecampaign_sandbox import make_world
from tests.load.warehouse_harness import MAKERS, Harness, Row, values

if TYPE_CHECKING:
    import pyarrow as pa

CUT = 150
SQL_TYPES: dict[str, dict[Type, str]] = {
    "DuckDB": {
        Type.ID: "BIGINT",
        Type.FOREIGN_KEY: "BIGINT",
        Type.INTEGER: "BIGINT",
        Type.NUMBER: "DOUBLE",
        Type.BOOLEAN: "BOOLEAN",
        Type.TIMESTAMP: "TIMESTAMP WITH TIME ZONE",
        Type.LOCAL_TIMESTAMP: "TIMESTAMP",
        Type.DATE: "DATE",
        Type.MONEY: "DECIMAL(28,4)",
        Type.TEXT: "VARCHAR",
        Type.JSON: "JSON",
    },
    "PostgreSQL": {
        Type.ID: "bigint",
        Type.FOREIGN_KEY: "bigint",
        Type.INTEGER: "bigint",
        Type.NUMBER: "double precision",
        Type.BOOLEAN: "boolean",
        Type.TIMESTAMP: "timestamp with time zone",
        Type.LOCAL_TIMESTAMP: "timestamp without time zone",
        Type.DATE: "date",
        Type.MONEY: "numeric(28,4)",
        Type.TEXT: "character varying",
        Type.JSON: "jsonb",
    },
}


def text_field(entity: Entity) -> str:
    """Return a field that may hold any text."""
    return next(field.wire_name for field in entity.documented if field.type is Type.TEXT)


class Life:
    """Everything that happens to the tables of an account in this order, and what they held after each step."""

    def __init__(self, harness: Harness) -> None:
        world = make_world("small")
        self.harness = harness
        self.rows = {entity.name: world.rows(entity.name)[:CUT] for entity in ENTITIES}
        self.fewer = {name: rows[::2] for name, rows in self.rows.items()}
        self.given: dict[str, dict[str, pa.Table]] = {}
        self.found: dict[str, dict[str, pa.Table]] = {}
        self.step("emptied at first", {entity.name: [] for entity in ENTITIES})
        self.types = {entity.name: harness.warehouse.columns(entity.name) for entity in ENTITIES}
        self.step("landed", self.rows)
        self.step("landed again", self.rows)
        self.step("updated", {entity.name: self.updated(entity) for entity in ENTITIES})
        self.step("fewer", self.fewer)
        self.step(
            "unknown", {name: [rows[0] | {"neverSeen": {"a": 1}}, *rows[1:]] for name, rows in self.fewer.items()}
        )
        self.step("unknown no more", self.fewer)
        self.step("emptied", {entity.name: [] for entity in ENTITIES})
        self.step("filled again", self.rows)

    def updated(self, entity: Entity) -> list[Row]:
        """Return the rows with a new text in the first."""
        first, *rest = self.rows[entity.name]
        return [first | {text_field(entity): "changed"}, *rest]

    def step(self, name: str, rows: dict[str, list[Row]]) -> None:
        """Land these rows, and keep what was given and what was found."""
        with self.harness.warehouse.held():
            self.given[name] = self.harness.land(rows)
        with self.harness.warehouse.held(reading=True):
            self.found[name] = {entity.name: self.harness.table(entity.name) for entity in ENTITIES}


@pytest.fixture(scope="module", params=MAKERS)
def life(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """Return the life of an account in each kind of warehouse."""
    harness = Harness(request.param, tmp_path_factory.mktemp("life"))
    yield Life(harness)
    harness.close()


each_entity = pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)


@each_entity
@pytest.mark.parametrize("step", ["landed", "landed again", "updated", "fewer", "unknown", "filled again"])
def test_every_row_lands_once_with_every_value(life: Life, entity: Entity, step: str) -> None:
    """The table holds what was read, no row more or less, value by value."""
    found, given = life.found[step][entity.name], life.given[step][entity.name]
    json = frozenset(column.name for column in entity.columns if column.type is Type.JSON)
    assert values(found.select(given.column_names), json) == values(given, json)
    assert len(given) == len(
        {row["id"] for row in (life.fewer if step in {"fewer", "unknown"} else life.rows)[entity.name]}
    )


@each_entity
def test_names_and_order_are_as_declared(life: Life, entity: Entity) -> None:
    """Case is kept, documented fields come first, and what nobody declared comes last."""
    declared = [column.name for column in entity.columns]
    assert list(life.types[entity.name]) == declared
    assert list(life.harness.warehouse.columns(entity.name)) == [*declared, "neverSeen"]
    assert life.found["landed"][entity.name].column_names == declared


@each_entity
def test_types_are_as_declared(life: Life, entity: Entity) -> None:
    """The type of a column depends on its declaration alone, never on the rows."""
    declared = {column.name: SQL_TYPES[life.harness.kind][column.type] for column in entity.columns}
    assert life.types[entity.name] == declared
    later = life.harness.warehouse.columns(entity.name)
    assert later == declared | {"neverSeen": SQL_TYPES[life.harness.kind][Type.TEXT]}


@each_entity
def test_an_update_is_an_update(life: Life, entity: Entity) -> None:
    """One row differs, in what was changed, and the others are as they were."""
    before, after = (values(life.found[step][entity.name]) for step in ("landed again", "updated"))
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 1
    assert "changed" in changed[0].values()


@each_entity
def test_an_unknown_field_is_kept_as_text_and_stays_as_null(life: Life, entity: Entity) -> None:
    """A field that comes is a new column; when it goes, the column stays and is empty."""
    came = [row["neverSeen"] for row in values(life.found["unknown"][entity.name])]
    assert [value for value in came if value is not None] == ['{"a":1}']
    assert set(life.found["unknown no more"][entity.name].column("neverSeen").to_pylist()) == {None}
    kept = life.found["unknown no more"][entity.name].drop_columns("neverSeen")
    assert values(kept) == values(life.found["fewer"][entity.name])


@each_entity
def test_empty_full_and_empty_again(life: Life, entity: Entity) -> None:
    """A table without rows keeps every column, before the first row came and after the last one went."""
    for step in ("emptied at first", "emptied"):
        assert len(life.found[step][entity.name]) == 0
    assert life.found["emptied"][entity.name].column_names == [*(c.name for c in entity.columns), "neverSeen"]


def test_nothing_else_stands_beside_the_tables(life: Life) -> None:
    """Whoever opens the schema sees entities, and no working table of ours."""
    names = [entity.name for entity in ENTITIES]
    assert life.harness.warehouse.tables() == sorted([*names, *(f"{name}_deleted" for name in names)])
    assert count_rows(life.harness.warehouse, "contacts") == CUT
    assert count_rows(life.harness.warehouse, "no such table") is None
    assert count_tables(life.harness.warehouse, ["contacts"]) == {"contacts": CUT}


def test_every_kind_that_is_run_here_is_tested_here() -> None:
    """A row of the registry that says so has its desk and its types."""
    assert set(SQL_TYPES) == set(MAKERS)
