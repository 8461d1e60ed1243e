"""Recipes: what people come for, each one click away: a flow ready to be saved, or a report that is there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from acflow.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Recipe:
    """A use case: whose it is, what one gets, and the flow or the report that gives it."""

    name: str
    role: str
    title: str
    text: str
    flow: Mapping[str, Any] = field(default_factory=dict)
    report: str = ""


def _csv(name: str) -> list[str]:
    return [f"out/{name}.csv"]


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "campaign_rates",
        "marketing",
        "Campaign rates over time",
        "Open, click, bounce and unsubscribe rates of every campaign that was sent.",
        {
            "description": "Rates of every campaign that was sent",
            "entity": "campaigns",
            "where": "send_amt > 0",
            "formula": {
                "open_rate": "uniqueopens / send_amt",
                "click_rate": "uniquelinkclicks / send_amt",
                "bounce_rate": "(hardbounces + softbounces) / send_amt",
                "unsubscribe_rate": "unsubscribes / send_amt",
            },
            "columns": ["id", "name", "type", "sdate", "send_amt", "uniqueopens", "uniquelinkclicks"],
            "sort": ["-sdate"],
        },
    ),
    Recipe(
        "campaigns_compared",
        "marketing",
        "Compare campaigns",
        "Every campaign with its rates, automation mail apart, and the finding in a sentence.",
        report="campaign_performance",
    ),
    Recipe(
        "campaigns_by_type",
        "marketing",
        "Campaign types side by side",
        "Which type of campaign is opened and clicked most.",
        report="campaigns_by_type",
    ),
    Recipe(
        "subscribers_per_list",
        "marketing",
        "Subscribers per list",
        "How many contacts each list has, how many left and how many bounced.",
        report="list_health",
    ),
    Recipe(
        "list_growth",
        "marketing",
        "Growth of lists",
        "Who joined and left each list, day by day.",
        report="list_growth",
    ),
    Recipe(
        "engagement_tiers",
        "marketing",
        "Engagement tiers",
        "Contacts by how recently they did anything: the base of every segmentation.",
        report="engagement_tiers",
    ),
    Recipe(
        "pipeline",
        "sales",
        "Pipeline dashboard",
        "Open deals by pipeline, stage and owner, with their win probability.",
        report="pipeline",
    ),
    Recipe(
        "open_deals",
        "sales",
        "Open deals for a spreadsheet",
        "Every open deal in whole units of its currency, with stage, owner and probability.",
        {
            "description": "Every open deal",
            "entity": "deals",
            "where": "status_label = 'open'",
            "columns": [
                "id",
                "title",
                "amount",
                "currency",
                "group",
                "stage",
                "owner",
                "percent",
                "winProbability",
                "cdate",
                "edate",
            ],
            "sort": ["-amount"],
            "deliver": _csv("open_deals"),
        },
    ),
    Recipe(
        "revenue_by_stage",
        "sales",
        "Forecasted revenue by stage",
        "Open value per stage and currency, whole and weighted by probability.",
        {
            "description": "Open value by stage, whole and weighted",
            "entity": "deals",
            "where": "status_label = 'open'",
            "formula": {"weighted": "amount * percent / 100"},
            "group_by": ["stage", "currency"],
            "metrics": {"deals": "count(*)", "value": "sum(amount)", "weighted_value": "sum(weighted)"},
            "sort": ["-value"],
        },
    ),
    Recipe(
        "deals_with_contacts",
        "sales",
        "Deals with their contacts",
        "Each deal with the address and the name of its contact.",
        {
            "description": "Each deal with its contact",
            "join": {"left": "deals", "right": "contacts", "on": {"contact": "id"}, "type": "left"},
            "sort": ["-amount"],
            "deliver": _csv("deals_with_contacts"),
        },
    ),
    Recipe(
        "unified_view",
        "revops",
        "Marketing and sales in one view",
        "Sends, leads, deals and revenue month by month.",
        report="unified",
    ),
    Recipe(
        "segment_audit",
        "revops",
        "Audit segments",
        "Which segments drive campaigns, which nobody uses.",
        report="segment_audit",
    ),
    Recipe(
        "form_funnel",
        "revops",
        "From form to deal",
        "How many who filled in each form became a deal, and a won one.",
        report="form_funnel",
    ),
    Recipe(
        "data_health",
        "revops",
        "Data quality",
        "Missing owners, values, dates and addresses, counted.",
        report="data_health",
    ),
    Recipe(
        "active_contacts",
        "revops",
        "Contacts without the deleted",
        "Every contact that is still there, ready for a BI tool.",
        {
            "description": "Every contact that is still there",
            "entity": "contacts",
            "where": "not deleted",
            "columns": ["id", "email", "firstName", "lastName", "phone", "cdate", "udate", "adate"],
            "deliver": _csv("active_contacts"),
        },
    ),
)


def recipe(name: str) -> Recipe:
    """Return a recipe; ConfigError if there is none of this name."""
    for known in RECIPES:
        if known.name == name:
            return known
    raise ConfigError(f"There is no recipe {name!r}. Recipes: {', '.join(known.name for known in RECIPES)}.")
