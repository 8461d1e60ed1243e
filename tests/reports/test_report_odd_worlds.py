"""Accounts that nobody would wish for: every report answers, with nulls at worst."""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from acflow.reports import REPORTS, Options, ReportSession, report
from tests.reports.random_world import World, make
from tests.reports.report_harness import NOW, Row, duckdb_with

KEYS = frozenset({"id", "day", "_taken_at", "_valid_from"})
COUNTERS = ("send_amt", "total_amt", "uniqueopens", "opens", "subscriberclicks", "hardbounces", "unsubscribes")
MOST = 2**63 - 1  # the largest number that a column can hold


def empty(world: World) -> World:
    """Return an account in which nothing is yet."""
    return {name: [] for name in world}


def blank(world: World) -> World:
    """Return rows of which nothing but the keys is known."""

    def emptied(row: Row) -> Row:
        return {name: value if name in KEYS else None for name, value in row.items()}

    return {name: [emptied(row) for row in rows] for name, rows in world.items()}


def ahead(world: World) -> World:
    """Return rows whose dates all lie years ahead of their reading."""

    def moved(value: Any) -> Any:  # noqa: ANN401 - a value of any column
        return value + timedelta(days=4000) if hasattr(value, "year") else value

    read = {"_readings": world["_readings"]}
    return {
        name: [{key: moved(value) for key, value in row.items()} for row in rows] for name, rows in world.items()
    } | read


def below_zero(world: World) -> World:
    """Return campaigns that count backwards, and deals that cost money."""
    campaigns = [row | dict.fromkeys(COUNTERS, -5) for row in world["campaigns"]]
    return {**world, "campaigns": campaigns, "deals": [row | {"amount": -7} for row in world["deals"]]}


def immense(world: World) -> World:
    """Return the largest numbers that the API could send, in a currency without decimals too."""
    campaigns = [row | dict.fromkeys(COUNTERS, MOST // 100) for row in world["campaigns"]]
    deals = [row | {"amount": MOST, "winProbability": MOST, "percent": MOST} for row in world["deals"]]
    return {**world, "campaigns": campaigns, "deals": deals}


def fine_coins(world: World) -> World:
    """Return deals in dinars, of which a thousandth counts, with names that mean something elsewhere."""
    deals = [row | {"currency": "KWD", "amount": "1.005", "title": "'; drop \\ \x01 🫖"} for row in world["deals"]]
    return {**world, "deals": deals}


@pytest.mark.parametrize(
    "oddly", [empty, blank, ahead, below_zero, immense, fine_coins], ids=lambda each: each.__name__
)
def test_every_report_answers_in_an_odd_world(oddly: Callable[[World], World], tmp_path: Path) -> None:
    """No error, no infinity, and no number that is none."""
    warehouse = duckdb_with(tmp_path, **oddly(make(5, size=30)))
    with warehouse.held():
        session = ReportSession.open(warehouse, Options(as_of=NOW))
        for one in REPORTS:
            for row in session.answer(one).table.to_pylist():
                assert all(math.isfinite(value) for value in row.values() if isinstance(value, float)), (one.name, row)


def test_an_empty_account_claims_nothing(tmp_path: Path) -> None:
    """No rows; where the rows are there anyway, no share of nothing."""
    warehouse = duckdb_with(tmp_path, **empty(make(5, size=3)))
    with warehouse.held():
        session = ReportSession.open(warehouse, Options(as_of=NOW))
        told = {one.name: session.answer(one).table.to_pylist() for one in REPORTS}
    assert {name for name, rows in told.items() if rows} == {"engagement_tiers"}
    assert {(row["contacts"], row["share"]) for row in told["engagement_tiers"]} == {(0, None)}


def test_thousandths_of_a_dinar_add_up(tmp_path: Path) -> None:
    """Nothing is rounded to hundredths."""
    deals = [{"id": key, "status": 0, "currency": "kwd", "amount": "0.001", "percent": 50} for key in (1, 2, 3)]
    session = ReportSession.open(duckdb_with(tmp_path, deals=deals), Options(as_of=NOW))
    (row,) = session.answer(report("pipeline")).table.to_pylist()
    assert (str(row["amount"]), str(row["weighted_amount"])) == ("0.0030", "0.0015")


def test_one_reading_proves_no_slip(tmp_path: Path) -> None:
    """What was read only once cannot have been put off; 0 would be a claim."""
    deal = {"id": 1, "status": 0, "currency": "usd", "amount": 5, "edate": datetime(2026, 7, 1)}  # noqa: DTZ001
    first = {**deal, "_valid_from": NOW}
    session = ReportSession.open(duckdb_with(tmp_path, deals=[deal], deals_history=[first]), Options(as_of=NOW))
    (row,) = session.answer(report("slippage")).table.to_pylist()
    assert (row["slippage"], row["reason"]) == (None, "no history of dates is known")
