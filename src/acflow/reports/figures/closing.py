"""How deals end, where they stay and who lets them lie."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from acflow.reports.figures import charts, theme
from acflow.reports.figures.currencies import by_currency, few, keys_once, total
from acflow.reports.figures.model import Figure, Key, Picture, Row
from acflow.reports.figures.numbers import SPACE, count, number, percent, short_money

MOST_OWNERS = 12
MOST_STAGES = 16


def win_rate(rows: Sequence[Row], _: datetime) -> Sequence[Picture]:
    """Show what share of the decided deals each owner won."""
    return keys_once(_win_rate(currency, of_it) for currency, of_it in by_currency(rows, "decided"))


def _win_rate(currency: str, rows: Sequence[Row]) -> Picture | None:
    whole = next((row for row in rows if row["cut"] == "all" and row["win_rate"] is not None), None)
    owners = sorted(
        (row for row in rows if row["cut"] == "owner" and row["win_rate"] is not None),
        key=lambda row: -float(row["win_rate"]),
    )
    if whole is None or not owners:
        return None
    sure = [row for row in owners if not row["thin"]]
    leader = f"; {sure[0]['name']} wins {percent(sure[0]['win_rate'], 0)}" if len(sure) > 1 else ""
    thin = [row["name"] for row in owners if row["thin"]]
    cautions = [*few(int(whole["decided"]))]
    if thin and not cautions:
        cautions.append(f"{count(len(thin), 'owner')} decided fewer than 10 deals each, so chance rules there.")
    if edited := int(whole["dated_by_edit"] or 0):
        cautions.append(f"Of {count(edited, 'deal')} only the last edit tells when they ended.")
    return Picture(
        f"win-rate-{currency}",
        f"{percent(whole['win_rate'], 0)} of decided {currency.upper()} deals were won{leader}",
        f"Won deals as a share of won and lost ones in {currency.upper()}, by owner",
        charts.bars(
            [
                {
                    "label": row["name"],
                    "value": row["win_rate"],
                    "says": f"{percent(row['win_rate'], 0)} of {number(row['decided'])}",
                }
                for row in owners[:MOST_OWNERS]
            ]
        ),
        tuple(cautions),
        (
            Key(
                f"Win rate, {currency.upper()}",
                percent(whole["win_rate"], 0),
                f"{count(int(whole['decided']), 'decided deal')}; {short_money(whole['won_amount'], currency)} won",
            ),
        ),
    )


def conversion(rows: Sequence[Row], _: datetime) -> Sequence[Picture]:
    """Show which stage lets the fewest deals through."""
    known = [row for row in rows if row["conversion"] is not None]
    if not known:
        return ()
    told = [row for row in known if not few(int(row["entered"]))] or known
    worst = min(told, key=lambda row: float(row["conversion"]))
    return [
        Picture(
            "stage-conversion",
            f"{_stage(worst)} lets {percent(worst['conversion'], 0)} of deals through, the fewest",
            "Deals that went on to a later stage or were won, as a share of those that entered; skipped stages count "
            "as passed",
            charts.bars(
                [
                    {
                        "label": _stage(row),
                        "value": row["conversion"],
                        "says": f"{percent(row['conversion'], 0)} of {number(row['entered'])}",
                    }
                    for row in known[:MOST_STAGES]
                ]
            ),
        )
    ]


def stuck(rows: Sequence[Row], _: datetime) -> Sequence[Picture]:
    """Show how long deals stay in each stage, and where they are stuck."""
    known = [row for row in rows if row["median_days"] is not None]
    if not known:
        return ()
    standing = sum(int(row["stuck_deals"] or 0) for row in known)
    worst = max(known, key=lambda row: int(row["stuck_deals"] or 0))
    longest = max(known, key=lambda row: float(row["median_days"]))
    title = (
        f"{_stage(worst)} holds {count(int(worst['stuck_deals']), 'stuck deal')} of {number(standing)}"
        if standing
        else f"No open deal is stuck; {_stage(longest)} takes longest, {number(longest['median_days'])} days"
    )
    return [
        Picture(
            "time-in-stage",
            title,
            "Median days in a stage of the stays that are over; stuck is who has been there more than twice as long",
            charts.bars(
                [
                    {
                        "label": _stage(row),
                        "value": row["median_days"],
                        "says": f"{number(row['median_days'])}{SPACE}d"
                        + (f" · {number(row['stuck_deals'])} stuck" if row["stuck_deals"] else ""),
                    }
                    for row in known[:MOST_STAGES]
                ],
                colour=theme.GREEN,
            ),
        )
    ]


def gaps(rows: Sequence[Row], _: datetime) -> Sequence[Picture]:
    """Show whose open deals nobody is going to touch."""
    owners: dict[str, list[Row]] = {}
    for row in rows:
        owners.setdefault(row["owner"], []).append(row)
    deals, left = total(rows, "deals"), total(rows, "gap_deals")
    if not deals:
        return ()
    ranked = sorted(owners.items(), key=lambda each: -_share(each[1]))[:MOST_OWNERS]
    return [
        Picture(
            "activity-gaps",
            f"{number(left)} of {count(int(deals), 'open deal')} lack a next step in time ({percent(left / deals, 0)})",
            "Open deals without a task ahead, with one that is late, or never touched, as a share of each owner's",
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
        )
    ]


def _share(rows: Sequence[Row]) -> Decimal:
    deals = total(rows, "deals")
    return total(rows, "gap_deals") / deals if deals else Decimal(0)


def _stage(row: Row) -> str:
    return f"{row['pipeline']} · {row['stage']}"


FIGURES = (
    Figure(
        "win_rate",
        win_rate,
        ("name", "cut", "won", "lost", "decided", "win_rate", "won_amount", "lost_amount", "win_rate_by_amount"),
        ("currency",),
    ),
    Figure("stage_conversion", conversion, ("stage", "pipeline", "entered", "advanced", "conversion", "reason")),
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
