"""Documents reach people by e-mail, in a chat, in a folder or a bucket; each receiver on its own."""

import base64
import io
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import fsspec
import openpyxl
import pytest

from acflow.app.documents import due_documents, list_documents, send_document
from acflow.app.outgoing import failure_of
from acflow.app.project import Project
from acflow.flows.file import load_flow_text
from acflow.flows.problems import FlowFileError
from acflow.web.service import Service, ServiceDependencies
from activecampaign_sandbox import Running
from tests.cli.cli_harness import acflow, environment
from tests.web.mail_harness import PASSWORD, UNKNOWN, USER, mail_server
from tests.web.page_harness import Pages
from tests.web.serve_harness import Clock, Harness, receiving

NOW = datetime(2026, 11, 30, 7, 30, tzinfo=UTC)
FLOWS = """
account: {url: "${ACTIVECAMPAIGN_URL}", key: "${ACTIVECAMPAIGN_KEY}"}
flows:
  deals: {entity: deals}
  open_deals: {entity: deals, where: status_label = 'open', columns: [id, title, amount]}
"""
MAIL = (
    "mail: {host: 127.0.0.1, port: %d, security: %s, from: acflow@example.com, user: %s, password: '${SMTP}', ca: %s}"
)


@pytest.fixture
def folder(company: Pages, tmp_path: Path) -> Path:
    """Return a project of its own with the company's data."""
    copy = tmp_path / "project"
    shutil.copytree(company.folder, copy, ignore=shutil.ignore_patterns("lock", "*.json"))
    return copy


def project(folder: Path, account: Running, text: str, **env: str) -> Project:
    """Return the project with these words more in its flow file."""
    (folder / "acflow.yaml").write_text(FLOWS + text, encoding="utf-8")
    return Project.open(folder, environment(account, SMTP=PASSWORD, **env))


def sent(opened: Project, name: str) -> list[tuple[str, str | None]]:
    """Send a document, with short pauses between attempts, and return what became of each receiver."""
    result = send_document(opened, name, NOW, lambda outgoing: failure_of(outgoing, first_wait=0.01))
    return [(outcome.receiver, outcome.error) for outcome in result.sent]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_report_comes_by_mail(folder: Path, company_account: Running, security: Literal["starttls", "tls"]) -> None:
    """Encrypted, with a login, with the findings as text and the report as a file."""
    with mail_server(folder, security) as server:
        words = (
            MAIL % (server.port, security, USER, "ca.pem")
            + """
documents:
  weekly: {report: sales, title: "Sales of the week", send: {email: [ann@example.com, bob@example.com]}}
"""
        )
        opened = project(folder, company_account, words)
        assert sent(opened, "weekly") == [("email ann@example.com, bob@example.com", None)]
    (letter,) = server.letters
    assert (letter["To"], letter["From"]) == ("ann@example.com, bob@example.com", "acflow@example.com")
    assert letter["Subject"] == "Sales of the week"
    body = letter.get_body()
    assert body is not None
    assert "Data as of" in body.get_content()
    (file,) = letter.iter_attachments()
    assert file.get_filename() == "weekly-2026-11-30.pdf"
    assert file.get_content().startswith(b"%PDF")


def test_a_mail_server_that_is_not_trusted_gets_nothing(folder: Path, company_account: Running) -> None:
    """Neither one whose certificate nobody knows, nor with a wrong password; an unknown mailbox is named."""
    with mail_server(folder) as server:
        known = MAIL % (server.port, "starttls", USER, "ca.pem")

        def error(mail: str, to: str) -> str:
            document = f"documents: {{rows: {{flow: open_deals, format: csv, send: {{email: {to}}}}}}}\n"
            ((_, said),) = sent(project(folder, company_account, f"{mail}\n{document}"), "rows")
            return said or ""

        unknown = error(known.replace(", ca: ca.pem", ""), "ann@example.com")
        assert "certificate of 127.0.0.1 is not trusted" in unknown
        intruder = error(known.replace(f"user: {USER}", "user: eve"), "ann@example.com")
        assert "535" in intruder
        assert PASSWORD not in intruder
        assert "550" in error(known, UNKNOWN)
        assert error(known, f"[ann@example.com, {UNKNOWN}]").startswith(f"{UNKNOWN} refused")
    assert [letter["To"] for letter in server.letters] == [f"ann@example.com, {UNKNOWN}"]


