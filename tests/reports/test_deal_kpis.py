"""Measures of deals, worked out by hand for each edge case. The day is 15 June 2026."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.reports.report_harness import NOW, Row, duckdb_with, rows_of

MADE = "2026-05-01 12:00:00+00"
NAMES: dict[str, list[Row]] = {
    "dealGroups": [{"id": 1, "title": "Wholesale"}],
    "dealStages": [
        {"id": 10 + place, "title": title, "group": 1, "order": place}
        for place, title in enumerate(("Enquiry", "Tasting", "Quote"), start=1)
    ],
    "users": [{"id": 1, "firstName": "Ada", "lastName": "Byron"}],
}


def deal(key: int, amount: object = 100, status: int = 0, **more: Any) -> Row:  # noqa: ANN401 - any column
    """Return a deal of the one pipeline."""
    known = {"id": key, "title": f"Deal {key}", "currency": "usd", "group": 1, "stage": 11, "owner": 1, "contact": 1}
    return {**known, "amount": amount, "status": status, "cdate": MADE, "mdate": "2026-06-10 12:00:00+00", **more}


def version(row: Row, begins: str, ends: str | None = None, **more: Any) -> Row:  # noqa: ANN401 - any column
    """Return a version of a deal in the change log."""
    return {**row, **more, "_valid_from": f"{begins} 12:00:00+00", "_valid_to": ends and f"{ends} 12:00:00+00"}


def move(key: int, of: int, at: str, after: int, before: int) -> Row:
    """Return an entry of the log: a deal moved between stages."""
    step = {"dataType": "d_stageid", "dataAction": str(after), "dataOldval": str(before)}
    return {"id": key, "deal": of, "cdate": f"{at} 12:00:00+00", **step}


def test_the_pipeline_per_stage_owner_band_and_currency(tmp_path: Path) -> None:
    """Limited, deleted, won and lost deals are not in it; currencies stand apart."""
    deals = [
        deal(1, 100, percent=40),
        deal(2, 50, percent=40, winProbability=45),
        deal(3, 70),
        deal(4, 30, currency="EUR", percent=90),
        deal(5, 999, status=1),
        deal(6, 999, isDisabled=True),
        deal(7, 999, _deleted_at="2026-06-01 00:00:00+00"),
    ]
    found = rows_of(duckdb_with(tmp_path, deals=deals, **NAMES), "pipeline")
    seen = [
        (row["probability_band"], row["currency"], row["deals"], row["amount"], row["weighted_amount"]) for row in found
    ]
    assert seen == [
        ("25 to 49 %", "usd", 2, 150, Decimal("62.5")),
        ("75 % and more", "eur", 1, 30, 27),
        ("unknown", "usd", 1, 70, None),
    ]
    assert {(row["pipeline"], row["stage"], row["owner"]) for row in found} == {("Wholesale", "Enquiry", "Ada Byron")}
    assert found[2]["share_without_probability"] == 1.0


def test_names_that_are_not_there_are_numbers(tmp_path: Path) -> None:
    """An owner who left is still somebody."""
    (found,) = rows_of(duckdb_with(tmp_path, deals=[deal(1, owner=8, stage=None)]), "pipeline")
    assert (found["pipeline"], found["stage"], found["owner"]) == ("Pipeline 1", "none", "User 8")


@pytest.mark.parametrize(
    ("given", "probability", "source"),
    [
        ({"winProbability": 0, "percent": 50}, 0, "predicted"),
        ({"percent": 50}, Decimal("0.5"), "percent"),
        ({"winProbability": 10**15, "percent": 50}, Decimal("0.5"), "percent"),
        ({"winProbability": -1, "percent": -50}, Decimal("0.75"), "stage history"),
        ({"percent": 0}, Decimal("0.75"), "stage history"),
        ({"percent": 0, "stage": 12}, Decimal("0.75"), "pipeline history"),
        ({"percent": 0, "group": 2, "stage": 15}, None, "none"),
        ({"status": 1, "percent": 20}, 1, "closed"),
        ({"status": 2, "percent": 20}, 0, "closed"),
    ],
)
def test_where_the_chance_comes_from(tmp_path: Path, given: Row, probability: object, source: str) -> None:
    """The prediction, else what somebody set (0 is not set), else how often deals of the stage or pipeline were won."""
    past = [deal(key, status=1 if key < 19 else 2) for key in range(10, 22)]
    log = [version(each, "2026-01-01", stage=11) for each in past]
    found = rows_of(duckdb_with(tmp_path, deals=[deal(1, **given), *past], deals_history=log), "deals_with_contacts")
    assert found[0]["probability_source"] == source
    assert found[0]["probability"] == (None if probability is None else pytest.approx(float(probability)))  # type: ignore[arg-type]


def test_the_chance_of_a_stage_counts_only_deals_whose_way_is_known(tmp_path: Path) -> None:
    """Of twelve that the log saw in Tasting six were won; old deals known only by where they were lost do not count.

    Below ten closed deals the rate of the whole pipeline is taken, and the source says so.
    """
    walked = [deal(key, status=1 if key < 16 else 2, stage=13) for key in range(10, 22)]
    moves = [move(key, row["id"], "2026-05-05", 12, 11) for key, row in enumerate(walked)]
    moves += [move(100 + key, row["id"], "2026-05-06", 13, 12) for key, row in enumerate(walked)]
    fresh = deal(1, stage=12)
    seen = [version(row, "2026-05-20") for row in walked]
    warehouse = duckdb_with(tmp_path, deals=[fresh, *walked], dealActivities=moves, deals_history=seen, **NAMES)
    (found, *_) = rows_of(warehouse, "deals_with_contacts")
    assert (found["probability"], found["probability_source"]) == (0.5, "stage history")
    old = [deal(key, status=2, stage=12, cdate="2026-01-01 00:00:00+00") for key in range(30, 50)]
    log = [version(row, "2026-05-20") for row in old]
    late = duckdb_with(tmp_path, deals=[fresh, *old], dealActivities=[], deals_history=log, **NAMES)
    (blind, *_) = rows_of(late, "deals_with_contacts")
    assert (blind["probability"], blind["probability_source"]) == (0, "pipeline history")


def test_moves_after_the_log_of_activities_come_from_the_change_log(tmp_path: Path) -> None:
    """The log ends in Tasting, on the 6th; the change log saw that on the 7th, and the move to Quote on the 20th."""
    row = deal(1, stage=13)
    log = [move(1, 1, "2026-05-06", 12, 11)]
    seen = [
        version(row, "2026-05-02", "2026-05-07", stage=11),
        version(row, "2026-05-07", "2026-05-20", stage=12),
        version(row, "2026-05-20"),
    ]
    warehouse = duckdb_with(tmp_path, deals=[row], dealActivities=log, deals_history=seen, **NAMES)
    stays = {line["stage"]: line for line in rows_of(warehouse, "time_in_stage")}
    assert (stays["Enquiry"]["median_days"], stays["Tasting"]["median_days"]) == (5, 14)
    assert (stays["Quote"]["open_deals"], stays["Quote"]["open_median_days"]) == (1, 26)


def test_amounts_without_probability_are_counted_and_never_null(tmp_path: Path) -> None:
    """0 where every deal has one."""
    deals = [deal(1, 100, percent=40), deal(2, 70)]
    found = rows_of(duckdb_with(tmp_path, deals=deals, **NAMES), "pipeline")
    assert [row["amount_without_probability"] for row in found] == [0, 70]


def test_the_first_month_of_a_window_is_whole_and_the_last_is_marked(tmp_path: Path) -> None:
    """A year back from 15 June begins on the 16th; what was won on the 2nd is in the month all the same."""
    deals = [
        deal(1, 100, 1, edate="2025-06-02 00:00:00"),
        deal(2, 30, 1, edate="2025-06-20 00:00:00"),
        deal(3, 7, 1, edate="2025-05-31 00:00:00"),
        deal(4, 5, 1, edate="2026-06-10 00:00:00"),
    ]
    warehouse = duckdb_with(tmp_path, deals=deals)
    months = [(row["month"], row["won_amount"], row["partial"]) for row in rows_of(warehouse, "forecast")]
    assert months == [(date(2025, 6, 1), 130, False), (date(2026, 6, 1), 5, True)]
    assert rows_of(warehouse, "win_rate")[0]["won"] == 2, "days are whole too: from 16 June on"


def test_counts_stand_over_all_currencies_too(tmp_path: Path) -> None:
    """Two of three won, whatever the money; amounts are not added."""
    deals = [
        deal(1, 100, 1, edate="2026-05-11 12:00:00"),
        deal(2, 9000, 1, currency="jpy", edate="2026-05-31 12:00:00"),
        deal(3, 50, 2, edate="2026-06-01 12:00:00"),
        deal(4, 60),
    ]
    warehouse = duckdb_with(tmp_path, deals=deals)
    rate = rows_of(warehouse, "win_rate")[0]
    assert (rate["dimension"], rate["currency"], rate["won"], rate["closed"]) == ("all", None, 2, 3)
    assert (rate["win_rate"], rate["won_amount"]) == (pytest.approx(2 / 3), None)
    cycle = rows_of(warehouse, "sales_cycle")[0]
    assert (cycle["currency"], cycle["cycle_days"], cycle["low_sample"]) == (None, 20, True)
    speed = rows_of(warehouse, "velocity")[0]
    assert (speed["velocity"], speed["won_deals_per_day"]) == (None, pytest.approx(1 * (2 / 3) / 20))
    assert speed["reason"] == "amounts of several currencies are not added"
    assert {row["currency"] for row in rows_of(warehouse, "deal_size")} == {"usd", "jpy"}


def test_rates_turn_amounts_into_one_currency_and_leave_what_has_none(tmp_path: Path) -> None:
    """A rate for yen and dollars; francs stay francs."""
    deals = [deal(1, 100), deal(2, 1000, currency="JPY"), deal(3, 5, currency="eur"), deal(4, 7, currency="chf")]
    rates = {"usd": Decimal("0.9"), "jpy": Decimal("0.006")}
    found = rows_of(duckdb_with(tmp_path, deals=deals), "forecast_coverage", rates=rates, into="EUR")
    assert [(row["currency"], row["deals"], row["amount"]) for row in found] == [("eur", 3, 101), ("chf", 1, 7)]


def test_a_forecast_drops_nothing(tmp_path: Path) -> None:
    """Overdue and undated have buckets of their own; today is not overdue; a custom date goes before edate."""
    deals = [
        deal(1, 100, percent=50, edate="2026-06-15 00:00:00"),
        deal(2, 200, percent=50, edate="2026-06-14 00:00:00"),
        deal(3, 300, percent=50),
        deal(4, 400, edate="2026-06-20 00:00:00"),
        deal(5, 500, status=1, edate="2026-06-03 00:00:00"),
        deal(6, 600, status=2, edate="2026-06-03 00:00:00"),
        deal(7, 700, status=1, edate="2024-06-03 00:00:00"),
    ]
    custom = [{"id": 4, "forecasted_close_date": "2026-08-31 00:00:00"}]
    found = rows_of(duckdb_with(tmp_path, deals=deals, deals_custom=custom), "forecast", targets={"USD": Decimal(50)})
    seen = [
        (row["bucket"], row["month"], row["open_amount"], row["won_amount"], row["forecast_amount"], row["coverage"])
        for row in found
    ]
    assert seen == [
        ("month", date(2026, 6, 1), 100, 500, 550, 2.0),
        ("month", date(2026, 8, 1), 400, 0, 0, 8.0),
        ("overdue", None, 200, 0, None, None),
        ("undated", None, 300, 0, None, None),
    ]
    assert found[1]["amount_without_probability"] == 400
    (line,) = rows_of(duckdb_with(tmp_path, deals=deals, deals_custom=custom), "forecast_coverage")
    assert (line["dated_share"], line["overdue_share"], line["undated_share"]) == (0.5, 0.2, 0.3)
    assert line["share_without_probability"] == 0.4


@pytest.mark.parametrize(
    ("given", "tables", "closed", "source"),
    [
        ({"edate": "2026-06-03 00:00:00"}, {}, "2026-06-03 00:00", "edate"),
        ({"edate": "2026-07-03 00:00:00"}, {}, "2026-06-10 12:00", "mdate"),
        ({}, {}, "2026-06-10 12:00", "mdate"),
        (
            {"edate": "2026-06-03 00:00:00"},
            {
                "dealActivities": [
                    {"id": 1, "deal": 1, "dataType": "status", "dataAction": "1", "cdate": "2026-06-05 00:00:00+00"}
                ]
            },
            "2026-06-05 00:00",
            "activities",
        ),
        (
            {},
            {
                "dealActivities": [
                    {"id": 1, "deal": 1, "dataType": "status", "dataAction": "2", "cdate": "2026-06-05 00:00:00+00"}
                ]
            },
            "2026-06-10 12:00",
            "mdate",
        ),
        (
            {"edate": "2026-06-03 00:00:00"},
            {"deals_history": [version(deal(1), "2026-05-02", "2026-06-07"), version(deal(1, status=1), "2026-06-07")]},
            "2026-06-07 12:00",
            "change log",
        ),
        (
            {"edate": "2026-06-03 00:00:00"},
            {"deals_history": [version(deal(1, status=1), "2026-06-07")]},
            "2026-06-03 00:00",
            "edate",
        ),
    ],
    ids=["edate", "edate ahead", "nothing", "log", "log of another status", "change log", "first seen as won"],
)
def test_when_a_deal_was_decided(tmp_path: Path, given: Row, tables: Any, closed: str, source: str) -> None:  # noqa: ANN401
    """The change log, else the log of activities, else edate unless it lies ahead, else the last edit."""
    (found,) = rows_of(duckdb_with(tmp_path, deals=[deal(1, status=1, **given)], **tables), "deals_with_contacts")
    assert (f"{found['closed_at']:%Y-%m-%d %H:%M}", found["closed_source"]) == (closed, source)


def decided() -> list[Row]:
    """Return three won deals, one lost, two open, and one won too long ago."""
    return [
        deal(1, 100, 1, edate="2026-05-11 12:00:00"),
        deal(2, 200, 1, edate="2026-05-21 12:00:00"),
        deal(3, 900, 1, edate="2026-06-10 12:00:00"),
        deal(4, 400, 2, edate="2026-06-01 12:00:00"),
        deal(5, 50),
        deal(6, 60),
        deal(7, 999, 1, edate="2025-06-10 12:00:00", cdate="2025-01-01 00:00:00+00"),
    ]


def test_win_rate_size_cycle_and_velocity(tmp_path: Path) -> None:
    """3 of 4 won; 1,200 of 1,600; mean 400, median 200; cycles 10, 20, 40 days; 2 x 400 x 0.75 / 20 a day."""
    warehouse = duckdb_with(tmp_path, deals=decided(), **NAMES)
    rate, *others = rows_of(warehouse, "win_rate")
    assert (rate["dimension"], rate["won"], rate["lost"], rate["closed"], rate["low_sample"]) == ("all", 3, 1, 4, True)
    assert (rate["win_rate"], rate["win_rate_by_amount"]) == (0.75, 0.75)
    assert [(row["dimension"], row["name"], row["win_rate"]) for row in others] == [
        ("owner", "Ada Byron", 0.75),
        ("pipeline", "Wholesale", 0.75),
    ]
    size = rows_of(warehouse, "deal_size")[0]
    assert (size["won_amount"], size["average_deal"], size["median_deal"]) == (1200, 400, 200)
    assert rows_of(warehouse, "sales_cycle")[0]["cycle_days"] == 20
    assert rows_of(warehouse, "velocity")[0]["velocity"] == 30
    assert rows_of(warehouse, "win_rate", days=700)[0]["won"] == 4


def test_a_deal_closed_before_it_was_made_is_a_fault(tmp_path: Path) -> None:
    """It is in no median, and counted."""
    odd = deal(1, 10, 1, edate="2026-04-01 00:00:00")
    (found, *_) = rows_of(duckdb_with(tmp_path, deals=[odd]), "sales_cycle")
    assert (found["won"], found["cycle_days"], found["impossible_cycles"]) == (1, None, 1)


@pytest.mark.parametrize(
    ("deals", "reason"),
    [
        ([deal(1)], "no deal was closed in the period"),
        ([deal(1), deal(2, status=2)], "no deal was won in the period"),
        ([deal(1), deal(2, status=1, cdate=None)], "no time from start to end is known"),
    ],
)
def test_velocity_says_what_it_lacks(tmp_path: Path, deals: list[Row], reason: str) -> None:
    """Null with a reason; never a zero that looks like one."""
    found = rows_of(duckdb_with(tmp_path, deals=deals), "velocity")[0]
    assert (found["velocity"], found["reason"]) == (None, reason)


def test_skipped_stages_count_as_passed_and_winning_passes_all(tmp_path: Path) -> None:
    """One skips a stage, one wins from the first, one stays, one goes on and back."""
    deals = [deal(1, stage=13), deal(2, status=1), deal(3), deal(4)]
    log = [move(1, 1, "2026-05-03", 13, 11), move(2, 4, "2026-05-03", 12, 11), move(3, 4, "2026-05-05", 11, 12)]
    found = rows_of(duckdb_with(tmp_path, deals=deals, dealActivities=log, **NAMES), "stage_conversion")
    assert [(row["stage"], row["entered"], row["advanced"], row["conversion"]) for row in found] == [
        ("Enquiry", 4, 3, 1.0),  # of the three that left it; one still stands there
        ("Tasting", 3, 2, 1.0),  # the one that went back is open, and may still pass
        ("Quote", 2, 1, 1.0),
    ]


def test_the_change_log_serves_where_there_is_no_log_of_activities(tmp_path: Path) -> None:
    """The same by versions; changes of other columns are no move."""
    row = deal(1, stage=12)
    log = [
        version(row, "2026-05-01", "2026-05-05", stage=11),
        version(row, "2026-05-05", "2026-05-09", stage=11, amount=5),
        version(row, "2026-05-09"),
    ]
    warehouse = duckdb_with(tmp_path, deals=[row], deals_history=log, **NAMES)
    found = rows_of(warehouse, "stage_conversion")
    assert [(each["entered"], each["advanced"]) for each in found] == [(1, 1), (1, 0), (None, None)]
    assert found[2]["reason"] == "no deal was seen to enter the stage"
    stays = rows_of(warehouse, "time_in_stage")
    assert [(each["median_days"], each["open_median_days"]) for each in stays[:2]] == [(8, None), (None, 37)]


def test_a_deal_of_unknown_past_says_nothing_of_stages(tmp_path: Path) -> None:
    """On the first day the change log knows where each deal is, and not one that it went through."""
    deals = [deal(1, stage=12, cdate="2026-01-01 00:00:00+00"), deal(2, cdate="2026-06-02 00:00:00+00")]
    log = [version(row, "2026-06-01") for row in deals]
    found = rows_of(duckdb_with(tmp_path, deals=deals[:1], deals_history=log[:1], **NAMES), "stage_conversion")
    assert {(row["conversion"], row["reason"]) for row in found} == {(None, "no deal was seen to enter the stage")}
    later = rows_of(duckdb_with(tmp_path, deals=deals, deals_history=log, **NAMES), "stage_conversion")
    assert [row["entered"] for row in later] == [1, None, None]


def test_without_any_history_stages_have_a_reason(tmp_path: Path) -> None:
    """Null figures, and the row says why."""
    warehouse = duckdb_with(tmp_path, deals=[deal(1)], **NAMES)
    for name, column in (("stage_conversion", "conversion"), ("time_in_stage", "median_days")):
        assert {(row[column], row["reason"]) for row in rows_of(warehouse, name)} == {
            (None, "no history of stages is known")
        }


def test_time_in_stage_and_who_is_stuck(tmp_path: Path) -> None:
    """Stays of 4, 6 and 10 days: the median is 6; who has waited for 13 days is stuck, for 12 not yet."""
    deals = [deal(1, stage=12), deal(2, stage=12), deal(3, stage=12)]
    log = [move(key, key, f"2026-05-{day:02}", 12, 11) for key, day in ((1, 5), (2, 7), (3, 11))]
    waiting = [deal(4, cdate="2026-06-02 11:00:00+00"), deal(5, cdate="2026-06-03 12:00:00+00")]
    found = rows_of(duckdb_with(tmp_path, deals=[*deals, *waiting], dealActivities=log, **NAMES), "time_in_stage")
    first = found[0]
    assert (first["finished_stays"], first["median_days"]) == (3, 6)
    assert (first["open_deals"], first["stuck_deals"]) == (2, 1)


def test_slippage_counts_later_dates_alone(tmp_path: Path) -> None:
    """One later, one earlier, one set for the first time, one unchanged."""
    dates = (("2026-06-30", "2026-07-10"), ("2026-06-30", "2026-06-20"), (None, "2026-07-10"), ("2026-07-01",) * 2)
    deals = [deal(key, 100, edate=f"{now} 00:00:00") for key, (_, now) in enumerate(dates, start=1)]
    log = []
    for row, (before, _) in zip(deals, dates, strict=True):
        then = before and f"{before} 00:00:00"
        log += [version(row, "2026-05-02", "2026-06-01", edate=then), version(row, "2026-06-01")]
    (found,) = rows_of(duckdb_with(tmp_path, deals=deals, deals_history=log, **NAMES), "slippage")
    assert (found["slipped_deals"], found["slipped_amount"], found["slippage"]) == (1, 100, 0.25)
    assert (found["median_days_later"], found["reason"]) == (10, None)
    young = [version(row, "2026-06-10") for row in deals]
    (weak,) = rows_of(duckdb_with(tmp_path, deals=deals, **{**NAMES, "deals_history": young}), "slippage")
    assert (weak["slippage"], weak["reason"]) == (0, "the history of dates is shorter than the period")
    (blind,) = rows_of(duckdb_with(tmp_path, deals=deals, **{**NAMES, "deals_history": []}), "slippage")
    assert (blind["slippage"], blind["reason"]) == (None, "no history of dates is known")


def test_how_good_a_forecast_was(tmp_path: Path) -> None:
    """On 1 May 300 x 50 % were expected in May; 200 were won: a quarter too little."""
    may = "2026-05-20 00:00:00"
    won, lost = deal(1, 200, 1, edate=may), deal(2, 100, 2, edate=may)
    log = [version({**row, "status": 0, "percent": 50}, "2026-04-10", "2026-05-19") for row in (won, lost)]
    late = [version({**deal(3, 999), "percent": 50, "edate": may}, "2026-05-03")]
    (found,) = rows_of(duckdb_with(tmp_path, deals=[won, lost], deals_history=[*log, *late]), "forecast_accuracy")
    assert (found["month"], found["expected_deals"], found["forecast"], found["actual"]) == (
        date(2026, 5, 1),
        2,
        150,
        200,
    )
    assert found["accuracy"] == 0.75


def test_the_worst_miss_of_a_forecast_keeps_its_row(tmp_path: Path) -> None:
    """14,368 were expected in May, and nothing was won."""
    row = deal(1, 28736, 2, edate="2026-05-20 00:00:00")
    log = [version({**row, "status": 0, "percent": 50}, "2026-04-10", "2026-05-19")]
    (found,) = rows_of(duckdb_with(tmp_path, deals=[row], deals_history=log), "forecast_accuracy")
    assert (found["month"], found["forecast"], found["actual"]) == (date(2026, 5, 1), 14368, 0)
    assert (found["forecast_error"], found["accuracy"], found["reason"]) == (14368, None, "nothing was won")


def test_gaps_are_no_task_a_late_task_or_no_activity(tmp_path: Path) -> None:
    """Nextdate is when the next task is due, which says nothing of closing."""
    deals = [
        deal(1, 10, nextdate="2026-06-20 00:00:00+00", activitycount=3),
        deal(2, 20, nextdate="2026-06-10 00:00:00+00", activitycount=3),
        deal(3, 30, activitycount=3),
        deal(4, 40, nextdate="2026-06-20 00:00:00+00", activitycount=0),
        deal(5, 50, status=1),
    ]
    (found,) = rows_of(duckdb_with(tmp_path, deals=deals, **NAMES), "activity_gaps")
    counts = ("deals", "deals_without_task", "deals_with_late_task", "untouched_deals", "gap_deals", "gap_amount")
    assert [found[name] for name in counts] == [4, 1, 1, 1, 3, 90]
    assert found["gap_share"] == 0.75


def test_deals_stand_beside_their_contacts(tmp_path: Path) -> None:
    """No contact, one that is not there, one that was deleted: each is told apart."""
    contacts: list[Row] = [{"id": 1, "email": "ada@example.com", "firstName": "Ada"}, {"id": 2, "deleted": True}]
    deals = [deal(1), deal(2, contact=2), deal(3, contact=3), deal(4, contact=None)]
    found = rows_of(duckdb_with(tmp_path, deals=deals, contacts=contacts), "deals_with_contacts")
    assert [row["contact_issue"] for row in found] == [None, "contact deleted", "contact not found", "no contact"]
    assert (found[0]["email"], found[0]["contact"], found[0]["status"]) == ("ada@example.com", "Ada", "open")


def test_limited_deals_are_counted_unless_they_are_gone(tmp_path: Path) -> None:
    """The note tells of those that an admin's key would read."""
    from acflow.reports import Options, answer, report

    gone = "2026-06-01 00:00:00+00"
    deals = [deal(1), deal(2, isDisabled=True), deal(3, isDisabled=True, _deleted_at=gone)]
    found = answer(duckdb_with(tmp_path, deals=deals), report("pipeline"), Options(as_of=NOW))
    assert [note[:24] for note in found.left_out] == ["1 limited deal is left o"]


def test_as_of_is_the_newest_reading_and_not_today(tmp_path: Path) -> None:
    """The same warehouse gives the same report for ever."""
    from acflow.reports import answer, report

    read = [{"day": "2026-06-14", "_taken_at": "2026-06-14 08:00:00+00", "id": 1}]
    dated = answer(duckdb_with(tmp_path, deals=[deal(1)], lists_daily=read), report("pipeline"))
    assert dated.as_of == datetime.fromisoformat("2026-06-14T08:00:00+00:00")
    (tmp_path / "reports.duckdb").unlink()
    guessed = answer(duckdb_with(tmp_path, deals=[deal(1)]), report("pipeline"))
    assert guessed.as_of == datetime.fromisoformat("2026-06-10T12:00:00+00:00")
    assert "no reading has left its date" in guessed.notes[0]
    assert guessed.as_of < NOW
