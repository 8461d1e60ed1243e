"""The pipelines and their stages."""

from datetime import datetime, timedelta

from activecampaign_sandbox import clock
from activecampaign_sandbox.filters import Item
from activecampaign_sandbox.rows import deal_group, deal_stage

PIPELINES = (
    ("Wholesale", "usd", ("Enquiry", "Samples sent", "Tasting", "Quote", "Contract")),
    ("Hospitality", "usd", ("Enquiry", "Visit", "Trial month", "Quote")),
    ("Europe", "eur", ("Enquiry", "Samples sent", "Distributor check", "Quote", "Contract")),
    ("Japan", "jpy", ("Enquiry", "Samples sent", "Customs", "Contract")),  # yen have no minor unit
)
FUTURE_CLOCK = timedelta(hours=5)  # pipelines and stages write a UTC clock with the account's offset


def stage_key(pipeline: int, position: int) -> int:
    """Return the id of a stage."""
    return 1 + position + sum(len(stages) for _, _, stages in PIPELINES[:pipeline])


def pipelines(now: datetime) -> dict[int, Item]:
    """Return the pipelines; their `udate` lies in the future, as recorded."""
    created = clock.stamp(now - timedelta(days=1000))
    return {
        key: Item(
            deal_group(
                key,
                {
                    "title": title,
                    "currency": currency,
                    "cdate": created,
                    "udate": clock.stamp(now + FUTURE_CLOCK - timedelta(minutes=3)),
                    "stages": [str(stage_key(key - 1, position)) for position in range(len(stages))],
                },
            ),
        )
        for key, (title, currency, stages) in enumerate(PIPELINES, start=1)
    }


def stages() -> dict[int, Item]:
    """Return the stages of all pipelines."""
    found: dict[int, Item] = {}
    for pipeline, (_, _, titles) in enumerate(PIPELINES):
        for position, title in enumerate(titles):
            key = stage_key(pipeline, position)
            given = {"title": title, "order": str(position + 1), "group": str(pipeline + 1)}
            found[key] = Item(deal_stage(key, given))
    return found
