"""What comes beside records: collections before them, those that a request includes, and those of one record."""

import json
from collections.abc import Iterable, Sequence

from acflow.sandbox.endpoints import Endpoint
from acflow.sandbox.query import Query
from acflow.sandbox.wire import Row, encode
from acflow.sandbox.world import BY_PATH, World

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
    world: World, endpoint: Endpoint, query: Query, bodies: Sequence[bytes]
) -> tuple[dict[str, list[Row]], list[bytes]]:
    """Return the collections that a request includes, and the rows with their ids and with the keys of the day."""
    names = [name for name in endpoint.include if name in query.include]
    counting = query.count_deals and endpoint.path == "accounts"
    if not names and not counting and not world.drifted(endpoint.path):
        return {}, list(bodies)
    rows: list[Row] = [world.shown(endpoint.path, json.loads(body)) for body in bodies]
    included: dict[str, list[Row]] = {name: [] for name in names}
    for row in rows:
        for name in names:
            belonging = related(world, name, endpoint, row["id"])
            included[name] += belonging
            row[name] = [one["id"] for one in belonging]
        if counting:
            counted = {"contactCount": "accountContacts", "dealCount": "deals"}
            row |= {count: str(len(related(world, name, endpoint, row["id"]))) for count, name in counted.items()}
    return included, [encode(row) for row in rows]


def collection(world: World, endpoint: Endpoint, key: str, name: str) -> Row | None:
    """Return the body of /contacts/1/contactTags and its like, which has no meta; None if there is no such thing."""
    if endpoint.path == "contacts" and name in BARE:
        return {}
    kept = name in BY_PATH and endpoint.path in BY_PATH[name].parents
    if not kept and not (endpoint.path == "contacts" and name in UNKEPT):
        return None
    return {name: related(world, name, endpoint, key)}