def test_one_receiver_that_fails_does_not_stop_the_others(folder: Path, company_account: Running) -> None:
    """Chats get words, programs the file too, folders and buckets a whole file; the command ends with 7."""
    with receiving() as slack, receiving() as teams, receiving() as program, receiving(404) as broken:
        words = """
documents:
  rows:
    flow: open_deals
    send:
      - {slack: "${BROKEN}"}
      - {slack: "${SLACK}"}
      - {teams: "${TEAMS}"}
      - {url: "${PROGRAM}", secret: "${SIGNING}"}
      - {folder: out/reports}
      - {folder: memory://bucket/reports}
"""
        env = {"SLACK": slack.url, "TEAMS": teams.url, "PROGRAM": program.url, "BROKEN": broken.url + "/T0K3N"}
        env["SIGNING"] = "long enough to sign with"
        opened = project(folder, company_account, words, **env)
        errors = sent(opened, "rows")
        assert errors == [
            ("slack 127.0.0.1", "answered 404"),
            ("slack 127.0.0.1", None),
            ("teams 127.0.0.1", None),
            ("url 127.0.0.1", None),
            ("folder out/reports", None),
            ("folder memory://bucket/reports", None),
        ]
        broken.answers.append(404)
        done = acflow("documents", "--send", "rows", folder=folder, env=environment(company_account, **env))
    assert done.code == 7, done.err
    assert "rows did not reach slack 127.0.0.1: answered 404." in done.err
    assert "T0K3N" not in done.err
    assert "rows went to folder out/reports." in done.err
    text = slack.got[0].data["text"]
    assert text.startswith("*open_deals*\n91 rows of open_deals. Data as of 2")
    assert teams.got[0].data["attachments"][0]["content"]["body"][1]["text"].startswith("91 rows")
    assert "acflow-signature" in program.got[0].headers
    file = program.got[0].data["file"]
    for content in (
        base64.b64decode(file["base64"]),
        (folder / "out" / "reports" / file["name"]).read_bytes(),
        fsspec.filesystem("memory").cat_file(f"/bucket/reports/{file['name']}"),
    ):
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        assert sheet.max_row == 92
    kept = json.loads((folder / ".acflow" / "documents.json").read_text(encoding="utf-8"))
    assert kept["rows"]["errors"] == ["slack 127.0.0.1: answered 404"]


