"""`acflow accounts`, `acflow run` over accounts and `--account`, as typed."""

import io
import json
import re
import shlex
from pathlib import Path

import pytest

from acflow.cli.app import start
from acflow.settings import read_env_file
from activecampaign_sandbox import make_world, running
from tests.accounts.conftest import Agency

PAGE = Path(__file__).parents[2] / "docs" / "accounts.md"


@pytest.fixture
def _inside(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in the project's folder, with its variables."""
    monkeypatch.chdir(agency.project.folder)
    for name, value in agency.project.env.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("_inside")
def test_accounts_are_listed_and_tried(capsys: pytest.CaptureFixture[str]) -> None:
    """Where each stands, and whose key it is; one that does not answer makes it 5."""
    assert start(["accounts", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(account["name"], account["status"]) for account in listed] == [
        ("north", "ok"),
        ("south", "ok"),
        ("west", None),
    ]
    assert start(["accounts"]) == 0
    assert "uk, big" in capsys.readouterr().out
    assert start(["accounts", "check"]) == 5
    said = capsys.readouterr().out
    assert "north               answers in" in said
    assert "west                No connection to" in said


@pytest.mark.usefixtures("_inside")
def test_commands_that_read_take_an_account(capsys: pytest.CaptureFixture[str]) -> None:
    """Without one they are about the roll-ups, or say which accounts there are."""
    assert start(["query", "select count(*) as n from deals", "--json"]) == 0
    both = json.loads(capsys.readouterr().out)[0]["n"]
    alone = 0
    for name in ("north", "south"):
        assert start(["query", "select count(*) as n from deals", "--json", "--account", name]) == 0
        alone += json.loads(capsys.readouterr().out)[0]["n"]
    assert both == alone
    assert start(["flows", "--json", "--account", "north"]) == 0
    assert [flow["name"] for flow in json.loads(capsys.readouterr().out)] == ["open_deals"]
    assert start(["reports", "show", "win_rate"]) == 2
    assert "Choose one by --account: north, south, west." in capsys.readouterr().err
    assert start(["show", "deals", "--account", "nroth"]) == 2
    assert "There is no account `nroth`. Did you mean `north`?" in capsys.readouterr().err


@pytest.mark.usefixtures("_inside")
def test_the_variable_chooses_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """For a shell in which one works on one account."""
    monkeypatch.setenv("ACFLOW_ACCOUNT", "south")
    assert start(["runs", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("_inside")
def test_a_run_tells_of_each_account(capsys: pytest.CaptureFixture[str], agency: Agency) -> None:
    """In a table for people, and as JSON; nobody's key is in either."""
    code = start(["run", "by_account", "--label", "uk", "--no-read"])
    table = capsys.readouterr()
    assert code == 0
    assert "by_account" in table.err
    assert start(["run", "lists", "--json", "--account", "west", "--account", "north"]) == 5
    said = capsys.readouterr()
    report = json.loads(said.out)
    assert [(run["account"], run["exit_code"]) for run in report["accounts"]] == [("north", 0), ("west", 3)]
    assert report["roll_ups"] is None
    assert "west: No connection" in said.err
    assert all(sandbox.key not in said.out + said.err + table.err for sandbox in agency.sandboxes.values())


@pytest.mark.usefixtures("_inside")
def test_what_the_page_types_does_what_it_should(capsys: pytest.CaptureFixture[str]) -> None:
    """Accounts are added, and runs made, by other tests; documents are drawn by those of reports."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    elsewhere = ("acflow accounts add", "acflow run", "acflow report ")
    commands = [line for block in blocks for line in block.splitlines() if not line.startswith(elsewhere)]
    assert len(commands) >= 5
    for command in dict.fromkeys(command.partition(" > ")[0] for command in commands):
        assert start(shlex.split(command)[1:]) == 0, f"{command}: {capsys.readouterr().err}"


def test_accounts_are_added_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In an empty folder, and into a file with comments; the key is in `.env` and nowhere else."""
    with running(make_world("empty")) as sandbox:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{sandbox.key}\n"))
        assert start(["accounts", "add", "north", "--url", sandbox.url, "--key-stdin", "--label", "uk"]) == 0
        file = Path("acflow.yaml")
        assert f"  north:\n    url: {sandbox.url}\n    key: ${{NORTH_KEY}}\n    labels:\n" in file.read_text()
        file.write_text(f"{file.read_text()}# The south is next.\nflows:\n  a: {{from: lists, over: accounts}} # all\n")
        other = sandbox.url.replace("127.0.0.1", "localhost")
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{sandbox.key}\n"))
        assert start(["accounts", "add", "south", "--url", other, "--key-stdin"]) == 0
        assert "# The south is next." in file.read_text()
        assert "over: accounts} # all" in file.read_text()
        assert read_env_file(tmp_path / ".env") == {"NORTH_KEY": sandbox.key, "SOUTH_KEY": sandbox.key}
        assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600

        assert start(["accounts", "remove", "north"]) == 0
        assert read_env_file(tmp_path / ".env") == {"SOUTH_KEY": sandbox.key}
        assert "north" not in file.read_text()
        before = file.read_text()
        assert start(["accounts", "remove", "south"]) == 2  # a roll-up needs one
        assert file.read_text() == before
        assert "there are no accounts here to go over" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "key", "said"),
    [
        ("North", "", "`North` cannot name an account"),
        ("north", "another-key-altogether", "key"),
    ],
)
def test_what_cannot_be_an_account_is_refused(
    name: str, key: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written then."""
    with running(make_world("empty")) as sandbox:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{key or sandbox.key}\n"))
        assert start(["accounts", "add", name, "--url", sandbox.url, "--key-stdin"]) == 2
    assert said in capsys.readouterr().err
    assert list(Path().iterdir()) == []


def test_a_project_of_one_account_has_none_to_choose(capsys: pytest.CaptureFixture[str]) -> None:
    """It says where there are any."""
    Path("acflow.yaml").write_text("account: {url: 'https://a.api-us1.com', key: 0123456789}\n", encoding="utf-8")
    for words in (["accounts"], ["run", "--account", "north"], ["show", "--account", "north"]):
        assert start(words) == 2
        assert "acflow.yaml names no" in capsys.readouterr().err
