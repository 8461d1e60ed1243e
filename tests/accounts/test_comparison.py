"""Accounts beside each other: each figure is that of the account's own report, and the best comes first."""

import json
from datetime import date

import pytest

from acflow.app.reports import answer, report_options
from acflow.cli.app import start
from acflow.reports.comparison import KPIS, Kpi, Measured, Standing, findings, measured, standings
from acflow.reports.rows import python_rows
from tests.accounts.conftest import Agency

RATE, CYCLE, WON_AMOUNT, SENDS, OPENS = (
    next(kpi for kpi in KPIS if kpi.column == column)
    for column in ("win_rate", "cycle_days", "won_amount", "sends", "verified_open_rate")
)

Figures = dict[str, dict[str | None, Measured]]


def ranks(kpi: Kpi, values: dict[str, float | None]) -> dict[str, int | None]:
    """Return the ranks of accounts by their value in a figure without currency."""
    now: Figures = {account: {None: Measured(value)} for account, value in values.items()}
    return {standing.account: standing.rank for standing in standings(kpi, now, {})}


def test_the_best_comes_first() -> None:
    """The highest rate, the shortest cycle; equal ones share a rank, and what is not known has none."""
    assert ranks(RATE, {"a": 0.2, "b": 0.5, "c": 0.5, "d": None}) == {"b": 1, "c": 1, "a": 3, "d": None}
    assert ranks(CYCLE, {"a": 20.0, "b": 5.0}) == {"b": 1, "a": 2}


def test_few_deals_are_shown_and_not_ranked() -> None:
    """Three of three won is no best of all."""
    now: Figures = {"a": {None: Measured(1.0, low_sample=True)}, "b": {None: Measured(0.3)}, "c": {None: Measured(0.2)}}
    ranked = standings(RATE, now, {"b": {None: Measured(0.1)}, "c": {None: Measured(0.5)}})
    assert [(standing.account, standing.rank, standing.of) for standing in ranked] == [
        ("b", 1, 2),
        ("c", 2, 2),
        ("a", None, 2),
    ]
    assert [standing.change for standing in ranked] == pytest.approx([0.2, -0.3, None])
    assert list(findings(RATE, ranked)) == ["Win rate: b leads with 30.0%; c moved most, -30.0 points."]


def test_amounts_are_ranked_within_their_currency() -> None:
    """Euros and dollars are not more or less than one another."""
    now: Figures = {
        "a": {"eur": Measured(10.0), "usd": Measured(1.0)},
        "b": {"eur": Measured(20.0)},
        "c": {"usd": Measured(500.0)},
    }
    found = [(standing.currency, standing.account, standing.rank) for standing in standings(WON_AMOUNT, now, {})]
    assert found == [("eur", "b", 1), ("eur", "a", 2), ("usd", "c", 1), ("usd", "a", 2)]


def test_a_month_without_mail_is_one_of_no_sends_and_no_rate() -> None:
    """Where no mail is known at all, nothing is said."""
    rows = [{"month": date(2026, 9, 1), "sends": 7, "verified_open_rate": 0.5}]
    october = date(2026, 10, 1)
    assert measured(SENDS, rows, october) == {None: Measured(0.0)}
    assert measured(OPENS, rows, october) == {None: Measured(None)}
    assert measured(SENDS, [], october) == {None: Measured(None)}
    assert measured(SENDS, rows, date(2026, 9, 1)) == {None: Measured(7.0)}


def test_nobody_is_best_alone() -> None:
    """One account is no comparison."""
    assert list(findings(RATE, [Standing("win_rate", None, "a", 1, 1, 0.5, 0.4, 0.1, low_sample=False)])) == []


def test_figures_are_those_of_each_accounts_own_reports(
    agency: Agency, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And an account that never answered is named, with the reason."""
    monkeypatch.chdir(agency.project.folder)
    for name, value in agency.project.env.items():
        monkeypatch.setenv(name, value)
    assert start(["reports", "compare", "--json", "--days", "2000"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert list(said["lacking"]) == ["west"]
    assert said["days"] == 2000
    for name in ("north", "south"):
        view = agency.project.of(name)
        rows = python_rows(answer(view, "win_rate", report_options(view, days=2000)).table)
        own = {
            row["currency"]: float(row["won_amount"]) for row in rows if row["dimension"] == "all" and row["currency"]
        }
        held = {
            standing["currency"]: standing["value"]
            for standing in said["standings"]
            if standing["kpi"] == "won_amount" and standing["account"] == name
        }
        assert held == own
        growth = python_rows(answer(view, "account_growth").table)
        new = {row["month"].isoformat(): row["new_contacts"] for row in growth}
        (standing,) = (s for s in said["standings"] if s["kpi"] == "new_contacts" and s["account"] == name)
        assert standing["value"] == new.get(said["month"], 0)
    assert start(["reports", "compare", "--role", "sales"]) == 0
    printed = capsys.readouterr()
    assert "Won" in printed.out
    assert "west: not compared." in printed.err
    assert start(["reports", "compare", "--role", "legal"]) == 2
