"""How mails did: by month, the best and the worst of them, and those that came back."""

from collections.abc import Sequence
from datetime import timedelta

from acflow.reports.figures import charts, theme
from acflow.reports.figures.findings import FEW, Point, joined, trend
from acflow.reports.figures.model import Chart, Figure, Headline, ReportContext, Row
from acflow.reports.figures.numbers import NOTHING, count, month, number, of_all, percent, quoted

ENDS = 6  # campaigns shown at each end of the ranking
MOST_MONTHS = 24
STEADY = 0.005  # half a percentage point from month to month is nothing
VERIFIED, PLAIN, CLICKS = "opened, verified", "opened, plain", "clicked"
COLOURS = {VERIFIED: theme.BLUE, PLAIN: theme.ORANGE, CLICKS: theme.GREEN}
PERIOD, SAID = timedelta(days=365), "of the last 12 months"  # what a ranking of campaigns is about
HEALTHY_BOUNCES = 0.02  # the mark that ActiveCampaign's own plugin for assistants gives
BASES = {"delivered": "mails delivered", "sends": "mails sent", "total_amt": "planned receivers"}


def by_month(rows: Sequence[Row], terms: ReportContext) -> Sequence[Chart]:
    """Show rates of opening and clicking month by month."""
    known = [row for row in rows if row["month"] is not None][-MOST_MONTHS:]
    if not known:
        return ()
    verified = any(row["verified_open_rate"] is not None for row in known)
    name, column = ("Verified open rate", "verified_open_rate") if verified else ("Open rate", "open_rate")
    running = known[-1]["month"] == terms.today.replace(day=1)
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
        Chart(
            "rates-by-month",
            title,
            "Contacts that opened or clicked, as a share of those mailed; large mails weigh more than small ones",
            charts.lines(
                [
                    {"when": f"{row['month']:%Y-%m}", "part": part, "value": row[column]}
                    for row in known
                    for part, column in parts
                ],
                {part: COLOURS[part] for part, _ in parts},
                scale=charts.SHARE,
            ),
            tuple(cautions),
            (_key(name, column, whole), _key("Click rate", "click_rate", whole)),
        )
    ]


def _key(name: str, column: str, rows: Sequence[Row]) -> Headline:
    """Return the last month's rate, beside that of the month before and, since mail has seasons, a year before."""
    by_month = {row["month"]: row[column] for row in rows}
    last = rows[-1]["month"]
    value = NOTHING if by_month[last] is None else percent(by_month[last])
    then = {
        "the month before": rows[-2]["month"] if len(rows) > 1 else None,
        "a year before": last.replace(year=last.year - 1),
    }
    beside = [f"{percent(by_month[day])} {said}" for said, day in then.items() if by_month.get(day) is not None]
    return Headline(name, value, "; ".join((month(last), *([", ".join(beside)] if beside else []))))


def best_and_worst(rows: Sequence[Row], terms: ReportContext) -> Sequence[Chart]:
    """Rank campaigns by open rate, with the range in which it may truly be."""
    ranked = sorted(_recent(rows, terms), key=lambda row: int(row["rank"]))
    if len(ranked) < 2:  # noqa: PLR2004 - one campaign is neither best nor worst
        return ()
    shown = ranked if len(ranked) <= 2 * ENDS else ranked[:ENDS] + ranked[-ENDS:]
    first, last = ranked[0], ranked[-1]
    best, worst = (percent(row["open_rate"], 0) for row in (first, last))
    proxied = any((row["verified_opens"] or 0) < (row["unique_opens"] or 0) for row in ranked)
    columns = ({VERIFIED: "verified_open_rate"} if proxied else {}) | {PLAIN: "open_rate"}
    names = charts.apart([row["campaign"] for row in shown])
    return [
        Chart(
            "campaigns-by-open-rate",
            f"{quoted(first['campaign'])} was opened most ({best}), {quoted(last['campaign'])} least ({worst})"
            if best != worst
            else f"Every campaign was opened alike ({best})",
            f"Unique opens as a share of {BASES[first['basis']]}; the line is where the rate may truly be (95 %); "
            f"{of_all(len(shown), len(ranked))} {SAID} with at least "
            f"{count(terms.options.minimum_sends, 'mail')} sent",
            charts.ranges(
                [
                    {
                        "label": name,
                        "part": part,
                        "value": row[column],
                        **({"low": row["open_rate_low"], "high": row["open_rate_high"]} if part == PLAIN else {}),
                    }
                    for name, row in zip(names, shown, strict=True)
                    if row["open_rate_low"] is not None
                    for part, column in columns.items()
                ],
                {part: COLOURS[part] for part in columns},
                scale=charts.SHARE,
            ),
            (f"“{PLAIN}” counts openings by Apple's mail privacy proxy, and the ranking goes by it.",)
            if proxied
            else (),
        )
    ]


def bounces(rows: Sequence[Row], terms: ReportContext) -> Sequence[Chart]:
    """Show the campaigns whose mails came back most, if any is above what is healthy."""
    ranked = sorted(
        (row for row in _recent(rows, terms) if row["bounce_rate"] is not None),
        key=lambda row: -float(row["bounce_rate"]),
    )
    if not ranked or not ranked[0]["bounce_rate"]:
        return ()
    bad = [row for row in ranked if row["bounce_rate"] >= HEALTHY_BOUNCES]
    worst = ranked[0]
    title = (
        f"{quoted(worst['campaign'])} bounced {percent(worst['bounce_rate'])}; "
        f"{count(len(bad), 'campaign')} of {number(len(ranked))} went beyond the healthy {percent(HEALTHY_BOUNCES, 0)}"
        if bad
        else f"No campaign bounced more than the healthy {percent(HEALTHY_BOUNCES, 0)}"
    )
    return [
        Chart(
            "bounces",
            title,
            f"Hard and soft bounces as a share of mails sent; the {min(ENDS, len(ranked))} highest {SAID}; the dashed "
            f"line is {percent(HEALTHY_BOUNCES, 0)}",
            charts.bars(
                [
                    {
                        "label": row["campaign"],
                        "value": row["bounce_rate"],
                        "says": f"{percent(row['bounce_rate'])} of {number(row['sends'])}",
                        "lit": row in bad,
                    }
                    for row in ranked[:ENDS]
                ],
                colour=theme.VERMILLION if bad else theme.BLUE,
                limit=HEALTHY_BOUNCES,
            ),
            urgent=bool(bad),
        )
    ]


def _recent(rows: Sequence[Row], terms: ReportContext) -> Sequence[Row]:
    """Return the campaigns that can be compared and are not history."""
    since = terms.as_of - PERIOD
    return [row for row in rows if row["rank"] is not None and row["sent_at"] and row["sent_at"] > since]


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
