"""Whom mails reach: lists and how they grow, and how alive contacts are."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from acflow.reports.figures import charts
from acflow.reports.figures.currencies import few
from acflow.reports.figures.findings import FEW
from acflow.reports.figures.model import Chart, Figure, Headline, ReportContext, Row
from acflow.reports.figures.numbers import count, number, of_all, percent, quoted, signed, signed_percent

MOST_LISTS = 15
MOST_LINES = 4
SHRINKING = -0.05  # a list that lost so much in a month needs somebody to look at it
GROWTH_SPAN = timedelta(days=365)
ACTIVE, INACTIVE, OUT = ("recent", "engaged"), ("inactive", "never"), "unmailable"


def list_growth(rows: Sequence[Row], terms: ReportContext) -> Sequence[Chart]:
    """Show how each list grew or shrank; where that is not known, how large it is."""
    known = [row for row in rows if row["list_growth_rate"] is not None and row["active_at_start"]]
    if not known:
        return _list_sizes(rows)
    ranked = sorted(known, key=lambda row: -float(row["list_growth_rate"]))
    sure = [row for row in ranked if row["active_at_start"] >= FEW] or ranked
    shown = ranked if len(ranked) <= MOST_LISTS else ranked[: MOST_LISTS // 2] + ranked[-(MOST_LISTS // 2) :]
    rebuilt = sum(row["start_source"] == "reconstructed" for row in known)
    return [
        Chart(
            "list-growth",
            _extremes(sure[0], sure[-1]),
            "New subscribers less those who left, bounced or were deleted in the last "
            f"{count(terms.options.recent_days, 'day')}, as a share of those active before and in subscribers; "
            f"{of_all(len(shown), len(ranked), 'lists')}",
            charts.both_ways(
                [
                    {
                        "label": row["list"],
                        "value": row["list_growth_rate"],
                        "says": f"{signed_percent(row['list_growth_rate'])} · {_net(row)}"
                        + ("" if row in sure else f" of {number(row['active_at_start'])}"),
                    }
                    for row in shown
                ]
            ),
            (
                *few(int(sure[0]["active_at_start"]), "subscriber"),
                *(
                    [f"The start is reconstructed for {count(rebuilt, 'list')}: no reading is that old."]
                    if rebuilt
                    else []
                ),
            ),
            urgent=sure[-1]["list_growth_rate"] <= SHRINKING,
        )
    ]


def _net(row: Row) -> str:
    """Return by how many subscribers a list changed."""
    return signed(float(row["list_growth_rate"]) * int(row["active_at_start"]))


def _extremes(best: Row, worst: Row) -> str:
    most, least = best["list_growth_rate"], worst["list_growth_rate"]
    if least >= 0:
        return (
            f"{quoted(best['list'])} grew most, by {percent(most)} ({_net(best)}); no list shrank"
            if most
            else "No list grew or shrank"
        )
    shrank = f"{quoted(worst['list'])} shrank by {percent(-least)} ({_net(worst)})"
    return (
        f"{shrank}, {quoted(best['list'])} grew by {percent(most)} ({_net(best)})"
        if most > 0
        else (f"{shrank}; no list grew")
    )


def _list_sizes(rows: Sequence[Row]) -> Sequence[Chart]:
    """Show how large each list is, where nothing is known of its past."""
    sized = sorted((row for row in rows if row["active"]), key=lambda row: -int(row["active"]))
    if not sized:
        return ()
    shown = sized[:MOST_LISTS]
    largest = sized[0]
    return [
        Chart(
            "list-sizes",
            f"{quoted(largest['list'])} is the largest list, with {count(largest['active'], 'active subscriber')}",
            f"Active subscribers; {of_all(len(shown), len(sized), 'lists')}",
            charts.bars(
                [{"label": row["list"], "value": row["active"], "says": number(row["active"])} for row in shown]
            ),
            ("Growth is not known: it needs the memberships of contacts, or readings of several days.",),
        )
    ]


def list_days(rows: Sequence[Row], terms: ReportContext) -> Sequence[Chart]:
    """Show how the largest lists came to their size, week by week."""
    days_of: dict[int, dict[date, Row]] = defaultdict(dict)
    for row in rows:
        if row["active"] is not None and terms.today - GROWTH_SPAN < row["day"] <= terms.today:
            days_of[row["list_id"]][row["day"]] = row
    weeks = {key: _by_week(days, terms.today) for key, days in days_of.items()}
    lines = {key: points for key, points in weeks.items() if len(points) > 1}
    if not lines:
        return ()
    largest = sorted(lines, key=lambda key: -int(lines[key][-1][1]["active"]))[:MOST_LINES]
    names = charts.apart([lines[key][0][1]["list"] for key in largest], charts.PART)
    first, last = lines[largest[0]][0][1], lines[largest[0]][-1][1]
    then, now = int(first["active"]), int(last["active"])
    moved = "held at" if now == then else "grew to" if now > then else "shrank to"
    rebuilt = any(row["active_source"] == "reconstructed" for points in lines.values() for _, row in points)
    return [
        Chart(
            "list-days",
            f"{quoted(last['list'])} {moved} {number(now)} subscribers, from {number(then)} on {first['day']:%Y-%m-%d}",
            f"Active subscribers at the end of each week; the {len(largest)} largest of {count(len(lines), 'list')}",
            charts.lines(
                [
                    {"when": f"{week:%Y-%m-%d}", "part": name, "value": row["active"]}
                    for key, name in zip(largest, names, strict=True)
                    for week, row in lines[key]
                ],
                names,
                scale=charts.amounts(),
                days=True,
            ),
            ("Some days are reconstructed from sign-ups and leavings; who was deleted since is not in them.",)
            if rebuilt
            else (),
        )
    ]


def _by_week(days: dict[date, Row], today: date) -> Sequence[tuple[date, Row]]:
    """Return the last day of each week, dated by the week's Sunday so that lists share their weeks."""
    weeks = {min(day + timedelta(days=6 - day.weekday()), today): days[day] for day in sorted(days)}
    return sorted(weeks.items())


