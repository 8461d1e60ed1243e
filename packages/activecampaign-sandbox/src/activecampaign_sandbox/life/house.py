"""What is set up, renamed and taken down in an account, and what its makers change in it."""

from collections.abc import Mapping, Sequence

from activecampaign_sandbox import clock
from activecampaign_sandbox.life.scene import Scene, Step, Steps, delete, insert, update
from activecampaign_sandbox.life.selling import stage_added
from activecampaign_sandbox.wire import Row

NAMES = ("One", "Two", "Three")
FOUNDED: Mapping[str, Sequence[Row]] = {
    **{
        entity: [{"name": name} for name in NAMES]
        for entity in ("lists", "forms", "segments", "automations", "accounts")
    },
    "tags": [{"tag": name} for name in NAMES],
    "dealGroups": [{"title": name} for name in NAMES],
    "fields": [
        {"title": "Favourite tea", "type": "text"},
        {"title": "Birthday", "type": "date"},
        {"title": "Cups a day", "type": "number"},
        {"title": "Interests", "type": "checkbox"},
    ],
    "dealCustomFieldMeta": [
        {"fieldLabel": "Forecasted Close Date", "fieldType": "date"},
        {"fieldLabel": "Yearly budget", "fieldType": "currency"},
        {"fieldLabel": "Branches", "fieldType": "number"},
        {"fieldLabel": "Channels", "fieldType": "multiselect", "fieldOptions": ["shop", "web", "fair"]},
    ],
}
FEW = 3
RENAMED = {"lists": "name", "forms": "name", "segments": "name", "campaigns": "name", "dealStages": "title"}
# Which keys change on which day, counted from the start of the account's clock; as recorded, or as happens.
DRIFT: Mapping[int, Step] = {
    4: {"do": "remove-key", "entity": "lists", "key": "channel"},
    7: {"do": "rename-key", "entity": "contacts", "key": "email_domain", "to": "emailDomain"},
    11: {"do": "add-key", "entity": "deals", "key": "score", "value": "0"},
    13: {"do": "add-key", "entity": "lists", "key": "channel"},
    15: {"do": "retype-key", "entity": "forms", "key": "entries", "to": "text"},
    16: {"do": "add-key", "entity": "campaigns", "key": "ai_score", "value": None},
    21: {"do": "rename-key", "entity": "contacts", "key": "emailDomain", "to": "email_domain"},
    23: {"do": "retype-key", "entity": "forms", "key": "entries", "to": None},
    25: {"do": "remove-key", "entity": "deals", "key": "score"},
}


def foundations(scene: Scene) -> Steps:
    """Set up whatever there is none of."""
    for entity, rows in FOUNDED.items():
        if not scene.world.ids(entity):
            for row in rows:
                yield insert(entity, row)
    if not scene.world.ids("dealStages"):
        for _ in range(4 * len(NAMES)):
            yield stage_added(scene)
    for field in scene.world.rows("fields"):
        if field.get("type") == "checkbox" and not field.get("options"):
            for value in ("green", "black", "herbal"):
                yield insert("fieldOptions", {"field": field["id"], "value": value})


def housekeeping(scene: Scene) -> Steps:
    """Rename, add and drop things: lists, forms, segments, campaigns, tags, stages."""
    stamp = clock.digits(scene.world.clock())
    for entity, title in RENAMED.items():
        for key in scene.some(entity, 0.25):
            yield update(entity, key, {title: f"Renamed at {stamp}"})
    for _ in scene.times(0.15):
        yield insert("segments", {"name": f"Made at {stamp}"})
    for _ in scene.times(0.1):
        yield insert("lists", {"name": f"Made at {stamp}"})
    for _ in scene.times(0.2):
        yield insert("tags", {"tag": f"made {stamp}"})
    for _ in scene.times(0.08):
        yield stage_added(scene)
    if scene.day % 10 == 0:
        for entity in ("segments", "tags", "forms"):
            if len(scene.world.ids(entity)) > FEW:
                yield delete(entity, scene.one(entity))


def drift(scene: Scene) -> Steps:
    """Let the keys of rows change on their days."""
    if scene.day in DRIFT:
        yield DRIFT[scene.day]


HOUSE = (foundations, drift, housekeeping)
