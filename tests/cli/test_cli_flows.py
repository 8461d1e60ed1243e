"""Data flows from the command line: listed, shown as SQL, tried, added, run, and told of afterwards."""

import csv
import io
import json
import os
import pty
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from activecampaign_sandbox import make_world, running
from tests.cli.cli_harness import COMMAND, Said, acflow, environment, on_terminal

FILE = """\
# Our flows. Keep this line.
timezone: Europe/Rome
flows:
  open_deals:
    entity: deals
    where: status_label = 'open'   # not won, not lost
    columns: [id, title, amount, contact]
    sort: [-amount]
    schedule: "0 6 * * *"
    deliver: out/open_deals.csv
  people: {join: {left: open_deals, right: contacts, on: {contact: id}}, columns: [title, email]}
"""


@dataclass(frozen=True)
class Project:
    """A folder with a flow file whose flows were run once."""

    folder: Path
    env: Mapping[str, str]

    def does(self, *arguments: str) -> Said:
        """Return what a command says that has to go well."""
        said = acflow(*arguments, folder=self.folder, env=self.env)
        assert said.code == 0, said.err
        return said


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Return a project of forty people and thirty deals."""
    folder = tmp_path_factory.mktemp("flows")
    (folder / "acflow.yaml").write_text(FILE, encoding="utf-8")
    with running(make_world("small", contacts=40, deals=30)) as sandbox:
        here = Project(folder, environment(sandbox))
        here.does("run", "--quiet")
        yield here


def test_flows_are_listed_with_what_was_and_what_comes(project: Project) -> None:
    """The next run is the next six o'clock in Rome, and the last one has just been."""
    found = {each["name"]: each for each in json.loads(project.does("flows", "--json").out)}
    assert found["open_deals"]["source"] == "entity deals"
    assert found["open_deals"]["destinations"] == ["out/open_deals.csv"]
    assert found["open_deals"]["status"] == "computed"
    assert found["open_deals"]["last_run"].endswith("Z")
    coming = datetime.fromisoformat(found["open_deals"]["next_run"])
    assert coming.astimezone(UTC).hour in {4, 5}
    assert found["people"]["source"] == "open_deals left join contacts"
    assert found["people"]["next_run"] is None


def test_the_sql_of_a_flow_gives_its_rows(project: Project) -> None:
    """What is printed can be pasted into anything that reads the warehouse."""
    sql = project.does("flows", "sql", "open_deals").out
    asked = project.does("query", sql, "--format", "csv").out
    shown = (project.folder / "out" / "open_deals.csv").read_text(encoding="utf-8")
    assert list(csv.reader(io.StringIO(asked))) == list(csv.reader(io.StringIO(shown)))
    assert "`_left`.`id`" in project.does("flows", "sql", "people", "--dialect", "bigquery").out


def test_a_flow_is_tried_without_keeping_it(project: Project) -> None:
    """A new flow shows its rows, and no table of it comes about."""
    file = project.folder / "acflow.yaml"
    file.write_text(FILE + "  large: {from: open_deals, where: amount > 0, columns: [title]}\n", encoding="utf-8")
    rows = project.does("flows", "preview", "large", "--rows", "2", "--format", "csv").out.splitlines()
    assert len(rows) == 3
    assert rows[0] == '"title"'
    missing = acflow("show", "large", folder=project.folder, env=project.env)
    assert missing.code == 2, missing.err


def test_a_flow_is_added_and_every_line_stays(project: Project) -> None:
    """Comments too; and a mistake changes nothing."""
    file = project.folder / "acflow.yaml"
    file.write_text(FILE, encoding="utf-8")
    project.does("flows", "add", "stages", "--from", "deals", "--group-by", "stage", "--metric", "n=count(*)")
    added = file.read_text(encoding="utf-8")
    assert added.startswith(FILE)
    assert "stages:" in added[len(FILE) :]
    refused = acflow("flows", "add", "b", "--from", "deals", "--where", "x = 1", folder=project.folder, env=project.env)
    assert refused.code == 2
    assert "unknown column `x`" in refused.err
    assert file.read_text(encoding="utf-8") == added


def test_a_flow_is_asked_for_until_it_is_right(project: Project) -> None:
    """What is wrong is told and asked again, and a good answer needs to be given only once."""
    file = project.folder / "acflow.yaml"
    file.write_text(FILE, encoding="utf-8")
    answers = ["open now", "somewhere", "entity", "deals", "status = 0", "id, title", "", "1d"]
    answers += ["open_now", "", "", "", "", "", "-"]
    ours, theirs = pty.openpty()
    try:
        os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
        command = [*COMMAND, "flows", "add"]
        done = subprocess.run(
            command, cwd=project.folder, env=project.env, stdin=theirs, capture_output=True, check=False, timeout=60
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == 0, done.stderr
    assert b"`open_now` would do" in done.stderr
    added = YAML(typ="safe").load(file)["flows"]["open_now"]
    assert added == {"entity": "deals", "where": "status = 0", "columns": ["id", "title"]}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Deals", {"entity": "deals"}),
        ("open_deals", {"from": "open_deals"}),
        ("deelz\nentity\ndeals", {"entity": "deals"}),
    ],
)
def test_an_entity_or_a_flow_may_be_named_where_the_kind_of_source_is_asked(
    project: Project, source: str, expected: dict[str, str]
) -> None:
    """Whoever types `deals` where `entity` is asked means the deals; a slip is said and asked again."""
    file = project.folder / "acflow.yaml"
    file.write_text(FILE, encoding="utf-8")
    answers = ("mine", *source.split("\n"), "", "", "", "")
    code, said = on_terminal("flows", "add", folder=project.folder, env=project.env, answers=answers)
    assert code == 0, said
    assert YAML(typ="safe").load(file)["flows"]["mine"] == expected
    assert ("Did you mean deals?" in said) == source.startswith("deelz")


def test_fields_knows_flows_that_have_not_run(project: Project) -> None:
    """Their columns with types, and with the meanings of what they are made of."""
    (project.folder / "acflow.yaml").write_text(FILE, encoding="utf-8")
    columns = json.loads(project.does("fields", "people", "--json").out)
    assert [(column["name"], column["type"]) for column in columns] == [("title", "VARCHAR"), ("email", "VARCHAR")]
    assert columns[0]["meaning"].startswith("What the deal is called")


def test_a_missing_quote_is_said(project: Project) -> None:
    """`status_label = open` compares with a column of that name, which nobody meant."""
    (project.folder / "acflow.yaml").write_text(FILE, encoding="utf-8")
    where = ("--from", "deals", "--where", "status_label = open")
    refused = acflow("flows", "add", "b", *where, folder=project.folder, env=project.env)
    assert refused.code == 2
    assert "Text stands in single quotes: 'open'." in refused.err


def test_a_run_tells_what_was_delivered_and_what_was_left_alone(project: Project) -> None:
    """The second of two equal runs has nothing to do."""
    (project.folder / "acflow.yaml").write_text(FILE, encoding="utf-8")
    project.does("run", "--no-read", "--only-changed")
    again = project.does("run", "--no-read", "--only-changed")
    assert again.err.count("unchanged") >= len(("open_deals", "people"))
    first = json.loads(project.does("runs", "--json").out)[1]["id"]
    assert "out/open_deals.csv" in project.does("runs", "show", first).out