def test_each_form_of_a_document_is_made(folder: Path, company_account: Running) -> None:
    """A page, one report and a whole role as a workbook, rows for a spreadsheet; what cannot be is refused."""
    words = """
documents:
  page: {report: all, format: html, send: {folder: out}}
  book: {report: sales, format: xlsx, send: {folder: out}}
  one: {report: pipeline, format: csv, send: {folder: out}}
  wrong: {report: pipeline, format: pdf, send: {folder: out}}
"""
    opened = project(folder, company_account, words)
    for name in ("page", "book", "one"):
        assert sent(opened, name) == [("folder out", None)]
    assert "<html" in (folder / "out" / "page-2026-11-30.html").read_text(encoding="utf-8")
    sheets = openpyxl.load_workbook(folder / "out" / "book-2026-11-30.xlsx").sheetnames
    assert "pipeline" in sheets
    assert len(sheets) > 5
    assert (folder / "out" / "one-2026-11-30.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    env = environment(company_account)
    refused = acflow("documents", "--send", "wrong", folder=folder, env=env)
    assert refused.code == 2
    assert "Roles: all, marketing, sales, revops" in refused.err
    assert acflow("documents", "--send", "pagee", folder=folder, env=env).code == 2
    listed = acflow("documents", folder=folder, env=env)
    assert "report pipeline" in listed.out


def test_a_document_is_due_once(folder: Path, company_account: Running) -> None:
    """At the first time after somebody began to look, and then not before the next one."""
    words = """
timezone: Europe/Berlin
documents:
  rows: {flow: open_deals, schedule: "0 8 * * 1", send: {folder: out}}
  by_hand: {flow: deals, send: {folder: out}}
"""
    opened = project(folder, company_account, words)
    before = datetime(2026, 11, 30, 6, 59, tzinfo=UTC)
    assert due_documents(opened, before, before) == ()
    assert due_documents(opened, before, NOW) == ("rows",)
    assert list_documents(opened, before)[0].next_at == datetime(2026, 11, 30, 7, 0, tzinfo=UTC)
    sent(opened, "rows")
    assert due_documents(opened, before, NOW) == ()
    assert due_documents(opened, before, datetime(2026, 12, 7, 7, 0, tzinfo=UTC)) == ("rows",)


def test_the_service_sends_what_is_due_and_tells_what_did_not_arrive(folder: Path, company_account: Running) -> None:
    """Each document once for each of its times; whoever is told of failures hears which one reached nobody."""
    with receiving() as receiver:
        words = f"""
documents:
  rows: {{flow: open_deals, schedule: "0 8 * * *", send: {{folder: out}}}}
  lost: {{flow: open_deals, schedule: "0 9 * * *", send: {{folder: acflow.yaml}}}}
notify: {{url: "{receiver.url}", on: failure}}
"""
        opened = project(folder, company_account, words)
        clock, said = Clock(datetime(2026, 11, 30, 7, 59, tzinfo=UTC)), list[str]()
        files = (folder / "acflow.yaml",)
        service = Service(ServiceDependencies(lambda: opened, files, said.append, Harness.post, clock))
        assert service.send_due() == ()
        clock.forward(minutes=2)
        assert service.send_due() == ("rows",)
        assert service.send_due() == ()
        assert [path.name for path in (folder / "out").glob("rows*")] == ["rows-2026-11-30.xlsx"]
        assert said == ["The document rows went to folder out."]
        assert receiver.got == []
        clock.forward(hours=1)
        assert service.send_due() == ("lost",)
        assert "The document lost did not reach folder acflow.yaml" in said[1]
        assert receiver.got[0].headers["acflow-event"] == "failure"
        assert "lost" in receiver.got[0].data["message"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("notify: {slack: 'https://hooks.slack.example/T0K3N'}", "`slack` is a secret"),
        ("notify: {email: ann@example.com}", "no server is named"),
        ("notify: {folder: out}", "nobody is told anything by a folder"),
        ("notify: {email: a@b.example, url: 'https://x.example'}", "one way, not 2"),
        ("mail: {host: smtp.example.com, from: a@b.example, security: none}", "sent unencrypted"),
        ("mail: {host: h.example, from: a@b.example, user: u, password: T0K3N}", "`password` is a secret"),
        ('mail: {host: h.example, from: "a@b.example\\nBcc: c@d.example"}', "no address of e-mail"),
        ("documents: {d: {flow: dealss, send: {folder: out}}}", "Did you mean `deals`"),
        ("documents: {d: {flow: deals, format: pdf, send: {folder: out}}}", "not sent as pdf"),
        ("documents: {d: {flow: deals, send: []}}", "at least 1"),
    ],
)
def test_mistakes_are_found_before_anything_is_sent(words: str, said: str) -> None:
    """With their place and their fix, and without a secret."""
    with pytest.raises(FlowFileError) as error:
        load_flow_text(f"flows: {{deals: {{entity: deals}}}}\n{words}\n", env={})
    assert said in str(error.value)
    assert "T0K3N" not in str(error.value)


def test_a_run_that_nobody_watches_tells_how_it_ended(folder: Path, company_account: Running) -> None:
    """As one started by cron: by webhook and by mail, also where the account refuses the key; --no-notify does not."""
    with receiving() as receiver, mail_server(folder) as server:
        words = (
            MAIL % (server.port, "starttls", USER, "ca.pem")
            + f"""
notify:
  - {{url: "{receiver.url}", on: [success, failure]}}
  - {{email: ops@example.com, on: failure}}
"""
        )
        project(folder, company_account, words)
        env = environment(company_account, SMTP=PASSWORD)
        assert acflow("run", "open_deals", "--no-read", "--quiet", folder=folder, env=env).code == 0
        assert [got.data["event"] for got in receiver.got] == ["success"]
        acflow("run", "open_deals", "--no-read", "--no-notify", "--quiet", folder=folder, env=env)
        assert len(receiver.got) == 1
        refused = acflow("run", "open_deals", "--quiet", folder=folder, env={**env, "ACTIVECAMPAIGN_KEY": "wrong-key"})
        assert refused.code == 2
    assert [got.data["event"] for got in receiver.got] == ["success", "failure"]
    (letter,) = server.letters
    assert letter["Subject"] == "acflow: failed"
    assert "wrong-key" not in letter.as_string()
