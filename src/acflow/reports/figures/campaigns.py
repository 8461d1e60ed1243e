"""How mails did: by month, the best and the worst of them, and those that came back."""

from collections.abc import Sequence
from datetime import datetime

from acflow.reports.figures import charts
from acflow.reports.figures.findings import FEW, Point, joined, trend
from acflow.reports.figures.model import Figure, Key, Picture, Row
from acflow.reports.figures.numbers import NOTHING, count, month, number, of_all, percent, quoted

ENDS = 6  # campaigns shown at each end of the ranking
MOST_MONTHS = 24
STEADY = 0.005  # half a percentage point from month to month is nothing
VERIFIED, PLAIN, CLICKS = "opened, verified", "opened, plain", "clicked"
HEALTHY_BOUNCES = 0.02  # the mark that ActiveCampaign's own plugin for assistants gives
BASES = {"delivered": "mails delivered", "sends": "mails sent", "total_amt": "planned receivers"}


def by_month(rows: Sequence[Row], as_of: datetime) -> Sequence[Picture]:
    """Show rates of opening and clicking month by month."""
    known = [row for row in rows if row["month"] is not None][-MOST_MONTHS:]
    if not known:
        return ()
    verified = any(row["verified_open_rate"] is not None for row in known)
    name, column = ("Verified open rate", "verified_open_rate") if verified else ("Open rate", "open_rate")
    running = known[-1]["month"] == as_of.date().replace(day=1)
    whole = known[:-1] if running and len(known) > 1 else known
    points = [Point(month(row["month"]), row[column], row["delivered"]) for row in whole]
    title = trend(name, points, steady=STEADY)
    if title is None:
        return ()
    parts = [(VERIFIED, "verified_open_rate"), (PLAIN, "open_rate"), (CLICKS, "click_rate")][0 if verified else 1 :]
    cautions = []
    if verified:
        cautions.append(f"“{PLAIN}” counts openings by Apple's mail privacy proxy, which nobody may have seen.")
    if running:
        cautions.append(f"{month(known[-1]['month'])} is not over, and its mails are still being opened.")
    if thin := [point.when for point in points if point.thin and point.out_of]:
        cautions.append(f"Fewer than {FEW} mails were delivered in {joined(thin)}.")
    return [
        Picture(
            "rates-by-month",
            title,
            "Contacts that opened or clicked, as a share of those mailed; large mails weigh more than small ones",
            charts.lines(
                [
                    {"when": f"{row['month']:%Y-%m}", "part": part, "value": row[column]}
                    for row in known
                    for part, column in parts
                ],
                [part for part, _ in parts],
                scale=charts.SHARE,
            ),
            tuple(cautions),
            (_key(name, column, whole), _key("Click rate", "click_rate", whole)),
        )
    ]


def _key(name: str, column: str, rows: Sequence[Row]) -> Key:
    """Return the last month's rate, beside that of the month before."""
    now, before = rows[-1], rows[-2] if len(rows) > 1 else None
    value = NOTHING if now[column] is None else percent(now[column])
    beside = "" if before is None or before[column] is None else f"; {percent(before[column])} the month before"
    return Key(name, value, f"{month(now['month'])}{beside}")


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
            f"{of_all(len(shown), len(ranked))}",
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


FIGURES = (
    Figure(
        "campaigns_by_month",
        by_month,
        (
            *("month", "campaigns", "sends", "delivered", "open_rate", "verified_open_rate", "click_rate", "ctor"),
            *("bounce_rate", "unsubscribe_rate"),
        ),
        newest_first=True,
    ),
    Figure(
        "campaign_performance",
        lambda rows, at: [*best_and_worst(rows, at), *bounces(rows, at)],
        (
            *("campaign", "sent_at", "sends", "delivered", "open_rate", "verified_open_rate", "click_rate", "ctor"),
            *("bounce_rate", "unsubscribe_rate", "flags"),
        ),
    ),
)
