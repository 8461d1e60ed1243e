"""Rows of a past day, where versions are kept; any other day is refused with the first that can be asked."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from acflow.app.data import count, rows
from acflow.app.project import Project
from acflow.app.rows import RowsQuery
from activecampaign_sandbox import Running
from tests.cli.cli_harness import environment
from tests.web.page_harness import Pages


def test_a_past_day_is_shown_or_refused(company: Pages) -> None:
    """Today is as it is now; before the first reading nothing is known, and a table without versions has no past."""
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    with company.client() as client:
        now = client.get(f"/data/deals?as_of={today}")
        assert f"400 rows as of the end of {today}" in now.text
        assert "_valid_from</a>" not in now.text.replace("<th", "")
        assert f"as_of={today}" in now.text.split("Download CSV")[0]
        assert client.get(f"/data/deals.csv?as_of={today}").text.count("\n") == 401
        assert "Versions of deals are kept since" in client.get("/data/deals?as_of=2020-01-01").text
        assert "No versions of contacts are kept" in client.get(f"/data/contacts?as_of={today}").text
        assert 'name="as_of"' not in client.get("/data/contacts").text
        assert "is no day" in client.get("/data/deals?as_of=yesterday").text


def test_a_version_that_ended_is_shown_as_it_was(company: Pages, company_account: Running, tmp_path: Path) -> None:
    """The change log says which version held, and who was there."""
    shutil.copy(max((company.folder / ".acflow" / "published").glob("20*.duckdb")), tmp_path / "acflow.duckdb")
    (tmp_path / "acflow.duckdb").chmod(0o600)
    with duckdb.connect(str(tmp_path / "acflow.duckdb")) as connection:
        connection.execute("set search_path = 'activecampaign'")
        (first,) = connection.execute("select min(_valid_from) from deals_history").fetchone() or (None,)
        assert first is not None
        connection.execute(
            "insert into deals_history select * replace ('before' as title, ? as _valid_from, ? as _valid_to) "
            "from deals_history where id = (select min(id) from deals_history)",
            [first - timedelta(days=10), first - timedelta(days=5)],
        )
    project = Project.open(tmp_path, environment(company_account))
    past = RowsQuery(columns=("title",), as_of=first - timedelta(days=7))
    assert rows(project, "deals", past).table.to_pylist()[0]["title"] == "before"
    assert (count(project, "deals", past), count(project, "deals", replace(past, as_of=first + timedelta(days=1)))) == (
        1,
        400,
    )
