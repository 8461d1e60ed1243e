"""Writing a flow into the file: what is there stays as it is, to the letter."""

import stat
from pathlib import Path

import pytest

from acflow.errors import ConfigError
from acflow.flows.edit import add_flow, plain_flow, with_flow
from acflow.flows.file import load_flow_text
from acflow.flows.problems import FlowFileError
from acflow.flows.spec import Flow

ENV = {"URL": "https://you.example", "KEY": "k"}
FILE = """\
# The account of our shop.
account: {url: ${URL}, key: '${KEY}'}   # not in here

flows:
    # Everyone.
    contacts: {entity: contacts}  # all of them

    open:
        entity: deals
        where: >-
            status = 0
            and not isDisabled
        columns:
          - id
          - title   # as typed
          - {worth: amount}
          - {day: {from: cdate, type: date}}
          - '*'

# Anchors and the like.
x-notes: [a,   b]
"""


def test_no_line_of_the_file_changes() -> None:
    """Comments, quotes, spaces and order: a person wrote them, and finds them again."""
    added = with_flow(FILE, "by_title", {"from": "open", "group_by": ["title"], "metrics": {"n": "count(*)"}}, env=ENV)
    new = "    by_title:\n      from: open\n      group_by:\n      - title\n      metrics:\n        n: count(*)\n"
    before, after = FILE.split("\n# Anchors")
    assert added == f"{before}{new}\n# Anchors{after}"
    assert list(load_flow_text(added, env=ENV).flows) == ["contacts", "open", "by_title"]


def test_the_first_flow_brings_the_six_that_were_there_without_a_word() -> None:
    """Else adding one flow would silently take six away."""
    added = with_flow("account:\n  url: https://you.example # ours", "n", {"from": "deals", "limit": 1}, env=ENV)
    assert added.startswith("account:\n  url: https://you.example # ours\n")
    assert list(load_flow_text(added, env={}).flows) == [
        "campaigns", "contacts", "lists", "deals", "segments", "forms", "n",
    ]  # fmt: skip


def test_flows_in_braces_can_be_added_to() -> None:
    """No line can be put between, so the file is written anew, with its comments."""
    text = "# top\nflows: {a: {entity: lists}}  # all\naccount: {key: ${KEY}}\n"
    added = with_flow(text, "b", {"from": "a", "deliver": ["${KEY}.csv"]}, env=ENV)
    assert "# top" in added
    assert "# all" in added
    assert "{key: ${KEY}}" in added
    assert load_flow_text(added, env=ENV).flows["b"].deliver[0].to == "k.csv"


@pytest.mark.parametrize(
    ("name", "flow", "message"),
    [
        ("new", {"from": "opn"}, "unknown flow or entity `opn`"),
        ("new", {"from": "open", "where": "titel = 'x'"}, "unknown column `titel`"),
        ("my flow", {"from": "open"}, "cannot be a table"),
        ("lists", {"from": "open"}, "is the name of an entity"),
    ],
)
def test_a_flow_with_a_mistake_is_not_written(tmp_path: Path, name: str, flow: dict[str, str], message: str) -> None:
    """The file stays as it was, and the mistake is told."""
    path = tmp_path / "acflow.yaml"
    path.write_text(FILE)
    with pytest.raises(FlowFileError, match=message) as caught:
        add_flow(path, name, flow, env=ENV)
    assert len(caught.value.problems) == 1
    assert path.read_text() == FILE
    assert [found.name for found in tmp_path.iterdir()] == ["acflow.yaml"]


def test_mistakes_that_were_there_do_not_stop_a_new_flow() -> None:
    """Only what the new flow brings is held against it."""
    broken = FILE.replace("status = 0", "statsu = 0")
    assert "    fine:\n" in with_flow(broken, "fine", {"entity": "lists"}, env=ENV)


def test_a_name_is_never_taken_over(tmp_path: Path) -> None:
    """Two flows of one name would be a file that nobody can read."""
    path = tmp_path / "acflow.yaml"
    path.write_text(FILE)
    with pytest.raises(ConfigError, match="There is a flow `open` already"):
        add_flow(path, "open", {"entity": "lists"}, env=ENV)


def test_the_file_keeps_its_rights(tmp_path: Path) -> None:
    """A file that only its owner may read stays so."""
    path = tmp_path / "acflow.yaml"
    path.write_text(FILE)
    path.chmod(0o600)
    add_flow(path, "all_lists", Flow(entity="lists", mode="append"), env=ENV)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_flow_text(path.read_text(), env=ENV).flows["all_lists"].mode == "append"


@pytest.mark.parametrize("name", ["contacts", "open"])
def test_a_flow_is_written_as_it_was_meant(name: str) -> None:
    """A flow from the file, added again under another name, is the same flow."""
    flow = load_flow_text(FILE, env=ENV).flows[name]
    added = with_flow(FILE, "again", plain_flow(flow), env=ENV)
    assert load_flow_text(added, env=ENV).flows["again"] == flow
