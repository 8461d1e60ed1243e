"""The commands that pages and help show can be typed as they stand there."""

import re
import shlex
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
import typer

from acflow.cli.app import app
from activecampaign_sandbox import make_world, running
from tests.cli.cli_harness import acflow, environment

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
DONE_ELSEWHERE = {"tutorial.md", "accounts.md"}  # by test_cli_tutorial.py and accounts/test_accounts_command.py
SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^```(?:sh|console)\n(.*?)^```$|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
SHELL_ONLY = re.compile(r"\s+(?:[|<>]|2>|#|&&).*$")  # a pipe, a redirection, a remark
FLOWS = re.compile(r"^```yaml\nflows:\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WITH_FLOWS = (ROOT / "README.md", ROOT / "docs" / "custom-fields.md")  # those of flows.md: flows/test_flow_docs.py


def shown() -> list[str]:
    """Return every command that a page shows, in a block or in a sentence."""
    code = [block or inline for page in PAGES for block, inline in CODE.findall(page.read_text(encoding="utf-8"))]
    lines = (line.removeprefix("$ ") for text in code for line in text.splitlines())
    return [SHELL_ONLY.sub("", line) for line in lines if line.startswith("acflow ") and "…" not in line]


def groups(command: typer.core.TyperCommand | typer.core.TyperGroup, *words: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command below this one."""
    yield words
    for name, below in getattr(command, "commands", {}).items():
        yield from groups(below, *words, name)


COMMANDS = list(groups(typer.main.get_command(app)))  # type: ignore[arg-type]


def understood(command: str, capsys: pytest.CaptureFixture[str]) -> bool:
    """Tell whether command and options exist: asked for its help, a command still refuses what it does not know."""
    return asked_for_help(shlex.split(command)[1:], capsys).lower().startswith("usage: acflow")


def asked_for_help(words: Sequence[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Return the help of a command; that of the sandbox is its own package's, which ends as a program does."""
    with suppress(SystemExit):
        app([*words, "--help"], prog_name="acflow", standalone_mode=False)
    return capsys.readouterr().out


@pytest.mark.parametrize("words", COMMANDS[1:], ids=" ".join)
def test_help_has_examples_that_are_understood(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """Most people read the examples and nothing else."""
    _, *below = re.split(r"^ *examples:$", asked_for_help(words, capsys), flags=re.IGNORECASE | re.MULTILINE)
    lines = "".join(below).splitlines()
    examples = [SHELL_ONLY.sub("", line.strip()) for line in lines if line.strip().startswith("acflow ")]
    assert examples
    assert all(understood(example, capsys) for example in examples)


@pytest.mark.parametrize("command", sorted({*shown()}))
def test_a_command_of_a_page_is_understood(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Names and options that the pages speak of exist."""
    assert understood(command, capsys)


def test_a_command_that_does_not_exist_would_be_found(capsys: pytest.CaptureFixture[str]) -> None:
    """The tests above are not blind."""
    for wrong in ("acflow show --colour", "acflow flows shwo"):
        with pytest.raises(typer.TyperException):
            understood(wrong, capsys)


def test_what_the_pages_type_does_what_it_should(tmp_path: Path) -> None:
    """Each command of README and docs, in their order and in one folder, ends well, with the flows that they show."""
    blocks = [block for page in PAGES if page.name not in DONE_ELSEWHERE for block in SHELL.findall(page.read_text())]
    typed = [SHELL_ONLY.sub("", line) for block in blocks for line in block.splitlines() if line.startswith("acflow ")]
    assert typed[:3] == ["acflow init", "acflow check", "acflow run"]
    flows = [block for page in WITH_FLOWS for block in FLOWS.findall(page.read_text(encoding="utf-8"))]
    assert len(flows) == len(WITH_FLOWS)
    with running(make_world("small", contacts=250, deals=60)) as account:
        first = acflow("init", "--url", account.url, folder=tmp_path, env=environment(account))
        assert first.code == 0, first.err
        for command in [*dict.fromkeys(typed[1:]), "acflow run"]:
            said = acflow(*shlex.split(command)[1:], folder=tmp_path, env=environment(account))
            assert said.code == 0, f"{command}: {said.err}"
            if command == "acflow run" and flows:
                with (tmp_path / "acflow.yaml").open("a", encoding="utf-8") as file:
                    file.write("flows:\n" + "".join(flows))
                flows.clear()
    made = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")}
    assert {"report.html", "sales.pdf", "report.png", "out/deals.xlsx"} <= made
