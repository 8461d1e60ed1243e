"""The pages about the sandbox do what they say."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from activecampaign_sandbox import KEY, WORLDS, Behaviour, read_faults
from activecampaign_sandbox.behaviour import switches
from activecampaign_sandbox.cli import command_parser
from activecampaign_sandbox.endpoints import ENDPOINTS
from activecampaign_sandbox.faults import KINDS, Kind

FOLDER = Path(__file__).parent.parent
PAGE = (FOLDER / "MANUAL.md").read_text(encoding="utf-8")
README = (FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", README + PAGE, re.DOTALL))
def test_the_code_on_the_pages_runs(code: str) -> None:
    """As it stands there, in a process of its own, with warnings as errors."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_commands_of_the_readme_are_understood() -> None:
    """Each option is one that the command has, and each fault one that can be scripted."""
    lines = re.findall(r"^activecampaign-sandbox (--.+?)(?: +#.*)?$", README, re.MULTILINE)
    assert len(lines) > 3
    for line in lines:
        read_faults(command_parser().parse_args(shlex.split(line)).faults)


def test_the_readme_counts_the_lists_and_names_the_key() -> None:
    """What a newcomer types and reads first."""
    assert f"on {len(ENDPOINTS)} lists" in README
    assert f"ACTIVECAMPAIGN_KEY={KEY}\n" in README


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
