"""`acflow reports` as people meet it."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from activecampaign_sandbox import make_world, running
from tests.cli.cli_harness import Said, acflow, environment


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder into which the small world was read."""
    home = tmp_path_factory.mktemp("reports")
    with running(make_world("small")) as account:
        done = acflow("run", "campaigns", "deals", "lists", folder=home, env=environment(account))
    assert done.code == 0, done.err
    return home


def ask(folder: Path, *arguments: str, options: str = "") -> Said:
    """Return what the command says, where the settings wish these options of reports."""
    return acflow("reports", *arguments, folder=folder, env=environment(ACFLOW_REPORT_OPTIONS=options))


def test_the_list_names_role_and_question(tmp_path: Path) -> None:
    """It needs no account and no warehouse."""
    found = json.loads(ask(tmp_path, "--json").out)
    assert {each["role"] for each in found} == {"marketing", "sales", "revops"}
    assert all(each["question"].endswith("?") for each in found)


def test_a_report_is_data_on_stdout_and_notes_on_stderr(folder: Path) -> None:
    """Rows can be piped; what is missing and what was left out is told beside them."""
    said = ask(folder, "show", "campaign_performance", "--format", "csv", "--basis", "sends")
    assert said.code == 0, said.err
    rows = list(csv.DictReader(io.StringIO(said.out)))
    opened = [row for row in rows if row["open_rate"]]
    assert len(opened) > len(rows) / 2
    for row in opened:
        assert float(row["open_rate"]) == pytest.approx(int(row["unique_opens"]) / int(row["sends"]))
    assert "segments is not in the warehouse" in said.err


def test_limited_deals_are_counted(folder: Path) -> None:
    """They are in no figure, so the reader is told how many there are."""
    said = ask(folder, "show", "pipeline", "--json")
    assert "limited deals are left out" in said.err
    assert all(row["currency"] for row in json.loads(said.out))  # limited deals have none


def test_what_is_kept_can_be_shown_like_any_table(folder: Path) -> None:
    """A BI tool finds a table by its name."""
    assert ask(folder, "land", "pipeline", "velocity").code == 0
    kept = json.loads(acflow("show", "report_pipeline", "--json", folder=folder).out)
    assert kept == json.loads(ask(folder, "show", "pipeline", "--json").out)


def test_reports_follow_the_settings_wherever_they_go(folder: Path) -> None:
    """The table for a BI tool, the printed SQL and the answer agree; what is given goes before the settings."""
    wish = "rates=usd:0.9,jpy:0.006 into=eur zone=Asia/Tokyo days=90"
    rows = json.loads(ask(folder, "show", "win_rate", "--json", options=wish).out)
    assert {row["currency"] for row in rows} == {"eur"}
    assert ask(folder, "land", "win_rate", options=wish).code == 0
    assert json.loads(acflow("show", "report_win_rate", "--json", folder=folder).out) == rows
    sql = ask(folder, "sql", "win_rate", options=wish).out
    assert json.loads(acflow("query", "-", "--json", folder=folder, stdin=sql).out) == rows
    longer = json.loads(ask(folder, "show", "win_rate", "--json", "--days", "365", options=wish).out)
    assert longer[0]["closed"] > rows[0]["closed"]
    wrong = ask(folder, "land", options="bases=sends")
    assert (wrong.code, wrong.out) == (2, "")
    assert "Did you mean basis?" in wrong.err


def test_printed_sql_gives_the_same_rows(folder: Path) -> None:
    """What is pasted elsewhere must answer the same question."""
    sql = ask(folder, "sql", "forecast").out
    pasted = json.loads(acflow("query", "-", "--json", folder=folder, stdin=sql).out)
    assert pasted == json.loads(ask(folder, "show", "forecast", "--json").out)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("velocty",), "Did you mean velocity"),
        (("forecast", "--zone", "Mars/Olympus"), "no time zone"),
        (("forecast", "--rate", "usd=x"), "a currency and a number"),
        (("forecast", "--rate", "usd=2"), "(into)"),
        (("engagement_tiers", "--tiers", "9,8,7"), "rising"),
        (("engagement_tiers", "--tiers", "week"), "three numbers"),
        (("campaign_performance", "--basis", "opens"), "delivered, sends, total_amt"),
    ],
)
def test_mistakes_are_told_with_the_next_step(folder: Path, arguments: tuple[str, ...], word: str) -> None:
    """Exit code 2, nothing on stdout."""
    said = ask(folder, "show", *arguments)
    assert (said.code, said.out) == (2, "")
    assert word in said.err


def test_before_the_first_run_it_says_so(tmp_path: Path) -> None:
    """No warehouse is no trace."""
    said = ask(tmp_path, "show", "pipeline")
    assert said.code in {2, 6}
    assert "acflow run" in said.err


def test_a_day_before_all_versions_is_refused_with_the_first_that_can_be_asked(folder: Path) -> None:
    """Today's deals under the heading of another day would be a lie."""
    refused = ask(folder, "show", "pipeline", "--as-of", "2025-06-01")
    assert (refused.code, refused.out) == (2, "")
    assert "versions of deals are kept since" in refused.err
    assert "Ask for" in refused.err


def test_a_document_follows_the_options_of_reports(folder: Path) -> None:
    """The day it speaks of, the base of its rates and the currency of its amounts are as they were asked for."""
    options = ("--as-of", "2026-10-31", "--zone", "Europe/Berlin", "--basis", "sends")
    made = acflow("report", *options, "--into", "eur", "--rate", "usd=0.9", "--out", "asked.html", folder=folder)
    assert made.code == 0, made.err
    text = (folder / "asked.html").read_text(encoding="utf-8")
    assert "2026-10-31" in re.sub(r"<[^>]*>", "", text)
    assert "shares of mails sent, not of mails delivered" in text
    rate = "1 USD = 0.9 EUR"
    assert rate in text
    assert "USD" not in text.replace(rate, "")
    refused = acflow("report", "--basis", "opens", folder=folder)
    assert refused.code == 2
    assert "--basis takes delivered, sends, total_amt" in refused.err
