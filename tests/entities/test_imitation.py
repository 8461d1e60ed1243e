"""Declarations and sandbox were written apart from the same records; where they differ, one of them is wrong."""

import pytest

from acflow.entities import ALL
from acflow.entities.model import CampaignEvents, Each, Entity
from acflow.source.decode import decode_rows
from acflow.source.protocol import Answer, Row, list_request, read_page
from activecampaign_sandbox import Behaviour, World, make_world
from activecampaign_sandbox.answers import answer

# The others have no rows of their own.
LISTED = tuple(each for each in ALL if not isinstance(each.paging, Each | CampaignEvents))


@pytest.fixture(scope="module")
def world() -> World:
    """Return an account with a plain record of each kind, the first of each owning the first of the others."""
    world = make_world("empty")
    for path in world.tables:
        world.insert(path, {})
    world.update("customObjects/records", 1, {"schemaId": world.rows("customObjects/schemas")[0]["id"]})
    return world


def page_of(world: World, entity: Entity) -> list[Row]:
    """Return the rows of an entity as a reader gets them, of its first owner where it is nested."""
    if entity.owner:
        row = page_of(world, entity.owner)[0]
        entity = entity.below(str(row[entity.owner.text_column or entity.owner.key]))
    request = list_request(entity)
    reply = answer(world, Behaviour(), f"/api/3/{request.path}", request.params)
    return read_page(entity, request, Answer(reply.status, {}, reply.body)).rows


@pytest.mark.parametrize("entity", LISTED, ids=lambda entity: entity.name)
def test_a_plain_record_is_known_and_typed(entity: Entity, world: World) -> None:
    """No key of it is a stranger, and each value fits its column."""
    rows = page_of(world, entity)
    assert rows
    assert {key for row in rows for key in row} - entity.known_keys == set()
    batch = decode_rows(entity, rows)
    assert batch.rejects.to_pylist() == []
    assert batch.table.column_names == [column.name for column in entity.columns]
