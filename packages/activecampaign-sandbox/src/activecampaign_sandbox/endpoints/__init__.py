"""Which paths the sandbox answers, and how each differs from the others.

A path more is one `Endpoint` more: everything else reads this table.
"""

from activecampaign_sandbox.endpoints.attribution import ATTRIBUTION
from activecampaign_sandbox.endpoints.commerce import COMMERCE
from activecampaign_sandbox.endpoints.marketing import (
    AUTOMATIONS,
    CAMPAIGN_LISTS,
    CAMPAIGN_MESSAGES,
    CONTACT_AUTOMATIONS,
    CONTACT_LISTS,
    CONTACT_TAGS,
    FIELD_OPTIONS,
    FIELD_RELS,
    FIELD_VALUES,
    FIELDS,
    MARKETING,
    MESSAGES,
    SCORES,
    TAGS,
)
from activecampaign_sandbox.endpoints.model import KEYSET, Endpoint, Total
from activecampaign_sandbox.endpoints.sales import (
    ACCOUNT_CONTACTS,
    ACCOUNTS,
    DEAL_ACTIVITIES,
    DEAL_CUSTOM_FIELD_DATA,
    DEAL_CUSTOM_FIELD_META,
    DEAL_GROUPS,
    DEAL_STAGES,
    DEAL_TASKS,
    NOTES,
    SALES,
)
from activecampaign_sandbox.endpoints.setup import SETUP
from activecampaign_sandbox.endpoints.six import CAMPAIGNS, CONTACTS, DEALS, FORMS, LISTS, SEGMENTS
from activecampaign_sandbox.endpoints.teams import TEAMS

USERS = Endpoint("users", "user", "User", created=None, touched=None)

ENDPOINTS = (
    CONTACTS,
    CAMPAIGNS,
    LISTS,
    DEALS,
    SEGMENTS,
    FORMS,
    USERS,
    *SALES,
    *MARKETING,
    *COMMERCE,
    *TEAMS,
    *ATTRIBUTION,
    *SETUP,
)

BY_PATH = {endpoint.path: endpoint for endpoint in ENDPOINTS}

__all__ = [
    "ACCOUNTS",
    "ACCOUNT_CONTACTS",
    "AUTOMATIONS",
    "BY_PATH",
    "CAMPAIGNS",
    "CAMPAIGN_LISTS",
    "CAMPAIGN_MESSAGES",
    "CONTACTS",
    "CONTACT_AUTOMATIONS",
    "CONTACT_LISTS",
    "CONTACT_TAGS",
    "DEALS",
    "DEAL_ACTIVITIES",
    "DEAL_CUSTOM_FIELD_DATA",
    "DEAL_CUSTOM_FIELD_META",
    "DEAL_GROUPS",
    "DEAL_STAGES",
    "DEAL_TASKS",
    "ENDPOINTS",
    "FIELDS",
    "FIELD_OPTIONS",
    "FIELD_RELS",
    "FIELD_VALUES",
    "FORMS",
    "KEYSET",
    "LISTS",
    "MESSAGES",
    "NOTES",
    "SCORES",
    "SEGMENTS",
    "TAGS",
    "USERS",
    "Endpoint",
    "Total",
]