def tiers(rows: Sequence[Row], terms: ReportContext) -> Sequence[Chart]:
    """Show how many contacts are active, inactive or out of reach."""
    shares = {row["tier"]: float(row["share"]) for row in rows if row["share"] is not None}
    if not shares:
        return ()
    active, inactive = (sum(shares.get(tier, 0.0) for tier in tiers) for tiers in (ACTIVE, INACTIVE))
    everybody = sum(int(row["contacts"]) for row in rows)
    mailable = sum(int(row["contacts"]) for row in rows if row["tier"] != OUT)
    recent, engaged, disengaged = terms.options.tiers
    spans = {
        "recent": f", up to {count(recent, 'day')}",
        "engaged": f", up to {number(engaged)}",
        "disengaged": f", up to {number(disengaged)}",
        "inactive": ", longer",
    }
    proxied = next((row for row in rows if row["tier"] == ACTIVE[1]), None)
    return [
        Chart(
            "engagement",
            f"{percent(active, 0)} of contacts are {' or '.join(ACTIVE)}, {percent(inactive, 0)} are inactive",
            "Contacts by how long ago they last opened, clicked or were active, as a share of all; those who "
            "never did count as inactive",
            charts.bars(
                [
                    {
                        "label": f"{row['tier']}{spans.get(row['tier'], '')}",
                        "value": row["share"],
                        "says": f"{percent(row['share'])} · {number(row['contacts'])}",
                        "lit": row["tier"] in ACTIVE,
                    }
                    for row in rows
                ]
            ),
            (f"Of the engaged, {percent(proxied['proxy_share'], 0)} use Apple's proxy, which opens mail by itself.",)
            if proxied and proxied["proxy_share"]
            else (),
            (
                Headline("Subscribers", number(mailable), f"can be mailed, of {count(everybody, 'contact')}"),
                Headline(
                    "Engaged contacts",
                    percent(active, 0),
                    f"{percent(inactive, 0)} inactive",
                    *few(everybody, "contact"),
                ),
            ),
        )
    ]


FIGURES = (
    Figure(
        "list_health",
        list_growth,
        ("list", "active", "new", "left_since", "bounced_since", "deleted_since", "list_growth_rate", "churn_rate"),
    ),
    Figure(
        "list_growth",
        list_days,
        ("day", "list", "active", "active_source", "new", "unsubscribed", "bounced", "net"),
        newest_first=True,
    ),
    Figure("engagement_tiers", tiers, ("tier", "contacts", "share", "share_of_mailable", "proxy_share")),
)
