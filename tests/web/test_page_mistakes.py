"""Mistakes in acflow.yaml: every page says them, what needs no flow works, and nothing runs."""

from pathlib import Path

import pytest

from activecampaign_sandbox import Running
from tests.cli.cli_harness import acflow, environment
from tests.web.conftest import FLOWS
from tests.web.page_harness import serving_pages

WRONG = FLOWS.replace("    entity: deals\n    where", "    entitty: deals\n    where")
WRONG_SQL = FLOWS.replace("status_label = 'open'", "statu = 1")
NOT_YAML = "flows: {contacts: {entity: contacts\n"


@pytest.mark.parametrize(("text", "told", "left"), [(WRONG, "Did you mean", True), (NOT_YAML, "line", False)])
def test_pages_say_mistakes_and_go_on(
    company_account: Running, tmp_path: Path, text: str, told: str, *, left: bool
) -> None:
    """From the start and after a change, until it is mended."""
    env, path = environment(company_account), tmp_path / "acflow.yaml"
    path.write_text(FLOWS, encoding="utf-8")
    assert acflow("run", "deals", "open_deals", "--quiet", folder=tmp_path, env=env).code == 0
    path.write_text(text, encoding="utf-8")
    with serving_pages(tmp_path, env) as pages, pages.client() as client:
        for address in ("/", "/flows", "/flows/new", "/runs", "/data", "/data/deals", "/reports", "/sql", "/settings"):
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert "acflow.yaml has" in answer.text
            assert told in answer.text
        assert ("/flows/contacts" in client.get("/flows").text) is left
        assert "/flows/open_deals" not in client.get("/flows").text  # the flow that cannot be understood
        assert "/flows/by_stage" not in client.get("/flows").text  # and the one that is made of it
        assert pages.post(client, "/sql", "/sql", {"sql": "select 41 + 1 as x"}).status_code == 200
        path.write_text(WRONG_SQL, encoding="utf-8")
        assert [client.get(address).status_code for address in ("/", "/flows", "/data/deals")] == [200] * 3
        assert "Did you mean" in client.get("/flows/open_deals").text
        path.write_text(FLOWS, encoding="utf-8")
        assert "acflow.yaml has" not in client.get("/flows").text
        assert "/flows/by_stage" in client.get("/flows").text


def test_a_draft_is_begun_by_a_form(company_account: Running, tmp_path: Path) -> None:
    """Whoever only looks, a browser that loads ahead or a robot, leaves no draft behind."""
    (tmp_path / "acflow.yaml").write_text(FLOWS, encoding="utf-8")
    with serving_pages(tmp_path, environment(company_account)) as pages, pages.client() as client:
        for address in ("/flows/contacts/edit", "/flows/new", "/flows/new?from=deals", "/flows/new?sql=select+1"):
            client.get(address)
        assert not list((tmp_path / ".acflow").glob("drafts/*"))
        begun = pages.post(client, "/flows/new", "/flows/new", {"from": "deals"})
        assert begun.headers["location"].startswith("/drafts/")
        edited = pages.post(client, "/flows/new", "/flows/contacts/edit")
        assert edited.headers["location"].endswith("/source")
