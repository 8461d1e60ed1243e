"""Every key that a record of each kind was recorded with, in the recorded order and with the recorded types.

Each function takes an id and what is known of the record, and fills in the rest as a fresh record has it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from acflow.sandbox.rows.campaigns import campaign
from acflow.sandbox.rows.contacts import contact
from acflow.sandbox.rows.deals import deal, deal_group, deal_stage
from acflow.sandbox.rows.forms import form
from acflow.sandbox.rows.lists import mailing_list
from acflow.sandbox.rows.segments import segment
from acflow.sandbox.rows.users import user
from acflow.sandbox.wire import Row

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
}

__all__ = [
    "NEW_ROW",
    "campaign",
    "contact",
    "deal",
    "deal_group",
    "deal_stage",
    "form",
    "mailing_list",
    "segment",
    "user",
]
