"""What exists in an account: one file per entity, one tuple of them all."""

from acflow.entities.campaigns import CAMPAIGNS
from acflow.entities.contacts import CONTACTS
from acflow.entities.deals import DEALS
from acflow.entities.forms import FORMS
from acflow.entities.lists import LISTS
from acflow.entities.model import Entity
from acflow.entities.segments import SEGMENTS
from acflow.errors import ConfigError

__all__ = ["ENTITIES", "entity"]

ENTITIES: tuple[Entity, ...] = (CAMPAIGNS, CONTACTS, LISTS, DEALS, SEGMENTS, FORMS)

_BY_NAME = {each.name: each for each in ENTITIES}


def entity(name: str) -> Entity:
    """Return the entity of that name, or say which name was probably meant."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    import difflib

    near = difflib.get_close_matches(name.strip().lower(), _BY_NAME, n=1, cutoff=0.4)
    guess = f" Did you mean {near[0]}?" if near else ""
    raise ConfigError(f"There is no entity {name!r}.{guess} Entities: {', '.join(_BY_NAME)}.")
