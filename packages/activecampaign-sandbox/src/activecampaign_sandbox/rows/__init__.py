"""Every key that a record of each kind was recorded with, in the recorded order and with the recorded types.

Each function takes an id and what is known of the record, and fills in the rest as a fresh record has it.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from activecampaign_sandbox.endpoints import ENDPOINTS, Endpoint
from activecampaign_sandbox.rows.campaigns import campaign
from activecampaign_sandbox.rows.contacts import contact
from activecampaign_sandbox.rows.crm import (
    account,
    account_contact,
    deal_activity,
    deal_custom_field_datum,
    deal_custom_field_metum,
    deal_task,
    note,
)
from activecampaign_sandbox.rows.deals import deal, deal_group, deal_stage
from activecampaign_sandbox.rows.fields import field, field_option, field_rel, field_value
from activecampaign_sandbox.rows.forms import form
from activecampaign_sandbox.rows.lists import mailing_list
from activecampaign_sandbox.rows.messages import campaign_list, campaign_message, message
from activecampaign_sandbox.rows.segments import segment
from activecampaign_sandbox.rows.tagging import automation, contact_automation, contact_list, contact_tag, score, tag
from activecampaign_sandbox.rows.users import user
from activecampaign_sandbox.wire import Row


def _of_template(endpoint: Endpoint, key: int, given: Mapping[str, Any]) -> Row:
    """Return a record of a kind whose fresh row is data; without a date of its own it is as old as the account."""
    assert endpoint.template  # noqa: S101 - chosen by it
    return endpoint.template.filled(endpoint.path, key, given.get(endpoint.created or ""), given)


NEW_ROW: Mapping[str, Callable[[int, Mapping[str, Any]], Row]] = {
    "contacts": contact,
    "campaigns": campaign,
    "lists": mailing_list,
    "deals": deal,
    "segments": segment,
    "forms": form,
    "users": user,
    "dealGroups": deal_group,
    "dealStages": deal_stage,
    "accounts": account,
    "accountContacts": account_contact,
    "dealCustomFieldMeta": deal_custom_field_metum,
    "dealCustomFieldData": deal_custom_field_datum,
    "dealActivities": deal_activity,
    "dealTasks": deal_task,
    "notes": note,
    "tags": tag,
    "contactTags": contact_tag,
    "contactLists": contact_list,
    "automations": automation,
    "contactAutomations": contact_automation,
    "fields": field,
    "fieldOptions": field_option,
    "fieldRels": field_rel,
    "fieldValues": field_value,
    "scores": score,
    "messages": message,
    "campaignMessages": campaign_message,
    "campaignLists": campaign_list,
    **{endpoint.path: partial(_of_template, endpoint) for endpoint in ENDPOINTS if endpoint.template},
}

__all__ = [
    "NEW_ROW",
    "account",
    "account_contact",
    "automation",
    "campaign",
    "campaign_list",
    "campaign_message",
    "contact",
    "contact_automation",
    "contact_list",
    "contact_tag",
    "deal",
    "deal_activity",
    "deal_custom_field_datum",
    "deal_custom_field_metum",
    "deal_group",
    "deal_stage",
    "deal_task",
    "field",
    "field_option",
    "field_rel",
    "field_value",
    "form",
    "mailing_list",
    "message",
    "note",
    "score",
    "segment",
    "tag",
    "user",
]
