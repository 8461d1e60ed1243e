"""Who may speak to the pages, and what hostile names can do there: nothing."""

from pathlib import Path

import httpx2
import pytest

from tests.cli.cli_harness import acflow, environment
from tests.web.page_harness import Pages, serving_pages

PASSWORD = "correct horse battery"  # noqa: S105 - of a server that lives for a second
FORMS = ("/runs", "/runs/cancel", "/flows/contacts/run", "/flows/new", "/feeds", "/settings/tokens", "/welcome/made-up")


@pytest.mark.parametrize("name", ["evil.example", "evil.example:8321", "127.0.0.1.evil.example", "["])
def test_only_names_of_this_machine_are_answered(company: Pages, name: str) -> None:
    """A page of the web that gave its own name this machine's address sees nothing."""
    with company.client(Host=name) as client:
        for path in ("/", "/data/contacts", "/static/app.css", "/sql"):
            assert client.get(path).status_code == 421


def test_a_form_of_another_site_does_nothing(company: Pages) -> None:
    """Without the page's token, with another visit's, or from another origin, each POST is refused."""
    with company.client() as client, company.client() as other:
        token = company.token(other, "/sql")
        company.token(client, "/sql")
        for form in (*FORMS, "/sql"):
            assert client.post(form, data={"sql": "select 1"}).status_code == 403
            assert client.post(form, data={"sql": "select 1", "csrf": token}).status_code == 403
        own = company.token(client, "/sql")
        answer = client.post("/sql", data={"sql": "select 1", "csrf": own}, headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403
        assert client.post("/sql", data={"sql": "select 41 + 1 as x", "csrf": own}).status_code == 200
        assert company.post(client, "/sql", "/runs/nowhere").status_code in {404, 405}


def test_every_answer_carries_the_headers(company: Pages) -> None:
    """Pages, their parts and what is not there alike: no inline script or style, no frame, nothing guessed or kept."""
    with company.client() as client:
        for path in ("/", "/data/contacts", "/nowhere", "/static/page.js", "/reports/sales/pipeline/answer"):
            headers = client.get(path).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-frame-options"] == "DENY"


def test_no_path_leads_out(company: Pages) -> None:
    """Neither files nor drafts are found by going up."""
    with company.client() as client:
        for path in (
            "/static/../app.py",
            "/static/%2e%2e/app.py",
            "/static/..%2fapp.py",
            "/drafts/..%2f..%2facflow/source",
        ):
            assert client.get(path).status_code == 404


def test_the_key_is_on_no_page(company: Pages) -> None:
    """Settings say that there is one, and no more; a mistake does not show what was typed."""
    with company.client() as client:
        key = "0123456789abcdef-typed-by-somebody"
        answer = company.post(client, "/welcome", "/welcome", {"url": "http://127.0.0.1:9", "key": key})
        assert answer.status_code == 422
        assert key not in answer.text
        for path in ("/settings", "/", "/flows/open_deals", "/welcome"):
            assert "sandbox-key" not in client.get(path).text


def test_the_question_box_only_reads(company: Pages) -> None:
    """Whatever would write, reach a file or never end is refused, with a sentence."""
    escapes = ["drop table contacts", "select 1; select 2", "pragma database_list", "copy contacts to 'x.csv'"]
    escapes += ["select * from read_text('/etc/passwd')", "attach 'x.duckdb'"]
    with company.client() as client:
        for sql in escapes:
            answer = company.post(client, "/sql", "/sql", {"sql": sql})
            assert 'class="note bad"' in answer.text, sql
            assert "root:" not in answer.text


def test_people_log_in_where_others_can_reach(tmp_path: Path) -> None:
    """Passwords, roles, the pause after wrong ones, and a session that nobody could have planted."""
    env = environment()
    for name, role in (("ann", "edit"), ("vic", "view")):
        assert acflow("serve", "user", name, "--role", role, folder=tmp_path, env=env, stdin=f"{PASSWORD}\n").code == 0
    assert PASSWORD not in (tmp_path / ".acflow" / "people.json").read_text(encoding="utf-8")
    with serving_pages(tmp_path, env) as pages:
        with pages.client() as client:
            assert client.get("/data").headers["location"] == "/login"
            client.cookies.set("acflow_session", "planted", domain="127.0.0.1")
            assert _log_in(pages, client, "ann").headers["location"] == "/"
            assert "planted" not in str(client.cookies)
            assert client.get("/settings").status_code == 200
            assert (
                pages.post(client, "/settings", "/settings/tokens", {"name": "x", "scope": "read"}).status_code == 200
            )
            assert "POST /settings/tokens" in (tmp_path / ".acflow" / "audit.jsonl").read_text(encoding="utf-8")
            pages.post(client, "/settings", "/logout")
            assert client.get("/settings").status_code == 303
        with pages.client() as client:
            _log_in(pages, client, "vic")
            assert client.get("/settings").status_code == 200
            token = pages.token(client, "/settings")
            assert client.get("/flows/contacts/edit").status_code == client.get("/flows/new").status_code == 403
            for form in FORMS:
                assert client.post(form, data={"csrf": token}).status_code == 403
        with pages.client() as client:
            answers = [_log_in(pages, client, "ann", "wrong password").status_code for _ in range(6)]
            assert answers == [403] * 5 + [429]
            assert _log_in(pages, client, "ann").status_code == 429


def _log_in(pages: Pages, client: httpx2.Client, name: str, password: str = PASSWORD) -> httpx2.Response:
    return pages.post(client, "/login", "/login", {"name": name, "password": password})
