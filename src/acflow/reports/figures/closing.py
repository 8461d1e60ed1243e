"""How deals end, where they stay and who lets them lie."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from acflow.reports.figures import charts, theme
from acflow.reports.figures.currencies import few, named, per_currency, total
from acflow.reports.figures.findings import FEW
from acflow.reports.figures.model import Chart, Figure, Headline, ReportContext, Row
from acflow.reports.figures.numbers import SPACE, count, currency_name, number, of_all, percent, quoted, short_money
from acflow.reports.figures.stages import MOST_STAGES, shown_stages, stage_names

MOST_OWNERS = 12
MOST_PIPELINES = 6  # those with the most deals get a funnel; the table has all
MANY = Decimal("0.25")  # of the open deals without a next step
OVER, STILL = "deals that went on", "deals that are there now"


def win_rate(rows: Sequence[Row], terms: ReportContext) -> Sequence[Chart]:
    """Show what share of the closed deals each owner won."""
    before = {row["currency"]: row for row in terms.before if row["dimension"] == "all"}
    days = terms.options.days
    return per_currency(
        rows, ("closed",), lambda currency, of_it: _win_rate(currency, of_it, days, before.get(of_it[0]["currency"]))
    )


def _win_rate(currency: str, rows: Sequence[Row], days: int, before: Row | None) -> Chart | None:
    whole = next((row for row in rows if row["dimension"] == "all" and row["win_rate"] is not None), None)
    owners = sorted(
        (row for row in rows if row["dimension"] == "owner" and row["win_rate"] is not None),
        key=lambda row: (bool(row["low_sample"]), -float(row["win_rate"])),
    )
    if whole is None or not owners:
        return None
    sure = [row for row in owners if not row["low_sample"]]
    leader = f"; {quoted(sure[0]['name'])} wins most, {percent(sure[0]['win_rate'], 0)}" if len(sure) > 1 else ""
    thin = few(int(whole["closed"]), "closed deal")
    cautions = [*thin]
    if sure and (weak := len(owners) - len(sure)):
        cautions.append(f"{count(weak, 'owner')} closed fewer than {FEW} deals each, too few to rely on.")
    if edited := int(whole["estimated_close_dates"] or 0):
        cautions.append(f"Of {count(edited, 'deal')} only the last edit tells when they ended.")
    code = currency_name(currency)
    return Chart(
        named("win-rate", currency),
        f"{percent(whole['win_rate'], 0)} of closed {code} deals were won{leader}",
        f"Won deals as a share of those won or lost in the last {count(days, 'day')} in {code}, by owner; "
        f"{of_all(min(len(owners), MOST_OWNERS), len(owners), 'owners')}",
        charts.bars(
            [
                {
                    "label": row["name"],
                    "value": row["win_rate"],
                    "says": f"{percent(row['win_rate'], 0)} of {number(row['closed'])}",
                    "lit": row in sure,
                }
                for row in owners[:MOST_OWNERS]
            ]
        ),
        tuple(cautions),
        (Headline(f"Win rate, {code}", percent(whole["win_rate"], 0), _won(whole, days, before), *thin),),
    )


def _won(whole: Row, days: int, before: Row | None) -> str:
    """Return what stands beside a win rate: of how many deals, what they brought, and how it was before."""
    won = (
        f"{count(int(whole['closed']), 'closed deal')}; {short_money(whole['won_amount'], whole['currency'] or '')} won"
    )
    if before is None or before["win_rate"] is None:
        return won
    return f"{won}; {percent(before['win_rate'], 0)} in the {count(days, 'day')} before"


def conversion(rows: Sequence[Row], _: ReportContext) -> Sequence[Chart]:
    """Show a funnel for each pipeline, and at which of its stages most deals stop."""
    pipelines: dict[str, list[Row]] = {}
    for row in rows:
        if row["entered"]:
            pipelines.setdefault(row["pipeline"], []).append(row)
    ranked = sorted(pipelines.items(), key=lambda item: -max(int(row["entered"]) for row in item[1]))
    drawn = [_funnel(name, stages) for name, stages in ranked[:MOST_PIPELINES]]
    if drawn and (left := len(ranked) - MOST_PIPELINES) > 0:
        more = f"{count(left, 'more pipeline')} with fewer deals: see the table."
        drawn[0] = replace(drawn[0], cautions=(*drawn[0].cautions, more))
    return drawn


def _funnel(pipeline: str, rows: Sequence[Row]) -> Chart:
    known = [row for row in rows if row["conversion"] is not None]
    sure = [row for row in known if _left(row) >= FEW]
    worst = min(sure or known, key=lambda row: float(row["conversion"]), default=None)
    waiting = sum(int(row["still_there"] or 0) for row in rows)
    return Chart(
        named("stage-conversion", pipeline),
        f"{quoted(pipeline)}: no deal has left a stage yet"
        if worst is None
        else f"Lowest conversion in {quoted(pipeline)}: {quoted(worst['stage'])}, {percent(worst['conversion'], 0)} of "
        f"{count(_left(worst), 'deal')} went on",
        "Deals that entered each stage, and the share of those that left it which went on to a later one or were won; "
        f"skipped stages count as passed; {of_all(min(len(rows), MOST_STAGES), len(rows), 'stages')}",
        charts.bars(
            [
                {
                    "label": row["stage"],
                    "value": row["entered"],
                    "says": number(row["entered"])
                    + (f" · {percent(row['conversion'], 0)} went on" if row["conversion"] is not None else ""),
                    "lit": row is worst,
                }
                for row in rows[:MOST_STAGES]
            ]
        ),
        (
            *(
                (f"{count(waiting, 'deal')} still in a stage {'counts' if waiting == 1 else 'count'} in no share.",)
                if waiting
                else ()
            ),
            *(few(_left(worst), "deal") if worst is not None and worst not in sure else ()),
        ),
    )


def _left(row: Row) -> int:
    """Return how many deals have left a stage, onwards or for good."""
    return int(row["entered"]) - int(row["still_there"] or 0)


def stuck(rows: Sequence[Row], _: ReportContext) -> Sequence[Chart]:
    """Show how long deals stay in each stage, and where they are stuck."""
    known = [row for row in rows if row["median_days"] is not None]
    if not known:
        return ()
    names = dict(zip(map(id, known), stage_names(known), strict=True))
    standing = sum(int(row["stuck_deals"] or 0) for row in known)
    worst = max(known, key=lambda row: int(row["stuck_deals"] or 0))
    longest = max(known, key=lambda row: float(row["median_days"]))
    shown = shown_stages(known, worst if standing else longest, "open_deals")
    return [
        Chart(
            "time-in-stage",
            f"{names[id(worst)]} holds {number(worst['stuck_deals'])} of {count(standing, 'stuck deal')}"
            if standing
            else f"No open deal is stuck; {names[id(longest)]} takes longest, {number(longest['median_days'])} days",
            "Median days in a stage; stuck is who has been there more than twice as long as is usual; "
            f"{of_all(len(shown), len(known), 'stages')}",
            charts.marked_bars(
                [value for row in shown for value in _stays(names[id(row)], row)],
                {OVER: theme.GREEN, STILL: theme.VERMILLION},
            ),
            urgent=standing >= FEW,
        )
    ]


def _stays(name: str, row: Row) -> Iterator[Mapping[str, Any]]:
    """Yield how long deals stayed in a stage, and how long those that are there have been."""
    says = f"{number(row['median_days'])}{SPACE}d"
    now = row["open_median_days"] or 0
    if row["stuck_deals"] or now > row["median_days"]:
        says += f", now {number(now)}{SPACE}d"
    if row["stuck_deals"]:
        says += f" · {number(row['stuck_deals'])} stuck"
    end = float(max(row["median_days"], now))
    yield {"label": name, "part": OVER, "value": float(row["median_days"]), "end": end, "says": says}
    if row["open_median_days"] is not None:
        yield {"label": name, "part": STILL, "value": float(row["open_median_days"])}


def gaps(rows: Sequence[Row], _: ReportContext) -> Sequence[Chart]:
    """Show whose open deals nobody is going to touch."""
    owners: dict[str, list[Row]] = {}
    for row in rows:
        owners.setdefault(row["owner"], []).append(row)
    deals, left = total(rows, "deals"), total(rows, "gap_deals")
    if not deals:
        return ()
    ranked = sorted(owners.items(), key=lambda item: -_share(item[1]))[:MOST_OWNERS]
    return [
        Chart(
            "activity-gaps",
            f"{number(left)} of {count(int(deals), 'open deal')} lack a next step in time ({percent(left / deals, 0)})",
            "Open deals without a task ahead, with one that is late, or never touched, as a share of each owner's; "
            f"{of_all(len(ranked), len(owners), 'owners')}",
            charts.bars(
                [
                    {
                        "label": owner,
                        "value": float(_share(of_them)),
                        "says": f"{percent(_share(of_them), 0)} of {number(total(of_them, 'deals'))}",
                    }
                    for owner, of_them in ranked
                ],
                colour=theme.VERMILLION,
            ),
            few(int(deals), "open deal"),
            urgent=deals >= FEW and left / deals >= MANY,
        )
    ]


def _share(rows: Sequence[Row]) -> Decimal:
    deals = total(rows, "deals")
    return total(rows, "gap_deals") / deals if deals else Decimal(0)


FIGURES = (
    Figure(
        "win_rate",
        win_rate,
        ("name", "dimension", "won", "lost", "closed", "win_rate", "won_amount", "lost_amount", "win_rate_by_amount"),
        ("currency",),
        compared=True,
    ),
    Figure(
        "stage_conversion",
        conversion,
        ("stage", "pipeline", "entered", "still_there", "advanced", "conversion", "reason"),
    ),
    Figure(
        "time_in_stage",
        stuck,
        (
            "stage",
            "pipeline",
            "finished_stays",
            "median_days",
            "open_deals",
            "open_median_days",
            "stuck_deals",
            "reason",
        ),
    ),
    Figure(
        "activity_gaps",
        gaps,
        ("owner", "deals", "amount", "deals_without_task", "deals_with_late_task", "untouched_deals", "gap_amount"),
        ("currency",),
    ),
)
