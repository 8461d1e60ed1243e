"""The reference pages say what the declarations say, no more and no less."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from acflow.entities import ALL
from acflow.entities.document import DERIVED, KNOWN_FROM, MEANINGS, REFERENCE, columns
from acflow.entities.model import Entity, Evidence, Type

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
PAGES = sorted(FOLDER.glob("*.md"))
ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \| ([^|]*) \| (.+) \|$", re.MULTILINE)


def test_pages_are_up_to_date() -> None:
    """Whoever edits a declaration writes the pages anew with `make docs`."""
    command = [sys.executable, "-m", "cogapp", "--check", "--check-fail-msg=Run: make docs", *map(str, PAGES)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_each_entity_has_a_page_that_the_index_links() -> None:
    """A page nobody can find is no page, and a page of nothing is a lie."""
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [page.stem for page in PAGES if page.stem != "README"] == sorted(entity.name for entity in ALL)
    assert re.findall(r"^\| \[\w+\]\((\w+)\.md\)", index, re.MULTILINE) == [entity.name for entity in ALL]


@pytest.mark.parametrize("entity", ALL, ids=lambda entity: entity.name)
def test_a_page_lists_every_column_in_its_order(entity: Entity) -> None:
    """The page is the table, column by column, with its type and whose word it is."""
    text = (FOLDER / f"{entity.name}.md").read_text(encoding="utf-8")
    listed = [(name, kind, mark.strip(), meaning) for name, kind, mark, meaning in ROW.findall(text)]
    assert listed == [(each.name, each.type, each.known_from, each.meaning) for each in columns(entity)]
    assert [name for name, _, mark, _ in listed if mark == REFERENCE] == [field.name for field in entity.documented]
    assert [name for name, _, mark, _ in listed if mark == DERIVED] == [column.name for column in entity.derived]


@pytest.mark.parametrize("entity", ALL, ids=lambda entity: entity.name)
def test_a_page_tells_every_quirk(entity: Entity) -> None:
    """Facts that cost others their data stand where the user looks."""
    text = (FOLDER / f"{entity.name}.md").read_text(encoding="utf-8")
    assert [quirk for quirk in entity.quirks if f"- {quirk}\n" not in text] == []


def test_every_type_is_explained() -> None:
    """The index says how each type is kept."""
    assert set(MEANINGS) == set(Type)


def test_every_word_of_evidence_is_explained() -> None:
    """Whoever reads "claimed" must find out who claims it."""
    assert set(KNOWN_FROM) == {REFERENCE, DERIVED, *Evidence}
