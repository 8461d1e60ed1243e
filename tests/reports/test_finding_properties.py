"""What the titles of figures claim is true of the rows under them, in accounts made by dice."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from acflow.reports.figures import audience, campaigns, closing, numbers, pipeline
from acflow.reports.figures.findings import FEW
from acflow.reports.figures.model import Chart, ReportContext, Row
from acflow.reports.figures.numbers import SPACE

AT = ReportContext(datetime(2026, 10, 30, tzinfo=UTC))
WORLDS = range(15)
RATE = r"([\d.,]+)%"


def share(random: Random, most: float = 1.0) -> float | None:
    """Return a rate, now and then none, and now and then one that cannot be."""
    return random.choice((None, random.random() * most, random.random() * most, random.random() * most, 1.17))


def month_rows(random: Random) -> list[Row]:
    """Return rows of campaigns_by_month, with gaps and months that are yet to come."""
    months = [date(year, month, 1) for year in (2024, 2025, 2026) for month in range(1, 13)]
    return [
        {
            "month": month,
            "campaigns": random.randrange(9),
            "sends": random.randrange(2000),
            "delivered": random.choice((0, 3, 900)),
            "open_rate": share(random),
            "verified_open_rate": share(random, 0.5),
            "click_rate": share(random, 0.1),
        }
        for month in months
        if random.random() < 0.8
    ]


def campaign_rows(random: Random) -> list[Row]:
    """Return rows of campaign_performance."""
    rows: list[Row] = []
    for key in range(random.randrange(20, 60)):
        opened, verified = share(random), share(random)
        sends = random.choice((5, 99, 100, 3000))
        rows.append(
            {
                "campaign": f"C{key}",
                "running": random.random() < 0.3,
                "sends": sends,
                "base": sends,
                "basis": "delivered",
                "sent_at": random.choice((None, AT.as_of - timedelta(days=random.randrange(-50, 700)))),
                "open_rate": opened,
                "verified_open_rate": verified,
                "unique_opens": int((opened or 0) * sends),
                "verified_opens": int((verified or 0) * sends),
                "bounce_rate": share(random, 0.04),
                "flags": "rate above 1" if max(opened or 0, verified or 0) > 1 else None,
            }
        )
    return rows


def list_rows(random: Random) -> list[Row]:
    """Return rows of list_health."""
    rows: list[Row] = []
    for key in range(random.randrange(1, 25)):
        start = random.choice((0, 3, 40, 900))
        net = random.randrange(-start, start + 5) if start else 0
        known = start and random.random() < 0.9
        rows.append(
            {
                "list": f"L{key}",
                "active": start + net,
                "active_at_start": start or None,
                "start_source": random.choice(("daily reading", "reconstructed")),
                "list_growth_rate": net / start if known else None,
            }
        )
    return rows


def list_day_rows(random: Random) -> list[Row]:
    """Return rows of list_growth, some of them years away."""
    return [
        {
            "list_id": key,
            "list": f"L{key}",
            "day": AT.today - timedelta(days=random.randrange(-400, 800)),
            "active": random.randrange(1000),
            "active_source": "read",
        }
        for key in range(random.randrange(1, 6))
        for _ in range(random.randrange(40))
    ]


def stage_rows(random: Random) -> list[Row]:
    """Return rows of stage_conversion."""
    rows: list[Row] = []
    for name in [f"P{key}" for key in range(random.randrange(1, 9))]:
        entered = random.randrange(120)
        for stage in range(random.randrange(1, 6)):
            waiting = random.randrange(entered + 1) if entered else 0
            advanced = random.randrange(entered - waiting + 1)
            left = entered - waiting
            rows.append(
                {
                    "pipeline": name,
                    "stage": f"S{stage}",
                    "entered": entered or None,
                    "still_there": waiting if entered else None,
                    "advanced": advanced if entered else None,
                    "conversion": advanced / left if left else None,
                }
            )
            entered = advanced
    return rows


def win_rows(random: Random) -> list[Row]:
    """Return rows of win_rate."""
    rows: list[Row] = []
    for currency in random.sample(["usd", "eur", "jpy", "", "a/b"], random.randrange(1, 6)):
        for dimension, name in (("all", "all"), *(("owner", f"O{key}") for key in range(random.randrange(1, 6)))):
            closed = random.randrange(1, 40)
            won = random.randrange(closed + 1)
            rows.append(
                {
                    "dimension": dimension,
                    "name": name,
                    "currency": currency,
                    "closed": closed,
                    "won": won,
                    "win_rate": won / closed,
                    "low_sample": closed < FEW,
                    "won_amount": Decimal(won * 100),
                    "estimated_close_dates": 0,
                }
            )
    return rows


def forecast_rows(random: Random) -> list[Row]:
    """Return rows of forecast, some of them centuries away."""
    rows: list[Row] = []
    months = [date(2026, 10, 1) + timedelta(days=31 * step) for step in range(-14, 30)]
    for bucket in ("month", "overdue", "undated"):
        for month in [*months, date(9999, 12, 1)] if bucket == "month" else [None]:
            if random.random() < 0.5:
                amount = Decimal(random.randrange(50_000))
                rows.append(
                    {
                        "bucket": bucket,
                        "month": month and month.replace(day=1),
                        "currency": "usd",
                        "open_deals": random.randrange(1, 5),
                        "open_amount": amount,
                        "weighted_amount": amount / 2,
                        "won_deals": 1,
                        "won_amount": Decimal(random.randrange(9000)),
                    }
                )
    return rows


def rate_of(text: str) -> float:
    """Return a rate as it is written."""
    return float(text.replace(",", "")) / 100


def judge_months(chart: Chart, rows: Sequence[Row]) -> None:
    """Rose, fell and held are said of the months named, and of the year where it disagrees."""
    found = re.search(rf"(rose to|fell to|held at|was) {RATE} in (\w+ \d+)(?:, from {RATE} in (\w+ \d+))?", chart.title)
    assert found
    by_name = {numbers.month(row["month"]): row for row in rows}
    column = "verified_open_rate" if chart.title.startswith("Verified") else "open_rate"
    now = by_name[found[3]]
    assert numbers.percent(now[column]) == f"{found[2]}%"
    assert now["month"] < date(2026, 10, 1)
    assert now[column] <= 1
    if found[5]:
        then = by_name[found[5]][column]
        assert (now[column] > then) == (found[1] == "rose to")
        assert then != now[column]
    year_ago = by_name.get(numbers.month(now["month"].replace(year=now["month"].year - 1)), {column: None})
    sound = year_ago[column] is not None and year_ago[column] <= 1 and year_ago["delivered"] >= FEW
    if sound and found[1] in {"rose to", "fell to"}:
        change = now[column] - year_ago[column]
        belied = abs(change) >= campaigns.STEADY and (change > 0) != (found[1] == "rose to")
        assert ("a year before" in chart.title) == belied


def judge_campaigns(chart: Chart, rows: Sequence[Row]) -> None:
    """Nobody with a higher rate that can be is passed over, and nobody who leads has a rate that cannot be."""
    found = re.search(rf"“(C\d+)” has the highest ([\w ]+) \({RATE}\), “(C\d+)” the lowest \({RATE}\)", chart.title)
    if not found:
        assert "have the same" in chart.title
        return
    column = "verified_open_rate" if "verified" in found[2] else "open_rate"
    running = chart.name.startswith("automations")
    fit = [
        row
        for row in rows
        if row["running"] == running
        and row["sends"] >= AT.options.minimum_sends
        and row["flags"] is None
        and row["open_rate"] is not None
        and row[column] is not None
        and row["sent_at"]
        and timedelta(0) <= AT.as_of - row["sent_at"] < timedelta(days=365)
    ]
    rates = {row["campaign"]: row[column] for row in fit}
    assert rates[found[1]] == max(rates.values()) <= 1
    assert rates[found[4]] == min(rates.values())
    assert numbers.percent(rates[found[1]], 0) == f"{found[3]}%"


def judge_bounces(chart: Chart, rows: Sequence[Row]) -> None:
    """So many went beyond the mark, and none of them beyond all mails that were sent."""
    if found := re.search(rf"“(C\d+)” bounced {RATE}; (\d+) campaigns? of (\d+)", chart.title):
        rates = {row["campaign"]: row["bounce_rate"] for row in rows}
        assert numbers.percent(rates[found[1]]) == f"{found[2]}%"
        assert campaigns.HEALTHY_BOUNCES <= rates[found[1]] <= 1
        assert int(found[3]) <= int(found[4]) <= len(rows)


def judge_lists(chart: Chart, rows: Sequence[Row]) -> None:
    """Who is said to have grown or shrunk did, by that much and by so many, and most of all that can be spoken of."""
    known = {row["list"]: row for row in rows if row["list_growth_rate"] is not None and row["active_at_start"]}
    sure = [row for row in known.values() if row["active_at_start"] >= FEW] or list(known.values())
    for name, verb, rate, net in re.findall(
        rf"“(L\d+)” (grew|shrank)(?: most,)? by {RATE} \(([+-]?[\d,]+)\)", chart.title
    ):
        row = known[name]
        growth = row["list_growth_rate"]
        assert (growth > 0) == (verb == "grew")
        assert numbers.percent(abs(growth)) == f"{rate}%"
        assert int(net.replace(",", "")) == row["active"] - row["active_at_start"]
        extreme = max if verb == "grew" else min
        assert growth == extreme(other["list_growth_rate"] for other in sure)
    if "no list shrank" in chart.title or "No list grew or shrank" in chart.title:
        assert min(row["list_growth_rate"] for row in sure) >= 0


def judge_list_days(chart: Chart, _: Sequence[Row]) -> None:
    """Growth is said between the first and the last point that is drawn."""
    found = re.search(
        r"“(L\d+)” (grew to|shrank to|held at) ([\d,]+) subscribers, from ([\d,]+) on ([\d-]+)", chart.title
    )
    assert found
    now, then = (int(text.replace(",", "")) for text in found.group(3, 4))
    assert found[2] == ("grew to" if now > then else "shrank to" if now < then else "held at")
    points = [value for value in values(chart) if value["part"] == found[1]]
    assert (points[0]["value"], points[-1]["value"]) == (then, now)
    first = AT.today - audience.GROWTH_SPAN
    assert all(str(first) < point["when"] <= str(AT.today) for point in points)
    assert date.fromisoformat(found[5]) <= date.fromisoformat(points[0]["when"])


def judge_funnel(chart: Chart, rows: Sequence[Row]) -> None:
    """Name the worst stage of those that enough deals have left; deals that wait are in no share."""
    found = re.search(rf"Lowest conversion in “(P\d+)”: “(S\d+)”, {RATE} of (\d+) deals? went on", chart.title)
    if not found:
        assert "no deal has left a stage yet" in chart.title
        return
    mine = [row for row in rows if row["pipeline"] == found[1] and row["conversion"] is not None]
    worst = next(row for row in mine if row["stage"] == found[2])
    left = worst["entered"] - worst["still_there"]
    assert int(found[4]) == left
    assert numbers.percent(worst["advanced"] / left, 0) == f"{found[3]}%"
    fit = [row for row in mine if row["entered"] - row["still_there"] >= FEW]
    assert worst["conversion"] == min(row["conversion"] for row in fit or mine)
    assert (left < FEW) == any("too few" in caution for caution in chart.cautions)


def judge_wins(chart: Chart, rows: Sequence[Row]) -> None:
    """Whoever wins most closed enough deals, and nobody of whom that is true wins more."""
    found = re.search(rf"^{RATE} of closed (.+) deals were won(?:; “(O\d+)” wins most, {RATE})?$", chart.title)
    assert found
    currency = {"no currency": ""}.get(found[2], found[2].lower())
    mine = [row for row in rows if row["currency"] == currency]
    whole = next(row for row in mine if row["dimension"] == "all")
    assert numbers.percent(whole["won"] / whole["closed"], 0) == f"{found[1]}%"
    if found[3]:
        rates = {row["name"]: row["win_rate"] for row in mine if row["dimension"] == "owner" and row["closed"] >= FEW}
        assert rates[found[3]] == max(rates.values())
    assert bool(chart.keys[0].caution) == (whole["closed"] < FEW)


def judge_forecast(chart: Chart, rows: Sequence[Row]) -> None:
    """Expect what is drawn until the month named, and count beside the chart what lies beyond."""
    when = [value["when"] for value in values(chart)]
    assert len(dict.fromkeys(when)) <= 2 * 12 + 3
    beyond = [row for row in rows if row["bucket"] == "month" and row["month"] > date(2027, 10, 1)]
    deals = sum(row["open_deals"] for row in beyond)
    said = [caution for caution in chart.cautions if "expected only after October 2027" in caution]
    assert len(said) == bool(deals)
    assert all(caution.startswith(f"{deals} open deal") for caution in said)
    if found := re.search(r"^(\S+) is expected by the end of (\w+ \d+)", chart.title):
        window = (date(2026, 10, 1), date(2027, 10, 1))
        ahead = [row for row in rows if row["bucket"] == "month" and window[0] <= row["month"] <= window[1]]
        assert numbers.short_money(sum((row["weighted_amount"] for row in ahead), Decimal(0)), "usd") == found[1]
        assert numbers.month(max(row["month"] for row in ahead)) == found[2]


def values(chart: Chart) -> Sequence[Mapping[str, Any]]:
    """Return the values in a chart, wherever the specification keeps them."""
    spec: Any = chart.spec
    data = spec.get("data") or spec["layer"][0]["data"]
    found: Sequence[Mapping[str, Any]] = data.get("values") or spec["datasets"][data["name"]]
    return found


Draw = Callable[[Sequence[Row], ReportContext], Sequence[Chart]]


@pytest.mark.parametrize(
    ("draw", "world", "judge"),
    [
        (campaigns.by_month, month_rows, judge_months),
        (campaigns.best_and_worst, campaign_rows, judge_campaigns),
        (campaigns.bounces, campaign_rows, judge_bounces),
        (audience.list_growth, list_rows, judge_lists),
        (audience.list_days, list_day_rows, judge_list_days),
        (closing.conversion, stage_rows, judge_funnel),
        (closing.win_rate, win_rows, judge_wins),
        (pipeline.forecast, forecast_rows, judge_forecast),
    ],
)
def test_a_finding_holds_against_its_rows(
    draw: Draw, world: Callable[[Random], list[Row]], judge: Callable[[Chart, Sequence[Row]], None]
) -> None:
    """Whatever the numbers are."""
    judged = 0
    for seed in WORLDS:
        rows = world(Random(seed))
        for chart in draw(rows, AT):
            plain = chart.title.replace(SPACE, " ")
            judge(
                Chart(
                    chart.name,
                    plain,
                    chart.subtitle,
                    chart.spec,
                    tuple(caution.replace(SPACE, " ") for caution in chart.cautions),
                    chart.keys,
                ),
                rows,
            )
            judged += 1
    assert judged > len(WORLDS) / 3
