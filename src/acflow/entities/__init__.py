"""What exists in an account: one file per entity or close family, one tuple of the six and one of their helpers."""

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

__all__ = ["ALIASES", "ALL", "BY_DEFAULT", "ENTITIES", "HELPERS", "entity"]

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

_BY_NAME = {each.name: each for each in ALL}


def entity(name: str) -> Entity:
    """Return the entity of that name or alias, or say which name was probably meant."""
    known = ALIASES.get(name, name)
    if known in _BY_NAME:
        return _BY_NAME[known]
    import difflib

    folded = {each.lower(): each for each in (*_BY_NAME, *ALIASES)}
    near = difflib.get_close_matches(name.strip().lower(), folded, n=1, cutoff=0.4)
    guess = f" Did you mean {folded[near[0]]}?" if near else ""
    raise ConfigError(f"There is no entity {name!r}.{guess} Entities: {', '.join(_BY_NAME)}.")
