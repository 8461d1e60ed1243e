"""What marketing looks at: how mails did, and whether lists grow."""

from collections.abc import Sequence
from datetime import datetime

from acflow.reports.figures import charts
from acflow.reports.figures.model import Figure, Picture, Row
from acflow.reports.figures.numbers import count, number, percent, quoted, signed_percent

ENDS = 6  # campaigns shown at each end of the ranking
MOST_LISTS = 15
HEALTHY_BOUNCES = 0.02  # ActiveCampaign's own mark; see docs/kpis.md
BASES = {"delivered": "mails delivered", "sends": "mails sent", "total_amt": "planned receivers"}


def best_and_worst(rows: Sequence[Row], _: datetime) -> Sequence[Picture]:
    """Rank campaigns by open rate, with the range in which it may truly be."""
    ranked = sorted((row for row in rows if row["place"] is not None), key=lambda row: int(row["place"]))
    if len(ranked) < 2:  # noqa: PLR2004 - one campaign is neither best nor worst
        return ()
    shown = ranked if len(ranked) <= 2 * ENDS else ranked[:ENDS] + ranked[-ENDS:]
    first, last = ranked[0], ranked[-1]
    proxied = any((row["verified_opens"] or 0) < (row["unique_opens"] or 0) for row in ranked)
    return [
        Picture(
            "campaigns-by-open-rate",
            f"{quoted(first['campaign'])} was opened most ({percent(first['open_rate'], 0)}), "
            f"{quoted(last['campaign'])} least ({percent(last['open_rate'], 0)})",
            f"Unique opens as a share of {BASES[first['basis']]}; the line is where the rate may truly be (95 %); "
            f"{_of_all(len(shown), len(ranked))}",
            charts.ranges(
                [
                    {
                        "label": row["campaign"],
                        "low": row["open_rate_low"],
                        "value": row["open_rate"],
                        "high": row["open_rate_high"],
                    }
                    for row in shown
                    if row["open_rate_low"] is not None
                ],
                scale=charts.SHARE,
            ),
            ("Opens count those of Apple's mail privacy proxy; the table has the verified rate beside.",)
            if proxied
            else (),
        )
    ]


def bounces(rows: Sequence[Row], _: datetime) -> Sequence[Picture]:
    """Show the campaigns whose mails came back most, if any is above what is healthy."""
    ranked = sorted(
        (row for row in rows if row["place"] is not None and row["bounce_rate"] is not None),
        key=lambda row: -float(row["bounce_rate"]),
    )
    bad = [row for row in ranked if row["bounce_rate"] >= HEALTHY_BOUNCES]
    if not ranked:
        return ()
    worst = ranked[0]
    title = (
        f"{quoted(worst['campaign'])} bounced {percent(worst['bounce_rate'])}; "
        f"{count(len(bad), 'campaign')} of {number(len(ranked))} went beyond the healthy {percent(HEALTHY_BOUNCES, 0)}"
        if bad
        else f"No campaign bounced more than the healthy {percent(HEALTHY_BOUNCES, 0)}"
    )
    return [
        Picture(
            "bounces",
            title,
            f"Hard and soft bounces as a share of mails sent; the {min(ENDS, len(ranked))} highest",
            charts.bars(
                [
                    {"label": row["campaign"], "value": row["bounce_rate"], "says": percent(row["bounce_rate"])}
                    for row in ranked[:ENDS]
                ]
            ),
        )
    ]


def list_growth(rows: Sequence[Row], _: datetime) -> Sequence[Picture]:
    """Show how each list grew or shrank; where that is not known, how large it is."""
    grown = [row for row in rows if row["list_growth_rate"] is not None and row["active_at_start"]]
    if not grown:
        return _list_sizes(rows)
    ranked = sorted(grown, key=lambda row: -float(row["list_growth_rate"]))
    best, worst = ranked[0], ranked[-1]
    shown = ranked if len(ranked) <= MOST_LISTS else ranked[: MOST_LISTS // 2] + ranked[-(MOST_LISTS // 2) :]
    rebuilt = sum(row["start_source"] == "reconstructed" for row in grown)
    return [
        Picture(
            "list-growth",
            f"{quoted(worst['list'])} shrank by {percent(-worst['list_growth_rate'])}"
            + (f", {quoted(best['list'])} grew by {percent(best['list_growth_rate'])}" if best is not worst else "")
            if worst["list_growth_rate"] < 0
            else f"{quoted(best['list'])} grew most, by {percent(best['list_growth_rate'])}; no list shrank",
            "New subscribers less those who left, bounced or were deleted, as a share of active ones at the start of "
            f"the period; {_of_all(len(shown), len(ranked), 'lists')}",
            charts.both_ways(
                [
                    {
                        "label": row["list"],
                        "value": row["list_growth_rate"],
                        "says": signed_percent(row["list_growth_rate"]),
                    }
                    for row in shown
                ]
            ),
            (f"The start of the period is reconstructed for {count(rebuilt, 'list')}: no reading is that old.",)
            if rebuilt
            else (),
        )
    ]


def _list_sizes(rows: Sequence[Row]) -> Sequence[Picture]:
    """Show how large each list is, where nothing is known of its past."""
    sized = sorted((row for row in rows if row["active"]), key=lambda row: -int(row["active"]))
    if not sized:
        return ()
    shown = sized[:MOST_LISTS]
    largest = sized[0]
    return [
        Picture(
            "list-sizes",
            f"{quoted(largest['list'])} is the largest list, with {count(largest['active'], 'active subscriber')}",
            f"Active subscribers; {_of_all(len(shown), len(sized), 'lists')}",
            charts.bars(
                [{"label": row["list"], "value": row["active"], "says": number(row["active"])} for row in shown]
            ),
            ("Growth is not known: it needs the memberships of contacts, or readings of several days.",),
        )
    ]


def _of_all(shown: int, there: int, what: str = "campaigns") -> str:
    return f"all {number(there)} {what}" if shown == there else f"{number(shown)} of {number(there)} {what}"


FIGURES = (
    Figure(
        "campaign_performance",
        lambda rows, at: [*best_and_worst(rows, at), *bounces(rows, at)],
        (
            *("campaign", "sent_at", "sends", "delivered", "open_rate", "verified_open_rate", "click_rate", "ctor"),
            *("bounce_rate", "unsubscribe_rate", "flags"),
        ),
    ),
    Figure(
        "list_health",
        list_growth,
        ("list", "active", "new", "left_since", "bounced_since", "gone_since", "list_growth_rate", "churn_rate"),
    ),
)
