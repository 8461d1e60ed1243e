"""How mails did: by month, the best and the worst of them, and those that came back."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from acflow.reports.figures import charts, theme
from acflow.reports.figures.findings import FEW, Point, joined, likely_range, trend
from acflow.reports.figures.model import Chart, Figure, Headline, ReportContext, Row
from acflow.reports.figures.numbers import NOTHING, count, month, number, of_all, percent, quoted
from acflow.reports.figures.periods import MONTHS, every_month, later, month_of

ENDS = 6  # campaigns shown at each end of the ranking
MOST_MONTHS = 24
STEADY = 0.005  # half a percentage point from month to month is nothing
VERIFIED, PLAIN, CLICKS = "Verified opens", "All opens (incl. Apple privacy proxy)", "Clicks"
COLOURS = {VERIFIED: theme.BLUE, PLAIN: theme.ORANGE, CLICKS: theme.GREEN}
PERIOD, PERIOD_WORDS = timedelta(days=365), "of the last 12 months"  # what a ranking of campaigns is about
HEALTHY_BOUNCES = 0.02  # the mark that ActiveCampaign's own plugin for assistants gives
BASES = {"delivered": "mails delivered", "sends": "mails sent", "total_amt": "planned receivers"}
KINDS = (  # name of the chart, whether it is about mail that is sent again and again, what it is called
    ("campaigns-by-open-rate", False, "one-off campaigns"),
    ("automations-by-open-rate", True, "automated mails"),
)


def by_month(rows: Sequence[Row], terms: ReportContext) -> Sequence[Chart]:
    """Show rates of opening and clicking month by month."""
    now = month_of(terms.today)
    by_start = {row["month"]: row for row in rows if row["month"] is not None}
    first = later(now, 1 - MOST_MONTHS)
    inside = [start for start in by_start if first <= start <= now]
    if not inside:
        return ()
    verified = any(by_start[start]["verified_open_rate"] is not None for start in inside)
    name, column = ("Verified open rate", "verified_open_rate") if verified else ("Open rate", "open_rate")
    over = [start for start in sorted(inside) if start < now] or [now]
    title = trend(
        name,
        [_point(by_start, start, column) for start in over],
        steady=STEADY,
        year_before={month(start): _point(by_start, later(start, -MONTHS), column) for start in over},
    )
    if title is None:
        return ()
    parts = [(VERIFIED, "verified_open_rate"), (PLAIN, "open_rate"), (CLICKS, "click_rate")][0 if verified else 1 :]
    return [
        Chart(
            "rates-by-month",
            title,
            "Contacts that opened or clicked, as a share of those mailed; large mails weigh more than small ones",
            charts.lines(
                [
                    {"when": f"{start:%Y-%m}", "part": part, "value": by_start.get(start, {}).get(column)}
                    for start in every_month(min(inside), max(inside))
                    for part, column in parts
                ],
                {part: COLOURS[part] for part, _ in parts},
                scale=charts.SHARE,
            ),
            tuple(_month_cautions(by_start, sorted(inside), now, verified=verified)),
            (
                _sent(by_start, over[-1]),
                _key(name, column, by_start, over[-1]),
                _key("Click rate", "click_rate", by_start, over[-1]),
            ),
        )
    ]


def _point(by_start: Mapping[date, Row], start: date, column: str) -> Point:
    """Return a month's rate; one above 1 is a fault of the counters, and nothing can be said of it."""
    row = by_start.get(start, {})
    rate = row.get(column)
    return Point(month(start), rate if rate is not None and rate <= 1 else None, row.get("delivered"))


def _month_cautions(by_start: Mapping[date, Row], shown: Sequence[date], now: date, *, verified: bool) -> Iterator[str]:
    if verified:
        yield "All opens count openings by Apple's mail privacy proxy, which nobody may have seen."
    if now in shown:
        yield f"{month(now)} is not over, and its mails are still being opened."
    if thin := [month(start) for start in shown if 0 < (by_start[start]["delivered"] or 0) < FEW]:
        yield f"Fewer than {FEW} mails were delivered in {joined(thin)}."
    if ahead := sum(int(row["campaigns"] or 0) for start, row in by_start.items() if start > now):
        yield f"{count(ahead, 'campaign')} dated after {month(now)} {'is' if ahead == 1 else 'are'} not on the chart."


def _earlier(by_start: Mapping[date, Row], last: date, column: str) -> Iterator[tuple[str, Any]]:
    """Yield the value of the month before and, since mail has seasons, that of a year before."""
    for when, start in (("the month before", later(last, -1)), ("a year before", later(last, -MONTHS))):
        if start in by_start and by_start[start][column] is not None:
            yield when, by_start[start][column]


