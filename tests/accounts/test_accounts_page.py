"""The pages of several accounts at one address, as a browser and a program ask for them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from acflow.app.model import RunRequest
from acflow.app.people import set_person
from acflow.app.pipeline import run
from acflow.app.project import Project
from acflow.app.tokens import make_token
from acflow.web.service import Service, ServiceDependencies
from tests.accounts.conftest import Agency
from tests.cli.cli_harness import environment
from tests.web.page_harness import Pages, serving_pages


@pytest.fixture(scope="module")
def pages(agency: Agency) -> Iterator[Pages]:
    """Serve the agency's accounts."""
    agency.run(RunRequest(read=False), ["north"])
    with serving_pages(agency.project.folder, {**environment(), **agency.project.env}) as served:
        yield served


def test_every_page_is_of_the_account_that_was_chosen(pages: Pages, agency: Agency) -> None:
    """The header chooses, a cookie remembers, and settings list all of them."""
    with pages.client() as client:
        settings = client.get("/settings").text
        assert f"<dd>{agency.sandboxes['north'].url}</dd>" in settings
        assert "<option selected>north</option><option>south</option><option>west</option>" in settings
        assert '<a href="/?_account=west">west</a>' in settings
        client.get("/", params={"_account": "south"})
        assert f"<dd>{agency.sandboxes['south'].url}</dd>" in client.get("/settings").text
        deals = agency.project.of("south").warehouse().query("select title from deals order by id limit 1")
        assert deals["title"][0].as_py() in client.get("/data/deals").text
        assert client.get("/flows/open_deals").status_code == 200
        assert client.get("/", params={"_account": "nowhere"}).status_code == 404


def test_programs_choose_by_a_parameter(pages: Pages, agency: Agency) -> None:
    """A token is the project's; without a choice it is the first account."""
    _, secret = make_token(agency.project.of("").settings.state, "dashboard", ["read", "rows"])
    with pages.client(Accept="application/json", Authorization=f"Bearer {secret}") as client:
        listed = client.get("/api/v1/accounts").json()
        assert [account["name"] for account in listed] == ["north", "south", "west"]
        for name in ("north", "south"):
            count = "select count(*) as n from deals"
            asked = client.post("/api/v1/query", params={"_account": name}, json={"sql": count}).json()
            own = agency.project.of(name).warehouse().query(count)["n"][0].as_py()
            assert asked["rows"] == [[own]] or asked["rows"] == [{"n": own}]


def test_scheduled_roll_ups_run_too(agency: Agency, tmp_path: Path) -> None:
    """Beside the flows of each account, on their own schedules."""
    text = agency.project.flow_path.read_text(encoding="utf-8")
    text = text.replace("  by_account:\n", "  by_account:\n    schedule: {every: 1h}\n")
    (tmp_path / "acflow.yaml").write_text(text, encoding="utf-8")
    over = Project.open(tmp_path, agency.project.env)
    moments, said = [datetime.now(UTC)], list[str]()
    dependencies = ServiceDependencies(over.reopened, (), said.append, lambda _: None, lambda: moments[-1], runner=run)
    service = Service(dependencies)
    moments.append(moments[0] + timedelta(hours=2))
    assert service.run_pending() == ("by_account",)
    # Nothing has landed in this folder, so it says so, and of what.
    assert any("by_account: blocked" in line for line in said)


def test_people_log_in_once_for_all_accounts(agency: Agency) -> None:
    """They are the project's."""
    state = agency.project.of("").settings.state
    set_person(state, "ann", "a long password", "edit")
    try:
        with (
            serving_pages(agency.project.folder, {**environment(), **agency.project.env}) as served,
            served.client() as client,
        ):
            assert "Password" in client.get("/login").text
            served.post(client, "/login", "/login", {"name": "ann", "password": "a long password"})
            for name in ("north", "south"):
                client.get("/", params={"_account": name})
                assert f"<dd>{agency.sandboxes[name].url}</dd>" in client.get("/settings").text
    finally:
        (state / "people.json").unlink(missing_ok=True)
