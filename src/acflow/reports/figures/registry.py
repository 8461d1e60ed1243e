"""Every figure, once, in the order in which a report shows them."""

import difflib

from acflow.errors import ConfigError
from acflow.reports.figures import audience, campaigns, closing, pipeline, revops
from acflow.reports.figures.model import Figure, numbers_alone

FIGURES: tuple[Figure, ...] = (
    *campaigns.FIGURES,
    *audience.FIGURES,
    *pipeline.FIGURES,
    *closing.FIGURES,
    *revops.FIGURES,
)

RATES = ("open_rate", "verified_open_rate", "click_rate", "ctor", "bounce_rate", "unsubscribe_rate")
MONEY = ("currency",)
TABLES: tuple[Figure, ...] = (
    Figure("campaigns_by_type", numbers_alone, ("type", "running", "campaigns", "sends", "delivered", *RATES)),
    Figure("campaigns_by_list", numbers_alone, ("list", "campaigns", "sends", "delivered", *RATES)),
    Figure(
        "split_tests",
        numbers_alone,
        ("campaign", "subject", "share", "sent_at", "sends", *RATES[:1], *RATES[2:4], "significantly_better"),
    ),
    Figure("same_age", numbers_alone, ("campaign", "age", "sent_at", "read_after_hours", "sends", *RATES[:4])),
    Figure("account_growth", numbers_alone, ("month", "new_contacts", "contacts"), newest_first=True),
    Figure("tier_movement", numbers_alone, ("from_tier", "to_tier", "contacts", "reactivated")),
    Figure(
        "proxy_opens",
        numbers_alone,
        ("month", "campaigns", "unique_opens", "verified_opens", "proxy_opens", "proxy_share", *RATES[:2]),
        newest_first=True,
    ),
    Figure("reader_tiers", numbers_alone, ("recency", "frequency", "contacts", "share", "clickers", "clicker_share")),
    Figure("open_delays", numbers_alone, ("unit", "after", "opens", "share", "share_until_then")),
    Figure("send_hours", numbers_alone, ("hour", "campaigns", "sends", "openers", "opened_in_a_day", "rank")),
    Figure(
        "link_clicks",
        numbers_alone,
        ("campaign", "url", "clickers", "clicks", "share_of_clickers", "click_rate", "rank"),
    ),
    Figure(
        "mail_domains",
        numbers_alone,
        ("domain", "contacts", "sends", "bounce_rate", "open_rate", "click_rate", "low_sample"),
    ),
    Figure(
        "forecast_coverage",
        numbers_alone,
        (
            *("currency", "deals", "amount", "dated_amount", "overdue_amount", "undated_amount", "dated_share"),
            "share_without_probability",
        ),
    ),
    Figure(
        "forecast_accuracy",
        numbers_alone,
        ("month", "currency", "expected_deals", "forecast", "actual", "accuracy", "reason"),
        newest_first=True,
    ),
    Figure(
        "deal_size", numbers_alone, ("name", "dimension", "won", "won_amount", "average_deal", "median_deal"), MONEY
    ),
    Figure("sales_cycle", numbers_alone, ("name", "dimension", "currency", "won", "cycle_days", "impossible_cycles")),
    Figure(
        "velocity",
        numbers_alone,
        ("name", "dimension", "open_deals", "average_deal", "win_rate", "cycle_days", "velocity", "reason"),
        MONEY,
    ),
    Figure(
        "slippage",
        numbers_alone,
        ("pipeline", "deals", "amount", "slipped_deals", "slipped_amount", "slippage", "median_days_later", "reason"),
        MONEY,
    ),
    Figure(
        "deals_with_contacts",
        numbers_alone,
        ("deal", "status", "stage", "owner", "amount", "probability", "forecast_date", "contact", "account"),
        MONEY,
    ),
    Figure(
        "unified",
        numbers_alone,
        ("email", "contact", "account", "tier", "active_lists", "form", "open_deals", "won_deals", "won_amount"),
        MONEY,
    ),
)
"""The reports that no picture tells better than their rows, with the columns that people read."""


def figure(name: str) -> Figure:
    """Return the figure of the report of that name, or say which there are."""
    by_name = {drawn.report: drawn for drawn in FIGURES}
    if found := by_name.get(name.strip().lower().replace("-", "_")):
        return found
    near = difflib.get_close_matches(name, by_name, n=1, cutoff=0.4)
    guess = f"Did you mean {near[0]}? " if near else ""
    raise ConfigError(f"There is no figure {name!r}. {guess}There are {', '.join(by_name)}.")
