"""A table explored: groups, stretches of time, currencies apart, and a flow that keeps the answer."""

import csv
import io
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from acflow.app.explore import Question, explore
from acflow.app.project import Project
from acflow.app.rows import Filter, Group, Measure, Metric, Operator, RowsQuery, Unit
from activecampaign_sandbox import Running
from tests.cli.cli_harness import environment
from tests.web.page_harness import PATIENCE, Pages, Visit

CHICAGO = "America/Chicago"
SUM = Metric(Measure.SUM, "amount")


def deals_of(account: Running) -> list[dict[str, str]]:
    """Return the deals as the account shows them."""
    return [dict(row) for row in account.world.rows("deals")]


def month_of(row: dict[str, str]) -> str | None:
    """Return the month in which a deal came, on the clock of the account's first user."""
    made = row.get("cdate")
    return f"{datetime.fromisoformat(made).astimezone(ZoneInfo(CHICAGO)):%Y-%m-01}" if made else None


@pytest.fixture(scope="module")
def project(company: Pages, company_account: Running) -> Project:
    """Open what the pages serve."""
    return Project.open(company.folder, environment(company_account))


def test_months_and_currencies_are_those_of_the_account(project: Project, company_account: Running) -> None:
    """Sums by month and currency, reckoned again from the account's own rows; hidden deals tell no month."""
    found = explore(project, Question("deals", SUM, Group("cdate", Unit.MONTH, CHICAGO), "currency"), RowsQuery())
    told = {
        (str(row["cdate_month"]), row["currency"]): row["sum_amount"]
        for row in found.table.to_pylist()
        if row["sum_amount"] is not None
    }
    expected: Counter[tuple[str | None, str]] = Counter()
    for row in deals_of(company_account):
        if month_of(row) and not row.get("isDisabled"):
            cents = int(row["value"]) * (100 if row["currency"] == "jpy" else 1)
            expected[month_of(row), row["currency"]] += cents
    assert told == {spot: Decimal(cents) / 100 for spot, cents in expected.items()}
    titles = [chart.title for chart in found.charts]
    assert titles == [f"Sum of amount by month of cdate, in {code}" for code in ("USD", "EUR", "JPY")], "never stacked"
    assert found.notes == ()
    values = {row["when"] for chart in found.charts for row in _drawn(chart.spec)}
    assert len(values) == len({month for month, _ in told}), "no month is left out of the axis"


def _drawn(spec: object) -> list[Mapping[str, object]]:
    """Return the rows that a picture draws."""
    if isinstance(spec, Mapping):
        return [spec] if "when" in spec and "value" in spec else [row for part in spec.values() for row in _drawn(part)]
    return [row for part in spec for row in _drawn(part)] if isinstance(spec, list) else []


def test_mixed_currencies_are_told_and_conditions_narrow(project: Project) -> None:
    """A sum over three currencies says so; of one it is silent."""
    question = Question("deals", SUM, Group("stage"))
    assert "mixes 3 currencies" in explore(project, question, RowsQuery()).notes[0]
    usd = RowsQuery(filters=(Filter("currency", Operator.IS, ("usd",)),))
    assert explore(project, question, usd).notes == ()


def test_what_cannot_be_asked_is_said(company: Pages) -> None:
    """A month of a title, a sum of nothing, a measure that there is not: a sentence, never an error page."""
    with company.client() as client:
        for asked, said in (
            ("by=title&unit=month&measure=count", "no date to take the month of"),
            ("by=stage&measure=sum", "Choose the column"),
            ("by=stage&measure=sum&column=title", "of which there is no sum"),
            ("by=stage&measure=everything", "that there is not"),
            ("by=nothing&measure=count", "no column"),
        ):
            answer = client.get(
                f"/data/deals/explored?{asked}&split=&unit=" if "unit" not in asked else f"/data/deals/explored?{asked}"
            )
            assert (answer.status_code, said in answer.text) == (200, True), (asked, answer.text[-800:])
        assert client.get("/data/nothing/explore").status_code == 404
        rows = client.get("/data/deals/explored.csv?by=status_label&measure=count").text
        assert sum(int(row["rows"]) for row in csv.DictReader(io.StringIO(rows))) == 400


def test_a_table_is_explored_and_kept_as_a_flow(visit: Visit) -> None:
    """From the data browser to a picture and on to a flow that gives the same numbers."""
    page = visit.open("/data/deals?col=currency&op=is&val=usd")
    page.get_by_role("link", name="Explore").click()
    expect(page.locator("#answer figure svg").first).to_be_visible(timeout=PATIENCE)
    page.locator("#measure").select_option("sum")
    page.locator("#column").select_option("amount")
    page.locator("#unit").select_option("quarter")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#answer h2").first).to_have_text("Sum of amount by quarter of cdate", timeout=PATIENCE)
    expect(page.locator(".chip").first).to_contain_text("currency is usd")
    numbers = page.locator("#answer table tbody tr").all_inner_texts()
    page.get_by_role("button", name="Make a flow of it").click()
    expect(page.locator("table tbody tr").first).to_be_visible(timeout=PATIENCE)
    kept = page.locator("table tbody tr").all_inner_texts()
    assert {tuple(row.split()) for row in kept} <= {tuple(row.split()) for row in numbers}, "the first rows of the flow"
    assert len(kept) >= 5
    assert visit.faults == []


def test_a_past_day_and_a_search_are_said_and_not_lost(company: Pages) -> None:
    """Numbers of another day say so on the form and in the picture, and no flow is made that would give other ones."""
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    with company.client() as client:
        form = client.get(f"/data/deals/explore?as_of={today}&q=tea").text
        assert f"as of the end of {today}" in form
        assert f'name="as_of" value="{today}"' in form
        assert "Make a flow of it" not in form
        answer = client.get(f"/data/deals/explored?by=stage&measure=count&as_of={today}").text
        assert f"as it was at the end of {today}" in answer
        asked = {"by": "stage", "measure": "count"}
        refused = company.post(client, "/data/deals/explore", "/data/deals/explore?q=tea", asked)
        assert (refused.status_code, "neither a search nor a past day" in refused.text) == (400, True)
        assert " · data as of " in client.get("/data/deals/explored?by=stage&measure=count").text


def test_a_report_is_explored_in_sql(company: Pages) -> None:
    """Its SQL stands in the box and is answered there."""
    with company.client() as client:
        assert 'href="/sql?report=win_rate"' in client.get("/reports/sales/win_rate/answer").text
        form = client.get("/sql?report=win_rate").text
        assert "WITH" in form.partition("<textarea")[2]
