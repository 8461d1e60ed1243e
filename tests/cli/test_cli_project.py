"""The commands that make a project and read an account, against a sandbox that really runs."""

import csv
import io
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from acflow.entities import BY_DEFAULT, entity
from acflow.entities.choice import by_default
from acflow.entities.document import columns
from activecampaign_sandbox import Fault, Running, World, make_world, running
from tests.cli.cli_harness import COMMAND, Said, acflow, environment, on_terminal

NAMES = [each.name for each in by_default("auto")]
FOR_REPORTS = {"accounts", "campaignLists", "campaignMessages", "contactLists", "dealActivities", "formContacts"}
TRIED = [each.name for each in BY_DEFAULT]


@pytest.fixture(scope="module")
def world() -> World:
    """Return a company that is small enough to be read in a moment."""
    return make_world("small", contacts=250, deals=60)


@pytest.fixture(scope="module")
def account(world: World) -> Iterator[Running]:
    """Yield an account that answers."""
    with running(world) as sandbox:
        yield sandbox


@dataclass(frozen=True, slots=True)
class Project:
    """A folder in which `acflow init` and `acflow run` have been."""

    folder: Path
    init: Said
    run: Said

    def acflow(self, *arguments: str) -> Said:
        """Run a command there; address and key come from its files."""
        return acflow(*arguments, folder=self.folder, env=environment(ACFLOW_PACE="0"))


