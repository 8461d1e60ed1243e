"""Declarations and sandbox were written apart from the same records; where they differ, one of them is wrong."""

import pytest

from acflow.entities import ALL
from acflow.entities.model import CampaignEvents, Each, Entity
from acflow.source.decode import decode_rows
from activecampaign_sandbox import World, make_world

LISTED = tuple(
    each for each in ALL if not isinstance(each.paging, Each | CampaignEvents)
)  # the others have no rows of their own


@pytest.fixture(scope="module")
def world() -> World:
    """Return an account with a plain record of each kind."""
    world = make_world("empty")
    for entity in LISTED:
        world.insert(entity.name, {})
    return world


@pytest.mark.parametrize("entity", LISTED, ids=lambda entity: entity.name)
def test_a_plain_record_is_known_and_typed(entity: Entity, world: World) -> None:
    """No key of it is a stranger, and each value fits its column."""
    rows = world.rows(entity.name)
    assert rows
    assert {key for row in rows for key in row} - entity.known_keys == set()
    batch = decode_rows(entity, rows)
    assert batch.rejects.to_pylist() == []
    assert batch.table.column_names == [column.name for column in entity.columns]
