"""The page about the sandbox does what it says."""

import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from acflow.sandbox import WORLDS, Behaviour
from acflow.sandbox.behaviour import switches
from acflow.sandbox.faults import KINDS, Kind

PAGE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))
def test_the_code_on_the_page_runs(code: str) -> None:
    """As it stands there, in a process of its own, with warnings as errors."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_kind_of_fault_has_a_meaning() -> None:
    """Two lists, one truth."""
    assert tuple(KINDS) == get_args(Kind)


def test_every_switch_is_explained_with_its_default() -> None:
    """A sentence each."""
    assert [one.name for one in switches()] == list(Behaviour.__dataclass_fields__)
    assert all(one.meaning.endswith(".") and one.default for one in switches())


@pytest.mark.parametrize("world", WORLDS)
def test_every_world_is_on_the_page(world: str) -> None:
    """With a row in the table."""
    assert f"| `{world}` |" in PAGE
