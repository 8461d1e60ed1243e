"""What the project promises about itself: its locks, its words, its commands, its layers."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import acflow

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SANDBOX = tomllib.loads((ROOT / "packages/activecampaign-sandbox/pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock")

# Where packages come from is each machine's own business.
REGISTRY = re.compile(r"pypi\.org|pythonhosted\.org|(?<!emit-)\bindex-url|find-links[= ]", re.IGNORECASE)
MACHINE_PATH = re.compile(r"(?<![\w.~$})/-])/(?:home|root|work|Users)/\w")
CODE = re.compile(r"```(?:sh|bash|console)\n(.*?)```|`([^`\n]+)`", re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
SHOWN = (
    "*.md",
    "*.py",
    "*.toml",
    "*.lock",
    "*.yaml",
    "*.yml",
    "*.json",
    "*.sql",
    "*.svg",
    "*.txt",
    "Makefile",
    ".ci/run",
)


def tracked(*patterns: str) -> list[Path]:
    """Return the files of the project that match, without what git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file()]


def pins(lock: str) -> dict[str, Version]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {name: Version(number) for name, number in re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE)}


def mentioned(command: str) -> Iterator[str]:
    """Yield each first word after `command` in the code of the pages."""
    for page in tracked("*.md"):
        for block, inline in CODE.findall(page.read_text(encoding="utf-8")):
            yield from re.findall(rf"(?:^|&& )(?:\$ )?{command} ([a-z-]+)", block or inline, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_satisfies_pyproject(lock: str) -> None:
    """A bound that was changed without `make lock` would not be what gets installed."""
    wanted = [*PROJECT["project"]["dependencies"], *SANDBOX["project"]["dependencies"]]
    if lock == "requirements-dev.lock":
        wanted += PROJECT["dependency-groups"]["dev"]
    locked = pins(lock)
    unmet = [
        wish
        for wish in map(Requirement, wanted)
        if (found := locked.get(canonicalize_name(wish.name))) is None or found not in wish.specifier
    ]
    assert unmet == []


def test_both_locks_pin_the_same_versions() -> None:
    """Tests must run on the very versions that users get."""
    developers = pins("requirements-dev.lock")
    assert {name: developers.get(name) for name in pins("requirements.lock")} == pins("requirements.lock")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash_and_no_address(lock: str) -> None:
    """A package is known by its content, wherever a machine gets it from."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text


@pytest.mark.parametrize("pattern", [REGISTRY, MACHINE_PATH], ids=["registry", "machine path"])
def test_no_file_names_a_place_of_one_machine(pattern: re.Pattern[str]) -> None:
    """What works only where it was written does not work."""
    found = [
        f"{file.relative_to(ROOT)}: {match[0]}"
        for file in tracked(*SHOWN)
        for match in pattern.finditer(file.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text", ["https://pypi" + ".org/simple", "--index" + "-url x", "see /ho" + "me/ann/x", '"/wo' + 'rk/x"']
)
def test_a_place_would_be_found(text: str) -> None:
    """The search above is not blind."""
    assert REGISTRY.search(text) or MACHINE_PATH.search(text)


def test_version_is_the_same_everywhere() -> None:
    """Package, metadata and the newest release of the changelog name one version."""
    assert acflow.__version__ == PROJECT["project"]["version"] == version("acflow")


def test_the_demo_takes_the_sandbox_of_this_folder() -> None:
    """Else the extra would bring another one than the tests ran with, or none."""
    (wish,) = map(Requirement, PROJECT["project"]["optional-dependencies"]["demo"])
    assert wish.name == SANDBOX["project"]["name"]
    assert SANDBOX["project"]["version"] in wish.specifier


def test_changelog_is_in_order() -> None:
    """Unreleased comes first, then releases from new to old, in the words of Keep a Changelog."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first, *released = re.findall(r"^## \[([^\]]+)\]", text, re.MULTILINE)
    kinds = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
    assert first == "Unreleased"
    assert all(Version(newer) > Version(older) for newer, older in pairwise(released))
    assert released[:1] in ([], [acflow.__version__])
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_pages_name_only_targets_that_make_has() -> None:
    """A newcomer types what the pages say."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(mentioned("make"))
    assert {"demo", "test"} <= named <= targets


def test_make_alone_lists_every_target() -> None:
    """A target that nobody can find is not there."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    listed = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert phony
    assert re.findall(r"^  make (\S+)", listed.stdout, re.MULTILINE) == phony[1].split()


def test_pages_name_only_commands_that_acflow_has() -> None:
    """A newcomer types what the pages say."""
    unknown = [
        word
        for word in sorted({*mentioned("acflow")})
        if subprocess.run([BIN / "acflow", word, "--help"], capture_output=True, check=False).returncode
    ]
    assert unknown == []


def test_links_between_pages_lead_somewhere() -> None:
    """A link into this repository points to a file that is in it."""
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in tracked("*.md")
        for target in ("".join(found).partition("#")[0] for found in LINK.findall(page.read_text(encoding="utf-8")))
        if target and "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


def test_layers_hold() -> None:
    """No module imports one above it, and the sandbox stays apart."""
    checked = subprocess.run(
        [BIN / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
