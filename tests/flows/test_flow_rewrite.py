"""Changing a flow that is in the file: what a person wrote around it stays, to the letter."""

from pathlib import Path

import pytest

from acflow.app import flows
from acflow.app.project import Project
from acflow.errors import ConfigError
from acflow.flows.file import load_flow_text
from acflow.flows.problems import FlowFileError

FILE = """\
# The account of our shop.
account: {url: ${URL}, key: '${KEY}'}   # not in here

flows:
    # Everyone.
    contacts: {entity: contacts}  # all of them

    # What sales looks at.
    open:
        entity: deals
        where: >-
            status = 0
            and not isDisabled
        columns:
          - id
          - title   # as typed
          - stage
        deliver: ${PLACE}/open.csv   # read by the shop

    by_stage: {from: open, group_by: [stage], metrics: {n: count(*)}}
    asked:
        # Joined by hand.
        sql: |
            select open.title, s.n
            from open join by_stage s on open.stage = s.stage  -- open ones
    both: {append: [open, again]}
    again: {from: open}

# The end.
"""
ENV = {"URL": "https://you.example", "KEY": "k", "PLACE": "out"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project with that file."""
    (tmp_path / "acflow.yaml").write_text(FILE, encoding="utf-8")
    return Project.open(tmp_path, ENV)


def test_replacing_a_flow_changes_its_words_alone(project: Project) -> None:
    """Words that stay keep their comments and their way of writing."""
    spec = {
        "entity": "deals",
        "where": "status = 0\nand not isDisabled",
        "columns": ["id", "title", "stage"],
        "deliver": "${PLACE}/open.csv",
        "sort": ["-id"],
    }
    change = flows.replaced(project, "open", spec | {"where": "status = 1"})
    assert "        where: >-\n            status = 1\n" in change.after
    for kept in ("# What sales looks at.\n", "- title   # as typed\n", "${PLACE}/open.csv   # read by the shop\n"):
        assert kept in change.after
    assert "        sort:\n          - -id\n" in change.after
    outside = FILE.index("    open:"), FILE.index("    by_stage:")
    assert change.after.startswith(FILE[: outside[0]])
    assert change.after.endswith(FILE[outside[1] :])
    assert load_flow_text(change.after, env=ENV).flows["open"].sort == ["-id"]


def test_a_diff_shows_what_saving_would_change(project: Project) -> None:
    """It is what a person says yes to."""
    change = flows.removed(project, "both")
    changed = [line for line in change.diff.splitlines() if line[:1] in "+-" and line[:3] not in {"+++", "---"}]
    assert changed == ["-    both: {append: [open, again]}"]
    assert project.flow_path.read_text() == FILE
    change.save()
    assert list(project.reopened().flow_file.flows) == ["contacts", "open", "by_stage", "asked", "again"]


def test_a_new_name_reaches_whoever_uses_the_flow(project: Project) -> None:
    """In `from`, in `append`, and in SQL, where comments and names of columns stay."""
    change = flows.renamed(project, "open", "open_deals")
    renamed = load_flow_text(change.after, env=ENV).flows
    assert list(renamed) == ["contacts", "open_deals", "by_stage", "asked", "both", "again"]
    assert (renamed["by_stage"].from_, renamed["again"].from_) == ("open_deals", "open_deals")
    assert renamed["both"].append == ["open_deals", "again"]
    assert (
        "        # Joined by hand.\n        sql: |\n            select open_deals.title, s.n\n"
        "            from open_deals join by_stage s on open_deals.stage = s.stage  -- open ones\n"
    ) in change.after
    assert "    # What sales looks at.\n    open_deals:\n" in change.after


def test_a_flow_goes_with_its_comment(project: Project) -> None:
    """What stands right above a flow speaks of it."""
    after = flows.removed(project, "contacts").after
    assert "Everyone" not in after
    assert after.endswith("# The end.\n")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda project: flows.removed(project, "again"), "both uses `again`"),
        (lambda project: flows.removed(project, "opne"), "Did you mean `open`"),
        (lambda project: flows.renamed(project, "open", "asked"), "There is a flow `asked` already"),
        (lambda project: flows.renamed(project, "open", "my flow"), "cannot be a table"),
        (lambda project: flows.replaced(project, "open", {"entity": "deals", "where": "titel = 1"}), "titel"),
    ],
)
def test_a_change_that_would_break_the_file_is_refused(project: Project, change, words: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """With the fact and the next step, and the file as it was."""
    with pytest.raises((ConfigError, FlowFileError), match=words):
        change(project)
    assert project.flow_path.read_text() == FILE


def test_the_last_flow_cannot_be_removed(tmp_path: Path) -> None:
    """A file without flows would bring six that nobody asked for."""
    (tmp_path / "acflow.yaml").write_text("flows:\n  people: {entity: contacts}\n")
    with pytest.raises(ConfigError, match="only flow"):
        flows.removed(Project.open(tmp_path, {}), "people")


def test_two_people_do_not_write_over_each_other(project: Project) -> None:
    """Who saves what another has changed meanwhile is told so."""
    mine, other = flows.removed(project, "both"), flows.removed(project, "contacts")
    other.save()
    with pytest.raises(ConfigError, match="changed meanwhile"):
        mine.save()
    assert project.flow_path.read_text() == other.after


def test_flows_in_braces_can_be_changed_too(tmp_path: Path) -> None:
    """No lines are theirs alone, so the file is written anew, with its comments."""
    path = tmp_path / "acflow.yaml"
    path.write_text("# top\nflows: {a: {entity: lists}, b: {from: a}}  # all\n")
    project = Project.open(tmp_path, {})
    renamed = load_flow_text(flows.renamed(project, "a", "mailing").after, env={}).flows
    assert (list(renamed), renamed["b"].from_) == (["mailing", "b"], "mailing")
    assert "# top" in flows.removed(project, "b").after
