"""What the pictures say follows from the rows, and what they draw is what was meant."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from acflow.reports import REPORTS
from acflow.reports.figures import audience, campaigns, closing, draw, pipeline, revops
from acflow.reports.figures.model import Chart, ReportContext
from acflow.reports.figures.numbers import SPACE
from acflow.reports.figures.registry import FIGURES

AT = ReportContext(datetime(2026, 10, 30, tzinfo=UTC))
GOLDEN = Path(__file__).parent / "golden"


def plain(text: str) -> str:
    """Return a text with ordinary spaces, as one writes it."""
    return text.replace(SPACE, " ")


def drawn(chart: Chart) -> Sequence[Mapping[str, Any]]:
    """Return the values in a chart, wherever the specification keeps them."""
    spec: Any = chart.spec
    data = spec.get("data") or spec["layer"][0]["data"]
    values: Sequence[Mapping[str, Any]] = data.get("values") or spec["datasets"][data["name"]]
    return values


def month(number: int, opened: float | None, verified: float | None = None, delivered: int = 900) -> dict[str, Any]:
    """Return a row of campaigns_by_month."""
    rates = {"open_rate": opened, "verified_open_rate": verified, "click_rate": 0.04}
    return {"month": date(2026, number, 1), "delivered": delivered, "sends": delivered, "campaigns": 1, **rates}


def test_a_running_month_is_drawn_but_not_judged() -> None:
    """Half a month has half its opens; the title speaks of the last whole one."""
    rows = [month(8, 0.41, 0.30), month(9, 0.45, 0.35), month(10, 0.20, 0.10)]
    [chart] = campaigns.by_month(rows, AT)
    assert plain(chart.title) == "Verified open rate rose to 35.0% in September 2026, from 30.0% in August 2026"
    assert [row["value"] for row in drawn(chart) if row["part"] == campaigns.VERIFIED] == [0.30, 0.35, 0.10]
    assert any("October 2026 is not over" in caution for caution in chart.cautions)
    assert [(key.label, plain(key.value)) for key in chart.keys] == [
        ("Mail sent", "900"),
        ("Verified open rate", "35.0%"),
        ("Click rate", "4.0%"),
    ]


def test_a_month_is_held_against_the_one_before_and_the_year_before() -> None:
    """Mail has seasons, so the number on top says both."""
    year_ago = month(9, 0.5, 0.40) | {"month": date(2025, 9, 1)}
    [chart] = campaigns.by_month([year_ago, month(8, 0.41, 0.30), month(9, 0.45, 0.35)], AT)
    assert plain(chart.keys[1].beside) == "September 2026; 30.0% the month before, 40.0% a year before"
    [first] = campaigns.by_month([month(9, 0.45, 0.35)], AT)
    assert plain(first.keys[1].beside) == "September 2026"


def test_without_verified_opens_the_plain_ones_speak_and_say_so() -> None:
    """An account whose campaigns do not tell verified opens gets no empty line."""
    [chart] = campaigns.by_month([month(8, 0.4), month(9, 0.4, delivered=9), month(10, None)], AT)
    assert plain(chart.title) == "Open rate was 40.0% in August 2026"
    assert {row["part"] for row in drawn(chart)} == {campaigns.PLAIN, campaigns.CLICKS}
    assert any("Fewer than 10 mails" in caution and "September 2026" in caution for caution in chart.cautions)


def campaign(
    name: str, opened: float | None, bounced: float | None, *, sends: int = 100, running: bool = False
) -> dict[str, Any]:
    """Return a row of campaign_performance."""
    return {
        "campaign": name,
        "sent_at": AT.as_of - timedelta(days=3),
        "sends": sends,
        "base": sends,
        "running": running,
        "flags": None,
        "verified_open_rate": opened,
        "open_rate": opened,
        "bounce_rate": bounced,
        "basis": "delivered",
        "unique_opens": int((opened or 0) * sends),
        "verified_opens": int((opened or 0) * sends),
    }


def test_only_ranked_campaigns_are_best_or_worst() -> None:
    """A mail to nine people has no place, however many of them opened it."""
    rows = [campaign("tiny", 0.99, 0.5, sends=99), campaign("good", 0.5, 0.001), campaign("bad", 0.1, 0.08)]
    [best] = campaigns.best_and_worst(rows, AT)
    assert plain(best.title) == "“good” has the highest verified open rate (50%), “bad” the lowest (10%)"
    assert [row["label"] for row in drawn(best)] == ["good", "good", "bad", "bad"]  # verified opens and all
    [bounced] = campaigns.bounces(rows, AT)
    assert plain(bounced.title) == "“bad” bounced 8.0%; 1 campaign of 2 went beyond the healthy 2%"
    assert [bool(row["lit"]) for row in drawn(bounced)] == [True, False]
    [calm] = campaigns.bounces(rows[:2], AT)
    assert plain(calm.title) == "No campaign bounced more than the healthy 2%"
    assert (bounced.urgent, calm.urgent) == (True, False)
    assert campaigns.bounces([campaign("none", 0.5, 0.0)], AT) == ()


def test_a_ranking_is_of_the_last_year_and_keeps_namesakes_apart() -> None:
    """A mail of three years ago is no news, and two mails of one name are two."""
    old = campaign("old", 0.9, 0.5) | {"sent_at": AT.as_of - timedelta(days=1000)}
    undated = campaign("undated", 0.1, 0.9) | {"sent_at": None}
    rows = [old, undated, campaign("same", 0.5, 0.01), campaign("same", 0.5, 0.02)]
    [best] = campaigns.best_and_worst(rows, AT)
    assert plain(best.title) == "All one-off campaigns have the same verified open rate (50%)"
    assert {row["label"] for row in drawn(best)} == {"same", "same (2)"}
    [bounced] = campaigns.bounces(rows, AT)
    assert [row["label"] for row in drawn(bounced)] == ["same", "same (2)"]


def test_automations_are_ranked_apart_and_impossible_rates_not_at_all() -> None:
    """A welcome mail is opened by whoever has just asked for it, and 117 % is a fault of the counters."""
    rows = [
        *(campaign("fine", 0.3, 0.0), campaign("poor", 0.2, 0.0), campaign("impossible", 1.17, 0.0)),
        campaign("flagged", 0.9, 0.0) | {"flags": "rate above 1"},
        *(campaign("welcome", 0.8, 0.0, running=True), campaign("goodbye", 0.6, 0.0, running=True)),
        campaign("tomorrow", 0.99, 0.0) | {"sent_at": AT.as_of + timedelta(days=9000)},
    ]
    one_off, automated = campaigns.best_and_worst(rows, AT)
    assert plain(one_off.title) == "“fine” has the highest verified open rate (30%), “poor” the lowest (20%)"
    assert plain(automated.title) == "“welcome” has the highest verified open rate (80%), “goodbye” the lowest (60%)"
    assert "automated mails" in automated.subtitle
    low = next(row for row in drawn(one_off) if row["part"] == campaigns.VERIFIED)
    assert 0 < low["low"] < 0.3 < low["high"] < 1
    assert campaigns.bounces([campaign("lost", 0.3, 1.4)], AT) == ()


def test_the_ranking_goes_by_what_apples_proxy_does_not_inflate() -> None:
    """Plain opens are drawn, and do not decide."""
    proxied = campaign("proxied", 0.9, 0.0) | {"verified_open_rate": 0.1}
    one_off, *_ = campaigns.best_and_worst([proxied, campaign("read", 0.5, 0.0)], AT)
    assert plain(one_off.title).startswith(
        "“read” has the highest verified open rate (50%), “proxied” the lowest (10%)"
    )


def test_a_rise_that_a_year_belies_says_both() -> None:
    """Better than last month and worse than last year is no rise to tell the boss of."""
    year_ago = month(9, 0.5, 0.40) | {"month": date(2025, 9, 1)}
    [chart] = campaigns.by_month([year_ago, month(8, 0.41, 0.30), month(9, 0.45, 0.35)], AT)
    assert plain(chart.title) == (
        "Verified open rate rose to 35.0% in September 2026, from 30.0% in August 2026, "
        "but fell from 40.0% a year before"
    )


def test_an_axis_of_months_is_bounded_and_counts_what_lies_outside() -> None:
    """One mail of the year 2126 makes no chart of a hundred years."""
    far = month(9, 0.5, 0.40) | {"month": date(2126, 9, 1)}
    [chart] = campaigns.by_month([month(6, 0.4, 0.3), month(8, 0.41, 0.30), month(9, 0.45, 0.35), far], AT)
    assert [row["when"] for row in drawn(chart)][::3] == ["2026-06", "2026-07", "2026-08", "2026-09"]
    assert "1 campaign dated after October 2026 is not on the chart." in map(plain, chart.cautions)
    rows = [forecast_row("month", day, 100, 50, 0) for day in (date(2026, 11, 1), date(2999, 1, 1), date(9999, 12, 1))]
    [coming] = pipeline.forecast(rows, AT)
    assert plain(coming.title) == "$50 is expected by the end of November 2026"
    assert [plain(caution) for caution in coming.cautions] == [
        "2 open deals ($200) are expected only after October 2027."
    ]
    assert [(row["when"], row["value"]) for row in drawn(coming) if row["value"]] == [("2026-11", 50), ("later", 100)]


def mailing_list(name: str, growth: float | None, start: int | None, source: str = "daily reading") -> dict[str, Any]:
    """Return a row of list_health."""
    return {"list": name, "active": 50, "list_growth_rate": growth, "active_at_start": start, "start_source": source}


def test_a_list_of_eight_does_not_lead() -> None:
    """One more of eight is noise; the title names lists that one can speak of."""
    rows = [mailing_list("tiny", 0.5, 8), mailing_list("grows", 0.1, 100), mailing_list("shrinks", -0.2, 100)]
    [chart] = audience.list_growth(rows, AT)
    assert "in the last 30 days" in plain(chart.subtitle)
    assert plain(chart.title) == "“shrinks” shrank by 20.0% (-20), “grows” grew by 10.0% (+10)"
    assert [plain(row["says"]) for row in drawn(chart)] == ["+50.0% · +4 of 8", "+10.0% · +10", "-20.0% · -20"]
    assert chart.cautions == ()
    assert chart.urgent
    [shrinking] = audience.list_growth([mailing_list("a", -0.01, 100), mailing_list("b", -0.02, 100)], AT)
    assert plain(shrinking.title) == "“b” shrank by 2.0% (-2); no list grew"
    [still] = audience.list_growth([mailing_list("a", 0.0, 100)], AT)
    assert plain(still.title) == "No list grew or shrank"
    assert not still.urgent


def test_two_lists_of_one_name_are_two_lines() -> None:
    """A name is no key: whoever copies a list keeps its name."""
    rows = [
        {"list_id": key, "list": "Newsletter", "day": date(2026, 10, day), "active": active, "active_source": "counter"}
        for key, day, active in ((1, 1, 90), (1, 29, 100), (2, 1, 9), (2, 29, 8))
    ]
    [chart] = audience.list_days(rows, AT)
    assert plain(chart.title) == "“Newsletter” grew to 100 subscribers, from 90 on 2026-10-01"
    assert [(row["part"], row["value"]) for row in drawn(chart)] == [
        *(("Newsletter", 90), ("Newsletter", 100)),
        *(("Newsletter (2)", 9), ("Newsletter (2)", 8)),
    ]


def test_lists_without_a_past_are_shown_by_size() -> None:
    """What is not known is not drawn as nothing."""
    [chart] = audience.list_growth([mailing_list("a", None, None, "none")], AT)
    assert chart.name == "list-sizes"
    assert "Growth is not known" in chart.cautions[0]
    assert audience.list_growth([], AT) == ()


def stage(currency: str, name: str, amount: str, weighted: str | None, deals: int = 20) -> dict[str, Any]:
    """Return a row of pipeline."""
    money = {"amount": Decimal(amount), "weighted_amount": None if weighted is None else Decimal(weighted)}
    unknown = Decimal(amount) if weighted is None else None
    return {
        "currency": currency,
        "pipeline": "Sales",
        "stage": name,
        "deals": deals,
        **money,
        "amount_without_probability": unknown,
    }


def test_currencies_never_meet() -> None:
    """Each gets its own picture, with the sums of its own rows; only the main one stands on top."""
    rows = [
        *(stage("usd", "New", "1000", "100"), stage("usd", "Late", "3000", None)),
        *(stage("eur", "New", "500", "250", 3), stage("jpy", "New", "9000000", "1", 1)),
    ]
    usd, eur, jpy = pipeline.pipeline(rows, AT)
    assert plain(usd.title) == "Late holds 75% of the $4k that is open"
    assert [plain(caution) for caution in usd.cautions] == [
        "75% of the value has no known probability, so nothing of it is weighted."
    ]
    assert sum(row["value"] for row in drawn(usd)) == 4000
    assert [plain(caution) for caution in eur.cautions] == ["Only 3 deals: too few to rely on."]
    assert [[(key.label, plain(key.value), plain(key.caution)) for key in chart.keys] for chart in (usd, eur, jpy)] == [
        [("Open pipeline, USD", "$4k", "")],
        [("Open pipeline, EUR", "€500", "Only 3 deals: too few to rely on.")],
        [("Open pipeline, JPY", "¥9M", "Only 1 deal: too few to rely on.")],
    ]


def forecast_row(bucket: str, day: date | None, opened: int, weighted: int, won: int) -> dict[str, Any]:
    """Return a row of forecast."""
    counts = {"open_deals": int(opened > 0), "won_deals": int(won > 0)}
    amounts = {"open_amount": Decimal(opened), "weighted_amount": Decimal(weighted), "won_amount": Decimal(won)}
    past = None if day is None else day < date(2026, 10, 1)
    return {"bucket": bucket, "month": day, "past": past, "currency": "usd", **counts, **amounts}


def test_a_forecast_counts_what_lies_ahead_and_names_what_has_no_month() -> None:
    """Overdue and undated deals are said and not spread; months without any deal are there."""
    rows = [
        forecast_row("month", date(2026, 8, 1), 0, 0, 700),
        forecast_row("month", date(2026, 10, 1), 100, 50, 300),
        forecast_row("month", date(2026, 12, 1), 200, 150, 0),
        forecast_row("overdue", None, 400, 200, 0),
        forecast_row("undated", None, 300, 100, 0),
    ]
    [chart] = pipeline.forecast(rows, AT)
    assert plain(chart.title) == (
        "$200 is expected by the end of December 2026; 70% of the open value has no date ahead"
    )
    assert [plain(caution) for caution in chart.cautions] == [
        "70% of the open value has no date ahead: $400 overdue, $300 without a date."
    ]
    assert chart.urgent
    assert [row["value"] for row in drawn(chart) if row["part"] == pipeline.UNPLACED] == [300]
    won = {row["when"]: row["value"] for row in drawn(chart) if row["part"] == pipeline.WON}
    assert won == {"2026-08": 700, "2026-09": 0, "2026-10": 300, "2026-11": 0, "2026-12": 0}
    assert plain(chart.keys[0].value) == "$300"
    assert plain(chart.keys[0].beside) == "$0 in September; $200 more expected by December 2026, weighted"
    assert list(pipeline.forecast([forecast_row("undated", None, 300, 0, 0)], AT)) == []


def test_an_owner_with_three_deals_does_not_lead() -> None:
    """A win rate of a handful is shown and not praised."""
    base = {"currency": "usd", "won_amount": Decimal(5), "estimated_close_dates": 0}
    rows = [
        {**base, "dimension": "all", "name": "all", "win_rate": 0.3, "closed": 53, "low_sample": False},
        {**base, "dimension": "owner", "name": "lucky", "win_rate": 1.0, "closed": 3, "low_sample": True},
        {**base, "dimension": "owner", "name": "sure", "win_rate": 0.4, "closed": 30, "low_sample": False},
        {**base, "dimension": "owner", "name": "slow", "win_rate": 0.1, "closed": 20, "low_sample": False},
    ]
    [chart] = closing.win_rate(rows, AT)
    assert plain(chart.title) == "30% of closed USD deals were won; “sure” wins most, 40%"
    assert [row["label"] for row in drawn(chart)] == ["sure", "slow", "lucky"]
    assert [row["lit"] for row in drawn(chart)] == [True, True, False]
    assert "1 owner closed fewer than 10 deals" in plain(chart.cautions[0])


def waiting(name: str, usual: float, now: float | None, stuck: int) -> dict[str, Any]:
    """Return a row of time_in_stage."""
    days = {"median_days": usual, "open_median_days": now}
    return {"pipeline": "P", "stage": name, "stuck_deals": stuck, "open_deals": stuck + 1, **days}


def test_stages_say_where_deals_are_stuck() -> None:
    """Without a history there is no picture, and no stage is blamed."""
    row = waiting("S", 12.0, 40.0, 4)
    [chart] = closing.stuck([row, {**row, "pipeline": "Q", "stuck_deals": 1}], AT)
    assert plain(chart.title) == "P · S holds 4 of 5 stuck deals"
    assert [plain(each["says"]) for each in drawn(chart) if "says" in each] == [
        "12 d, now 40 d · 4 stuck",
        "12 d, now 40 d · 1 stuck",
    ]
    [calm] = closing.stuck([{**row, "open_median_days": None, "stuck_deals": 0}], AT)
    assert plain(calm.title) == "No open deal is stuck; S takes longest, 12 days"
    assert [plain(each["says"]) for each in drawn(calm)] == ["12 d"]
    assert closing.stuck([{**row, "median_days": None}], AT) == ()


def passed(pipeline_name: str, stage_name: str, entered: int, waiting: int, advanced: int) -> dict[str, Any]:
    """Return a row of stage_conversion."""
    rate = advanced / (entered - waiting) if entered > waiting else None
    counts = {"entered": entered, "still_there": waiting, "advanced": advanced}
    return {"pipeline": pipeline_name, "stage": stage_name, "conversion": rate, **counts}


def test_each_pipeline_has_its_funnel_and_deals_that_wait_have_not_failed() -> None:
    """Thirty-five deals that stand in a stage say nothing of it; four that left it say little."""
    rows = [
        *(passed("P", "Enquiry", 100, 0, 90), passed("P", "Tasting", 90, 35, 50), passed("P", "Trial", 50, 0, 31)),
        *(passed("P", "Rare", 9, 5, 0), passed("Q", "New", 7, 7, 0)),
    ]
    first, second = closing.conversion(rows, AT)
    assert plain(first.title) == "Lowest conversion in “P”: “Trial”, 62% of 50 deals went on"
    assert [row["says"] for row in drawn(first)][:2] == ["100 · 90% went on", "90 · 91% went on"]
    assert [row["label"] for row in drawn(first) if row["lit"]] == ["Trial"]
    assert "40 deals still in a stage count in no share." in map(plain, first.cautions)
    assert plain(second.title) == "“Q”: no deal has left a stage yet"
    assert closing.conversion([passed("P", "S", 0, 0, 0)], AT) == []


def test_a_segment_that_is_gone_is_not_counted_among_segments() -> None:
    """A campaign may name what nobody has any more; it is drawn, and no segment."""
    [chart] = revops.segments([{"state": "never used"}, {"state": "used"}, {"state": "missing"}], AT)
    assert plain(chart.title) == "1 of 2 segments was never used by a campaign"
    assert revops.segments([{"state": "missing"}], AT) == ()


def test_faults_of_the_data_are_counted() -> None:
    """Checks that found nothing are counted as such; if none did, there is nothing to draw."""
    rows = [
        {"finding": "deals without an owner", "affected": 3, "share": 0.1},
        {"finding": "contacts without an address", "affected": 0, "share": 0.0},
    ]
    [chart] = revops.health(rows, AT)
    assert plain(chart.title) == "1 of 2 checks of the data found something, most of all deals without an owner (3)"
    assert plain(chart.keys[0].value) == "1 of 2 fine"
    assert revops.health(rows[1:], AT) == ()


def test_figures_name_columns_that_their_reports_have() -> None:
    """A column that was renamed would leave a hole in every report."""
    columns = {report.name: {column.name for column in report.columns} for report in REPORTS}
    assert [figure.report for figure in FIGURES if figure.report not in columns] == []
    assert [
        (figure.report, name)
        for figure in FIGURES
        for name in (*figure.columns, *figure.beside)
        if name not in columns[figure.report]
    ] == []


def examples() -> Mapping[str, Chart]:
    """Return a picture of each form of chart that is hard to judge by its numbers alone."""
    charts = (
        *campaigns.by_month([month(8, 0.41, 0.30), month(9, 0.45, 0.35)], AT),
        *campaigns.best_and_worst([campaign("good", 0.5, 0.0), campaign("bad", 0.1, 0.0)], AT),
        *audience.list_growth([mailing_list("grows", 0.1, 100), mailing_list("shrinks", -0.2, 100)], AT),
        *pipeline.pipeline([stage("usd", "New", "1000", "100"), stage("usd", "Late", "3000", "900")], AT),
        *closing.stuck([waiting("New", 12.0, None, 0), waiting("Late", 20.0, 70.0, 4)], AT),
    )
    return {chart.name: chart for chart in charts}


def test_charts_are_those_that_were_looked_at() -> None:
    """Whoever changes how a chart is built looks at it, and keeps its specification anew."""
    kept = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in GOLDEN.glob("*.json")}
    assert {name: json.loads(draw.vega_lite(chart)) for name, chart in examples().items()} == kept
