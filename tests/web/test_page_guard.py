"""Who may speak to the pages, and what hostile names can do there: nothing."""

import csv
import io
import re
import shutil
import zipfile
from pathlib import Path

import duckdb
import httpx2
import pytest
from playwright.sync_api import Browser

from activecampaign_sandbox import Running
from tests.cli.cli_harness import acflow, environment
from tests.web.page_harness import Pages, serving_pages, visiting

PASSWORD = "correct horse battery"  # noqa: S105 - of a server that lives for a second
FORMS = ("/runs", "/runs/cancel", "/flows/contacts/run", "/flows/new", "/feeds", "/settings/tokens", "/welcome/made-up")
HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    '=HYPERLINK("http://evil.example","evil")',
    "'\"`{{7*7}}${7*7}</textarea></svg>",
    "\u202egnp.exe\u2066 onerror",
    "]]>--><b onmouseover=alert(1)>onerror</b>",
]
HOSTILE_COLUMNS = (
    *(("deals", "title"), ("dealStages", "title"), ("dealGroups", "title"), ("contacts", "firstName")),
    *(("campaigns", "name"), ("lists", "name"), ("forms", "name"), ("users", "firstName"), ("open_deals", "title")),
)
HOSTILE_PAGES = (  # and whether a name is shown there
    *(("/", False), ("/data/deals", True), ("/data/contacts?q=onerror", True), ("/data/lists?sort=name", True)),
    *(("/flows/open_deals", True), ("/reports/sales/pipeline", True), ("/reports/marketing/list_health", True)),
    *(
        ("/data/lists?q=%3Cscript%3Ealert(1)%3C/script%3E", False),
        ("/nowhere/%3Cimg%20src=x%20onerror=alert(1)%3E", False),
    ),
)


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


def test_hostile_names_stay_texts(chromium: Browser, company: Pages, company_account: Running, tmp_path: Path) -> None:
    """Who names a deal, a list or a contact cannot write our pages, in HTML, SVG, CSV or Excel."""
    (tmp_path / ".acflow").mkdir()
    shutil.copy(company.folder / "acflow.yaml", tmp_path)
    shutil.copy(company.folder / ".acflow" / "ledger.sqlite", tmp_path / ".acflow")
    shutil.copy(max((company.folder / ".acflow" / "published").glob("20*.duckdb")), tmp_path / "acflow.duckdb")
    (tmp_path / "acflow.duckdb").chmod(0o600)
    with duckdb.connect(str(tmp_path / "acflow.duckdb")) as connection:
        connection.execute("set search_path = 'activecampaign'")
        for table, column in HOSTILE_COLUMNS:
            statement = f'update "{table}" set "{column}" = (?)[1 + id % ?]'  # noqa: S608 - names of this file
            connection.execute(statement, [HOSTILE, len(HOSTILE)])
    with serving_pages(tmp_path, environment(company_account)) as pages, visiting(chromium, pages) as visit:
        for path, shown in HOSTILE_PAGES:
            page = visit.open(path)
            assert page.get_by_text("onerror", exact=False).count() > 0 or not shown, path
            planted = page.locator("main img, svg img, svg script, main script, svg foreignObject, [onerror], [onload]")
            assert planted.count() == 0, path
            assert page.get_by_role("link", name="evil").count() == 0
            page.close()
        faults = [fault for fault in visit.faults if "/nowhere" not in fault]
        assert (faults, visit.dialogs, visit.elsewhere) == ([], [], [])
        with pages.client() as client:
            asked = pages.post(client, "/sql", "/sql", {"sql": "select title from deals"})
            assert "<img" not in asked.text
            assert "&lt;img" in asked.text
            made = pages.post(client, "/feeds", "/feeds", {"table": "deals"})
            address = re.search(r"/feed/[\w-]+/deals", made.text)
            assert address
            for texts in (client.get("/data/deals.csv").text, client.get(f"{address[0]}.csv").text):
                cells = [cell for row in csv.reader(io.StringIO(texts)) for cell in row]
                assert any("HYPERLINK" in cell for cell in cells)
                assert not [cell for cell in cells if cell.startswith("=")]
            (tmp_path / "feed.xlsx").write_bytes(client.get(f"{address[0]}.xlsx").content)
    with zipfile.ZipFile(tmp_path / "feed.xlsx") as book:
        assert not any(
            b"<f>" in book.read(name) or b"hyperlink" in book.read(name) for name in book.namelist() if "sheet" in name
        )


def test_people_are_added_on_the_page(tmp_path: Path) -> None:
    """From the first on everybody logs in; somebody can always change things; who is taken away is out at once."""
    with serving_pages(tmp_path, environment()) as pages, pages.client() as client, pages.client() as other:
        only_viewer = {"name": "vic", "password": PASSWORD, "role": "view"}
        assert "role edit" in pages.post(client, "/settings", "/settings/people", only_viewer).text
        assert (
            "fewer than"
            in pages.post(
                client, "/settings", "/settings/people", {"name": "ann", "password": "short", "role": "edit"}
            ).text
        )
        ann = {"name": "ann", "password": PASSWORD, "role": "edit"}
        assert pages.post(client, "/settings", "/settings/people", ann).headers["location"] == "/login"
        assert client.get("/data").status_code == 303
        _log_in(pages, client, "ann")
        assert pages.post(client, "/settings", "/settings/people", only_viewer).headers["location"] == "/settings"
        _log_in(pages, other, "vic")
        assert other.get("/settings").status_code == 200
        assert "role edit" in pages.post(client, "/settings", "/settings/people/ann/remove").text
        assert pages.post(client, "/settings", "/settings/people/vic/remove").status_code == 303
        assert other.get("/settings").headers["location"] == "/login"
        assert PASSWORD not in client.get("/settings").text
