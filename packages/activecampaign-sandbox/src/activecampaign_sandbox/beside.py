"""What comes beside records: collections before them, those that a request includes, and those of one record."""

import json
from collections.abc import Iterable

from activecampaign_sandbox.endpoints import BY_PATH, Endpoint
from activecampaign_sandbox.limits import limited
from activecampaign_sandbox.query import Query
from activecampaign_sandbox.table import Selected
from activecampaign_sandbox.wire import Row, encode
from activecampaign_sandbox.world import BELOW, World

UNKEPT = frozenset({"scoreValues", "geoIps", "bounceLogs", "contactLogs", "trackingLogs", "contactGoals"})
BARE = frozenset({"contactData", "organization", "plusAppend"})  # these answer {} when there is none


def related(world: World, name: str, endpoint: Endpoint, key: str) -> list[Row]:
    """Return the records of another kind that belong to a record; none of a kind that no world keeps."""
    field = BY_PATH[name].parents.get(endpoint.path) if name in BY_PATH else None
    if field is None:
        return []
    found = world.tables[name].related(field, key, f"{endpoint.singular}/{key}")
    return [world.shown(name, item.row) for item in found]


def collections(world: World, names: Iterable[str]) -> dict[str, list[Row]]:
    """Return whole tables to come before the records: they are not limited by `limit`."""
    return {name: world.rows(name) if name in BY_PATH else [] for name in names}


def dressed(
    world: World, endpoint: Endpoint, query: Query, selected: Selected
) -> tuple[dict[str, list[Row]], list[bytes]]:
    """Return the collections that a request includes, and the rows with their ids and with the keys of the day."""
    bodies = list(selected.bodies)
    if endpoint.below_keys and not endpoint.listed:
        bodies = [encode(endpoint.sent_below(json.loads(body))) for body in bodies]
    elif world.drifted(endpoint.path) or endpoint.keyed != "number":
        bodies = [encode(world.shown(endpoint.path, json.loads(body))) for body in bodies]
    included: dict[str, list[Row]] = {name: [] for name in endpoint.include if name in query.include}
    for place, key in enumerate(selected.keys if included else ()):
        if not world.behaviour.stubs_name and limited(world.get(endpoint.path, key)):
            continue
        for name in included:
            belonging = related(world, name, endpoint, str(key))
            included[name] += belonging
            bodies[place] = _with(bodies[place], name, [one["id"] for one in belonging])
    if query.count_deals and endpoint.path == "accounts":
        bodies = [_counted(world, endpoint, json.loads(body)) for body in bodies]
    return included, bodies


def _with(body: bytes, name: str, ids: list[str]) -> bytes:
    """Return a row with one more key, without reading it unless it may have that key; its links name it once."""
    if body.count(b'"%s":' % name.encode()) > 1:
        return encode({**json.loads(body), name: ids})
    return b'%s,"%s":%s}' % (body[:-1], name.encode(), encode(ids))


def _counted(world: World, endpoint: Endpoint, row: Row) -> bytes:
    counts = {"contactCount": "accountContacts", "dealCount": "deals"}
    return encode(
        {**row, **{count: str(len(related(world, name, endpoint, row["id"]))) for count, name in counts.items()}}
    )


def collection(world: World, endpoint: Endpoint, key: str, name: str) -> Row | None:
    """Return the body of /contacts/1/contactTags and its like, which has no meta; None if there is no such thing."""
    if endpoint.path == "contacts" and name in BARE:
        return {}
    child = BELOW.get((endpoint.path, name))
    if child:
        return {child.collection: [child.sent_below(row) for row in related(world, child.path, endpoint, key)]}
    return {name: []} if endpoint.path == "contacts" and name in UNKEPT else None