def _key(name: str, column: str, by_start: Mapping[date, Row], last: date) -> Headline:
    value, delivered = by_start[last][column], int(by_start[last]["delivered"] or 0)
    beside = ", ".join(f"{percent(then)} {when}" for when, then in _earlier(by_start, last, column))
    thin = f"Only {count(delivered, 'mail')} delivered: too few to rely on." if 0 < delivered < FEW else ""
    shown = NOTHING if value is None else percent(value)
    return Headline(name, shown, "; ".join(filter(None, (month(last), beside))), thin)


def _sent(by_start: Mapping[date, Row], last: date) -> Headline:
    beside = ", ".join(f"{number(then)} {when}" for when, then in _earlier(by_start, last, "sends"))
    sends = number(by_start[last]["sends"] or 0)
    return Headline("Mail sent", sends, "; ".join(filter(None, (month(last), beside))))


def best_and_worst(rows: Sequence[Row], terms: ReportContext) -> Sequence[Chart]:
    """Rank one-off campaigns and automated mail apart, by the rate that Apple's proxy does not inflate."""
    return [chart for kind in KINDS for chart in _ranking(rows, terms, *kind)]


def _ranking(
    rows: Sequence[Row],
    terms: ReportContext,
    name: str,
    running: bool,
    what: str,
) -> Iterator[Chart]:
    recent = [row for row in _recent(rows, terms) if bool(row["running"]) == running]
    verified = any(row["verified_open_rate"] is not None for row in recent)
    part, column, opens = (
        (VERIFIED, "verified_open_rate", "verified_opens") if verified else ((PLAIN, "open_rate", "unique_opens"))
    )
    ranked = sorted((row for row in recent if row[column] is not None), key=lambda row: -float(row[column]))
    if len(ranked) < 2:  # noqa: PLR2004 - one campaign is neither best nor worst
        return
    shown = ranked if len(ranked) <= 2 * ENDS else ranked[:ENDS] + ranked[-ENDS:]
    names = charts.apart([row["campaign"] for row in shown])
    best, worst = (percent(row[column], 0) for row in (ranked[0], ranked[-1]))
    rate = "verified open rate" if verified else "open rate"
    parts = {part: column} | ({PLAIN: "open_rate"} if verified else {})
    cautions = [f"“{PLAIN}” counts openings that nobody may have seen; the ranking goes by verified opens."] * verified
    if running:
        cautions.append("Rates of automated mail count everything sent since each began.")
    yield Chart(
        name,
        f"{quoted(ranked[0]['campaign'])} has the highest {rate} ({best}), {quoted(ranked[-1]['campaign'])} the lowest "
        f"({worst})"
        if best != worst
        else f"All {what} have the same {rate} ({best})",
        f"Unique opens as a share of {BASES[ranked[0]['basis']]}; the line is where the rate may truly be (95%); "
        f"{of_all(len(shown), len(ranked), what)} {PERIOD_WORDS} with at least "
        f"{count(terms.options.minimum_sends, 'mail')} sent",
        charts.ranges(
            [value for label, row in zip(names, shown, strict=True) for value in _dots(label, row, parts, opens)],
            {drawn: COLOURS[drawn] for drawn in parts},
            scale=charts.SHARE,
        ),
        tuple(cautions),
    )


def _dots(label: str, row: Row, parts: Mapping[str, str], opens: str) -> Iterator[Mapping[str, Any]]:
    """Yield the rates of a campaign; the first has the range in which it may truly be."""
    for place, (part, column) in enumerate(parts.items()):
        ends: Mapping[str, float] = {}
        if place == 0 and row["base"]:
            ends = dict(zip(("low", "high"), likely_range(int(row[opens]), int(row["base"])), strict=True))
        yield {"label": label, "part": part, "value": row[column], **ends}


def bounces(rows: Sequence[Row], terms: ReportContext) -> Sequence[Chart]:
    """Show the campaigns whose mails came back most, if any is above what is healthy."""
    ranked = sorted(
        (row for row in _recent(rows, terms) if row["bounce_rate"] is not None and row["bounce_rate"] <= 1),
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
            f"Hard and soft bounces as a share of mails sent; the {min(ENDS, len(ranked))} highest {PERIOD_WORDS}; the "
            f"dashed line is {percent(HEALTHY_BOUNCES, 0)}",
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
    """Return the campaigns that can be compared and are not history; a rate above 1 compares with nothing."""
    since = terms.as_of - PERIOD
    return [
        row
        for row in rows
        if row["open_rate"] is not None
        and (row["sends"] or 0) >= terms.options.minimum_sends
        and row["sent_at"]
        and since < row["sent_at"] <= terms.as_of
        and all(0 <= (row[rate] or 0) <= 1 for rate in ("open_rate", "verified_open_rate"))
        and "above 1" not in (row["flags"] or "")
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
        lambda rows, terms: [*best_and_worst(rows, terms), *bounces(rows, terms)],
        (
            *("campaign", "sent_at", "sends", "delivered", "open_rate", "verified_open_rate", "click_rate", "ctor"),
            *("bounce_rate", "unsubscribe_rate", "flags"),
        ),
    ),
)
