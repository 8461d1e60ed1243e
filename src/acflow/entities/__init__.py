"""What exists in an account: one file per entity or close family, one tuple of the six and one of their helpers.

A flow file may declare further lists (`entities:`); those of the files that this process has read are known too.
"""

from collections.abc import Mapping
from itertools import count

from acflow.entities.accountfields import ACCOUNT_FIELDS
from acflow.entities.attribution import ATTRIBUTION
from acflow.entities.automation_steps import AUTOMATION_PARTS
from acflow.entities.automations import AUTOMATIONS, CONTACT_AUTOMATIONS
from acflow.entities.campaigns import CAMPAIGNS
from acflow.entities.commerce import COMMERCE
from acflow.entities.companies import ACCOUNT_CONTACTS, ACCOUNTS
from acflow.entities.contacts import CONTACTS
from acflow.entities.customfields import DEAL_CUSTOM_FIELD_DATA, DEAL_CUSTOM_FIELD_META, FIELD_VALUES, FIELDS
from acflow.entities.customobjects import CUSTOM_OBJECTS
from acflow.entities.deals import DEALS
from acflow.entities.dealteams import DEAL_TEAMS
from acflow.entities.events import EVENTS
from acflow.entities.formcontacts import FORM_CONTACTS
from acflow.entities.forms import FORMS
from acflow.entities.lists import LISTS
from acflow.entities.memberships import CONTACT_LISTS
from acflow.entities.messages import CAMPAIGN_LISTS, CAMPAIGN_MESSAGES, MESSAGES
from acflow.entities.model import Entity
from acflow.entities.pipelines import DEAL_GROUPS, DEAL_STAGES
from acflow.entities.salesnotes import DEAL_ACTIVITIES, DEAL_TASKS, NOTES
from acflow.entities.scores import SCORES
from acflow.entities.segments import SEGMENTS
from acflow.entities.setup import SETUP
from acflow.entities.tags import CONTACT_TAGS, TAGS
from acflow.entities.textmessages import TEXT_MESSAGES
from acflow.entities.users import USERS
from acflow.errors import ConfigError

__all__ = [
    "ALIASES",
    "ALL",
    "BY_DEFAULT",
    "BY_NAME",
    "ENTITIES",
    "HELPERS",
    "declare",
    "declared",
    "entity",
    "generation",
    "known_entities",
]

ENTITIES: tuple[Entity, ...] = (CAMPAIGNS, CONTACTS, LISTS, DEALS, SEGMENTS, FORMS)

HELPERS: tuple[Entity, ...] = (
    DEAL_GROUPS,
    DEAL_STAGES,
    USERS,
    FIELDS,
    DEAL_CUSTOM_FIELD_META,
    FIELD_VALUES,
    DEAL_CUSTOM_FIELD_DATA,
    ACCOUNTS,
    ACCOUNT_CONTACTS,
    TAGS,
    CONTACT_TAGS,
    CONTACT_LISTS,
    FORM_CONTACTS,
    AUTOMATIONS,
    CONTACT_AUTOMATIONS,
    DEAL_ACTIVITIES,
    DEAL_TASKS,
    NOTES,
    SCORES,
    CAMPAIGN_MESSAGES,
    CAMPAIGN_LISTS,
    MESSAGES,
    *EVENTS,
    *COMMERCE,
    *AUTOMATION_PARTS,
    *ACCOUNT_FIELDS,
    *DEAL_TEAMS,
    *ATTRIBUTION,
    *TEXT_MESSAGES,
    *CUSTOM_OBJECTS,
    *SETUP,
)
"""What makes the six readable: names behind keys, memberships, values of custom fields."""

ALL: tuple[Entity, ...] = ENTITIES + HELPERS

BY_DEFAULT: tuple[Entity, ...] = ENTITIES + tuple(helper for helper in HELPERS if helper.light)
"""What is read when nothing is named: the six, and the helpers that take a request or two."""

ALIASES = {"pipelines": "dealGroups", "stages": "dealStages"}
"""What the interface calls entities for which the API has another word."""

BY_NAME: Mapping[str, Entity] = {each.name: each for each in ALL}

_declared: dict[str, tuple[Entity, ...]] = {}  # by flow file; what a file declares lasts until it is read again
_generations = count(1)
_generation = [0]


def declare(file: str, entities: tuple[Entity, ...]) -> None:
    """Make known the lists that a flow file declares, in place of those that it declared before."""
    if _declared.get(file, ()) != entities:
        _declared[file] = entities
        _generation[0] = next(_generations)


def declared() -> tuple[Entity, ...]:
    """Return the lists that the flow files of this process declare; of two with one name the one that came last."""
    return tuple({each.name: each for entities in _declared.values() for each in entities}.values())


def generation() -> int:
    """Return a number that changes whenever what is declared does, for whoever keeps what follows from it."""
    return _generation[0]


def known_entities() -> tuple[Entity, ...]:
    """Return every entity, those of flow files too."""
    return (*ALL, *declared())


def entity(name: str) -> Entity:
    """Return the entity of that name or alias, or say which name was probably meant."""
    known = ALIASES.get(name, name)
    by_name = {**BY_NAME, **{each.name: each for each in declared()}}
    if known in by_name:
        return by_name[known]
    import difflib

    folded = {each.lower(): each for each in (*by_name, *ALIASES)}
    near = difflib.get_close_matches(name.strip().lower(), folded, n=1, cutoff=0.4)
    guess = f" Did you mean {folded[near[0]]}?" if near else ""
    raise ConfigError(f"There is no entity {name!r}.{guess} Entities: {', '.join(by_name)}.")