@pytest.fixture(scope="module")
def project(account: Running, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Make a project in a checkout whose `.env` already held something."""
    folder = tmp_path_factory.mktemp("project")
    (folder / ".git").mkdir()
    (folder / ".env").write_text("# mine\nOTHER='a b'\nexport ACTIVECAMPAIGN_KEY=an-older-key\n", encoding="utf-8")
    init = acflow("init", "--url", account.url, "--key-stdin", folder=folder, stdin=f"{account.key}\n")
    return Project(folder, init, Project(folder, init, init).acflow("run", "--json"))


def test_init_keeps_url_and_key_for_the_owner_alone(project: Project, account: Running) -> None:
    """The key stands in one file, which nobody else may read; what stood in it before stays."""
    assert project.init.code == 0, project.init.err
    env = project.folder / ".env"
    assert env.stat().st_mode & 0o777 == 0o600
    assert env.read_text(encoding="utf-8").splitlines() == [
        "# mine",
        "OTHER='a b'",
        f"ACTIVECAMPAIGN_KEY={account.key}",
        f"ACTIVECAMPAIGN_URL={account.url}",
    ]
    assert {".env", ".acflow/"} <= set((project.folder / ".gitignore").read_text(encoding="utf-8").splitlines())


def test_a_run_prints_its_certificates_as_json(project: Project, world: World) -> None:
    """What a machine reads names each entity, what was promised and what came."""
    assert project.run.code == 0, project.run.err
    report = json.loads(project.run.out)
    assert (report["status"], report["exit_code"]) == ("ok", 0)
    told = {c["entity"]: (c["verdict"], c["received"], c["landed"]) for c in report["certificates"]}
    assert told.keys() == {*NAMES, *FOR_REPORTS}
    assert told.pop("formContacts")[0] == "complete", "a list that is nowhere in the account as such"
    assert told == {name: ("complete", len(world.rows(name)), True) for name in told}


def test_the_key_stands_in_env_and_nowhere_else(project: Project, account: Running) -> None:
    """Neither data nor talk nor any file but .env shows it."""
    said = [project.acflow(*words) for words in (("check",), ("runs", "show", "last"), ("get", "users/me"))]
    texts = [text for each in (project.init, project.run, *said) for text in (each.out, each.err)]
    assert [text for text in texts if account.key in text] == []
    holders = [
        path.name for path in project.folder.rglob("*") if path.is_file() and account.key.encode() in path.read_bytes()
    ]
    assert holders == [".env"]


def test_init_with_a_wrong_key_writes_nothing(account: Running, tmp_path: Path) -> None:
    """A project that could not work is not made, and the key that was tried is not repeated."""
    said = acflow("init", "--url", account.url, "--key-stdin", folder=tmp_path, stdin="a-key-of-someone-else\n")
    assert said.code == 2
    assert "refused the key" in said.err
    assert "a-key-of-someone-else" not in said.out + said.err
    assert list(tmp_path.iterdir()) == []


def test_init_leaves_a_flow_file_that_is_there(account: Running, tmp_path: Path) -> None:
    """A second init renews the key; what somebody wrote into acflow.yaml is replaced only when asked for."""
    mine = "# my flows\nwarehouse: duckdb:///mine.duckdb\n"
    (tmp_path / "acflow.yaml").write_text(mine, encoding="utf-8")
    again = ("init", "--url", account.url)
    kept = acflow(*again, folder=tmp_path, env=environment(account))
    assert (kept.code, (tmp_path / "acflow.yaml").read_text(encoding="utf-8")) == (0, mine)
    forced = acflow(*again, "--force", folder=tmp_path, env=environment(account))
    assert forced.code == 0
    assert "${ACTIVECAMPAIGN_KEY}" in (tmp_path / "acflow.yaml").read_text(encoding="utf-8")


def test_check_tells_what_the_key_may_see(account: Running, world: World, project: Project) -> None:
    """Every entity with its rows, the user, the warehouse and the versions, for people and for machines."""
    said = project.acflow("check", "--json")
    found = json.loads(said.out)
    assert said.code == 0
    untold = {"dealCustomFieldMeta"}  # its answer has no total
    assert {each["entity"]: each["rows"] for each in found["entities"]} == {
        name: None if name in untold else len(world.rows(name)) for name in TRIED
    }
    assert found["account"]["url"].startswith(account.url)
    assert found["warehouse"]["free"]
    assert {*NAMES, "contacts_custom", "deals_custom", "_custom_fields"} <= set(found["warehouse"]["tables"])
    assert set(found["versions"]) == {"acflow", "python", "duckdb", "pyarrow"}


def test_one_forbidden_entity_is_told_and_the_others_land(world: World, tmp_path: Path) -> None:
    """The exit code says partial, the reason names the next step, and check sees it before."""
    with running(world, faults=[Fault("forbidden", path="deals", count=None)]) as sandbox:
        env = environment(sandbox)
        checked = acflow("check", "--json", folder=tmp_path, env=env)
        ran = acflow("run", "deals", "lists", folder=tmp_path, env=env)
    assert (checked.code, ran.code) == (5, 5)
    assert [e["entity"] for e in json.loads(checked.out)["entities"] if not e["visible"]] == ["deals"]
    assert "deals: forbidden, not landed." in ran.err
    assert "Use an admin's key" in ran.err
    shown = [line.split() for line in acflow("show", folder=tmp_path, env=env).out.splitlines()]
    assert ["lists", str(len(world.rows("lists")))] in shown
    assert "deals" not in {line[0] for line in shown if line}


def test_a_helper_that_the_account_lacks_is_told_and_fails_nothing(world: World, tmp_path: Path) -> None:
    """Nobody asked for pipelines; who does ask for them hears of it by the exit code."""
    with running(world, faults=[Fault("forbidden", path="dealGroups", count=None)]) as sandbox:
        env = environment(sandbox)
        everything = acflow("run", "--json", folder=tmp_path, env=env)
        named = acflow("run", "pipelines", folder=tmp_path, env=env)
        checked = acflow("check", "--json", folder=tmp_path, env=env)
    assert (everything.code, named.code, checked.code) == (0, 3, 0)
    lacking = {c["entity"]: c["verdict"] for c in json.loads(everything.out)["certificates"] if not c["landed"]}
    assert lacking == {"dealGroups": "forbidden"}
    assert "dealGroups: forbidden, not landed." in named.err


def test_a_heavy_helper_is_read_when_it_is_named(account: Running, world: World, tmp_path: Path) -> None:
    """A row per membership is read only by those who want it."""
    env = environment(account)
    assert acflow("run", "contactLists", "stages", folder=tmp_path, env=env).code == 0
    counted = acflow("query", 'select count(*) as n from "contactLists"', "--json", folder=tmp_path, env=env)
    assert json.loads(counted.out) == [{"n": len(world.rows("contactLists"))}]
    landed = json.loads(acflow("show", "--json", folder=tmp_path, env=env).out)
    held = {each["table"]: each["rows"] for each in landed if not each["table"].startswith("_")}
    assert {table: rows for table, rows in held.items() if not table.endswith("_deleted")} == {
        name: len(world.rows(name)) for name in ("contactLists", "dealStages")
    }


def test_ctrl_c_ends_at_once_and_says_what_is_whole(world: World, tmp_path: Path) -> None:
    """Threads that the account has sent to wait for minutes do not hold up whoever wants to leave."""
    with running(world, faults=[Fault("rate-limited", path="contacts", count=None, retry_after=250)]) as sandbox:
        command = subprocess.Popen(
            [*COMMAND, "run", "contacts"],
            cwd=tmp_path,
            env=environment(sandbox),
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        try:
            while not any(record.status == 429 for record in sandbox.requests):
                assert command.poll() is None
            command.send_signal(signal.SIGINT)
            _, said = command.communicate(timeout=60)
        finally:
            command.kill()
    assert command.returncode == 130
    assert "Every table is whole" in said
    assert "Traceback" not in said


def test_show_prints_every_row_as_csv(project: Project, world: World) -> None:
    """A file made with > is never the first page of something longer."""
    said = project.acflow("show", "contacts", "--format", "csv")
    ids = [row["id"] for row in csv.DictReader(io.StringIO(said.out))]
    assert ids == sorted((row["id"] for row in world.rows("contacts")), key=int)


def test_show_says_what_a_table_leaves_out(project: Project) -> None:
    """A look at a few rows is known as such."""
    said = project.acflow("show", "contacts", "--rows", "3")
    assert len(said.out.splitlines()) == 5
    assert "3 of 250 rows" in said.err


def test_an_unknown_table_is_answered_with_the_nearest(project: Project) -> None:
    """A slip of the finger costs one look."""
    said = project.acflow("show", "contact")
    assert (said.code, said.out) == (2, "")
    assert "Did you mean contacts?" in said.err


@pytest.mark.parametrize(
    "sql", ["delete from deals", "drop table deals", "select 1; select 2", "selec 1", "", "set x=1"]
)
def test_query_only_reads(project: Project, sql: str) -> None:
    """What is no single question is refused as such, before anything happens."""
    said = project.acflow("query", sql)
    assert (said.code, said.out) == (2, "")
    assert project.acflow("query", "select count(*) as n from deals", "--json").out == '[\n{"n":60}\n]\n'


def test_get_prints_the_answer_untouched(project: Project, account: Running) -> None:
    """Byte for byte what the API sent, however the path is written."""
    url = f"{account.url}/api/3/deals"
    asked = {"limit": "2", "orders[cdate]": "DESC"}
    sent = httpx2.get(url, params=asked, headers={"Api-Token": account.key}, trust_env=False).text
    assert project.acflow("get", "/api/3/deals?limit=2", "--param", "orders[cdate]=DESC").out == sent


@pytest.mark.parametrize("path", ["https://elsewhere.example.com/api/3/deals", "../../secret", "/api/3/"])
def test_get_stays_below_the_account(project: Project, path: str) -> None:
    """The key goes to no other host and to nothing but the API."""
    assert project.acflow("get", path).code == 2


def test_preview_shows_rows_without_landing_them(account: Running, tmp_path: Path) -> None:
    """Rows come typed, and the folder stays empty."""
    said = acflow("preview", "deals", "--rows", "4", "--json", folder=tmp_path, env=environment(account))
    rows = json.loads(said.out)
    assert len(rows) == 4
    assert list(rows[0])[:2] == ["id", "title"]
    assert all(isinstance(row["id"], int) for row in rows)
    assert list(tmp_path.iterdir()) == []


def test_what_has_no_list_of_its_own_has_no_preview(account: Running, tmp_path: Path) -> None:
    """Contacts would come instead, and be taken for what they are not."""
    said = acflow("preview", "formContacts", folder=tmp_path, env=environment(account))
    assert said.code == 2
    assert "formContacts has no list of its own, only one for each of forms. Run it." in said.err


def test_a_wrong_key_is_asked_for_again(account: Running, tmp_path: Path) -> None:
    """Whoever sits at a terminal may correct a slip; a script gets its error."""
    answers = (account.url, "a-key-of-someone-else", account.url, account.key)
    code, said = on_terminal("init", folder=tmp_path, env=environment(ACFLOW_PACE="0"), answers=answers)
    assert code == 0, said
    assert "Once more" in said
    assert f"ACTIVECAMPAIGN_KEY={account.key}" in (tmp_path / ".env").read_text(encoding="utf-8")


def test_a_narrow_window_shows_what_people_look_for(project: Project) -> None:
    """Of the many columns of campaigns: what went out, what was opened, what was clicked."""
    env = environment(ACFLOW_PACE="0")
    code, said = on_terminal("show", "campaigns", "-n", "3", folder=project.folder, env=env, columns=100)
    assert code == 0
    lines = said.splitlines()
    assert lines[0].split()[:5] == ["id", "name", "send_amt", "uniqueopens", "uniquelinkclicks"]
    assert max(map(len, lines[:5])) <= 100


def test_numbers_of_a_table_are_rounded_and_those_of_csv_are_not(project: Project) -> None:
    """Nobody reads seventeen digits, and amounts end with their last digit that is not zero."""
    sql = "select 2.0 / 3 as share, cast(1698000 as decimal(28, 4)) as amount, cast(1.5 as decimal(28, 4)) as half"
    shown = project.acflow("query", sql.replace("2.0", "cast(2 as double)")).out.splitlines()
    assert shown[2].split() == ["0.6667", "1698000", "1.5"]
    kept = project.acflow("query", sql.replace("2.0", "cast(2 as double)"), "--format", "csv").out.splitlines()
    assert kept[1] == '0.666666666666667,"1698000","1.5"'


def test_fields_knows_wide_tables_and_what_acflow_adds(project: Project) -> None:
    """Custom fields by their titles, and a word on columns that no account has."""
    wide = json.loads(project.acflow("fields", "deals_wide", "--json").out)
    assert [column for column in wide if "custom field" in column["meaning"]] != []
    history = {
        each["name"]: each["meaning"] for each in json.loads(project.acflow("fields", "lists_history", "--json").out)
    }
    assert history["_valid_to"].startswith("When a reading saw the next version")
    unknown = project.acflow("fields", "delas")
    assert unknown.code == 2
    assert "Did you mean deals?" in unknown.err


def test_fields_tells_every_column(tmp_path: Path) -> None:
    """The declarations are what the command prints."""
    said = acflow("fields", "deals", "--json", folder=tmp_path)
    assert [row["name"] for row in json.loads(said.out)] == [column.name for column in columns(entity("deals"))]


def test_the_last_run_is_shown_unless_another_is_named(project: Project) -> None:
    """Which is the one that people ask about."""
    assert project.acflow("runs", "show").out == project.acflow("runs", "show", "last").out != ""


def test_runs_are_remembered(project: Project) -> None:
    """An earlier run can be looked at, by id or as the last."""
    listed = json.loads(project.acflow("runs", "--json").out)
    run = json.loads(project.run.out)["run"]
    assert [row["id"] for row in listed] == [run]
    shown = json.loads(project.acflow("runs", "show", "last", "--json").out)
    assert shown["id"] == run
    assert sorted(c["entity"] for c in shown["certificates"]) == sorted([*NAMES, *FOR_REPORTS])


def test_a_reader_that_goes_away_is_no_error(project: Project) -> None:
    """`| head` gets its lines, and nobody is shown a trace."""
    reading, writing = os.pipe()
    command = subprocess.Popen(
        [*COMMAND, "query", "select repeat('x', 1000) as x from range(2000)", "--format", "csv"],
        cwd=project.folder,
        env=environment(),
        stdout=writing,
        stderr=subprocess.PIPE,
    )
    os.close(writing)
    os.read(reading, 10)
    os.close(reading)
    _, said = command.communicate(timeout=60)
    assert said == b""
    assert command.returncode == 141


def test_every_mistake_of_the_flow_file_is_told_in_one_go(tmp_path: Path) -> None:
    """Names, words, circles, SQL and destinations: nobody mends a file line by line, and nothing is read or made."""
    text = "flows:\n  a: {entity: deals, where: titel = 'x'}\n  b: {entity: deal}\n  c: {from: c}\n"
    text += "  d: {entity: deals, schedule: every day}\n  e: {sql: DROP TABLE contacts}\n"
    text += "  f: {entity: lists, deliver: acflow.yaml/lists.csv}\n"
    text += "  g: {entity: lists, where: nam = 'x', deliver: {to: 'sqlite:///x.db', mode: merge}}\n"
    (tmp_path / "acflow.yaml").write_text(text, encoding="utf-8")
    env = environment(ACTIVECAMPAIGN_URL="http://127.0.0.1:1", ACTIVECAMPAIGN_KEY="none")
    for command in (("run",), ("flows",)):
        said = acflow(*command, folder=tmp_path, env=env)
        assert said.code == 2
        assert "7 mistakes in the flow file" in said.err
        assert all(f"acflow.yaml:{line}:" in said.err for line in range(2, 9))
    assert [path.name for path in tmp_path.iterdir()] == ["acflow.yaml"]
