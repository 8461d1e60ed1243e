"""Errors speak to every front: a code for programs, a next step that each puts into its own words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import acflow
from acflow import errors
from acflow.cli.actions import in_commands
from acflow.errors import AcflowError, Action
from acflow.web.site import STEPS

SOURCE = Path(acflow.__file__).parent
KINDS = Action.__annotations__["kind"].__args__
COMMAND = re.compile(r"`acflow |(?<![\w-])--[a-z]+(?:-[a-z]+)*")


def classes(base: type[AcflowError] = AcflowError) -> Iterator[type[AcflowError]]:
    """Yield every error of the tree."""
    yield base
    for child in base.__subclasses__():
        yield from classes(child)


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the texts of a module that are no docstrings, with their lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value


def test_every_error_has_a_code_of_its_own() -> None:
    """It is the name of the class in the usual spelling of programs."""
    mine = [kind for kind in classes() if kind.__module__ == errors.__name__]
    codes = [kind.__new__(kind).code for kind in mine]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in codes)
    assert errors.WarehouseBusyError("busy").code == "warehouse_busy"


@pytest.mark.parametrize("kind", KINDS)
def test_every_front_has_words_for_every_action(kind: str) -> None:
    """The command line a sentence, the page a button that leads somewhere."""
    assert COMMAND.search(in_commands(Action(kind, ("deals",)))) or "environment" in in_commands(Action(kind))  # type: ignore[arg-type]
    label, address = STEPS[kind]
    assert label
    assert address.startswith("/")


def test_only_the_command_line_speaks_of_commands() -> None:
    """On a page or in an answer of the API a command would be the wrong next step."""
    shell = {SOURCE / "web" / "pages" / "feeds.py"}  # gives lines for curl to copy
    told = [
        f"{path.relative_to(SOURCE)}:{line}: {text}"
        for path in sorted(SOURCE.rglob("*.py"))
        if "cli" not in path.relative_to(SOURCE).parts and path not in shell
        for line, text in texts(path)
        if COMMAND.search(text)
    ]
    assert told == []
